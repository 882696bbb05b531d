"""What tests and people may do to the stand-in, as JSON."""

from typing import Any

from aiohttp import web

from fake_stripe.checkout import lifecycle
from fake_stripe.checkout.customers import create_account
from fake_stripe.controls import dashboard, taxed, webhooks
from fake_stripe.controls.answers import (
    Body,
    Refused,
    answering,
    logged,
    said_in,
    shown,
    whole_number,
)
from fake_stripe.controls.log import Log
from fake_stripe.controls.page import payment_page, room
from fake_stripe.controls.sessions import pay_session
from fake_stripe.engine import assumptions
from fake_stripe.engine.transaction import public
from fake_stripe.events import delivery_log
from fake_stripe.payments import reviews
from fake_stripe.protocol.faults import Fault
from fake_stripe.stand_in import StandIn

# How many events and requests are told of at once, unless more are asked for.
EVENTS, MOST_EVENTS = 1_000, 10_000
REQUESTS, MOST_REQUESTS = 10_000, 100_000


class Controls:
    """The routes below /_fake/."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put every control where it belongs."""
        read = {
            "health": self.health, "clock": self.clock, "events": self.events,
            "requests": self.requests, "webhooks": self.webhooks, "faults": self.faults,
            "limits": self.limits, "lag": self.lag, "faults/held": self.held,
            "assumptions": self.assumptions,
        }  # fmt: skip
        write = {
            "webhooks": self.set_webhooks, "deliver": self.deliver, "clock": self.advance,
            "faults": self.add_fault, "limits": self.set_limits, "disputes": self.dispute,
            "reviews": self.review, "reviews/{id}/close": self.close_review,
            "rights": self.take_rights, "reset": self.reset, "sessions/{id}/pay": self.pay,
            "payment_intents/{id}/{verb}": self.act, "lag": self.set_lag,
            "sessions/{id}/expire": self.expire, "tax_settings": self.set_tax_settings,
            "sessions/{id}/automatic_tax": self.fail_tax, "faults/clear": self.clear_faults,
            "faults/release": self.release, "assumptions": self.set_assumptions,
            "accounts": self.make_account,
        }  # fmt: skip
        router.add_get("/_fake/", self.page)
        router.add_get("/_fake", self.page)
        router.add_get("/_fake/payments/{id}", self.payment)
        for name, reader in read.items():
            router.add_get(f"/_fake/{name}", answering(reader))
        for name, writer in write.items():
            router.add_post(f"/_fake/{name}", answering(writer))
        Log(self.stand_in).add_routes(router)
        router.add_delete("/_fake/faults", answering(self.clear_faults))

    async def page(self, request: web.Request) -> web.Response:
        """The control room, for people."""
        return web.Response(
            text=room(self.stand_in, said=said_in(request)), content_type="text/html"
        )

    async def health(self, request: web.Request, body: Body) -> Any:
        """Whether the stand-in is up, and whose it is."""
        return {"ok": True, "owner": self.stand_in.owner}

    async def clock(self, request: web.Request, body: Body) -> Any:
        """What time it is for the account."""
        return {"now": self.stand_in.clock.now(), "offset": self.stand_in.clock.offset}

    async def advance(self, request: web.Request, body: Body) -> Any:
        """Move the clock forward; what falls due is done before the answer."""
        seconds = body.get("advance")
        if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 0:
            raise Refused("advance must be a whole number of seconds, 0 or more")
        self.stand_in.advance(seconds)
        return await self.clock(request, body)

    async def webhooks(self, request: web.Request, body: Body) -> Any:
        """The endpoints, with mode and secret."""
        endpoints = self.stand_in.store.select("webhook_endpoint", ascending=True)
        return {"data": [shown(endpoint) for endpoint in endpoints]}

    async def set_webhooks(self, request: web.Request, body: Body) -> Any:
        """Register an endpoint if it is new, and say how events get there."""
        return shown(webhooks.set_endpoint(self.stand_in, body))

    async def deliver(self, request: web.Request, body: Body) -> Any:
        """Deliver events now, in the order given, whatever the mode says."""
        return {"data": await webhooks.deliver(self.stand_in, body)}

    async def events(self, request: web.Request, body: Body) -> Any:
        """The newest events, the oldest of them first, with their deliveries and answers.

        `before` names the event to go on from, towards what came earlier.
        """
        limit = whole_number(request, "limit", EVENTS, MOST_EVENTS)
        store, conditions = self.stand_in.store, list[tuple[str, list[Any]]]()
        if before := request.query.get("before"):
            position = store.position("event", before)
            if position is None:
                raise Refused(f"there is no event {before}")
            conditions.append(("seq < ?", [position]))
        newest = store.select("event", None, *conditions, limit=limit)
        return {"data": delivery_log.with_deliveries(store, newest[::-1])}

    async def requests(self, request: web.Request, body: Body) -> Any:
        """The newest requests that meant to change something, the oldest of them first."""
        limit = whole_number(request, "limit", REQUESTS, MOST_REQUESTS)
        rows = self.stand_in.store.execute(
            "SELECT * FROM (SELECT * FROM requests ORDER BY seq DESC LIMIT ?) ORDER BY seq", limit
        )
        return {"data": [logged(dict(row)) for row in rows]}

    async def faults(self, request: web.Request, body: Body) -> Any:
        """The faults that wait for their requests."""
        return {"data": self.stand_in.faults.listed()}

    async def add_fault(self, request: web.Request, body: Body) -> Any:
        """Make requests fail, hang or break off."""
        try:
            self.stand_in.faults.add(Fault(**body))
        except (TypeError, ValueError) as error:
            raise Refused(f"no such fault: {error}") from error
        return await self.faults(request, body)

    async def clear_faults(self, request: web.Request, body: Body) -> Any:
        """Disarm every fault, and let go on what is held."""
        self.stand_in.faults.clear()
        return {"data": []}

    async def held(self, request: web.Request, body: Body) -> Any:
        """The requests that are held."""
        return {"data": self.stand_in.faults.held()}

    async def release(self, request: web.Request, body: Body) -> Any:
        """Let every held request go on."""
        self.stand_in.faults.release()
        return await self.held(request, body)

    async def limits(self, request: web.Request, body: Body) -> Any:
        """The rate limits."""
        limits = self.stand_in.limits
        return {"per_endpoint": limits.per_endpoint, "global": limits.in_all}

    async def set_limits(self, request: web.Request, body: Body) -> Any:
        """Switch the rate limits on, or off with null."""
        for name in ("per_endpoint", "global"):
            limit = body.get(name)
            if limit is not None and (not isinstance(limit, int) or limit < 0):
                raise Refused(f"{name} must be a whole number, or null for no limit")
        self.stand_in.limits.clear()
        self.stand_in.limits.set(body.get("per_endpoint"), body.get("global"))
        return await self.limits(request, body)

    async def lag(self, request: web.Request, body: Body) -> Any:
        """How many seconds late lists are."""
        return {"seconds": self.stand_in.lag}

    async def set_lag(self, request: web.Request, body: Body) -> Any:
        """Let lists show what is new only some seconds later; 0 ends it."""
        seconds = body.get("seconds")
        if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 0:
            raise Refused("seconds must be a whole number, 0 or more")
        self.stand_in.set_lag(seconds)
        return await self.lag(request, body)

    async def assumptions(self, request: web.Request, body: Body) -> Any:
        """How the things are played that nobody here has seen of Stripe."""
        return assumptions.all_assumed(self.stand_in.store)

    async def set_assumptions(self, request: web.Request, body: Body) -> Any:
        """Play some of them otherwise."""
        for name, value in body.items():
            if value not in assumptions.CHOICES.get(name, ()):
                choices = assumptions.CHOICES
                known = " | ".join(choices.get(name, choices))
                raise Refused(f"{name}: one of {known}")
        assumptions.choose(self.stand_in.store, body)
        return await self.assumptions(request, body)

    async def act(self, request: web.Request, body: Body) -> Any:
        """Do to a payment what a merchant can do in the Dashboard, or the world can."""
        verb = request.match_info["verb"]
        if verb not in dashboard.ACTIONS:
            raise Refused(f"one can {', '.join(dashboard.ACTIONS)} a payment")
        return dashboard.act(self.stand_in, request.match_info["id"], verb, body)

    async def payment(self, request: web.Request) -> web.Response:
        """Everything about one payment, for people."""
        shown_ = payment_page(self.stand_in, request.match_info["id"], said=said_in(request))
        return web.Response(text=shown_, content_type="text/html")

    async def pay(self, request: web.Request, body: Body) -> Any:
        """Pay a session as a customer would on its page."""
        return pay_session(self.stand_in, request.match_info["id"], body)

    async def expire(self, request: web.Request, body: Body) -> Any:
        """Let a session's time run out now."""
        with self.stand_in.transaction() as tx:
            session = tx.at_path("checkout.session", request.match_info["id"], "session")
            if session["status"] != "open":
                raise lifecycle.NotOpen(session)
            lifecycle.expire(tx, session)
        return public(session)

    async def fail_tax(self, request: web.Request, body: Body) -> Any:
        """Let automatic tax of a session end otherwise than complete; null: as it should."""
        with self.stand_in.transaction() as tx:
            session = tx.at_path("checkout.session", request.match_info["id"], "session")
            taxed.leave_at(tx, session, body.get("status"))
        return public(session)

    async def set_tax_settings(self, request: web.Request, body: Body) -> Any:
        """Take the head office from the account, or give it one: active or pending."""
        with self.stand_in.transaction() as tx:
            return taxed.set_status(tx, body.get("status"))

    async def dispute(self, request: web.Request, body: Body) -> Any:
        """Have the customer dispute a payment."""
        with self.stand_in.transaction() as tx:
            intent = tx.at_path("payment_intent", str(body.get("payment_intent")))
            entry = dashboard.open_a_dispute(tx, intent, body)
        return public(entry)

    async def review(self, request: web.Request, body: Body) -> Any:
        """Have a rule, or a person, put a payment aside for review."""
        reason = body.get("reason", "rule")
        if reason not in ("rule", "manual"):
            raise Refused("reason must be rule or manual")
        with self.stand_in.transaction() as tx:
            intent = tx.at_path("payment_intent", str(body.get("payment_intent")))
            if not intent["latest_charge"]:
                raise Refused("nobody has paid with it yet")
            entry = reviews.put_aside(tx, tx.get("charge", intent["latest_charge"]), reason=reason)
        return public(entry)

    async def close_review(self, request: web.Request, body: Body) -> Any:
        """Close a review, as somebody in the Dashboard does or as time brings about."""
        if body.get("reason") not in reviews.CLOSINGS:
            raise Refused(f"reason must be one of {', '.join(reviews.CLOSINGS)}")
        with self.stand_in.transaction() as tx:
            entry = tx.at_path("review", request.match_info["id"])
            reviews.close(tx, entry, body["reason"])
        return public(entry)

    async def make_account(self, request: web.Request, body: Body) -> Any:
        """An Account (Accounts v2), as somebody would make one beside the shop."""
        with self.stand_in.transaction() as tx:
            return create_account(tx)

    async def take_rights(self, request: web.Request, body: Body) -> Any:
        """Take permissions from a restricted key; an empty list gives them back."""
        key, without = body.get("key"), body.get("without")
        if not isinstance(key, str) or not key.startswith("rk_test_"):
            raise Refused("key must be a restricted key, rk_test_…")
        if not isinstance(without, list) or not all(isinstance(name, str) for name in without):
            raise Refused("without must be a list of permissions, such as rak_review_read")
        self.stand_in.take_rights(key, without)
        return {"key": key, "without": without}

    async def reset(self, request: web.Request, body: Body) -> Any:
        """Forget everything."""
        self.stand_in.reset(keep_endpoints=bool(body.get("keep_endpoints", False)))
        return {"ok": True}
