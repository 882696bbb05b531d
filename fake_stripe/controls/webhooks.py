"""Endpoints and deliveries as tests and people steer them."""

import asyncio
from typing import Any

from fake_stripe import API_VERSION
from fake_stripe.controls.answers import Body, Refused
from fake_stripe.engine.ids import random_text
from fake_stripe.engine.transaction import Transaction
from fake_stripe.events.deliveries import MODES, Deliveries
from fake_stripe.events.retry_schedule import SCHEDULES
from fake_stripe.protocol import rules
from fake_stripe.protocol.form import Node
from fake_stripe.protocol.operations import find
from fake_stripe.resources.webhook_endpoints import create_endpoint
from fake_stripe.schema import Object
from fake_stripe.stand_in import StandIn

# The longest that a rolled secret stays valid: a day, as at Stripe.
ROLLED_FOR = 24 * 60 * 60
MOST_COPIES = 100


def set_endpoint(stand_in: StandIn, body: Body) -> Object:
    """Register an endpoint if it is new, and say how events get there."""
    check(body)
    with stand_in.transaction() as tx:
        endpoints = tx.store.select("webhook_endpoint", {"url": body["endpoint"]}, limit=1)
        if not endpoints:
            return registered(tx, body)
        (endpoint,) = endpoints
        changed = {**endpoint["_"], **endpoint_options(body)}
        if body.get("roll"):
            lifetime = body.get("expires_in")
            changed |= rolled(endpoint, tx.now + (ROLLED_FOR if lifetime is None else lifetime))
        tx.change(endpoint, _=changed)
        return endpoint


def check(body: Body) -> None:
    """Refuse what is no address, mode, schedule, secret or number."""
    if not isinstance(body.get("endpoint"), str):
        raise Refused("endpoint must be an address")
    rules.url(body["endpoint"], "endpoint")
    for name, known in (("mode", MODES), ("schedule", tuple(SCHEDULES))):
        if body.get(name) is not None and body[name] not in known:
            raise Refused(f"{name} must be one of {', '.join(known)}")
    if not isinstance(body.get("roll", False), bool):
        raise Refused("roll must be true or false")
    secret = body.get("secret", "whsec_")
    if not isinstance(secret, str) or not secret:
        raise Refused("secret must be a text")
    refuse_number(body, "copies", 1, MOST_COPIES)
    refuse_number(body, "expires_in", 0, ROLLED_FOR)
    seconds = body.get("seconds")
    if seconds is not None and (not is_number(seconds) or seconds < 0):
        raise Refused("seconds must be a number, 0 or more")


def refuse_number(body: Body, name: str, least: int, most: int) -> None:
    """Refuse a whole number outside its bounds."""
    value = body.get(name)
    fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    if value is not None and not fits:
        raise Refused(f"{name} must be a whole number from {least} to {most}")


def is_number(value: Any) -> bool:
    """Whether a value is a number, and not true or false."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def registered(tx: Transaction, body: Body) -> Object:
    """A new endpoint, under the rules of the API."""
    if body.get("roll"):
        raise Refused(f"there is no endpoint {body['endpoint']} whose secret could be rolled")
    enabled = body.get("enabled_events", ["*"])
    if not isinstance(enabled, list):
        raise Refused("enabled_events must be a list of event types")
    operation, _ = find("POST", "/v1/webhook_endpoints")
    # As a form carries a list: the API's own check knows the types by their names.
    numbered: Node = {str(number): str(kind) for number, kind in enumerate(enabled)}
    # The Dashboard, too, makes no endpoint without a version.
    version = str(body.get("api_version", API_VERSION))
    asked: dict[str, Node] = {"url": body["endpoint"], "enabled_events": numbered}
    params = operation.params({**asked, "api_version": version}, None)
    return create_endpoint(tx, params, **{"mode": "normal", **endpoint_options(body)})


def endpoint_options(body: Body) -> Body:
    """How events are to get there; a new mode starts afresh, the earlier one's numbers end."""
    options: Body = {name: body[name] for name in ("secret", "copies", "seconds") if name in body}
    if body.get("schedule"):
        options["schedule"] = body["schedule"]
    if body.get("mode"):
        return {"copies": None, "seconds": None, "mode": body["mode"], **options}
    return options


def rolled(endpoint: Object, until: int) -> Body:
    """A fresh secret for an endpoint; the one before it is valid for a while longer."""
    earlier = {"secret": endpoint["_"]["secret"], "until": until}
    return {"secret": f"whsec_{random_text(32)}", "earlier": earlier}


async def deliver(stand_in: StandIn, body: Body) -> list[Object]:
    """Deliver events now, in the order given; tells how each was received."""
    ids = body.get("events")
    if not isinstance(ids, list):
        raise Refused("events must be a list of event ids")
    refuse_number(body, "copies", 1, MOST_COPIES)
    endpoints = stand_in.store.select("webhook_endpoint", {"status": "enabled"})
    if url := body.get("endpoint"):
        endpoints = [endpoint for endpoint in endpoints if endpoint["url"] == url]
    events = [event_of(stand_in, event_id) for event_id in ids]
    copies = range(body.get("copies") or 1)
    pairs = [(event, endpoint) for event in events for _ in copies for endpoint in endpoints]
    if body.get("parallel"):
        return list(await asyncio.gather(*(carry(stand_in, *pair) for pair in pairs)))
    return [await carry(stand_in, *pair) for pair in pairs]


def event_of(stand_in: StandIn, event_id: Any) -> Object:
    """An event that is there."""
    event = stand_in.store.find("event", str(event_id))
    if event is None:
        raise Refused(f"there is no event {event_id}")
    return event


async def carry(stand_in: StandIn, event: Object, endpoint: Object) -> Object:
    """Take one event to one endpoint and tell how it was received."""
    deliveries: Deliveries = stand_in.deliveries
    with stand_in.store.transaction():
        deliveries.hold(event["id"], endpoint)
    answer = await deliveries.send(event, endpoint)
    deliveries.note_by_hand(event["id"], endpoint["id"], answer)
    known = {"event": event["id"], "type": event["type"], "endpoint": endpoint["url"]}
    return {**known, **answer}
