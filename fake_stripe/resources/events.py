"""Events: what has happened, for thirty days."""

from typing import Any

from stripe.params import EventListParams, EventRetrieveParams

from fake_stripe.errors import StripeError
from fake_stripe.lists import listing
from fake_stripe.operations import operation
from fake_stripe.rules import Rules, most_items
from fake_stripe.schema import Object
from fake_stripe.transaction import Transaction

RULES: Rules = {"types": most_items(20)}
KEPT_FOR = 30 * 24 * 60 * 60
UNDELIVERED = (
    "EXISTS (SELECT 1 FROM deliveries WHERE deliveries.event = objects.id"
    " AND deliveries.status <> 'delivered')"
)


def refuse(params: dict[str, Any]) -> None:
    """One type or several, not both."""
    if "type" in params and "types" in params:
        message = "You may only specify one of these parameters: type, types."
        raise StripeError(message, code="parameters_exclusive", param="types")


@operation("GET", "/v1/events", EventListParams, rules=RULES, refuse=refuse)
def list_events(tx: Transaction, params: dict[str, Any]) -> Object:
    """Events, newest first; a type may end in a star."""
    conditions: list[tuple[str, list[Any]]] = [("created > ?", [tx.now - KEPT_FOR])]
    where = {}
    if "*" in (wanted := params.get("type", "")):
        pattern = wanted.replace("_", r"\_").replace("%", r"\%").replace("*", "%")
        conditions.append((r"json_extract(body, '$.type') LIKE ? ESCAPE '\'", [pattern]))
    elif wanted:
        where["type"] = wanted
    if types := params.get("types"):
        marks = ", ".join("?" * len(types))
        conditions.append((f"json_extract(body, '$.type') IN ({marks})", types))
    if (success := params.get("delivery_success")) is not None:
        conditions.append((f"NOT {UNDELIVERED}" if success else UNDELIVERED, []))
    page = listing(tx, "event", "/v1/events", params, where, *conditions)
    return {**page, "data": [with_pending(tx, event) for event in page["data"]]}


@operation("GET", "/v1/events/{id}", EventRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], event_id: str) -> Object:
    """One event."""
    return with_pending(tx, tx.at_path("event", event_id))


def with_pending(tx: Transaction, event: Object) -> Object:
    """The event with the number of endpoints that have not taken it yet."""
    row = tx.store.execute(
        "SELECT count(*) AS pending FROM deliveries WHERE event = ? AND status = 'pending'",
        event["id"],
    ).fetchone()
    return {**event, "pending_webhooks": row["pending"]}
