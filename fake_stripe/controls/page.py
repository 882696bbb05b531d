"""The control room: what is there and what has happened, for people."""

from typing import Any

from fake_stripe.deliveries import MODES
from fake_stripe.hosted.pages import templates
from fake_stripe.stand_in import StandIn

SHOWN = 25


def room(stand_in: StandIn) -> str:
    """The page, as it is now."""
    store = stand_in.store

    def newest(kind: str) -> list[dict[str, Any]]:
        return store.select(kind, limit=SHOWN)

    return templates.get_template("room.html").render(
        now=stand_in.clock.now(),
        offset=stand_in.clock.offset,
        endpoints=newest("webhook_endpoint"),
        sessions=newest("checkout.session"),
        intents=newest("payment_intent"),
        events=stand_in.deliveries.listed(newest("event")),
        faults=stand_in.faults.listed(),
        limit=stand_in.limits.per_endpoint,
        requests=requests(stand_in),
        modes=MODES,
    )


def requests(stand_in: StandIn) -> list[Any]:
    """The newest requests that meant to change something."""
    rows = stand_in.store.execute("SELECT * FROM requests ORDER BY seq DESC LIMIT ?", SHOWN)
    return rows.fetchall()
