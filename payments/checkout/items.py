"""What is bought, and whether it can be: looked at before anything is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shop.catalog.models import Price, Product
from shop.money import MINIMUM_CHARGE, Money
from shop.orders.cart import TooManyOfOne
from shop.orders.cart_lines import is_beyond, prices_of
from shop.orders.chosen_amount import NotNamed
from shop.orders.models import Cart
from shop.orders.subscriptions.rules import Plan, check_count, check_plans

# Stripe takes at most 100 lines in payment mode.
MOST_LINES = 100
MOST_UNITS = 999


class NothingToBuy(Exception):
    """The cart is empty, or holds what cannot be bought; the message is for the customer."""


class CartChanged(Exception):
    """A price or the stock changed since the customer looked."""


@dataclass(frozen=True)
class Promise:
    """What the customer was shown, in minor units; `delivery` is None where nothing was said."""

    off: int = 0
    delivery: int | None = None


NOTHING_SAID = Promise()


@dataclass(frozen=True)
class Item:
    """So many units at one of our current prices; where customers choose, at what was named."""

    price: Price
    quantity: int
    named: Money | None = None

    @property
    def unit_price(self) -> Money:
        return self.price.asked(self.named)


def items_of(cart: Cart) -> list[Item]:
    """What is in the cart, at the current prices. Raises CartChanged when one was not seen yet."""
    lines = list(cart.lines.select_related("variant__product"))
    prices = prices_of(lines)
    items = []
    for line in lines:
        price = prices.get(line.pk)
        is_as_seen = (
            price is not None
            and price.asked(line.named) == line.seen
            and price.trial_days == line.trial_days
        )
        if price is None or not is_as_seen:
            raise CartChanged(
                _("%(thing)s has changed since you put it in the cart.")
                % {"thing": line.variant.name}
            )
        price.variant = line.variant
        items.append(Item(price, line.quantity, line.named))
    return items


def check_items(items: Sequence[Item]) -> None:
    """Refuse what cannot be sold as it is asked for. Raises NothingToBuy and its kind, and
    NotTogether.
    """
    if not items:
        raise NothingToBuy(_("Your cart is empty."))
    if len(items) > MOST_LINES:
        raise NothingToBuy(
            _("An order has at most %(most)s different things.") % {"most": MOST_LINES}
        )
    for item in items:
        if not (1 <= item.quantity <= MOST_UNITS):
            raise NothingToBuy(
                _("The quantity is a whole number from 1 to %(most)s.") % {"most": MOST_UNITS}
            )
        if not item.price.is_asked or not item.price.variant.is_on_sale:
            raise NothingToBuy(
                _("%(thing)s is not for sale any more.") % {"thing": item.price.variant.name}
            )
        if item.price.is_chosen and item.named not in {None, item.unit_price}:
            raise NotNamed(item.price)
    _check_limits_of_products(items)
    check_plans([Plan.of(item.price) for item in items])
    if items[0].price.rhythm:
        check_count([item.price.variant for item in items])
    total = total_of(items)
    smallest = Money(MINIMUM_CHARGE.get(total.currency, 0), total.currency)
    if total and total < smallest:
        raise NothingToBuy(_("The smallest order is %(amount)s.") % {"amount": smallest})
    if largest := is_beyond(total):
        raise NothingToBuy(_("The largest order is %(amount)s.") % {"amount": largest})


def _check_limits_of_products(items: Sequence[Item]) -> None:
    """What the cart refuses is refused here too: it may be older than the limit."""
    wanted: Counter[Product] = Counter()
    for item in items:
        wanted[item.price.variant.product] += item.quantity
    for product, quantity in wanted.items():
        if product.most_per_order is not None and quantity > product.most_per_order:
            raise TooManyOfOne(product, product.most_per_order)


def total_of(items: Sequence[Item]) -> Money:
    """What the items cost together, before delivery, discount and tax; all in one currency."""
    total = Money.zero(items[0].price.currency)
    for item in items:
        total += item.unit_price * item.quantity
    return total
