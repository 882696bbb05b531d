"""What became of events: their deliveries, as lists, controls and pages tell of them."""

import json
from collections import defaultdict
from typing import Any

from fake_stripe.engine.store import Store
from fake_stripe.engine.transaction import public
from fake_stripe.schema import Object


def pending(store: Store, event_id: str) -> int:
    """How many endpoints have not taken an event."""
    row = store.execute(
        "SELECT count(*) AS pending FROM deliveries WHERE event = ? AND status <> 'delivered'",
        event_id,
    ).fetchone()
    return int(row["pending"])


def with_deliveries(store: Store, events: list[Object]) -> list[Object]:
    """Events with what became of them at each endpoint."""
    deliveries = deliveries_of(store, [event["id"] for event in events])
    return [{**public(event), "deliveries": deliveries[event["id"]]} for event in events]


def deliveries_of(store: Store, events: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The deliveries of events, with every answer."""
    urls = {endpoint["id"]: endpoint["url"] for endpoint in store.select("webhook_endpoint")}
    marks = ", ".join("?" * len(events))
    rows = store.execute(
        f"SELECT * FROM deliveries WHERE event IN ({marks}) ORDER BY seq",  # noqa: S608
        *events,
    )
    deliveries: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        deliveries[row["event"]].append(
            {
                "endpoint": urls.get(row["endpoint"], row["endpoint"]),
                "status": row["status"],
                "attempts": row["attempts"],
                "answers": json.loads(row["answers"]),
            }
        )
    return deliveries
