"""What goes with an order's things and can be had on the payment page by one click."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from payments import policy
from payments.checkout.items import MOST_LINES, Item, total_of
from payments.checkout.page_changes.span import Part, is_delivered_alike
from shop.catalog.models import Price
from shop.catalog.stripe_sync.synced_ids import synced_price_ids
from shop.money import Money
from shop.orders.additions.goes_with import MOST_ON_PAGE, page_may_offer, prices_going_with
from shop.orders.cart_lines import is_beyond
from shop.orders.delivery.terms import Terms
from shop.orders.discounts.terms import Applied
from shop.orders.models import Order


@dataclass(frozen=True)
class Addition:
    """One unit at one of our current prices, which Stripe knows by this id."""

    price: Price
    stripe_price_id: str

    @property
    def part(self) -> Part:
        return Part(self.price.variant, self.price.unit_amount, 0, 1)


def offerable(
    order: Order, items: Sequence[Item], applied: Applied | None, terms: Terms
) -> list[Addition]:
    """What the page for this order could offer besides, as far as one of it is left.

    Nothing where it would change what was decided on for the order: its tax, its delivery, what is
    taken off, whether its money is held. Nothing beside a subscription: it is paid once.
    """
    if items[0].price.rhythm:
        return []
    if not page_may_offer({item.price.variant.product.kind for item in items}, applied):
        return []
    on_sale = _on_sale(order, items)
    if not on_sale:
        return []
    parts = [
        Part(item.price.variant, item.unit_price.amount, item.quantity, item.quantity)
        for item in items
    ]
    chosen: list[Addition] = []
    for addition in on_sale:
        wanted = [*chosen, addition]
        is_room = len(items) + len(wanted) <= MOST_LINES
        if (
            is_room
            and _stays_small(order, items, wanted, terms)
            and is_delivered_alike(order, [*parts, *(one.part for one in wanted)], terms)
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


def _on_sale(order: Order, items: Sequence[Item]) -> list[Addition]:
    """What can be chosen by one click, at a price that Stripe knows."""
    products = [item.price.variant.product_id for item in items]
    prices = list(prices_going_with(products, order.currency).filter(may_be_on_page=True))
    known = synced_price_ids(prices)
    return [Addition(price, known[price.pk]) for price in prices if price.pk in known]


def _stays_small(
    order: Order, items: Sequence[Item], wanted: Sequence[Addition], terms: Terms
) -> bool:
    """Whether with all of it the order is held, or not, as without, and can be paid at once."""
    total = total_of(items)
    more = sum((one.price.money for one in wanted), Money.zero(total.currency))
    if is_beyond(total + more):
        return False
    dearest = _dearest_delivery(terms, order.currency)
    return policy.asks_for_hold(order) == policy.asks_for_hold(order, besides=more.amount + dearest)


def _dearest_delivery(terms: Terms, currency: str) -> int:
    """No way of delivery costs more, wherever it leads to."""
    rates = (rate for method in terms.methods for rate in method.rates)
    return max((rate.amount for rate in rates if rate.currency == currency), default=0)
