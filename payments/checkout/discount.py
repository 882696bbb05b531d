"""What is taken off an order: decided, taken and kept before its payment page is asked for."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from payments.checkout.buyer import Buyer
from payments.checkout.items import NOTHING_SAID, CartChanged, Item, Promise
from shop.money import Money
from shop.orders.delivery.terms import Terms as Deliveries
from shop.orders.delivery.terms import goods_of
from shop.orders.discounts.arithmetic import Line
from shop.orders.discounts.taking import UsedUp, take
from shop.orders.discounts.terms import Applied, Bought, Terms, Who
from shop.orders.models import Cart, Discount, Order


class NoLonger(Exception):
    """What was taken off is not taken off any more; the message is for the customer."""


def reserve(
    order: Order,
    items: Sequence[Item],
    buyer: Buyer,
    deliveries: Deliveries,
    *,
    cart: Cart | None = None,
    code: str = "",
    promised: Promise = NOTHING_SAID,
) -> Applied | None:
    """Take the discount that counts now for the order, inside the transaction that makes it.

    Raises CartChanged when it would be less by now than was `promised`.
    """
    if items[0].price.rhythm:
        # What comes off a subscription is Stripe's to take, off one period (see _may_take_codes).
        return None
    who = Who(buyer.user, buyer.visitor, cart)
    terms = Terms.now(code, who)
    bought = _bought(order, items, deliveries)
    applied = terms.best(bought)
    if promised.off and (applied is None or applied.amount.amount < promised.off):
        raise CartChanged(terms.why_not(bought) or _("An offer has ended."))
    if applied is None:
        return None
    try:
        take(applied, order, who)
    except UsedUp as error:
        raise CartChanged(str(error)) from error
    return applied


def reserve_again(
    order: Order, items: Sequence[Item], buyer: Buyer, deliveries: Deliveries
) -> Applied | None:
    """The same for an order that is paid once more: it costs no more than it did.

    Before its stock is taken again. Raises NoLonger.
    """
    before = Promise(off=sum(line.discount or 0 for line in order.lines.all()))
    last = order.discount_uses.order_by("-at").first()
    try:
        code = last.code if last else ""
        return reserve(order, items, buyer, deliveries, code=code, promised=before)
    except CartChanged as error:
        raise NoLonger(str(error)) from error


def frozen(order: Order) -> dict[str, Any]:
    """What CheckoutSession.discount keeps of it, in the customer's words of now: {"name", "code",
    "amount", "lines": {position: minor units}, "frees_delivery"}. Where nothing is taken off,
    {"on_page": True} if Stripe's page may take a code, else empty.
    """
    use = order.discount_uses.filter(given_back_at=None).select_related("discount").first()
    if use is None:
        return {"on_page": True} if _may_take_codes(order) else {}
    lines = {str(line.position): line.discount for line in order.lines.all() if line.discount}
    with translation.override(order.language):
        name = use.discount.translated("name")
    return {
        "name": name,
        "code": use.code,
        "amount": sum(lines.values()),
        "lines": lines,
        "frees_delivery": use.discount.kind == Discount.Kind.DELIVERY,
    }


def _may_take_codes(order: Order) -> bool:
    """What customers pay as much for as they like is never discounted, and Stripe would. With a
    trial the one use of a code would be up before anything is paid.
    """
    prices = [line.price for line in order.lines.select_related("price")]
    return settings.ALLOW_PROMOTION_CODES and not any(
        price.is_chosen or price.trial_days for price in prices
    )


def _bought(order: Order, items: Sequence[Item], deliveries: Deliveries) -> Bought:
    lines = [
        Line.of(position, item.price.variant, item.price, item.unit_price, item.quantity)
        for position, item in enumerate(items, 1)
    ]
    return Bought(order.currency, lines, _cheapest(order, items, deliveries))


def _cheapest(order: Order, items: Sequence[Item], deliveries: Deliveries) -> Money | None:
    """What the cheapest delivery costs before any discount; None where nothing is sent."""
    bought = [item for item in items if not item.price.variant.product.is_given]
    value = sum((item.unit_price * item.quantity for item in bought), Money.zero(order.currency))
    goods = goods_of(value, [(item.price.variant, item.quantity) for item in bought])
    if goods is None:
        return None
    country = order.country or next(iter(deliveries.countries), "")
    offers = deliveries.offers(country, goods)
    return min((offer.amount for offer in offers), default=None)
