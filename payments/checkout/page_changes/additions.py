"""What goes with an order's things and can be had on the payment page by one click."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from payments import policy
from payments.checkout.items import MOST_LINES, Item, total_of
from payments.checkout.page_changes.span import Part, is_delivered_alike
from shop.catalog.models import Price, Product
from shop.catalog.stripe_sync.synced_ids import synced_price_ids
from shop.money import Money
from shop.orders.additions.goes_with import MOST_ON_PAGE, going_with, page_takes_codes
from shop.orders.cart_lines import is_beyond
from shop.orders.delivery.terms import Terms
from shop.orders.discounts.terms import Applied
from shop.orders.models import Order
from shop.orders.tax import mode


@dataclass(frozen=True)
class Addition:
    """One unit at one of our current prices, which Stripe knows by this id."""

    price: Price
    stripe_price_id: str

    @property
    def part(self) -> Part:
        return Part(self.price.variant, self.price.unit_amount, 0, 1)


def offerable(order: Order, items: Sequence[Item], applied: Applied | None) -> list[Addition]:
    """What the page for this order could offer besides, as far as one of it is left.

    Nothing where it would change what was decided on for the order: its tax, its delivery, what is
    taken off, whether its money is held.
    """
    if mode.is_on() or applied is not None or page_takes_codes() or _only_donates(items):
        return []
    parts = [
        Part(item.price.variant, item.unit_price.amount, item.quantity, item.quantity)
        for item in items
    ]
    chosen: list[Addition] = []
    for addition in _on_sale(order, items):
        wanted = [*chosen, addition]
        is_room = len(items) + len(wanted) <= MOST_LINES
        if (
            is_room
            and _stays_small(order, items, wanted)
            and is_delivered_alike(order, [*parts, *(one.part for one in wanted)])
        ):
            chosen = wanted
        if len(chosen) == MOST_ON_PAGE:
            break
    return chosen


def variants(additions: Iterable[Addition]) -> list[int]:
    """The ids of what one unit each is wanted of."""
    return [one.price.variant_id for one in additions]


def had(additions: Iterable[Addition], besides: Collection[int]) -> list[Addition]:
    """Those of whose variant one unit was set aside."""
    return [one for one in additions if one.price.variant_id in besides]


def _only_donates(items: Sequence[Item]) -> bool:
    return all(item.price.variant.product.kind == Product.Kind.DONATION for item in items)


def _on_sale(order: Order, items: Sequence[Item]) -> list[Addition]:
    """Products that are bought in one way alone, at a fixed price that Stripe knows."""
    ids = going_with([item.price.variant.product_id for item in items])
    if not ids:
        return []
    # Those of which something is handed out need a consent that the page cannot ask for.
    single = (
        Product.objects.filter(pk__in=ids, kind=Product.Kind.GOODS)
        .on_sale()
        .annotate(ways=Count("variants", filter=Q(variants__is_active=True)))
        .filter(ways=1)
    )
    prices = Price.objects.offered().filter(
        variant__product__in=single,
        variant__is_active=True,
        currency=order.currency,
        is_chosen=False,
        variant__digital=None,
    )
    found = {price.variant.product_id: price for price in prices.select_related("variant__product")}
    known = synced_price_ids(found.values())
    return [
        Addition(found[pk], known[found[pk].pk])
        for pk in ids
        if pk in found and found[pk].pk in known
    ]


def _stays_small(order: Order, items: Sequence[Item], wanted: Sequence[Addition]) -> bool:
    """Whether with all of it the order is held, or not, as without, and can be paid at once."""
    total = total_of(items)
    more = sum((one.price.money for one in wanted), Money.zero(total.currency))
    if is_beyond(total + more):
        return False
    dearest = _dearest_delivery(order.currency)
    return policy.asks_for_hold(order) == policy.asks_for_hold(order, besides=more.amount + dearest)


def _dearest_delivery(currency: str) -> int:
    """No way of delivery costs more, wherever it leads to."""
    rates = (rate for method in Terms.now().methods for rate in method.rates)
    return max((rate.amount for rate in rates if rate.currency == currency), default=0)
