"""The cart's lines as they stand now: what can be had, at what price, and what has changed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum

from shop.catalog.models import Image, Price, Product, Stock, StockMovement, Variant
from shop.catalog.stock import most_at_once
from shop.catalog.unit_prices import UnitPrice, unit_price
from shop.money import MAXIMUM_AMOUNT, Money
from shop.orders.delivery.terms import Goods, goods_of
from shop.orders.models import Cart, CartLine, Order

# Nobody types four digits on purpose; more is a question for the people of the shop.
MOST_OF_ONE = 999


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the cart as it stands now, beside what the visitor has seen of it."""

    variant: Variant
    quantity: int
    seen: Money
    price: Price | None
    available: int
    image: Image | None
    # How many one order may hold, beside other variants of the product.
    limit: int = MOST_OF_ONE
    # What was seen, where the visitor has named it.
    named: Money | None = None
    # Whether staff have said of something that it goes with it.
    goes_with: bool = False
    # How long a subscription was said to be free at first.
    seen_trial: int | None = None

    @property
    def unit_price(self) -> Money | None:
        """What one costs now: what was named, or the nearest to it that can be named now."""
        return self.price.asked(self.named) if self.price else None

    @property
    def per_unit(self) -> UnitPrice | None:
        """What it costs by weight or volume, where that is said."""
        return unit_price(self.variant, self.price)

    @property
    def amount(self) -> Money:
        """What the line costs now, which is what can be had of it."""
        return (self.unit_price or Money.zero(self.seen.currency)) * self.had

    @property
    def is_gone(self) -> bool:
        """Not sold any more, none left, or no room for it in one order."""
        return self.had == 0

    @property
    def is_short(self) -> bool:
        """Fewer are left than are wanted."""
        return 0 < self.had < self.quantity

    @property
    def has_new_price(self) -> bool:
        return self.unit_price is not None and self.unit_price != self.seen

    @property
    def has_new_bounds(self) -> bool:
        """What was named can be named no longer."""
        is_chosen = self.price is not None and self.price.is_chosen
        return is_chosen and self.named is not None and self.has_new_price

    @property
    def has_new_trial(self) -> bool:
        return self.price is not None and self.price.trial_days != self.seen_trial

    @property
    def is_changed(self) -> bool:
        """Something that the visitor has to see before paying."""
        return self.is_gone or self.is_short or self.has_new_price or self.has_new_trial

    @property
    def most(self) -> int:
        return min(self.available, self.limit)

    @property
    def had(self) -> int:
        """How many of those that are wanted can be had now."""
        return min(self.quantity, self.most) if self.price else 0


def lines(cart: Cart | None) -> list[Line]:
    """The cart's lines as of now, in three queries."""
    if cart is None:
        return []
    set_aside_here = _set_aside(cart).filter(stock__variant=OuterRef("variant"))
    rows: list[Any] = list(
        cart.lines.select_related("variant__product", "variant__stock", "variant__image").annotate(
            own=Subquery(_units(set_aside_here)),
            goes_with=Exists(
                Product.goes_with.through.objects.filter(from_product=OuterRef("variant__product"))
            ),
        )
    )
    variants = [row.variant_id for row in rows]
    prices = prices_of(rows)
    images = {
        image.product_id: image
        for image in Image.objects.filter(product__variants__in=variants)
        .order_by("product_id", "position", "id")
        .distinct("product_id")
    }
    limits = _limits(rows)
    return [
        _line(
            row,
            limits[row.variant_id],
            row.own or 0,
            prices.get(row.pk),
            row.variant.image or images.get(row.variant.product_id),
            goes_with=row.goes_with,
        )
        for row in rows
    ]


def goods(lines: Sequence[Line]) -> Goods | None:
    """What of the cart is to be sent, as delivery counts it; None when nothing is."""
    bought = [line for line in lines if line.had and not line.variant.product.is_given]
    return goods_of(subtotal(bought), [(line.variant, line.had) for line in bought])


def had(lines: Sequence[Line], off: Mapping[int, int]) -> list[tuple[Variant, Money]]:
    """What of the cart can be had now, and what it costs, less what is taken off.

    `off` is {variant id: minor units}.
    """
    return [
        (line.variant, line.amount - Money(off.get(line.variant.pk, 0), line.amount.currency))
        for line in lines
        if line.had
    ]


def price_of(cart: Cart, variant_id: int) -> Price | None:
    """What this line of the cart is sold at now."""
    line = cart.lines.filter(variant_id=variant_id).first()
    return prices_of([line]).get(line.pk) if line else None


def prices_of(rows: Sequence[CartLine], currency: str = "") -> dict[int, Price]:
    """What each line is sold at now, in its own currency or in this one: {line's id: price}."""
    asked = Price.objects.asked().filter(variant__in=[row.variant_id for row in rows])
    prices = {(price.variant_id, price.currency, price.rhythm): price for price in asked}
    found = {}
    for row in rows:
        price = prices.get((row.variant_id, currency or row.currency, row.rhythm))
        if price is not None:
            found[row.pk] = price
    return found


def subtotal(lines: Sequence[Line]) -> Money:
    """What the lines cost now, before shipping and tax. Lines that are gone cost nothing."""
    currency = lines[0].seen.currency if lines else ""
    return sum((line.amount for line in lines), Money.zero(currency))


def is_beyond(total: Money) -> Money | None:
    """The most that can be paid at once, if that is less."""
    largest = Money(MAXIMUM_AMOUNT, total.currency)
    return largest if largest < total else None


def digest(lines: list[Line]) -> str:
    """Stands for what the lines say: of which thing how many can be had, and what each costs.

    A sum would not do: less of one thing and more of another may cost the same.
    """
    content = [
        (line.variant.pk, line.had, str(line.unit_price), line.price and line.price.trial_days)
        for line in lines
        if not line.is_gone
    ]
    return hashlib.sha256(repr(content).encode()).hexdigest()[:32]


def _line(
    row: CartLine,
    limit: int,
    own: int,
    price: Price | None,
    image: Image | None,
    *,
    goes_with: bool,
) -> Line:
    stock: Stock | None = getattr(row.variant, "stock", None)
    available = own + (stock.available if stock else 0)
    return Line(
        variant=row.variant,
        quantity=row.quantity,
        seen=row.seen,
        price=price if row.variant.is_on_sale else None,
        available=available,
        image=image,
        limit=min(limit, most_at_once(available)),
        named=row.named,
        goes_with=goes_with,
        seen_trial=row.trial_days,
    )


def _limits(rows: list[CartLine]) -> dict[int, int]:
    """What each variant may rise to; what was put in first is kept first. {variant id: units}"""
    kept: dict[int, dict[int, int]] = {}
    for row in rows:
        product = row.variant.product
        before = kept.setdefault(product.pk, {})
        limit = product.most_per_order
        room = MOST_OF_ONE if limit is None else limit - sum(before.values())
        before[row.variant_id] = min(row.quantity, room)
    limits = {}
    for row in rows:
        limit, of_product = row.variant.product.most_per_order, kept[row.variant.product_id]
        others = sum(of_product.values()) - of_product[row.variant_id]
        limits[row.variant_id] = MOST_OF_ONE if limit is None else limit - others
    return limits


def set_aside(cart: Cart) -> dict[int, int]:
    """What this cart's own open checkout keeps aside: who comes back from the payment page must
    not find the cart sold out because of that. {variant id: units}
    """
    aside = _set_aside(cart).values_list("stock__variant")
    return dict(aside.annotate(units=Sum("reserved_delta")))


def _set_aside(cart: Cart) -> "QuerySet[StockMovement]":
    """What has moved for it: its lines, and what its payment page offers besides."""
    pending = Order.objects.filter(cart=cart, status=Order.Status.PENDING)
    return StockMovement.objects.filter(cause_id__in=pending.values("reservation"))


def _units(moves: "QuerySet[StockMovement]") -> "QuerySet[Any, Any]":
    """The sum of the reserved units of one variant, for a subquery."""
    sums = moves.order_by().values("stock__variant").annotate(units=Sum("reserved_delta"))
    return sums.values("units")
