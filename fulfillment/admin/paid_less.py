"""Of a payment less than is due was captured at Stripe: staff say what leaves for it."""

import uuid
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from fulfillment.admin import review
from payments.capture_queue.forms import REASONS_FOR_LESS, ReasonForm, UnitsForm
from payments.models import Payment
from shop.http.client_address import address
from shop.money import Money
from shop.orders import reduction
from shop.orders.models import Order

LEAVE_OUT, SEND_ALL = "leave-out", "send-all"
NO_MORE = "Nobody has to say any more what leaves."


@require_safe
def page(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Both ways for the order to go on."""
    order, payment = _asked_about(order_id)
    if payment is None:
        return _back(request, order)
    return _page(request, order, payment, _forms(order, payment))


@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, order_id: uuid.UUID, how: str) -> HttpResponse:
    """Foretell what leaves one of the two ways; the button sends the same once more and does it."""
    order, payment = _asked_about(order_id)
    if payment is None:
        return _back(request, order)
    forms = _forms(order, payment, how, request.POST if request.method == "POST" else request.GET)
    if how not in forms:
        raise Http404
    if not forms[how].is_valid():
        return _page(request, order, payment, forms, status=400)
    said = forms[how].cleaned_data
    if request.method == "POST":
        return _do(request, order, said)
    return _rendered(request, "foretold", order, _foretold(order, payment, how, said))


def _asked_about(order_id: uuid.UUID) -> tuple[Order, Payment | None]:
    order = get_object_or_404(Order, pk=order_id)
    return order, review.paid_less(order)


def _forms(
    order: Order, payment: Payment, how: str = "", typed: Any = None
) -> dict[str, UnitsForm | ReasonForm]:
    """The form of each way; what was typed belongs to one of them."""
    amount_of = partial(review.amount_off, order, payment)
    return {
        LEAVE_OUT: UnitsForm(typed if how == LEAVE_OUT else None, order=order, amount_of=amount_of),
        SEND_ALL: ReasonForm(typed if how == SEND_ALL else None),
    }


def _page(
    request: HttpRequest,
    order: Order,
    payment: Payment,
    forms: dict[str, UnitsForm | ReasonForm],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "payment": payment,
        "missing": order.due - payment.captured,
        "units_form": forms[LEAVE_OUT],
        "reason_form": forms[SEND_ALL],
        "reasons": REASONS_FOR_LESS,
        "may_say": request.user.has_perm(review.CAPTURE),
        "needs_right": review.NEEDS_RIGHT,
    }
    return _rendered(request, "paid_less", order, context, status=status)


def _foretold(order: Order, payment: Payment, how: str, said: dict[str, Any]) -> dict[str, Any]:
    units = said.get("units", {})
    left_out, sent = reduction.parted(order, units)
    missing = order.due - payment.captured
    off: Money = said.get("amount", missing)
    return {
        "how": how,
        "payment": payment,
        "missing": missing,
        "cost": reduction.worth(order, units) if units else None,
        "due_then": order.due - off,
        "left_out": left_out,
        "sent": sent,
        "written_off": said.get("fate") == "gone",
        "said": {f"off-{position}": number for position, number in units.items()}
        | {name: said[name] for name in ("fate", "reason") if name in said},
        "reason": said["reason"],
    }


def _do(request: HttpRequest, order: Order, said: dict[str, Any]) -> HttpResponse:
    try:
        done = review.say_what_leaves(
            order.pk,
            units=said.get("units", {}),
            written_off=said.get("fate") == "gone",
            reason=said["reason"],
            by=request.user,
            address=address(request),
        )
    except (review.CannotClose, reduction.NotPossible) as error:
        messages.error(request, str(error))
        return redirect("admin:orders_order_change", order.pk)
    if not done:
        return _back(request, order)
    messages.success(request, "Said. The order goes on as soon as no other review is open.")
    return redirect("admin:orders_order_change", order.pk)


def _back(request: HttpRequest, order: Order) -> HttpResponse:
    messages.info(request, NO_MORE)
    return redirect("admin:orders_order_change", order.pk)


def _rendered(
    request: HttpRequest, name: str, order: Order, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shared = admin.site.each_context(request)
    title = f"What leaves for {order}"
    context = {**shared, "title": title, "order": order, **context}
    return render(request, f"admin/order/{name}.html", context, status=status)
