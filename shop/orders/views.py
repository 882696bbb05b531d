"""The cart's page and what can be done on it."""

import time
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from shop.catalog.models import Price, Product
from shop.catalog.stock import OutOfStock
from shop.catalog.storefront import currency
from shop.catalog.storefront.product_pages import Refusal, product_again
from shop.money import Money
from shop.orders import cart as carts
from shop.orders import cart_lines
from shop.orders.additions.reminder import keep_box, reminder_of
from shop.orders.additions.tip import offered
from shop.orders.additions.undo import keep_removed, undo_of
from shop.orders.additions.withdrawal import asked_for
from shop.orders.discounts.quote import CodeRefusal
from shop.orders.forms import (
    AcceptForm,
    AddForm,
    ChangeForm,
    LineForm,
    on_screen,
)
from shop.orders.models import Cart, CartLine
from shop.orders.subscriptions.rules import NotTogether
from shop.orders.totals import Totals
from shop.templatetags.money import written

# The same thing added again within it is a double click, not a second wish.
DOUBLE_CLICK_SECONDS = 1.0

private = cache_control(private=True, no_store=True)


def form_address(view: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """A refusal stands at the form's address: whoever opens that again is shown the cart."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method == "POST" else to_cart()

    return require_http_methods(["GET", "HEAD", "POST"])(answer)


@require_safe
@private
def cart(request: HttpRequest) -> HttpResponse:
    return cart_page(request)


def cart_page(
    request: HttpRequest, code: CodeRefusal | None = None, *, unticked: str = "", status: int = 200
) -> HttpResponse:
    """The cart as it stands, with what was odd about a code or a box that was left empty."""
    mine = carts.current(request)
    lines = cart_lines.lines(mine)
    setattr(request, "cart_count", sum(line.quantity for line in lines))  # noqa: B010
    totals = Totals.of(request, mine, lines) if mine and lines else None
    goods = totals and totals.subtotal - totals.discount.amount
    return render(
        request,
        "orders/cart.html",
        {
            "lines": lines,
            "version": mine.version if mine else 0,
            "totals": totals,
            "discount": totals and totals.discount,
            "delivery": totals and totals.delivery,
            "tax": totals and totals.tax,
            "code": code,
            "going_with": totals and totals.suggestions.here,
            "renewal": totals and totals.renewal,
            "tip": offered(lines, goods) if totals and goods and not totals.renewal else None,
            "shown": cart_lines.digest(lines),
            "is_changed": any(line.is_changed for line in lines),
            "only_prices_changed": not any(line.is_gone or line.is_short for line in lines),
            "undo": undo_of(request, [line.variant.pk for line in lines]),
            "reminder": reminder_of(request),
            "withdrawal": asked_for(line.variant for line in lines),
            "unticked": unticked,
        },
        status=status,
    )


@form_address
@private
def add(request: HttpRequest) -> HttpResponse:
    form = AddForm(request.POST, currency=currency.of(request))
    if not form.is_valid():
        return _not_added(
            request, form, sentence_of(form), field=next(iter(form.errors)), status=400
        )
    price, quantity = form.cleaned_data["price"], form.cleaned_data["quantity"]
    named = form.cleaned_data["named"]
    wish = {"price": price.key, "quantity": quantity, "named": named.amount if named else None}
    if _is_double_click(request, wish):
        return to_cart()
    try:
        line = carts.put(request, price, quantity, named)
    except carts.PriceReplaced:
        return _not_added(request, form, _("The price has changed. Please look at it again."))
    except carts.NotForSale:
        sentence = _("%(thing)s is not for sale at the moment.") % {"thing": price.variant.name}
        return _not_added(request, form, sentence)
    except NotTogether as error:
        return _not_added(request, form, str(error))
    except carts.TooManyOfOne as error:
        return _not_added(request, form, str(error), field="quantity")
    except OutOfStock as error:
        return _not_added(request, form, _how_many_left(error), field="quantity")
    request.session.pop("removed", None)
    request.session["added"] = {**wish, "at": time.time()}
    messages.success(request, _added(line, price, quantity))
    return to_cart()


@form_address
@private
def update(request: HttpRequest) -> HttpResponse:
    """One line, named by `variant`, or all that were typed over on the cart's page."""
    keep_box(request)
    cart = carts.current(request)
    forms = _typed_over(request, cart)
    for form in forms:
        if not form.is_valid():
            return refused(request, form.sentence, status=400)
    try:
        if cart is None:
            raise carts.NotInCart
        changed = carts.change_all(cart, [form.wish for form in forms])
    except carts.NotInCart:
        messages.warning(
            request, _("That item was no longer in your cart, so nothing was changed.")
        )
    except OutOfStock as error:
        messages.warning(request, _how_many_left(error))
    else:
        _tell(request, changed)
    return to_cart()


def _typed_over(request: HttpRequest, cart: Cart | None) -> list[ChangeForm]:
    if any(name.startswith("quantity-") for name in request.POST):
        return on_screen(request.POST, cart) if cart else []
    return [ChangeForm(request.POST.dict(), cart=cart)]


def _tell(request: HttpRequest, changed: list[tuple[CartLine, carts.Wish]]) -> None:
    for line, wish in changed:
        note = _now(line, wish.named)
        if line.quantity < wish.quantity:
            messages.warning(request, f"{carts.why_fewer(line)} {note}")
        else:
            messages.success(request, note)
    if not changed:
        messages.success(request, _("Your cart is up to date."))


@form_address
@private
def remove(request: HttpRequest) -> HttpResponse:
    form = LineForm(request.POST)
    if not form.is_valid():
        return refused(request, sentence_of(form), status=400)
    cart = carts.current(request)
    line = carts.remove(cart, form.cleaned_data["variant"]) if cart else None
    if line:
        keep_removed(request, line)
        # Whoever takes it back means it, however soon.
        request.session.pop("added", None)
        if undo_of(request) is None:
            words = {"thing": line.variant.name}
            messages.success(request, _("%(thing)s was removed from your cart.") % words)
    return to_cart()


@form_address
@private
def accept(request: HttpRequest) -> HttpResponse:
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return refused(request, sentence_of(form), status=400)
    cart = carts.current(request)
    if cart and not carts.accept(cart, shown=form.cleaned_data["shown"]):
        messages.warning(request, _("Your cart has changed again. Please check it once more."))
    elif cart:
        messages.success(request, _("Your cart is up to date."))
    return to_cart()


def _is_double_click(request: HttpRequest, wish: dict[str, object]) -> bool:
    last = request.session.get("added")
    return (
        last is not None
        and all(last.get(name) == value for name, value in wish.items())
        and 0 <= time.time() - last["at"] < DOUBLE_CLICK_SECONDS
    )


def _added(line: CartLine, price: Price, quantity: int) -> str:
    """One line holds them all: the amount that was named last is that of each."""
    if price.is_chosen and line.quantity > quantity:
        return _now(line, line.seen)
    return _("%(thing)s is in your cart.") % {"thing": price.variant.name}


def _now(line: CartLine, each: Money | None) -> str:
    words = {"number": line.quantity, "thing": line.variant.name}
    if each is not None:
        words["price"] = written(each)
        return _("Your cart now has %(number)s × %(thing)s at %(price)s each.") % words
    return _("Your cart now has %(number)s × %(thing)s.") % words


def _how_many_left(error: OutOfStock) -> str:
    if error.available == 0:
        return _("%(thing)s is sold out.") % {"thing": error.variant.name}
    if error.available > cart_lines.MOST_OF_ONE:
        return _(
            "We sell at most %(number)s of one item at once. "
            "<contact>Write to us</contact> for more."
        ) % {"number": cart_lines.MOST_OF_ONE}
    return _("Only %(number)s of %(thing)s left, including any in your cart.") % {
        "number": error.available,
        "thing": error.variant.name,
    }


def sentence_of(form: Form) -> str:
    return str(next(iter(form.errors.values()))[0])


def _not_added(
    request: HttpRequest, form: Form, sentence: str, *, field: str = "", status: int = 409
) -> HttpResponse:
    """The product's page again, with what was asked for and why it is not in the cart."""
    price: Price | None = form.cleaned_data.get("price")
    product = price.variant.product if price else None
    refusal = Refusal(
        sentence,
        field=field,
        quantity=_typed(request, "quantity"),
        amount=_typed(request, "amount"),
        sku=price.variant.sku if price else "",
    )
    slug = product.slug if product else form.cleaned_data.get("product", "")
    page = product_again(request, slug, refusal, status=status) if slug else None
    return page or refused(request, sentence, product, status=status)


def _typed(request: HttpRequest, field: str) -> str:
    return request.POST.get(field, "").replace("\x00", "")[:20]


def refused(
    request: HttpRequest, sentence: str, product: Product | None = None, *, status: int
) -> HttpResponse:
    """A page that says why nothing was changed, and leads back to the product."""
    context = {"sentence": sentence, "product": product}
    return render(request, "orders/refused.html", context, status=status)


def to_cart() -> HttpResponse:
    return HttpResponseRedirect(reverse("orders:cart"), status=303)
