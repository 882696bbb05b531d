"""Events: what has happened, for thirty days."""

from typing import Any, NotRequired

from stripe.params import EventListParams, EventRetrieveParams
from typing_extensions import TypedDict

from fake_stripe.engine.errors import StripeError, exclusive_parameters, missing_resource
from fake_stripe.engine.transaction import Transaction
from fake_stripe.events import delivery_log
from fake_stripe.events.deliveries import resend, wants
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, most_items
from fake_stripe.schema import Object


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
        raise exclusive_parameters("type", "types", param="types")


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
    return with_pending(tx, kept(tx, event_id))


def kept(tx: Transaction, event_id: str) -> Object:
    """An event of the last thirty days, else a 404."""
    event = tx.at_path("event", event_id)
    if event["created"] <= tx.now - KEPT_FOR:
        raise missing_resource("event", event_id, "id", status=404)
    return event


@operation("POST", "/v1/events/{id}/retry", EventRetryParams)
def resend_event(tx: Transaction, params: dict[str, Any], event_id: str) -> Object:
    """Deliver an event again, to one endpoint or to all that want it (`stripe events resend`)."""
    event = kept(tx, event_id)
    for endpoint in endpoints_meant(tx, event, params.get("webhook_endpoint")):
        resend(tx.store, event_id, endpoint["id"])
        tx.resent = True
    return with_pending(tx, event)


def endpoints_meant(tx: Transaction, event: Object, endpoint_id: str | None) -> list[Object]:
    """The endpoint that is named, which must be enabled; else every one that wants the event."""
    if not endpoint_id:
        endpoints = tx.store.select("webhook_endpoint", {"status": "enabled"}, ascending=True)
        return [endpoint for endpoint in endpoints if wants(endpoint, event["type"])]
    endpoint = tx.get("webhook_endpoint", endpoint_id, "webhook_endpoint")
    if endpoint["status"] != "enabled":
        message = f"The webhook endpoint {endpoint_id} is disabled."
        raise StripeError(message, param="webhook_endpoint")
    return [endpoint]


def with_pending(tx: Transaction, event: Object) -> Object:
    """The event with the number of endpoints that have not taken it yet."""
    return {**event, "pending_webhooks": delivery_log.pending(tx.store, event["id"])}
