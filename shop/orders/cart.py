"""The cart: what a visitor means to buy, kept for the browser session.

Its version rises with each change, in the same transaction, so that one order belongs to the cart
as it was.
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.catalog.models import Image, Price, Product, Stock, Variant
from shop.catalog.stock import OutOfStock
from shop.money import Money
from shop.orders.models import Cart, CartLine, Order, OrderLine

# Nobody types four digits on purpose; more is a question for the people of the shop.
MOST_OF_ONE = 999


class PriceReplaced(Exception):
    """The price is no longer the one that this thing is sold at."""


class NotForSale(Exception):
    """The thing is not published, or has no price."""


class OtherCurrency(Exception):
    """The cart holds prices in another currency."""


class TooManyOfOne(Exception):
    """An order may not hold that many of this product."""

    def __init__(self, product: Product) -> None:
        super().__init__(
            _("We sell at most %(number)s of %(thing)s in one order.")
            % {"number": product.most_per_order, "thing": product.translated("title")}
        )


class NotInCart(Exception):
    """The cart has no such line (any more)."""


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

    @property
    def unit_price(self) -> Money | None:
        """What one costs now: what was named, or the nearest to it that can be named now."""
        return self.price.asked(self.named) if self.price else None

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
    def is_changed(self) -> bool:
        """Something that the visitor has to see before paying."""
        return self.is_gone or self.is_short or self.has_new_price

    @property
    def most(self) -> int:
        return min(self.available, self.limit)

    @property
    def had(self) -> int:
        """How many of those that are wanted can be had now."""
        return min(self.quantity, self.most) if self.price else 0


def current(request: HttpRequest) -> Cart | None:
    """This browser session's cart, if it has one."""
    known = request.session.get("cart")
    return Cart.objects.filter(pk=known).first() if known else None


@transaction.atomic
def put(request: HttpRequest, price: Price, quantity: int, named: Money | None = None) -> CartLine:
    """`add` to this session's cart, which is made when it has none.

    What `add` refuses leaves neither a cart nor a session behind.
    """
    cart = current(request) or Cart.objects.create()
    line = add(cart, price, quantity, named)
    request.session["cart"] = str(cart.pk)
    return line


def count(request: HttpRequest) -> int:
    """How many things are in this session's cart."""
    known = request.session.get("cart")
    if not known:
        return 0
    return CartLine.objects.filter(cart_id=known).aggregate(sum=Sum("quantity"))["sum"] or 0


@transaction.atomic
def add(cart: Cart, price: Price, quantity: int, named: Money | None = None) -> CartLine:
    """Put `quantity` more of what `price` belongs to into the cart.

    Where customers choose, each of them costs what was `named` last, or what is proposed. Raises
    NotForSale, PriceReplaced, OtherCurrency, TooManyOfOne or OutOfStock, and then nothing has
    changed.
    """
    variant = price.variant
    if not _is_sold(variant):
        raise NotForSale(f"{variant} is not for sale.")
    if not price.is_active:
        raise PriceReplaced(f"{variant} has another price now.")
    _change(cart)
    if cart.lines.exclude(currency=price.currency).exists():
        raise OtherCurrency(f"The cart is not in {price.currency.upper()}.")
    line = cart.lines.filter(variant=variant).first()
    line = line or CartLine(cart=cart, variant=variant, quantity=0, currency=price.currency)
    line.quantity += quantity
    if variant.product.most_per_order and line.quantity > _most_of(cart, variant):
        raise TooManyOfOne(variant.product)
    available = _available(cart, variant.pk)
    if line.quantity > min(available, MOST_OF_ONE):
        raise OutOfStock(variant, available)
    line.seen_amount = (price.money if named is None else named).amount
    line.is_named = named is not None
    line.save()
    return line


@transaction.atomic
def change(cart: Cart, variant_id: int, quantity: int, named: Money | None = None) -> CartLine:
    """Set how many are wanted, at most what is left; the answer says how many it became.

    With `named` also what each costs. Raises NotInCart, or OutOfStock when none is left, and then
    nothing has changed.
    """
    _change(cart)
    line = cart.lines.filter(variant_id=variant_id).select_related("variant__product").first()
    if line is None:
        raise NotInCart(f"Variant {variant_id} is not in the cart.")
    available = _available(cart, variant_id)
    if available == 0:
        raise OutOfStock(line.variant, available)
    line.quantity = max(1, min(quantity, available, _most_of(cart, line.variant)))
    # The currency may have been changed in another tab.
    if named is not None and named.currency == line.currency:
        line.seen_amount, line.is_named = named.amount, True
    line.save(update_fields=["quantity", "seen_amount", "is_named"])
    return line


@transaction.atomic
def convert(cart: Cart, currency: str) -> list[CartLine]:
    """Ask for every line in this currency; what is not sold in it is told as gone.

    Returns the lines for which an amount was named: it was one in the other currency.
    """
    _change(cart)
    rows = list(cart.lines.select_related("variant__product"))
    named = [row for row in rows if row.is_named]
    prices = {
        price.variant_id: price.unit_amount
        for price in Price.objects.current().filter(
            variant__in=[row.variant_id for row in rows], currency=currency
        )
    }
    for row in rows:
        row.currency, row.seen_amount = currency, prices.get(row.variant_id, 0)
        row.is_named = False
    CartLine.objects.bulk_update(rows, ["currency", "seen_amount", "is_named"])
    return named


@transaction.atomic
def remove(cart: Cart, variant_id: int) -> CartLine | None:
    """Take the line out; returns it as it was, None when it was gone already."""
    line = cart.lines.filter(variant_id=variant_id).select_related("variant__product").first()
    if line is not None:
        _change(cart)
        CartLine.objects.filter(pk=line.pk).delete()
    return line


@transaction.atomic
def accept(cart: Cart, *, shown: str) -> bool:
    """Take the cart as it stands now: new prices seen, quantities that can be had, no gone lines.

    `shown` is the `digest` of what the visitor agreed to; when it is another by now, nothing
    changes and the answer is False.
    """
    _change(cart)
    found = lines(cart)
    if digest(found) != shown:
        transaction.set_rollback(True)
        return False
    for line in found:
        rows = cart.lines.filter(variant=line.variant)
        if line.price is None or line.unit_price is None or line.is_gone:
            rows.delete()
        elif line.is_changed:
            rows.update(
                quantity=line.had,
                seen_amount=line.unit_price.amount,
                is_named=line.named is not None and line.price.is_chosen,
            )
    return True


def lines(cart: Cart | None) -> list[Line]:
    """The cart's lines as of now, in four queries."""
    if cart is None:
        return []
    rows = list(cart.lines.select_related("variant__product", "variant__stock", "variant__image"))
    variants = [row.variant_id for row in rows]
    prices = {
        (price.variant_id, price.currency): price
        for price in Price.objects.current().filter(variant__in=variants)
    }
    images = {
        image.product_id: image
        for image in Image.objects.filter(product__variants__in=variants)
        .order_by("product_id", "position", "id")
        .distinct("product_id")
    }
    own = _set_aside(cart)
    limits = _limits(rows)
    return [
        _line(
            row,
            limits[row.variant_id],
            own.get(row.variant_id, 0),
            prices.get((row.variant_id, row.currency)),
            row.variant.image or images.get(row.variant.product_id),
        )
        for row in rows
    ]


def price_of(cart: Cart, variant_id: int) -> Price | None:
    """What this line of the cart is sold at now."""
    line = cart.lines.filter(variant_id=variant_id).first()
    if line is None:
        return None
    return Price.objects.current().filter(variant=variant_id, currency=line.currency).first()


def subtotal(found: list[Line]) -> Money:
    """What the lines cost now, before shipping and tax. Lines that are gone cost nothing."""
    currency = found[0].seen.currency if found else ""
    return sum((line.amount for line in found), Money.zero(currency))


def digest(found: list[Line]) -> str:
    """Stands for what the lines say: of which thing how many can be had, and what each costs.

    A sum would not do: less of one thing and more of another may cost the same.
    """
    said = [(line.variant.pk, line.had, str(line.unit_price)) for line in found if not line.is_gone]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def _line(row: CartLine, limit: int, own: int, price: Price | None, image: Image | None) -> Line:
    stock: Stock | None = getattr(row.variant, "stock", None)
    return Line(
        variant=row.variant,
        quantity=row.quantity,
        seen=row.seen,
        price=price if _is_sold(row.variant) else None,
        available=own + (stock.available if stock else 0),
        image=image,
        limit=limit,
        named=row.named,
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


def is_full(cart: Cart, product: Product) -> bool:
    """Whether the cart holds as many of this product as one order may."""
    held = cart.lines.filter(variant__product=product).aggregate(sum=Sum("quantity"))["sum"] or 0
    return product.most_per_order is not None and held >= product.most_per_order


def _most_of(cart: Cart, variant: Variant) -> int:
    """How many of this variant the cart may hold, beside other variants of its product."""
    limit = variant.product.most_per_order
    if limit is None:
        return MOST_OF_ONE
    others = cart.lines.filter(variant__product=variant.product_id).exclude(variant=variant)
    return max(limit - (others.aggregate(sum=Sum("quantity"))["sum"] or 0), 0)


def _change(cart: Cart) -> None:
    """Raise the version; its row lock makes two changes of one cart wait for each other."""
    Cart.objects.filter(pk=cart.pk).update(version=F("version") + 1, updated_at=timezone.now())
    cart.refresh_from_db()


def _is_sold(variant: Variant) -> bool:
    return variant.is_active and variant.product.status == Product.Status.ACTIVE


def _available(cart: Cart, variant_id: int) -> int:
    stock = Stock.objects.filter(variant_id=variant_id).first()
    return _set_aside(cart).get(variant_id, 0) + (stock.available if stock else 0)


def _set_aside(cart: Cart) -> dict[int, int]:
    """What this cart's own open checkout keeps aside: who comes back from the payment page must
    not find the cart sold out because of that. {variant id: units}
    """
    pending = OrderLine.objects.filter(order__cart=cart, order__status=Order.Status.PENDING)
    return dict(pending.values_list("variant_id").annotate(units=Sum("quantity")))
