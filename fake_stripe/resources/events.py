"""Events: what has happened, for thirty days."""

from typing import Any, NotRequired

from stripe.params import EventListParams, EventRetrieveParams
from typing_extensions import TypedDict

from fake_stripe.errors import StripeError
from fake_stripe.lists import listing
from fake_stripe.operations import operation
from fake_stripe.rules import Rules, most_items
from fake_stripe.schema import Object
from fake_stripe.transaction import Transaction


class EventRetryParams(TypedDict):
    """What the Stripe CLI sends to have an event delivered again; the SDK has no such call."""

    webhook_endpoint: NotRequired[str]


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


@operation("POST", "/v1/events/{id}/retry", EventRetryParams)
def resend(tx: Transaction, params: dict[str, Any], event_id: str) -> Object:
    """Deliver an event again, to one endpoint or to all that wanted it (`stripe events resend`)."""
    event = tx.at_path("event", event_id)
    if endpoint := params.get("webhook_endpoint"):
        tx.get("webhook_endpoint", endpoint, "webhook_endpoint")
    again = "event = ?" + (" AND endpoint = ?" if endpoint else "")
    tx.store.execute(
        "UPDATE deliveries SET status = 'pending', attempts = 0, next_wall = 0,"  # noqa: S608
        f" next_clock = NULL WHERE {again}",
        *filter(None, [event_id, endpoint]),
    )
    return with_pending(tx, event)


def with_pending(tx: Transaction, event: Object) -> Object:
    """The event with the number of endpoints that have not taken it yet."""
    row = tx.store.execute(
        "SELECT count(*) AS pending FROM deliveries WHERE event = ? AND status = 'pending'",
        event["id"],
    ).fetchone()
    return {**event, "pending_webhooks": row["pending"]}
