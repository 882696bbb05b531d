"""Whether quantities may be lowered on a payment page: only where nothing else changes by it."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q

from payments import policy
from payments.checkout.page_changes.additions import Addition
from payments.checkout.page_changes.span import Part, is_delivered_alike
from payments.models import CheckoutSession
from shop.money import MINIMUM_CHARGE
from shop.orders.additions.goes_with import page_takes_codes
from shop.orders.delivery.terms import Terms
from shop.orders.models import Discount, DiscountAmount, Order, OrderLine


def most_of_lines(
    order: Order, session: CheckoutSession, additions: Sequence[Addition], terms: Terms
) -> dict[str, int]:
    """How many of each line may be bought, from one on, {line position: units}.

    Only lines of more than one unit; empty where another number would be delivered, taxed,
    discounted or held otherwise.
    """
    lines = list(order.lines.select_related("variant__product", "price", "order"))
    several = {str(line.position): line.quantity for line in lines if line.quantity > 1}
    if not settings.ADJUSTABLE_QUANTITY or not several:
        return {}
    least = sum(line.unit_amount for line in lines)
    parts = [Part(line.variant, line.unit_amount, 1, line.quantity) for line in lines]
    differs = (
        "name" in session.discount
        or least < MINIMUM_CHARGE.get(order.currency, 0)
        or _is_held_otherwise(order, session, least)
        or _is_taxed_in_shares(session, lines)
        or _a_discount_minds(order, session, least)
        or not is_delivered_alike(order, [*parts, *(one.part for one in additions)], terms)
    )
    return {} if differs else several


def _is_held_otherwise(order: Order, session: CheckoutSession, least: int) -> bool:
    """Whether a smaller order would be taken at once, or have another invoice."""
    is_held = policy.asks_for_hold(order, besides=session.besides)
    return is_held != policy.asks_for_hold(order, besides=least - order.subtotal)


def _is_taxed_in_shares(session: CheckoutSession, lines: Sequence[OrderLine]) -> bool:
    """Whether the tax of the delivery is shared among several rates, by what the goods cost."""
    taxed = session.tax.get("lines", {})
    rates = {
        taxed[str(line.position)]["rate"]
        for line in lines
        if str(line.position) in taxed and line.variant.requires_shipping
    }
    return bool(session.delivery) and len(rates) > 1


def _a_discount_minds(order: Order, session: CheckoutSession, least: int) -> bool:
    """Whether one counts at some of the values that the order can have, and not at all of them.

    A code on the page from its least value on; an amount where it takes off everything, though of
    a larger order it would leave less than can be charged.
    """
    amounts = DiscountAmount.objects.filter(discount__is_active=True, currency=order.currency)
    begins = amounts.filter(least__gt=least, least__lte=order.subtotal)
    begins = begins.filter(discount__codes__is_active=True)
    if (session.discount.get("on_page") or page_takes_codes()) and begins.exists():
        return True
    typed = order.cart.code if order.cart else ""
    theirs = Q(discount__is_automatic=True) | Q(discount__codes__code=typed)
    covers = amounts.filter(theirs, discount__kind=Discount.Kind.AMOUNT, amount__gte=least)
    return covers.exists()
