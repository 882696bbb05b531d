"""The control room: what is there and what has happened, for people."""

from itertools import islice
from typing import Any

from fake_stripe.controls import dashboard
from fake_stripe.events import delivery_log
from fake_stripe.events.deliveries import MODES
from fake_stripe.hosted.pages import templates
from fake_stripe.protocol.faults import LIMIT_REASONS
from fake_stripe.stand_in import StandIn

SHOWN = 10
# The errors that a form can arm.
STATUSES = (400, 401, 402, 403, 404, 409, 429, 500, 502, 503)


def room(stand_in: StandIn, *, said: str = "") -> str:
    """The page, as it is now."""
    store = stand_in.store

    def newest(kind: str) -> list[dict[str, Any]]:
        return store.select(kind, limit=SHOWN)

    return templates.get_template("room.html").render(
        now=stand_in.clock.now(),
        offset=stand_in.clock.offset,
        coming=coming(stand_in),
        endpoints=newest("webhook_endpoint"),
        sessions=newest("checkout.session"),
        intents=newest("payment_intent"),
        events=delivery_log.with_deliveries(stand_in.store, newest("event")),
        faults=stand_in.faults.listed(),
        held=stand_in.faults.held(),
        limits=stand_in.limits,
        lag=stand_in.lag,
        requests=list(islice(stand_in.request_log.newest, SHOWN)),
        statuses=STATUSES,
        reasons=LIMIT_REASONS,
        modes=MODES,
        said=said,
    )


def coming(stand_in: StandIn) -> list[Any]:
    """What falls due next by the clock: the job, the object and the time."""
    rows = stand_in.store.execute("SELECT job, object, at FROM due ORDER BY at LIMIT 8")
    return rows.fetchall()


def payment_page(stand_in: StandIn, intent_id: str, *, said: str = "") -> str:
    """One payment with its charges, refunds, disputes and events; a sentence when it is not."""
    tx = stand_in.read()
    intent = tx.store.find("payment_intent", intent_id)
    if intent is None:
        return templates.get_template("room_payment.html").render(intent=None)
    mine = {"payment_intent": intent_id}
    about = (
        "(json_extract(body, '$.data.object.id') = ?"
        " OR json_extract(body, '$.data.object.payment_intent') = ?)"
    )
    events = tx.store.select("event", None, (about, [intent_id, intent_id]), ascending=True)
    return templates.get_template("room_payment.html").render(
        intent=intent,
        charges=tx.store.select("charge", mine),
        refunds=tx.store.select("refund", mine),
        disputes=tx.store.select("dispute", mine),
        events=delivery_log.with_deliveries(stand_in.store, events),
        actions=dashboard.possible(tx, intent),
        said=said,
    )
