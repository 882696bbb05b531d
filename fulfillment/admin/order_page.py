"""An order on the staff site: its page, and what staff may do with it."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from fulfillment import shipping
from fulfillment.admin import review
from fulfillment.admin.later_charges import CHARGE as CHARGE_LATER
from fulfillment.balance import Balance, balance_of
from fulfillment.digital.shown import all_deliveries
from fulfillment.models import Shipment
from fulfillment.order_page.page import address_lines, lines_of, names_of
from fulfillment.timeline import timeline
from payments import checkout
from payments.capture_queue import queue
from payments.models import Payment
from shop.accounts.second_factor import fresh
from shop.http.client_address import address
from shop.money import Money
from shop.orders.models import Order

CHANGE = "orders.change_order"
SHIP = "fulfillment.ship_order"
# What is over already (expired, failed) holds neither money nor stock.
CANCELLABLE = [Order.Status.PENDING, Order.Status.PROCESSING, Order.Status.CONFIRMED]


class TrackingForm(forms.Form):
    """How the parcel travels."""

    carrier = forms.CharField(max_length=60)
    tracking_number = forms.CharField(max_length=100, required=False)
    tracking_url = forms.URLField(
        max_length=500, required=False, label="Tracking address", assume_scheme="https"
    )


class WhyForm(forms.Form):
    reason = forms.CharField(max_length=200)


class CancelForm(forms.Form):
    # As long as an order keeps it.
    reason = forms.CharField(max_length=200)


def page(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Everything about one order, read as text, with the next thing to do on top."""
    return _page(
        request,
        get_object_or_404(
            Order.objects.select_related("user", "subscription_invoice__subscription"), pk=order_id
        ),
    )


def _page(
    request: HttpRequest, order: Order, *, tracking: TrackingForm | None = None, status: int = 200
) -> HttpResponse:
    money = balance_of(order)
    shipment = order.shipments.filter(status__in=Shipment.IN_HOUSE).first()
    payments = queue.with_signs(Payment.objects.filter(order=order).order_by("created_at"))
    holds = list(order.holds.filter(closed_at=None))
    context = {
        **admin.site.each_context(request),
        "title": f"Order {order}",
        "order": order,
        "balance": money,
        "lines": order.lines.select_related("variant__stock", "variant__image"),
        "payments": queue.queue_rows(payments),
        "shipments": order.shipments.prefetch_related("lines__order_line"),
        "digital": all_deliveries().filter(order=order).order_by("order_line__position"),
        "may_see_digital": request.user.has_perm("fulfillment.view_digitaldelivery"),
        "shipment": shipment,
        "obstacle": shipping.obstacle(order) if shipment else "",
        "shipped": order.shipments.filter(status=Shipment.Status.SHIPPED).first(),
        "holds": [(hold, review.why_not(hold, request.user)) for hold in holds],
        "paid_less": review.paid_less(order),
        "stripe_invoices": [
            session.stripe_invoice
            for session in order.checkout_sessions.filter(stripe_invoice__has_key="number")
        ],
        "documents": order.documents.defer("content"),
        "period": getattr(order, "subscription_invoice", None),
        "timeline": timeline(order),
        "next": _next_thing(order, money, bool(holds), shipment),
        "may_change": request.user.has_perm(CHANGE),
        "may_ship": request.user.has_perm(SHIP),
        "may_review": review.may_begin(order),
        "may_cancel": may_cancel(request, order),
        "later_charges": list(order.later_charges.all()),
        "may_charge_later": request.user.has_perm(CHARGE_LATER),
        "waits_for_bank": disputed(order),
        "is_cancelling": order.cancel_requested_at and order.status != Order.Status.CANCELLED,
        "tracking": tracking or TrackingForm(),
        "address": [*names_of(order), *address_lines(order)],
        "billing": _billing(order),
    }
    return render(request, "admin/order/page.html", context, status=status)


def _billing(order: Order) -> list[str]:
    """The billing address, where there is a street in it and parcels go elsewhere."""
    street, elsewhere = order.billing_address.get("line1"), order.shipping_address.get("line1")
    return lines_of(order.billing_address) if street and street != elsewhere else []


def _next_thing(order: Order, money: Balance, is_held: bool, shipment: Shipment | None) -> str:
    """The one word for what staff do next: review, capture, ship, deliver; or nothing."""
    if order.cancel_requested_at and order.status != Order.Status.CANCELLED:
        return ""
    if is_held:
        return "review"
    if order.status == Order.Status.CONFIRMED and money.held and not money.is_covered:
        return "capture"
    if shipment is not None:
        return "ship"
    return "deliver" if order.status == Order.Status.SHIPPED else ""


def may_cancel(request: HttpRequest, order: Order) -> bool:
    """Cancelling moves money, so it wants the permission for that movement, too."""
    if order.status not in CANCELLABLE or order.cancel_requested_at:
        return False
    return bool(request.user.has_perms([CHANGE, *checkout.rights_to_cancel([order])]))


def disputed(order: Order) -> str:
    """Why its money cannot be sent back now, as a sentence; empty when it can."""
    payments = order.payments.filter(purpose__in=Payment.OWN)
    return next(filter(None, (payment.with_bank for payment in payments)), "")


@require_POST
def hold(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Put the order in review: nothing is captured or shipped until that is closed."""
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say why the order is held.")
        return _back(order_id)
    try:
        review.begin(order_id, form.cleaned_data["reason"], by=str(request.user))
    except review.CannotBegin as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "In review: nothing is captured or shipped.")
    return _back(order_id)


@require_POST
def close_hold(request: HttpRequest, order_id: uuid.UUID, hold_id: int) -> HttpResponse:
    """Close the review; the order goes on where it stopped."""
    try:
        closed = review.close(order_id, hold_id, by=request.user, address=address(request))
    except review.CannotClose as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Review closed." if closed else "That review was closed before.")
    return _back(order_id)


@require_POST
def cancel(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Call the order off; the money goes back, and then the order ends."""
    order = get_object_or_404(Order, pk=order_id)
    form = CancelForm(request.POST)
    if not may_cancel(request, order):
        messages.error(request, f"{order} cannot be cancelled, or not by you.")
    elif waits := disputed(order):
        messages.error(request, f"{order} cannot be cancelled now: {waits}")
    elif not form.is_valid():
        messages.error(request, "Say why the order is cancelled, in at most 200 letters.")
    elif fresh.is_asked(request, _moved_by_cancelling(order)):
        return fresh.ask(request, reverse("admin:orders_order_change", args=[order_id]))
    else:
        checkout.cancel(
            order,
            reason=Order.CancelReason.STAFF,
            note=form.cleaned_data["reason"],
            actor=request.user,
            address=address(request),
        )
        messages.success(request, "Cancelling: the order ends as soon as its money has gone back.")
    return _back(order_id)


def _moved_by_cancelling(order: Order) -> list[Money]:
    money = balance_of(order)
    return [money.held, money.captured - money.refunded]


@require_POST
def pack(request: HttpRequest, shipment_id: uuid.UUID) -> HttpResponse:
    shipment = get_object_or_404(Shipment, pk=shipment_id)
    return _carry_out(request, shipment, lambda: shipping.pack(shipment), "Packed.")


@require_POST
def ship(request: HttpRequest, shipment_id: uuid.UUID) -> HttpResponse:
    """The parcel has left, with its tracking; the customer gets a mail."""
    shipment = get_object_or_404(Shipment.objects.select_related("order"), pk=shipment_id)
    form = TrackingForm(request.POST)
    if not form.is_valid():
        return _page(request, shipment.order, tracking=form, status=400)
    return _carry_out(
        request,
        shipment,
        lambda: shipping.ship(shipment, actor=request.user, **form.cleaned_data),
        "Shipped; the customer gets a mail.",
    )


@require_POST
def deliver(request: HttpRequest, shipment_id: uuid.UUID) -> HttpResponse:
    shipment = get_object_or_404(Shipment, pk=shipment_id)
    return _carry_out(
        request, shipment, lambda: shipping.deliver(shipment, actor=request.user), "Delivered."
    )


def _carry_out(request: HttpRequest, shipment: Shipment, act: Any, done: str) -> HttpResponse:
    try:
        act()
    except shipping.CannotShip as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return _back(shipment.order_id)


def _back(order_id: uuid.UUID) -> HttpResponse:
    if not Order.objects.filter(pk=order_id).exists():
        raise Http404
    return redirect("admin:orders_order_change", order_id)
