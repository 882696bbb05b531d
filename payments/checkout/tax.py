"""What tax a payment page asks for, decided and kept before it is asked for."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from payments.checkout import delivery
from payments.checkout.items import Item
from payments.models import CheckoutSession, StripeRequest
from payments.settlement import page_calls
from payments.stripe.errors import TAX_REFUSED
from payments.stripe.terms import tax_rates
from shop.http.languages import country_name
from shop.orders.delivery.terms import Terms
from shop.orders.models import DeliveryMethod, Order
from shop.orders.models.delivery import SHIPPING_TAX_CODE
from shop.orders.tax import mode
from shop.orders.tax.due import Due, Line
from shop.orders.tax.rates import Rates
from shop.work import Outcome


class NotTaxed(Exception):
    """Nobody has said what tax is due on it there; the message is for the customer."""

    def __init__(self, country: str) -> None:
        where = _("We do not sell this to %(country)s.") % {"country": country_name(country)}
        super().__init__(where if country else _("Choose your country in the cart first."))


class TaxNotReady(Exception):
    """Stripe was not told of a rate yet; it will be soon."""

    def __init__(self) -> None:
        super().__init__(_("The tax could not be worked out. Please try again in a moment."))


def get_ready(items: Sequence[Item], country: str, account: str) -> None:
    """Tell Stripe of the rates that are due, as far as it was not told; no transaction is open."""
    if not mode.is_on() or not items:
        return
    rates = Rates.now()
    currency = items[0].price.currency
    where = country or next(iter(rates.served(Terms.now().countries)), "")
    classes = {item.price.variant.product.tax_class for item in items}
    due = rates.all_due(where, classes) or {}
    inclusive = mode.is_inclusive(currency)
    tax_rates.queue(list(due.values()), account, is_inclusive=inclusive)
    for row in tax_rates.made(due.values(), account, is_inclusive=inclusive).open():
        page_calls.carry_out_sync(row)


def terms_of(order: Order, account: str, terms: Terms) -> tuple[dict[str, Any], dict[str, Any]]:
    """What CheckoutSession.delivery and .tax keep of a page for this order.

    Only countries where both are the same stand together. Raises NotDelivered, NotTaxed,
    TaxNotReady.
    """
    offered = delivery.allowed(order, terms)
    if mode.is_by_stripe():
        return offered, _left_to_stripe(order, offered)
    if not mode.is_on():
        return offered, {}
    rates = Rates.now()
    due, countries = _due(order, offered, rates, terms)
    made = tax_rates.made(due.rates, account, is_inclusive=due.is_inclusive)
    known = dict(made.exclude(stripe_tax_rate_id="").values_list("rate", "stripe_tax_rate_id"))
    if len(known) < len(due.rates):
        raise TaxNotReady
    prices = {str(option["method"]): option["amount"] for option in offered.get("options", [])}
    with translation.override(order.language):
        taxed = due.frozen(known, countries, prices)
    return ({**offered, "countries": countries} if offered else {}), taxed


def _left_to_stripe(order: Order, offered: dict[str, Any]) -> dict[str, Any]:
    """What a page says where Stripe Tax works it out: whether prices include it, and so on."""
    methods = DeliveryMethod.objects.in_bulk([one["method"] for one in offered.get("options", [])])
    return {
        "mode": "stripe",
        "is_inclusive": mode.is_inclusive(order.currency),
        "deliveries": {
            str(pk): method.tax_code or SHIPPING_TAX_CODE for pk, method in methods.items()
        },
    }


def check(order: Order) -> None:
    """Whether a page for this order could be asked for now. Raises NotDelivered, NotTaxed."""
    terms = Terms.now()
    offered = delivery.allowed(order, terms)
    if mode.is_on():
        _due(order, offered, Rates.now(), terms)


def was_refused_for_tax(session: CheckoutSession) -> bool:
    """Whether Stripe refused to make the page because it cannot work out the tax."""
    refused = session.requests.filter(kind=StripeRequest.Kind.CREATE_SESSION)
    return refused.filter(outcome=Outcome.REFUSED, detail__iregex=TAX_REFUSED).exists()


def _due(
    order: Order, offered: dict[str, Any], rates: Rates, terms: Terms
) -> tuple[Due, list[str]]:
    """What is due, and all countries where the same is. What is sent is taxed where it goes, all
    else where the customer says they are. Raises NotTaxed.
    """
    served = offered.get("countries") or rates.served(terms.countries)
    country = order.country or next(iter(served), "")
    lines = [
        Line.of(line.position, line.variant, line.discounted.amount)
        for line in order.lines.select_related("variant__product", "order")
    ]
    due = Due.of(rates, country, order.currency, lines) if country in served else None
    if due is None:
        raise NotTaxed(country)
    return due, rates.alike(country, due.classes, served)
