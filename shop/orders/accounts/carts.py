"""The cart at a log-in: what lies in the browser's and what lay in the customer's become one."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.orders.cart import convert, most_of, of_browser, raise_version, why_fewer
from shop.orders.models import Cart, CartLine, Order
from shop.orders.subscriptions.rules import Plan


@dataclass
class Merged:
    """Lines that came, those that became fewer than both together, and what did not come."""

    came: list[CartLine] = field(default_factory=list)
    fewer: list[CartLine] = field(default_factory=list)
    left_out: list[CartLine] = field(default_factory=list)


@transaction.atomic
def bring_together(request: HttpRequest, user: User) -> None:
    """From now on this browser's cart is the customer's, with all that was in theirs."""
    # Two devices at once take turns.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    theirs = Cart.objects.filter(user=user).first()
    here = of_browser(request)
    if here is not None and here.user_id not in {None, user.pk}:
        del request.session["cart"]
        here = None
    here = here or theirs
    if here is None:
        return
    request.session["cart"] = str(here.pk)
    if theirs is None:
        Cart.objects.filter(pk=here.pk).update(user=user)
    elif theirs != here:
        _tell(request, merge(here, theirs))
        Cart.objects.filter(pk=here.pk).update(user=user)


@transaction.atomic
def merge(here: Cart, other: Cart) -> Merged:
    """Put what lies in `other` into `here`, of each thing as many as may be ordered.

    What is paid in another rhythm than what lies in `here` does not come. `other` is gone then;
    an order that was begun with it takes its things out of `here` when it is paid.
    """
    raise_version(here)
    # What another device puts into it is waited for, or finds the one cart.
    raise_version(other)
    lines = list(here.lines.all())
    if lines and other.lines.exclude(currency=lines[0].currency).exists():
        convert(other, lines[0].currency)
    held = {line.variant_id: line for line in lines}
    merged = Merged()
    for line in other.lines.select_related("variant__product"):
        if lines and Plan.of(line) != Plan.of(lines[0]):
            merged.left_out.append(line)
            continue
        merged.came.append(line)
        line.cart = here
        wanted = line.quantity
        if own := held.get(line.variant_id):
            wanted += own.quantity
            own.delete()
            # What was seen or named here was seen last.
            line.seen_amount, line.is_named = own.seen_amount, own.is_named
        line.quantity = max(1, min(wanted, most_of(here, line.variant)))
        line.save()
        if line.quantity < wanted:
            merged.fewer.append(line)
    Order.objects.filter(cart=other).update(bought_from=here.pk, cart=None)
    if other.code and not here.code:
        Cart.objects.filter(pk=here.pk).update(code=other.code)
    other.delete()
    return merged


def _tell(request: HttpRequest, merged: Merged) -> None:
    if merged.came:
        messages.info(request, _("What you had put into your cart before is in it again."))
    for line in merged.left_out:
        thing = {"thing": line.variant.name}
        messages.warning(
            request,
            _("%(thing)s lay in your cart before. It is paid otherwise and was left out.") % thing,
        )
    for line in merged.fewer:
        told = {"number": line.quantity, "thing": line.variant.name}
        now = _("Your cart now has %(number)s × %(thing)s.") % told
        messages.warning(request, f"{why_fewer(line)} {now}")
