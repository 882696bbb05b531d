"""The cart: what a visitor means to buy, kept for the browser session.

Its version rises with each change, in the same transaction, so that one order belongs to the cart
as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.customers.access import customer_of
from shop.catalog.models import Price, Product, Stock, Variant
from shop.catalog.stock import OutOfStock, most_at_once
from shop.money import Money
from shop.orders.cart_lines import MOST_OF_ONE, digest, lines, prices_of, set_aside
from shop.orders.models import Cart, CartLine
from shop.orders.subscriptions.rules import NotTogether, check_addition
from shop.orders.visitor import keep_visitor, visitor


class PriceReplaced(Exception):
    """The price is no longer the one that this thing is sold at."""


class NotForSale(Exception):
    """The thing is not published, or has no price."""


class OtherCurrency(NotTogether):
    """The cart holds prices in another currency."""

    def __init__(self) -> None:
        super().__init__(_("Your cart is in another currency. Pay for it first."))


class TooManyOfOne(Exception):
    """An order may not hold that many of this product."""

    def __init__(self, product: Product, most: int | None) -> None:
        super().__init__(
            _("We sell at most %(number)s of %(thing)s in one order.")
            % {"number": most, "thing": product.translated("title")}
        )


@dataclass(frozen=True)
class Wish:
    """So many of what is in the cart; where customers choose, at what was named."""

    variant_id: int
    quantity: int
    named: Money | None = None


class NotInCart(Exception):
    """The cart has no such line (any more)."""


def of_browser(request: HttpRequest) -> Cart | None:
    """The cart that this browser session has begun or was given, whoever is logged in."""
    known = request.session.get("cart")
    return Cart.objects.filter(pk=known).first() if known else None


def current(request: HttpRequest) -> Cart | None:
    """This browser session's cart, if it has one; else the one of the customer who is logged in,
    which another device may have begun, or brought together with its own.
    """
    cart = of_browser(request)
    if cart is None and (user := customer_of(request)) is not None:
        cart = Cart.objects.filter(user=user).first()
        if cart is not None:
            request.session["cart"] = str(cart.pk)
    return cart


def _new(request: HttpRequest) -> Cart:
    user = customer_of(request)
    if user is None:
        return Cart.objects.create()
    cart, _made = Cart.objects.get_or_create(user=user)
    return cart


@transaction.atomic
def put(request: HttpRequest, price: Price, quantity: int, named: Money | None = None) -> CartLine:
    """`add` to this session's cart, which is made when it has none.

    What `add` refuses leaves neither a cart nor a session behind.
    """
    cart = current(request) or _new(request)
    line = add(cart, price, quantity, named)
    request.session["cart"] = str(cart.pk)
    # Known before the first press of the button to pay.
    keep_visitor(request, visitor(request))
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
    NotForSale, PriceReplaced, OtherCurrency, NotTogether, TooManyOfOne or OutOfStock, and then
    nothing has changed.
    """
    variant = price.variant
    if not variant.is_on_sale:
        raise NotForSale(f"{variant} is not for sale.")
    if not price.is_active:
        raise PriceReplaced(f"{variant} has another price now.")
    if not price.is_asked:
        raise NotForSale(f"{variant} is not for sale at {price}.")
    raise_version(cart)
    if cart.lines.exclude(currency=price.currency).exists():
        raise OtherCurrency
    held = list(cart.lines.select_related("variant"))
    check_addition(held, price)
    line = next((one for one in held if one.variant_id == variant.pk), None)
    line = line or CartLine(cart=cart, variant=variant, quantity=0, currency=price.currency)
    line.interval, line.interval_count = price.interval, price.interval_count
    line.trial_days = price.trial_days
    line.quantity += quantity
    if variant.product.most_per_order and line.quantity > _most_of(cart, variant):
        raise TooManyOfOne(variant.product, variant.product.most_per_order)
    available = _available(cart, variant.pk)
    if line.quantity > min(available, MOST_OF_ONE):
        raise OutOfStock(variant, available)
    if line.quantity > most_at_once(available):
        raise TooManyOfOne(variant.product, most_at_once(available))
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
    raise_version(cart)
    line = cart.lines.filter(variant_id=variant_id).select_related("variant__product").first()
    if line is None:
        raise NotInCart(f"Variant {variant_id} is not in the cart.")
    available = _available(cart, variant_id)
    if available == 0:
        raise OutOfStock(line.variant, available)
    most = min(most_at_once(available), _most_of(cart, line.variant))
    line.quantity = max(1, min(quantity, most))
    # The currency may have been changed in another tab.
    if named is not None and named.currency == line.currency:
        line.seen_amount, line.is_named = named.amount, True
    line.save(update_fields=["quantity", "seen_amount", "is_named"])
    return line


@transaction.atomic
def change_all(cart: Cart, wishes: Sequence[Wish]) -> list[tuple[CartLine, Wish]]:
    """`change` for several lines; all of them or none."""
    return [(change(cart, wish.variant_id, wish.quantity, wish.named), wish) for wish in wishes]


@transaction.atomic
def convert(cart: Cart, currency: str) -> list[CartLine]:
    """Ask for every line in this currency; what is not sold in it is told as gone.

    Returns the lines for which an amount was named: it was one in the other currency.
    """
    raise_version(cart)
    rows = list(cart.lines.select_related("variant__product"))
    named = [row for row in rows if row.is_named]
    prices = prices_of(rows, currency)
    for row in rows:
        price = prices.get(row.pk)
        row.currency, row.seen_amount = currency, price.unit_amount if price else 0
        row.is_named = False
        row.trial_days = price.trial_days if price else None
    CartLine.objects.bulk_update(rows, ["currency", "seen_amount", "is_named", "trial_days"])
    return named


@transaction.atomic
def keep_code(cart: Cart, code: str) -> None:
    """From now on this discount code counts for the cart, or none."""
    raise_version(cart)
    Cart.objects.filter(pk=cart.pk).update(code=code)


@transaction.atomic
def keep_delivery(cart: Cart, method: int) -> None:
    """From now on what is sent again and again goes this way."""
    raise_version(cart)
    Cart.objects.filter(pk=cart.pk).update(delivery_method=method)


@transaction.atomic
def remove(cart: Cart, variant_id: int) -> CartLine | None:
    """Take the line out; returns it as it was, None when it was gone already."""
    line = cart.lines.filter(variant_id=variant_id).select_related("variant__product").first()
    if line is not None:
        raise_version(cart)
        CartLine.objects.filter(pk=line.pk).delete()
    return line


@transaction.atomic
def accept(cart: Cart, *, shown: str) -> bool:
    """Take the cart as it stands now: new prices seen, quantities that can be had, no gone lines.

    `shown` is the `digest` of what the visitor agreed to; when it is another by now, nothing
    changes and the answer is False.
    """
    raise_version(cart)
    lines_now = lines(cart)
    if digest(lines_now) != shown:
        transaction.set_rollback(True)
        return False
    for line in lines_now:
        rows = cart.lines.filter(variant=line.variant)
        if line.price is None or line.unit_price is None or line.is_gone:
            rows.delete()
        elif line.is_changed:
            rows.update(
                quantity=line.had,
                seen_amount=line.unit_price.amount,
                is_named=line.named is not None and line.price.is_chosen,
                trial_days=line.price.trial_days,
            )
    return True


def why_fewer(line: CartLine) -> str:
    """Why it became no more than it did."""
    cart, product = line.cart, line.variant.product
    held = cart.lines.filter(variant__product=product).aggregate(sum=Sum("quantity"))["sum"] or 0
    if product.most_per_order is not None and held >= product.most_per_order:
        return _("At most %(number)s in one order.") % {"number": product.most_per_order}
    if line.quantity < _available(cart, line.variant_id):
        return _("At most %(number)s in one order.") % {"number": line.quantity}
    return _("Only %(number)s left.") % {"number": line.quantity}


def most_of(cart: Cart, variant: Variant) -> int:
    """How many of this variant the cart may hold as of now."""
    return min(most_at_once(_available(cart, variant.pk)), _most_of(cart, variant))


def _most_of(cart: Cart, variant: Variant) -> int:
    """How many of this variant the cart may hold, beside other variants of its product."""
    limit = variant.product.most_per_order
    if limit is None:
        return MOST_OF_ONE
    others = cart.lines.filter(variant__product=variant.product_id).exclude(variant=variant)
    return max(limit - (others.aggregate(sum=Sum("quantity"))["sum"] or 0), 0)


def raise_version(cart: Cart) -> None:
    """Raise the version; its row lock makes two changes of one cart wait for each other."""
    Cart.objects.filter(pk=cart.pk).update(version=F("version") + 1, updated_at=timezone.now())
    cart.refresh_from_db()


def _available(cart: Cart, variant_id: int) -> int:
    stock = Stock.objects.filter(variant_id=variant_id).first()
    return set_aside(cart).get(variant_id, 0) + (stock.available if stock else 0)
