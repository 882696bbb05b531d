"""What can be bought of one product: each variant with its price and what is left of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch
from django.http import QueryDict

from shop.catalog.models import Image, Price, Product, Stock, Variant
from shop.catalog.sizes import in_order, is_for_sizes
from shop.catalog.stock import most_at_once
from shop.catalog.unit_prices import UnitPrice, unit_price
from shop.money import Money

# At or below it people are told how many are left, of a variant that says no number of its own.
LOW_STOCK = 5
# What the field for the quantity takes at most; the cart draws the same line.
MOST_OF_ONE = 999
# What a form says for what is paid once.
ONCE = "once"
# As many options as a product of another system has at most, and some to spare.
MOST_OPTIONS = 10


@dataclass(frozen=True, slots=True)
class Offer:
    """One variant as it is sold now: once for `price`, or as one of its subscriptions. Without
    either it is not for sale.
    """

    variant: Variant
    price: Price | None
    stock: Stock | None
    image: Image | None
    # The most frequent first.
    subscriptions: tuple[Price, ...] = ()

    @property
    def main(self) -> Price | None:
        """What it is sold at where nothing else is said."""
        return self.price or next(iter(self.subscriptions), None)

    @property
    def has_ways(self) -> bool:
        """Whether customers choose how often it is paid."""
        return len(self.subscriptions) + bool(self.price) > 1

    def way(self, asked: str) -> str:
        """How often it is paid, as forms say it: as asked, where it is sold so."""
        ways = [ONCE] if self.price else []
        ways += [price.rhythm.code for price in self.subscriptions if price.rhythm]
        return asked if asked in ways else next(iter(ways), "")

    def has_key(self, key: str) -> bool:
        """Whether one of its prices has this key."""
        prices = [self.price, *self.subscriptions]
        return any(price.key == key for price in prices if price is not None)

    @property
    def available(self) -> int:
        return self.stock.available if self.stock and self.main else 0

    @property
    def is_available(self) -> bool:
        return self.available > 0

    @property
    def most(self) -> int:
        """How many can be put into the cart at once."""
        limit = self.variant.product.most_per_order or MOST_OF_ONE
        return min(most_at_once(self.available), limit, MOST_OF_ONE)

    @property
    def is_low(self) -> bool:
        low = self.variant.low_stock_threshold
        return 0 < self.available <= (LOW_STOCK if low is None else low)

    @property
    def is_on_backorder(self) -> bool:
        """Sold before it is here."""
        return (
            self.is_available
            and self.stock is not None
            and self.stock.on_hand <= self.stock.reserved
        )

    @property
    def money(self) -> Money | None:
        """What it costs; the least of it where customers choose."""
        return self.main.least if self.main else None

    @property
    def per_unit(self) -> UnitPrice | None:
        """What it costs by weight or volume, where that is said."""
        return unit_price(self.variant, self.price)


def offers(product: Product, currency: str = "") -> list[Offer]:
    """The active variants of `product`, whose images were read already, in their order.

    Prices are those in `currency`, else in the shop's own.
    """
    asked = Price.objects.filter(is_active=True, currency=currency or settings.DEFAULT_CURRENCY)
    prices = asked.by_rhythm()
    variants = (
        product.variants.filter(is_active=True)
        .select_related("stock", "image")
        .prefetch_related(Prefetch("prices", prices, to_attr="current_prices"))
    )
    first = next(iter(product.images.all()), None)
    return [_offer(variant, first) for variant in variants]


def chosen(found: list[Offer], sku: str, key: str = "") -> Offer | None:
    """The one asked for by SKU or price's key, else the first that can be had, else the first."""
    asked = [offer for offer in found if offer.variant.sku == sku or offer.has_key(key)]
    available = [offer for offer in found if offer.is_available]
    return next(iter(asked or available or found), None)


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an option, as it stands beside the other choices made.

    `text` is what the shop calls it, `label` what customers read.
    """

    text: str
    label: str
    is_chosen: bool
    # With the other choices as they are: whether there is such a variant, and one left of it.
    is_made: bool
    is_available: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One of several options of a product, and the name of its field in the form."""

    name: str
    field: str
    values: list[Value]


def asked_values(query: QueryDict) -> list[str]:
    """The values chosen in the form's fields, `option-0` first; empty where none was chosen."""
    found = [query.get(f"option-{number}", "") for number in range(MOST_OPTIONS)]
    while found and not found[-1]:
        found.pop()
    return found


def with_values(found: list[Offer], values: list[str]) -> Offer | None:
    """The variant in just these values; else the one that shares the most of them, first first."""
    if not values:
        return None

    def shared(offer: Offer) -> tuple[int, bool]:
        pairs = zip(offer.variant.option_values, values, strict=False)
        return sum(own == asked for own, asked in pairs), offer.is_available

    return max(found, key=shared, default=None)


def sizes_to_choose(product: Product, found: list[Offer]) -> set[int]:
    """The options that ask for a size, of which there are several: nobody's size is guessed."""
    values = [
        {value for one in found for value in one.variant.option_values[number : number + 1]}
        for number in range(len(product.option_names))
    ]
    return {
        number
        for number, name in enumerate(product.option_names)
        if len(values[number]) > 1 and is_for_sizes(name, values[number])
    }


def beside(found: list[Offer], offer: Offer, left_open: Iterable[int]) -> list[Offer]:
    """Those that differ from this one in the options that are left open, and itself."""
    open_numbers = set(left_open)
    return [
        one
        for one in found
        if all(
            own == here or number in open_numbers
            for number, (own, here) in enumerate(
                zip(one.variant.option_values, offer.variant.option_values, strict=False)
            )
        )
    ]


def in_order_of_size(found: list[Offer]) -> list[Offer]:
    """The variants of one option: sizes from small to large, all else as the shop has it."""
    values = in_order(" / ".join(one.variant.option_values) for one in found)
    return sorted(found, key=lambda one: values.index(" / ".join(one.variant.option_values)))


def options(
    product: Product, found: list[Offer], offer: Offer | None, left_open: Iterable[int] = ()
) -> list[Option]:
    """The options of a product with several; nothing for one that has less.

    Of those that are `left_open` no value is chosen, and the others count with any of theirs.
    """
    if len(product.option_names) < 2 or offer is None:
        return []
    open_numbers = set(left_open)
    here = offer.variant.option_values

    def value(number: int, text: str) -> Value:
        fixed = {*range(len(here))} - open_numbers - {number}
        others = [
            one
            for one in found
            if one.variant.option_values[number] == text
            and all(one.variant.option_values[other] == here[other] for other in fixed)
        ]
        return Value(
            text,
            product.translated_word("options", text),
            is_chosen=here[number] == text and number not in open_numbers,
            is_made=bool(others),
            is_available=any(one.is_available for one in others),
        )

    return [
        Option(
            name,
            f"option-{number}",
            [
                value(number, text)
                for text in in_order(
                    dict.fromkeys(one.variant.option_values[number] for one in found)
                )
            ],
        )
        for number, name in enumerate(product.translated_option_names)
    ]


def _offer(variant: Variant, first: Image | None) -> Offer:
    prices: list[Price] = getattr(variant, "current_prices", [])
    return Offer(
        variant,
        price=next((price for price in prices if not price.rhythm), None),
        stock=getattr(variant, "stock", None),
        image=variant.image or first,
        subscriptions=tuple(price for price in prices if price.rhythm),
    )
