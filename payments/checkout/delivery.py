"""What a payment page may offer to deliver with, decided and kept before it is asked for."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from payments.checkout.items import CartChanged, Promise
from shop.http.languages import country_name
from shop.money import Money
from shop.orders.delivery.terms import Terms, cheapest_free, goods_of, settled_on
from shop.orders.models import Order
from shop.templatetags.money import written


class NotDelivered(Exception):
    """Nothing of it is sent there; the message is for the customer."""

    def __init__(self, country: str) -> None:
        where = _("We do not deliver this to %(country)s.") % {"country": country_name(country)}
        super().__init__(where if country else _("We do not deliver this at the moment."))


def allowed(order: Order, terms: Terms) -> dict[str, Any]:
    """The countries and options of the page, as CheckoutSession.delivery keeps them.

    In the customer's words of now. Only countries with the very same options stand together: who
    chooses another there pays what is theirs. Of what renews there is the one option that was
    chosen in the cart. Empty for what is not sent. Raises NotDelivered.
    """
    lines = [
        line
        for line in order.lines.select_related("variant__product", "order", "price")
        if not line.variant.product.is_given
    ]
    value = sum((line.discounted for line in lines), Money.zero(order.currency))
    goods = goods_of(value, [(line.variant, line.quantity) for line in lines])
    if goods is None:
        return {}
    country = order.country or next(iter(terms.countries), "")
    offers, countries = terms.offers(country, goods), terms.alike(country, goods)
    if any(line.price.rhythm for line in lines):
        offers = settled_on(offers, order.delivery_method_id)
        countries = terms.with_offer(offers[0], goods) if offers else []
    if order.has_free_delivery:
        offers = cheapest_free(offers)
    if not offers:
        raise NotDelivered(country)
    with translation.override(order.language):
        return {
            "countries": countries,
            "options": [
                {
                    "method": offer.method.pk,
                    "name": offer.method.translated("name"),
                    "amount": offer.amount.amount,
                    "min_days": offer.method.min_days,
                    "max_days": offer.method.max_days,
                }
                for offer in offers
            ],
        }


def cheapest_of(frozen: dict[str, Any]) -> int | None:
    """What the cheapest way of a page costs, in minor units; None where nothing is sent."""
    return min((option["amount"] for option in frozen.get("options", [])), default=None)


def check_promise(frozen: dict[str, Any], promised: Promise, currency: str) -> None:
    """The cheapest way of a page costs no more than the customer was shown. Raises CartChanged."""
    now = cheapest_of(frozen)
    if promised.delivery is not None and now is not None and now > promised.delivery:
        amount = {"amount": written(Money(now, currency))}
        raise CartChanged(
            _("Delivery costs at least %(amount)s now, more than you were shown.") % amount
        )
