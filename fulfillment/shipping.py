"""Parcels: opened once the money is there, packed, shipped with tracking, delivered."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from fulfillment.balance import Balance, balance_of
from fulfillment.digital import handing_out, rights
from fulfillment.emails import letters
from fulfillment.models import (
    DigitalDelivery,
    Email,
    Preparation,
    Shipment,
    ShipmentLine,
)
from payments.models import Dispute, Payment, StripeRequest
from shop.money import Money
from shop.orders.models import Order, OrderLine
from shop.transitions import IllegalTransition, move
from shop.work import Outcome, Work

# At once; the next look goes on.
MOST_LATE = 500


class CannotShip(Exception):
    """The parcel must not leave the house; the message says why, for staff."""


def lock(order_id: uuid.UUID) -> Order:
    """The order and then its payments, locked in the order that everybody keeps."""
    order = Order.objects.select_for_update().get(pk=order_id)
    list(order.payments.select_for_update().order_by("pk"))
    return order


def is_prepared(order: Order) -> bool:
    """Whether the order's units are out of the stock and set aside for it."""
    taken = order.preparations.filter(status=Work.Status.DONE, outcome=Outcome.STOCK_TAKEN)
    return taken.exists()


@transaction.atomic
def open_when_due(order: Order) -> bool:
    """Open the shipment, hand out what is digital and confirm to the customer, once, when nothing
    stands in the way.

    Nothing stands in the way when the stock is taken, what is due is captured and no hold is open.
    An order of digital goods only has nothing to ship: it is complete once all of it is handed out.
    Whether this call did it.
    """
    order = lock(order.pk)
    if order.status != Order.Status.CONFIRMED or not is_prepared(order) or obstacle(order):
        return False
    if order.shipments.exclude(status=Shipment.Status.CANCELLED).exists():
        return False
    left = [line for line in order.lines.select_related("variant") if line.left]
    parcel = [line for line in left if line.variant.requires_shipping]
    if parcel:
        shipment = Shipment.objects.create(order=order)
        ShipmentLine.objects.bulk_create(
            ShipmentLine(shipment=shipment, order_line=line, quantity=line.left) for line in parcel
        )
    is_all_there = handing_out.hand_out(order, left)
    letters.queue(Email.Template.CONFIRMED, order)
    if not parcel and is_all_there:
        order.complete("nothing to ship")
    return True


def hand_out_late(*, variant_id: int | None = None) -> int:
    """Give keys to those who wait for some, the oldest first; how many have all of theirs now."""
    waiting = handing_out.waiting()
    if variant_id is not None:
        waiting = waiting.filter(order_line__variant=variant_id)
    ids = waiting.values_list("pk", flat=True)
    return sum(_hand_out_late(pk) for pk in list(ids[:MOST_LATE]))


@transaction.atomic
def _hand_out_late(delivery_id: uuid.UUID) -> bool:
    order_id = DigitalDelivery.objects.values_list("order", flat=True).get(pk=delivery_id)
    order = lock(order_id)
    delivery = handing_out.waiting().filter(pk=delivery_id).first()
    if delivery is None or rights.why_closed(order, balance_of(order)):
        return False
    if not handing_out.top_up(delivery):
        return False
    letters.queue(Email.Template.KEYS, order, about=delivery.pk)
    is_waiting = handing_out.waiting().filter(order=order).exists()
    if order.status == Order.Status.CONFIRMED and not is_waiting and not order.shipments.exists():
        order.complete("nothing to ship")
    return True


@transaction.atomic
def pack(shipment: Shipment) -> None:
    """The parcel is packed and waits for the carrier. Raises CannotShip."""
    _shippable(shipment)
    _move(shipment, Shipment.Status.PACKED)


@transaction.atomic
def ship(
    shipment: Shipment,
    *,
    carrier: str,
    tracking_number: str = "",
    tracking_url: str = "",
    actor: Any = None,
) -> None:
    """The parcel has left: tells the order and the customer, once. Raises CannotShip."""
    order = _shippable(shipment)
    if not _move(shipment, Shipment.Status.SHIPPED):
        return
    shipment.carrier = carrier
    shipment.tracking_number = tracking_number
    shipment.tracking_url = tracking_url
    shipment.shipped_at = timezone.now()
    shipment.shipped_by = str(actor)[:150] if actor else ""
    shipment.save(
        update_fields=["carrier", "tracking_number", "tracking_url", "shipped_at", "shipped_by"]
    )
    order.ship(f"shipment {shipment.pk}", actor=actor)
    letters.queue(Email.Template.SHIPPED, order, about=shipment.pk)


@transaction.atomic
def deliver(shipment: Shipment, *, actor: Any = None) -> None:
    """The parcel has arrived, and with it the order is complete. Raises CannotShip."""
    order = lock(shipment.order_id)
    if _move(shipment, Shipment.Status.DELIVERED):
        order.complete(f"shipment {shipment.pk} delivered", actor=actor)


def units_in_parcels(variant: str) -> Coalesce:
    """How many units of a variant were taken for orders and wait for their parcel.

    For queries of what has a variant, which is named by its column.
    """
    taken = Preparation.objects.filter(
        order=OuterRef("order"), status=Work.Status.DONE, outcome=Outcome.STOCK_TAKEN
    )
    gone = ShipmentLine.objects.filter(
        order_line=OuterRef("pk"),
        shipment__status__in=[Shipment.Status.SHIPPED, Shipment.Status.DELIVERED],
    )
    sent = gone.order_by().values("order_line").annotate(units=Sum("quantity")).values("units")
    waiting = OrderLine.objects.filter(
        Exists(taken),
        variant=OuterRef(variant),
        variant__requires_shipping=True,
        order__status__in=[Order.Status.CONFIRMED, Order.Status.PARTLY_SHIPPED],
    ).annotate(here=F("quantity") - F("removed") - Coalesce(Subquery(sent), 0))
    units = waiting.order_by().values("variant").annotate(units=Sum("here")).values("units")
    return Coalesce(Subquery(units), 0)


def cancel_open(order: Order) -> None:
    """Call off what has not left the house."""
    for shipment in order.shipments.filter(status__in=Shipment.IN_HOUSE):
        move(shipment, Shipment.Status.CANCELLED)


def _shippable(shipment: Shipment) -> Order:
    """The locked order, if its parcel may leave now."""
    order = lock(shipment.order_id)
    shipment.refresh_from_db()
    if why := obstacle(order):
        raise CannotShip(why)
    return order


def obstacle(order: Order) -> str:
    """Why nothing of this order may be shipped; empty when it may."""
    if order.status == Order.Status.CANCELLED:
        return f"{order} is cancelled."
    if order.cancel_requested_at:
        return f"{order} is being cancelled."
    if hold := order.holds.filter(closed_at=None).first():
        return f"{order} is in review: {hold}. Close the hold first."
    money = balance_of(order)
    if going_back := _going_back(order, money):
        return going_back
    if not money.is_covered:
        return f"Only {money.captured} of {money.due} is captured."
    if money.is_refunded:
        return f"The payment of {order} was refunded."
    lost = Dispute.objects.filter(payment__order=order, status="lost")
    if lost.filter(payment__purpose__in=Payment.OWN).exists():
        return f"A dispute about {order} is lost."
    return ""


def _going_back(order: Order, money: Balance) -> str:
    """Which request may send all of the order's money back; what was given up may have, too."""
    kind = StripeRequest.Kind
    requests = order.stripe_requests.unfinished().filter(payment__purpose__in=Payment.OWN)
    if requests.filter(kind=kind.RELEASE, payment__status=Payment.Status.AUTHORIZED).exists():
        return f"The release of the payment of {order} is under way."
    refunds = requests.filter(kind=kind.REFUND).order_by("created_at")
    back = Money(sum(request.amount or 0 for request in refunds), order.currency)
    if not back or back < money.kept:
        return ""
    if refunds.filter(status=Work.Status.DEAD).exists():
        return f"A refund of {back} has no known outcome yet. Revive its request to Stripe first."
    return f"A refund of {back} is under way, and nothing is left to ship for."


def _move(shipment: Shipment, to: "Shipment.Status") -> bool:
    """Whether this call made the change; False when it was done before."""
    try:
        return move(shipment, to) is not None
    except IllegalTransition as error:
        raise CannotShip(f"The parcel is {shipment.get_status_display().lower()}.") from error
