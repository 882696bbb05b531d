"""Where a method leads that no page of a session asks for: a bank's or wallet's page, a voucher."""

from urllib.parse import urlencode

from aiohttp import web

from fake_stripe.engine.transaction import Transaction
from fake_stripe.hosted.pages import merchant, missing, page, return_address
from fake_stripe.methods.types import TABLE
from fake_stripe.payments import confirmation, vouchers
from fake_stripe.payments.attempts import ANSWERS
from fake_stripe.resources import setup_intents
from fake_stripe.schema import Object
from fake_stripe.stand_in import StandIn


class RedirectPages:
    """The routes of redirects and vouchers, by the id of their PaymentIntent or SetupIntent."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the pages where `next_action` says that they are."""
        router.add_get("/vouchers/{id}", self.voucher)
        router.add_get("/redirects/{id}", self.redirect)
        router.add_post("/redirects/{id}", self.answer_redirect)

    async def redirect(self, request: web.Request) -> web.Response:
        """The page of a bank or wallet, for an intent that no session made."""
        intent = confirmed_by_server(self.stand_in.read(), request.match_info["id"])
        if intent is None:
            return missing()
        if intent["status"] != "requires_action":
            raise web.HTTPSeeOther(return_url_of(intent))
        method = self.stand_in.read().get("payment_method", intent["payment_method"])
        return page(
            "redirect.html", session=None, intent=intent, merchant=merchant({}),
            kind=TABLE[method["type"]],
        )  # fmt: skip

    async def answer_redirect(self, request: web.Request) -> web.StreamResponse:
        """The customer has answered there: back to the address that the server gave."""
        answer = ANSWERS.get(str((await request.post()).get("answer")), ANSWERS["fail"])
        with self.stand_in.page_transaction() as tx:
            intent = confirmed_by_server(tx, request.match_info["id"])
            if intent is None:
                return missing()
            if intent["status"] == "requires_action":
                method = tx.get("payment_method", intent["payment_method"])
                sets_up = intent["object"] == "setup_intent"
                carry_on = setup_intents.carry_on if sets_up else confirmation.carry_on
                carry_on(tx, intent, method, answer=answer)
        raise web.HTTPSeeOther(return_url_of(intent))

    async def voucher(self, request: web.Request) -> web.Response:
        """The slip to pay, which leads on to the shop when it is closed."""
        tx = self.stand_in.read()
        intent = tx.store.find("payment_intent", request.match_info["id"])
        if intent is None or "voucher" not in intent["_"]:
            return missing()
        kind = TABLE[intent["_"]["voucher"]]
        session_id = intent["_"].get("session")
        session = tx.get("checkout.session", session_id) if session_id else None
        is_open = vouchers.is_open(intent)
        return page(
            "voucher.html", intent=intent, kind=kind, numbers=vouchers.numbers(intent),
            merchant=merchant(session or {}),
            back=return_address(session) if session else return_url_of(intent),
            expires_at=vouchers.expires_at(intent) if is_open else None,
        )  # fmt: skip


def confirmed_by_server(tx: Transaction, intent_id: str) -> Object | None:
    """An intent that no session has made."""
    for kind in ("payment_intent", "setup_intent"):
        intent: Object | None = tx.store.find(kind, intent_id)
        if intent and not intent["_"].get("session"):
            return intent
    return None


def return_url_of(intent: Object) -> str:
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
