"""What became of events: their deliveries, as lists, controls and pages tell of them."""

import json
from typing import Any

from fake_stripe.schema import Object
from fake_stripe.store import Store
from fake_stripe.transaction import public


def pending(store: Store, event_id: str) -> int:
    """How many endpoints have not taken an event."""
    row = store.execute(
        "SELECT count(*) AS pending FROM deliveries WHERE event = ? AND status <> 'delivered'",
        event_id,
    ).fetchone()
    return int(row["pending"])


def listed(store: Store, events: list[Object]) -> list[Object]:
    """Events with what became of them at each endpoint."""
    urls = {one["id"]: one["url"] for one in store.select("webhook_endpoint")}
    return [{**public(event), "deliveries": of_event(store, event, urls)} for event in events]


def of_event(store: Store, event: Object, urls: dict[str, str]) -> list[dict[str, Any]]:
    """The deliveries of one event, with every answer."""
    rows = store.execute("SELECT * FROM deliveries WHERE event = ? ORDER BY seq", event["id"])
    return [
        {
            "endpoint": urls.get(row["endpoint"], row["endpoint"]),
            "status": row["status"],
            "attempts": row["attempts"],
            "answers": json.loads(row["answers"]),
        }
        for row in rows
    ]
