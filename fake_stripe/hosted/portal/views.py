"""The billing portal's page: customers look after their details and saved cards."""

from aiohttp import web

from fake_stripe.billing import portal
from fake_stripe.engine.transaction import Transaction
from fake_stripe.hosted import countries
from fake_stripe.hosted.form_values import Errors, Typed
from fake_stripe.hosted.pages import page
from fake_stripe.hosted.portal import actions, forms
from fake_stripe.resources import customers
from fake_stripe.schema import Object
from fake_stripe.stand_in import StandIn

PATH = "/p/session/{id}"
NOTICES = {
    "details": "Your details are saved.",
    "default": "Your default card is changed.",
    "removed": "The card is removed.",
    "ended": "Your subscription is canceled.",
    "ending": "Your subscription ends with its period.",
    "kept": "Your subscription goes on.",
}
GONE = "This card is not saved any more."
OVER = "This subscription has ended."
CLOSED = "This cannot be changed here."


class PortalPage:
    """The routes of the portal."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put the page and its forms where they belong."""
        router.add_get(PATH, self.show)
        router.add_post(PATH + "/details", self.change_details)
        router.add_post(PATH + "/cards", self.change_cards)
        router.add_post(PATH + "/subscriptions", self.change_subscription)

    async def show(self, request: web.Request) -> web.Response:
        """The page, or why it is not to be seen."""
        with self.stand_in.page_transaction() as tx:
            visit = Visit.from_request(tx, request)
            portal.enter(tx, visit.session)
            return visit.page(notice=NOTICES.get(request.query.get("done", ""), ""))

    async def change_details(self, request: web.Request) -> web.Response:
        """The customer has changed what is known of them."""
        typed = await posted(request)
        with self.stand_in.page_transaction() as tx:
            visit = Visit.from_request(tx, request)
            if not (allowed := portal.may_update(visit.configuration)):
                return visit.page(problem=CLOSED, status=403)
            changes, errors = forms.check(typed, visit.customer, allowed)
            if errors:
                return visit.page(typed=typed, errors=errors, status=400)
            customers.update(tx, changes, visit.customer["id"])
        raise visit.back("details")

    async def change_cards(self, request: web.Request) -> web.Response:
        """The customer has chosen a card to be the default one, or to be forgotten."""
        typed = await posted(request)
        with self.stand_in.page_transaction() as tx:
            visit = Visit.from_request(tx, request)
            if not portal.may_manage_cards(visit.configuration):
                return visit.page(problem=CLOSED, status=403)
            kept = [card["id"] for card in portal.saved_cards(tx, visit.customer["id"])]
            if typed.get("default", typed.get("remove")) not in kept:
                return visit.page(problem=GONE, status=400)
            if "default" in typed:
                actions.make_default(tx, visit.customer, typed["default"])
            else:
                actions.remove_card(tx, typed["remove"])
        raise visit.back("default" if "default" in typed else "removed")

    async def change_subscription(self, request: web.Request) -> web.Response:
        """The customer wants a subscription to end, or to go on after all."""
        typed = await posted(request)
        with self.stand_in.page_transaction() as tx:
            visit = Visit.from_request(tx, request)
            if not (mode := portal.cancels(visit.configuration)):
                return visit.page(problem=CLOSED, status=403)
            wanted = typed.get("cancel", typed.get("keep"))
            subscriptions = portal.subscriptions(tx, visit.customer["id"])
            subscription = next((entry for entry in subscriptions if entry["id"] == wanted), None)
            if subscription is None:
                return visit.page(problem=OVER, status=400)
            if "keep" in typed:
                actions.keep_subscription(tx, subscription)
            else:
                actions.end_subscription(tx, subscription, mode)
        ends = "ended" if mode == "immediately" else "ending"
        raise visit.back("kept" if "keep" in typed else ends)


async def posted(request: web.Request) -> Typed:
    """The texts that came with the form."""
    sent = await request.post()
    return {name: value for name, value in sent.items() if isinstance(value, str)}


class Visit:
    """A customer on the page of a session."""

    def __init__(self, tx: Transaction, session: Object, customer: Object) -> None:
        self.tx = tx
        self.session = session
        self.customer = customer
        self.configuration = tx.get("billing_portal.configuration", session["configuration"])

    @classmethod
    def from_request(cls, tx: Transaction, request: web.Request) -> "Visit":
        """The visit that the address stands for, else a page that says why there is none."""
        session = tx.store.find("billing_portal.session", request.match_info["id"])
        customer = tx.store.find("customer", session["customer"]) if session else None
        if session is None or customer is None or customer.get("deleted"):
            raise refused(web.HTTPNotFound, "missing", None)
        if not portal.is_open(tx, session):
            raise refused(web.HTTPGone, "expired", session)
        return cls(tx, session, customer)

    def back(self, done: str) -> web.HTTPSeeOther:
        """To the page again, which says what was done."""
        return web.HTTPSeeOther(f"/p/session/{self.session['id']}?done={done}")

    def page(
        self, *, typed: Typed | None = None, errors: Errors | None = None,
        notice: str = "", problem: str = "", status: int = 200,
    ) -> web.Response:  # fmt: skip
        """The page, with what was typed and what came of it."""
        return page(
            "portal.html",
            status=status,
            kind="open",
            session=self.session,
            business=self.configuration["business_profile"],
            customer=self.customer,
            default=self.customer["invoice_settings"]["default_payment_method"],
            allowed=portal.may_update(self.configuration),
            manages_cards=portal.may_manage_cards(self.configuration),
            cards=portal.saved_cards(self.tx, self.customer["id"]),
            subscriptions=portal.subscriptions(self.tx, self.customer["id"]),
            cancels=portal.cancels(self.configuration),
            invoices=portal.invoices(self.tx, self.customer, self.configuration),
            typed={**forms.of_customer(self.customer), **(typed or {})},
            errors=errors or {},
            notice=notice,
            problem=problem,
            countries=[("", "No country"), *countries.names("en").items()],
        )


def refused(error: type[web.HTTPError], kind: str, session: Object | None) -> web.HTTPError:
    """The page of a session that is not to be seen, as an error with its status."""
    shown = page("portal.html", kind=kind, session=session)
    headers = {name: shown.headers[name] for name in shown.headers if name != "Content-Type"}
    headers.pop("Content-Length", None)
    return error(text=shown.text, content_type="text/html", headers=headers)
