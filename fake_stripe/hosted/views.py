"""The pages of a session: paying, the bank's challenge, and what stands there afterwards."""

from aiohttp import web

from fake_stripe.checkout import lifecycle, recovery, saved_cards
from fake_stripe.checkout.intents import under_way
from fake_stripe.checkout.submission import locate
from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.messages import Message
from fake_stripe.hosted import branding, forms, order_form, payment_form, wording
from fake_stripe.hosted.form_values import Errors, Typed
from fake_stripe.hosted.pages import SECURITY, merchant, missing, page, return_address
from fake_stripe.methods.types import TABLE
from fake_stripe.payments.attempts import ANSWERS
from fake_stripe.payments.intents import Attempt
from fake_stripe.schema import Object
from fake_stripe.stand_in import StandIn

PATH = "/c/pay/{id}"
# Like Stripe, the page waits this long for the shop's answer to the webhook before it goes back.
PATIENCE = 10.0
CHANGED = Message("The total has changed with your choice. Please look and confirm.")


class HostedPage:
    """The routes of the payment page."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put every page where it belongs."""
        router.add_get(PATH, self.show)
        router.add_post(PATH, self.pay)
        router.add_get(PATH + "/style.css", self.style)
        router.add_get("/c/recover/{id}", self.recover)
        router.add_get(PATH + "/authenticate", self.challenge)
        router.add_post(PATH + "/authenticate", self.authenticate)
        router.add_post(PATH + "/remove", self.remove)
        router.add_get("/receipts/{id}", self.receipt)

    def session(self, request: web.Request) -> Object | None:
        """The session that the address names."""
        return self.stand_in.store.find("checkout.session", request.match_info["id"])

    async def show(self, request: web.Request) -> web.Response:
        """The payment page of an open session, else what became of it."""
        session = self.session(request)
        if session is None:
            return missing()
        if session["status"] != "open":
            return self.ended(session)
        typed = session["_"].get("typed", {})
        return self.form(session, typed, {}, notice=self.last_error(session))

    def ended(self, session: Object) -> web.Response:
        """The page of a session that is complete or expired."""
        back = session["cancel_url"]
        if session["status"] == "complete":
            back = return_address(session)
        recovers = session["status"] == "expired" and recovery.is_open(
            self.stand_in.read(), session
        )
        return page(
            "message.html", kind=session["status"], session=session, back=back, recovers=recovers
        )

    async def recover(self, request: web.Request) -> web.Response:
        """The address on an expired session: on to a copy of it."""
        with self.stand_in.page_transaction() as tx:
            session = self.session(request)
            if session is None or not recovery.is_open(tx, session):
                return missing()
            copy = recovery.recover(tx, session)
        raise web.HTTPSeeOther(f"/c/pay/{copy['id']}")

    async def style(self, request: web.Request) -> web.Response:
        """The colors and corners that the session asks for."""
        session = self.session(request) or {}
        rules = branding.stylesheet(session.get("branding_settings") or {})
        return web.Response(text=rules, content_type="text/css", headers=SECURITY)

    def last_error(self, session: Object) -> str:
        """Why the attempt before this visit failed."""
        intent = under_way(self.stand_in.read(), session) or {}
        error = intent.get("last_payment_error") or intent.get("last_setup_error") or {}
        return str(error.get("message", ""))

    async def pay(self, request: web.Request) -> web.StreamResponse:
        """The customer has pressed the button."""
        session = self.session(request)
        if session is None:
            return missing()
        if session["status"] == "complete":
            # Pressed twice: the first time has paid.
            raise web.HTTPSeeOther(return_address(session))
        if session["status"] != "open":
            return self.ended(session)
        sent = await request.post()
        typed = {name: value for name, value in sent.items() if isinstance(value, str)}
        session, answer = self.take_order(session, typed)
        if answer:
            return answer
        if forms.is_by_wallet(typed):
            # It hands an address over, too.
            typed = {**payment_form.example_address(session), **typed}
        saved = saved_cards.saved_methods(self.stand_in.read(), session)
        submission, errors = forms.check(typed, session, saved)
        if errors:
            return self.form(session, typed, errors, status=400)
        with self.stand_in.page_transaction() as tx:
            session = tx.get("checkout.session", session["id"])
            seen = session["amount_total"]
            locate(tx, session, submission)
            if session["amount_total"] != seen:
                return self.form(session, typed, {}, notice=CHANGED)
            try:
                attempt = lifecycle.pay(tx, session, submission)
            except StripeError as error:
                return self.form(session, typed, {}, notice=error.message, status=400)
        return await self.go_on(session, attempt, typed, tx.events)

    def take_order(self, session: Object, typed: Typed) -> tuple[Object, web.Response | None]:
        """Note what was changed about the order; nobody pays a total that they have not seen."""
        seen = session["amount_total"]
        with self.stand_in.page_transaction() as tx:
            session = tx.get("checkout.session", session["id"])
            errors = order_form.take(tx, session, typed)
        again = {name: value for name, value in typed.items() if not name.startswith("quantity-")}
        if "promotionCode" not in errors:
            again.pop("promotionCode", None)
        if errors:
            return session, self.form(session, again, errors, status=400)
        if order_form.is_update(typed):
            return session, self.form(session, again, {})
        if session["amount_total"] != seen:
            return session, self.form(session, again, {}, notice=CHANGED)
        return session, None

    async def go_on(
        self, session: Object, attempt: Attempt, typed: Typed, events: list[str]
    ) -> web.StreamResponse:
        """Where the customer goes after an attempt; its last event is the session's completion."""
        if attempt.result == "requires_action":
            self.remember(session, typed)
            raise web.HTTPSeeOther(f"/c/pay/{session['id']}/authenticate")
        if attempt.error:
            code = attempt.error.error["code"]
            field = "cardCvc" if code == "incorrect_cvc" else "cardNumber"
            wording.use_locale(session["locale"])
            message = wording.translated(str(attempt.error))
            if code == "card_declined":
                message += " " + wording.translated(Message("Please try another card."))
            if typed.get(forms.METHOD, "card") != "card":
                return self.form(session, typed, {}, notice=message, status=402)
            kept = {**typed, "cardCvc": ""}
            return self.form(session, kept, {field: message}, status=402)
        if attempt.result == "awaits_voucher":
            raise web.HTTPSeeOther(f"/vouchers/{session['payment_intent']}")
        if events:
            await self.stand_in.deliveries.answered(events[-1:], PATIENCE)
        raise web.HTTPSeeOther(return_address(session))

    def remember(self, session: Object, typed: Typed) -> None:
        """Keep what was typed for a customer who comes back unpaid; nothing of their card."""
        kept = {name: value for name, value in typed.items() if not name.startswith("card")}
        with self.stand_in.transaction() as tx:
            current = tx.get("checkout.session", session["id"])
            tx.change(current, _={**current["_"], "typed": kept})

    async def challenge(self, request: web.Request) -> web.Response:
        """The page of the customer's bank or wallet."""
        session = self.session(request)
        if session is None:
            return missing()
        if session["status"] == "complete":
            raise web.HTTPSeeOther(return_address(session))
        intent = under_way(self.stand_in.read(), session)
        if session["status"] != "open" or not intent or intent["status"] != "requires_action":
            raise web.HTTPSeeOther(f"/c/pay/{session['id']}")
        if intent["next_action"]["type"] == "blik_authorize":
            return waiting(session)
        method = self.stand_in.read().get("payment_method", intent["payment_method"])
        template = "challenge.html" if method["type"] == "card" else "redirect.html"
        return page(
            template, session=session, merchant=merchant(session), kind=TABLE[method["type"]]
        )

    async def authenticate(self, request: web.Request) -> web.StreamResponse:
        """The customer has answered there."""
        answer = ANSWERS.get(str((await request.post()).get("answer")), ANSWERS["fail"])
        with self.stand_in.page_transaction() as tx:
            session = tx.at_path("checkout.session", request.match_info["id"])
            try:
                attempt = lifecycle.authenticate(tx, session, answer)
            except StripeError:
                raise web.HTTPSeeOther(f"/c/pay/{session['id']}") from None
        if attempt.error:
            raise web.HTTPSeeOther(f"/c/pay/{session['id']}")
        return await self.go_on(session, attempt, {}, tx.events)

    async def remove(self, request: web.Request) -> web.StreamResponse:
        """The customer wants a saved card forgotten."""
        method_id = str((await request.post()).get("remove", ""))
        session = self.session(request)
        if session is None:
            return missing()
        with self.stand_in.page_transaction() as tx:
            try:
                saved_cards.remove_saved(tx, session, method_id)
            except StripeError as error:
                return self.form(session, {}, {}, notice=error.message, status=400)
        raise web.HTTPSeeOther(f"/c/pay/{session['id']}")

    def form(
        self, session: Object, typed: Typed, errors: Errors, *,
        notice: str = "", status: int = 200,
    ) -> web.Response:  # fmt: skip
        """The payment form, with what was typed and what is wrong with it."""
        tx = self.stand_in.read()
        return payment_form.show(tx, session, typed, errors, notice=notice, status=status)

    async def receipt(self, request: web.Request) -> web.Response:
        """What was paid, and what of it was given back."""
        store = self.stand_in.store
        charges = store.select("charge", {"payment_intent": request.match_info["id"]}, limit=1)
        if not charges or not charges[0]["paid"]:
            return missing()
        return page("receipt.html", charge=charges[0])


def waiting(session: Object) -> web.Response:
    """The page that looks again until the customer's bank has answered."""
    shown = page("waiting.html", session=session, merchant=merchant(session))
    shown.headers["Refresh"] = "1"
    return shown
