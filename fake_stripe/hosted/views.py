"""The pages of a session: paying, the bank's challenge, and what stands there afterwards."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from fake_stripe import (
    blik,
    cards,
    checkout,
    confirming,
    custom_amounts,
    debits,
    presentment,
    questions,
    recovery,
    saved_cards,
    totals,
    vouchers,
)
from fake_stripe.attempts import ANSWERS
from fake_stripe.discounting import rounded
from fake_stripe.errors import StripeError
from fake_stripe.hosted import branding, forms, ordering, wording
from fake_stripe.hosted.pages import templates
from fake_stripe.hosted.typed import Errors, Typed, text
from fake_stripe.ids import new_id, random_text
from fake_stripe.messages import Message
from fake_stripe.method_configurations import wallets
from fake_stripe.method_table import TABLE
from fake_stripe.payments import Attempt
from fake_stripe.resources import setup_intents
from fake_stripe.schema import Object
from fake_stripe.session_lines import amount_in
from fake_stripe.sessions import asks_for_method
from fake_stripe.stand_in import StandIn

PATH = "/c/pay/{id}"
# Like Stripe, the page waits this long for the shop's answer to the webhook before it goes back.
PATIENCE = 10.0
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src * data:; style-src 'self'; script-src 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
ACCOUNT_COUNTRY = "AT"
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
        router.add_get("/vouchers/{id}", self.voucher)
        router.add_get("/redirects/{id}", self.redirect)
        router.add_post("/redirects/{id}", self.answer_redirect)

    def session(self, request: web.Request) -> Object | None:
        """The session that the address names."""
        return self.stand_in.store.find("checkout.session", request.match_info["id"])

    async def show(self, request: web.Request) -> web.Response:
        """The payment page of an open session, else what became of it."""
        session = self.session(request)
        if session is None:
            return page("message.html", status=404, kind="missing", session=None)
        if session["status"] != "open":
            return self.over(session)
        typed = session["_"].get("typed", {})
        return self.form(session, typed, {}, notice=self.last_error(session))

    def over(self, session: Object) -> web.Response:
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
        with self.on_page() as tx:
            session = self.session(request)
            if session is None or not recovery.is_open(tx, session):
                return page("message.html", status=404, kind="missing", session=None)
            copy = recovery.recover(tx, session)
        raise web.HTTPSeeOther(f"/c/pay/{copy['id']}")

    async def style(self, request: web.Request) -> web.Response:
        """The colors and corners that the session asks for."""
        session = self.session(request) or {}
        rules = branding.stylesheet(session.get("branding_settings") or {})
        return web.Response(text=rules, content_type="text/css", headers=SECURITY)

    def last_error(self, session: Object) -> str:
        """Why the attempt before this visit failed."""
        intent = checkout.under_way(self.stand_in.read(), session) or {}
        error = intent.get("last_payment_error") or intent.get("last_setup_error") or {}
        return str(error.get("message", ""))

    async def pay(self, request: web.Request) -> web.StreamResponse:
        """The customer has pressed the button."""
        session = self.session(request)
        if session is None:
            return page("message.html", status=404, kind="missing", session=None)
        if session["status"] == "complete":
            # Pressed twice: the first time has paid.
            raise web.HTTPSeeOther(return_address(session))
        if session["status"] != "open":
            return self.over(session)
        sent = await request.post()
        typed = {name: value for name, value in sent.items() if isinstance(value, str)}
        session, answer = self.take_order(session, typed)
        if answer:
            return answer
        saved = saved_cards.saved_methods(self.stand_in.read(), session)
        submission, errors = forms.check(typed, session, saved)
        if errors:
            return self.form(session, typed, errors, status=400)
        with self.on_page() as tx:
            session = tx.get("checkout.session", session["id"])
            seen = session["amount_total"]
            checkout.locate(tx, session, submission)
            if session["amount_total"] != seen:
                return self.form(session, typed, {}, notice=CHANGED)
            try:
                attempt = checkout.pay(tx, session, submission)
            except StripeError as error:
                return self.form(session, typed, {}, notice=error.message, status=400)
        return await self.after(session, attempt, typed, tx.events)

    def take_order(self, session: Object, typed: Typed) -> tuple[Object, web.Response | None]:
        """Note what was changed about the order; nobody pays a total that they have not seen."""
        seen = session["amount_total"]
        with self.on_page() as tx:
            session = tx.get("checkout.session", session["id"])
            errors = ordering.take(tx, session, typed)
        again = {name: value for name, value in typed.items() if not name.startswith("quantity-")}
        if "promotionCode" not in errors:
            again.pop("promotionCode", None)
        if errors:
            return session, self.form(session, again, errors, status=400)
        if ordering.is_update(typed):
            return session, self.form(session, again, {})
        if session["amount_total"] != seen:
            return session, self.form(session, again, {}, notice=CHANGED)
        return session, None

    def on_page(self) -> Any:
        """A transaction for what the page does: Stripe gives such requests ids and keys too."""
        return self.stand_in.transaction(
            request_id=new_id("request"), idempotency_key=random_text(36).lower()
        )

    async def after(
        self, session: Object, attempt: Attempt, typed: Typed, events: list[str]
    ) -> web.StreamResponse:
        """Where the customer goes after an attempt; its last event is the session's completion."""
        if attempt.result == "requires_action":
            self.remember(session, typed)
            raise web.HTTPSeeOther(f"/c/pay/{session['id']}/authenticate")
        if attempt.error:
            code = attempt.error.error["code"]
            field = "cardCvc" if code == "incorrect_cvc" else "cardNumber"
            wording.speak(session["locale"])
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
            found = tx.get("checkout.session", session["id"])
            tx.change(found, _={**found["_"], "typed": kept})

    async def challenge(self, request: web.Request) -> web.Response:
        """The page of the customer's bank or wallet."""
        session = self.session(request)
        if session is None:
            return page("message.html", status=404, kind="missing", session=None)
        if session["status"] == "complete":
            raise web.HTTPSeeOther(return_address(session))
        intent = checkout.under_way(self.stand_in.read(), session)
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
        with self.on_page() as tx:
            session = tx.at_path("checkout.session", request.match_info["id"])
            try:
                attempt = checkout.authenticate(tx, session, answer)
            except StripeError:
                raise web.HTTPSeeOther(f"/c/pay/{session['id']}") from None
        if attempt.error:
            raise web.HTTPSeeOther(f"/c/pay/{session['id']}")
        return await self.after(session, attempt, {}, tx.events)

    async def redirect(self, request: web.Request) -> web.Response:
        """The page of a bank or wallet, for an intent that no session made."""
        intent = confirmed_by_server(self.stand_in.read(), request.match_info["id"])
        if intent is None:
            return page("message.html", status=404, kind="missing", session=None)
        if intent["status"] != "requires_action":
            raise web.HTTPSeeOther(came_back(intent))
        method = self.stand_in.read().get("payment_method", intent["payment_method"])
        return page(
            "redirect.html", session=None, intent=intent, merchant=merchant({}),
            kind=TABLE[method["type"]],
        )  # fmt: skip

    async def answer_redirect(self, request: web.Request) -> web.StreamResponse:
        """The customer has answered there: back to the address that the server gave."""
        answer = ANSWERS.get(str((await request.post()).get("answer")), ANSWERS["fail"])
        with self.on_page() as tx:
            intent = confirmed_by_server(tx, request.match_info["id"])
            if intent is None:
                return page("message.html", status=404, kind="missing", session=None)
            if intent["status"] == "requires_action":
                method = tx.get("payment_method", intent["payment_method"])
                sets_up = intent["object"] == "setup_intent"
                carry_on = setup_intents.carry_on if sets_up else confirming.carry_on
                carry_on(tx, intent, method, answer=answer)
        raise web.HTTPSeeOther(came_back(intent))

    async def voucher(self, request: web.Request) -> web.Response:
        """The slip to pay, which leads on to the shop when it is closed."""
        tx = self.stand_in.read()
        intent = tx.store.find("payment_intent", request.match_info["id"])
        if intent is None or "voucher" not in intent["_"]:
            return page("message.html", status=404, kind="missing", session=None)
        kind = TABLE[intent["_"]["voucher"]]
        session_id = intent["_"].get("session")
        session = tx.get("checkout.session", session_id) if session_id else None
        is_open = vouchers.is_open(intent)
        return page(
            "voucher.html", intent=intent, kind=kind, numbers=vouchers.numbers(intent),
            merchant=merchant(session or {}),
            back=return_address(session) if session else came_back(intent),
            expires_at=vouchers.expires_at(intent) if is_open else None,
        )  # fmt: skip

    async def remove(self, request: web.Request) -> web.StreamResponse:
        """The customer wants a saved card forgotten."""
        method_id = str((await request.post()).get("remove", ""))
        session = self.session(request)
        if session is None:
            return page("message.html", status=404, kind="missing", session=None)
        with self.on_page() as tx:
            try:
                saved_cards.remove_saved(tx, session, method_id)
            except StripeError as error:
                return self.form(session, {}, {}, notice=error.message, status=400)
        raise web.HTTPSeeOther(f"/c/pay/{session['id']}")

    async def receipt(self, request: web.Request) -> web.Response:
        """What was paid, and what of it was given back."""
        store = self.stand_in.store
        charges = store.select("charge", {"payment_intent": request.match_info["id"]}, limit=1)
        if not charges or not charges[0]["paid"]:
            return page("message.html", status=404, kind="missing", session=None)
        return page("receipt.html", charge=charges[0])

    def form(
        self, session: Object, typed: Typed, errors: Errors, *,
        notice: str = "", status: int = 200,
    ) -> web.Response:  # fmt: skip
        """The payment form, with what was typed and what is wrong with it."""
        tx = self.stand_in.read()
        saved = saved_cards.saved_methods(tx, session)
        lines = totals.lines(tx, session)
        rates = [
            tx.get("shipping_rate", option["shipping_rate"]) | {"amount": option["shipping_amount"]}
            for option in session["shipping_options"]
        ]
        total = session["amount_total"]
        chosen = text(typed, forms.METHOD) or forms.default_method(session, saved)
        return page(
            "pay.html",
            status=status,
            session=session,
            merchant=merchant(session),
            lines=lines,
            rates=rates,
            extras=extras(tx, session, lines),
            custom_amount=custom_amounts.shown,
            rate_shown=presentment.rate_shown,
            code=code_of(tx, session),
            saved=saved,
            chosen=chosen,
            method_field=forms.METHOD,
            typed={"billingCountry": ACCOUNT_COUNTRY, **(typed or example_address(session))},
            errors=errors,
            notice=notice,
            tax_id_types=forms.TAX_ID_TYPES,
            test_cards=cards.SHOWN,
            test_accounts=debits.shown_for(session["payment_method_types"]),
            blik_endings=list(blik.COURSES),
            takes_vouchers=any(
                TABLE[name].family == "voucher" for name in session["payment_method_types"]
            ),
            kinds=TABLE,
            wallets=wallets(session) if "card" in session["payment_method_types"] and total else {},
            verb=verb(session),
            asks=asks_for_method(session),
            rhythm=rhythm(tx, lines),
            can_save=allows(session, "payment_method_save") and saved_cards.has_holder(session),
            reuses=saved_cards.is_kept(session) and questions.shows_agreement(session),
            can_remove=allows(session, "payment_method_remove"),
        )


# What the button says: by what the shop asks for, else by what the session is for.
SUBMIT_TYPES = {
    "book": Message("Book"),
    "donate": Message("Donate"),
    "subscribe": Message("Subscribe"),
}
MODES = {
    "payment": Message("Pay"),
    "setup": Message("Save card"),
    "subscription": Message("Subscribe"),
}


def verb(session: Object) -> str:
    """What the button does."""
    return SUBMIT_TYPES.get(session["submit_type"] or "", MODES[session["mode"]])


def rhythm(tx: Any, lines: list[Object]) -> Object:
    """What a subscription costs from the next period on, and how often; nothing without one."""
    recurring = [line for line in lines if line["price"]["recurring"]]
    if not recurring:
        return {}
    amounts = [
        Decimal(line["_"].get("recurring_unit") or line["_"]["unit"]) * line["quantity"]
        for line in recurring
    ]
    every = recurring[0]["price"]["recurring"]
    return {
        "amount": rounded(sum(amounts, Decimal(0))),
        "every": interval(every["interval"], every["interval_count"]),
        "trial": any("recurring_unit" in line["_"] for line in recurring),
    }


def interval(unit: str, count: int) -> Message:
    """How often a subscription is paid: `unit` is Stripe's day, week, month or year."""
    once = {
        "day": Message("per day"),
        "week": Message("per week"),
        "month": Message("per month"),
        "year": Message("per year"),
    }
    every = {
        "day": Message("every %(count)s days", count=count),
        "week": Message("every %(count)s weeks", count=count),
        "month": Message("every %(count)s months", count=count),
        "year": Message("every %(count)s years", count=count),
    }
    return once[unit] if count == 1 else every[unit]


def extras(tx: Any, session: Object, lines: list[Object]) -> list[Object]:
    """The optional items that are not in the order yet, with what each costs."""
    chosen = [line["price"]["id"] for line in lines if line["_"].get("optional")]
    found = []
    for offered in session.get("optional_items") or []:
        if offered["price"] not in chosen:
            price = tx.get("price", offered["price"])
            product = tx.get("product", price["product"])
            amount = rounded(Decimal(amount_in(price, session["currency"], "optional_items")))
            found.append({**offered, "product": product, "amount": amount})
    return found


def code_of(tx: Any, session: Object) -> str:
    """What stands for the discount in the summary: the code, else the coupon's name."""
    for discount in session["discounts"] or []:
        if discount["promotion_code"]:
            return str(tx.get("promotion_code", discount["promotion_code"])["code"])
        coupon = tx.store.find("coupon", discount["coupon"]) or {}
        return str(coupon.get("name") or "Discount")
    return ""


def example_address(session: Object) -> dict[str, str]:
    """What a rehearsal fills in at first sight, as a returning customer's browser would."""
    ships = session["shipping_address_collection"]
    if not ships:
        return {}
    allowed = ships["allowed_countries"]
    return {
        "shippingName": "Test Customer",
        "shippingCountry": ACCOUNT_COUNTRY if ACCOUNT_COUNTRY in allowed else allowed[0],
        "shippingAddressLine1": "Hauptplatz 1",
        "shippingPostalCode": "1010",
        "shippingLocality": "Vienna",
    }


def waiting(session: Object) -> web.Response:
    """The page that looks again until the customer's bank has answered."""
    shown = page("waiting.html", session=session, merchant=merchant(session))
    shown.headers["Refresh"] = "1"
    return shown


def confirmed_by_server(tx: Any, intent_id: str) -> Object | None:
    """An intent that no session has made."""
    for kind in ("payment_intent", "setup_intent"):
        intent: Object | None = tx.store.find(kind, intent_id)
        if intent and not intent["_"].get("session"):
            return intent
    return None


def came_back(intent: Object) -> str:
    """The shop's address with what became of the payment, as Stripe adds it."""
    address = str(intent["_"].get("return_url") or "/")
    kind = intent["object"]
    error = intent["last_payment_error" if kind == "payment_intent" else "last_setup_error"]
    known = {
        kind: intent["id"],
        f"{kind}_client_secret": intent["client_secret"],
        "redirect_status": "failed" if error else "succeeded",
    }
    return f"{address}{'&' if '?' in address else '?'}{urlencode(known)}"


def page(template: str, *, status: int = 200, **context: Any) -> web.Response:
    """A rendered page."""
    session = context.get("session")
    if session and session["object"] == "checkout.session":
        wording.speak(session["locale"])
    presents = session if session and presentment.presented(session) else None
    body = templates.get_template(template).render(presents=presents, **context)
    return web.Response(text=body, status=status, content_type="text/html", headers=SECURITY)


def merchant(session: Object) -> str:
    """The name that the customer pays to."""
    return str((session.get("branding_settings") or {}).get("display_name") or "Test shop")


def allows(session: Object, option: str) -> bool:
    """Whether cards may be kept, or removed, on the page."""
    return (session["saved_payment_method_options"] or {}).get(option) == "enabled"


def return_address(session: Object) -> str:
    """Where a paid session leads."""
    address: str = session["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session["id"])
