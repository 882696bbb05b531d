"""A customer's orders in the account, and how an order that was placed without one gets there."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fulfillment.my_orders.labels import LABELS
from fulfillment.order_page.page import may_keep
from shop.accounts.customers.access import customer_of, customer_required
from shop.accounts.customers.codes import CodeLogIn, TooManyCodes
from shop.accounts.customers.door import code_page, while_counted
from shop.money import Money
from shop.orders.accounts import at_login, claims
from shop.orders.models import Order, OrderLine

ON_A_PAGE = 20


@dataclass(frozen=True)
class Row:
    """One order in the list."""

    order: Order
    label: str | Promise
    due: Money
    first: OrderLine | None
    others: int


@customer_required
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """Newest first; those that were left on the payment page are none."""
    user = _user(request)
    lines = OrderLine.objects.select_related("variant__product").order_by("position")
    found = (
        Order.objects.filter(user=user)
        .exclude(status=Order.Status.EXPIRED)
        .annotate(reduced=Sum("reductions__amount"))
        .prefetch_related(Prefetch("lines", queryset=lines))
        .order_by("-created_at", "-id")
    )
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(order) for order in page.object_list],
        "offered": claims.offered(user).count(),
    }
    return render(request, "fulfillment/my_orders.html", context)


@customer_required
@require_POST
def claim(request: HttpRequest) -> HttpResponse:
    """Everything that was bought with this address without an account."""
    number = claims.claim(_user(request))
    if number:
        sentence = ngettext(
            "One order is in your account now.",
            "%(number)s orders are in your account now.",
            number,
        )
        messages.success(request, sentence % {"number": number})
    return redirect("fulfillment:my_orders")


@never_cache
@require_POST
@while_counted
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """One click; a code goes to the address that the order was placed with, and to no other."""
    order = get_object_or_404(Order, token=token)
    if not may_keep(request, order):
        return redirect("fulfillment:order", token=token)
    at_login.keep_after_login(request, order)
    user = customer_of(request)
    if user is not None:
        at_login.bring_along(request, user)
        return redirect("fulfillment:my_orders")
    try:
        CodeLogIn.begin(request, order.email.lower())
    except TooManyCodes:
        messages.warning(request, _("These were many codes. Please wait a few minutes."))
        return redirect("fulfillment:order", token=token)
    return redirect(code_page(reverse("fulfillment:my_orders")))


def _user(request: HttpRequest) -> Any:
    """Whom `customer_required` let in."""
    return request.user


def _row(order: Order) -> Row:
    lines = list(order.lines.all())
    total = order.subtotal if order.total is None else order.total
    return Row(
        order=order,
        label=LABELS[order.status],
        due=Money(total - (getattr(order, "reduced", None) or 0), order.currency),
        first=lines[0] if lines else None,
        others=max(len(lines) - 1, 0),
    )
