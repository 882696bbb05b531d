"""The stock check of a confirmed order, and a stocktake's consequences for open orders.

Locks go orders by id, then payments, then stock.
"""

import uuid
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction

from fulfillment import shipping
from fulfillment.models import Preparation
from payments import checkout, policy, stripe_requests
from payments.capture_queue import one_time_buttons
from payments.models import Payment
from shop import work
from shop.catalog import stock
from shop.catalog.models import Stock, StockMovement, Variant
from shop.orders.models import Order
from shop.work import Outcome

log = structlog.get_logger(__name__)


class OrdersHitHaveChanged(Exception):
    """Other orders than those that were foretold would be called off now."""


@dataclass(frozen=True)
class Hit:
    """An order that a stocktake would call off, and how many units of the variant it holds."""

    order: Order
    units: int


def begin(order: Order) -> None:
    """Write the stock check of this confirmation; called in the transaction that confirms."""
    confirmation = order.transitions.filter(after=Order.Status.CONFIRMED).latest("seq")
    preparation, made = Preparation.objects.get_or_create(
        transition=confirmation, defaults={"order": order}
    )
    if made:
        preparation.ring()


@transaction.atomic
def prepare(preparation: Preparation) -> None:
    """Take the order's units out of the stock, then ask for the money or open the shipment.

    Where the stock is gone the order is called off, and nothing is ever captured for it.
    """
    order = shipping.lock(preparation.order_id)
    if order.status != Order.Status.CONFIRMED or order.cancel_requested_at:
        work.finish(preparation, Outcome.NOTHING_TO_PREPARE)
        return
    try:
        stock.commit(cause_kind="order", cause_id=order.reservation)
    except stock.OutOfStock as gone:
        checkout.cancel(order, reason=Order.CancelReason.OUT_OF_STOCK)
        work.finish(preparation, Outcome.OUT_OF_STOCK, str(gone))
        return
    work.finish(preparation, Outcome.STOCK_TAKEN)
    _go_on(order)


@transaction.atomic
def continue_after_hold(order: Order) -> None:
    """Go on where an open hold had stopped the order; call it when a hold is closed."""
    order = shipping.lock(order.pk)
    if shipping.is_prepared(order) and not order.cancel_requested_at:
        _go_on(order)


def _go_on(order: Order) -> None:
    """Open the shipment when nothing is left to pay, else ask for the money by policy.

    Both look for an open hold themselves, and do nothing while there is one.
    """
    if shipping.open_when_due(order):
        return
    payment = order.payments.filter(
        purpose=Payment.Purpose.CHECKOUT, status=Payment.Status.AUTHORIZED
    ).first()
    if payment and not payment.open_request() and policy.captures_after_stock_check(order):
        _ask_capture(payment, order)


def _ask_capture(payment: Payment, order: Order) -> None:
    try:
        with transaction.atomic():
            stripe_requests.ask_capture(payment, order.due)
    except stripe_requests.NotPossible as reason:
        # The units stay taken; the payment waits in the capture queue, where staff see it.
        log.warning("capture not possible", order=order.number, reason=str(reason))


def orders_hit(variant: Variant, delta: int) -> list[Hit]:
    """Which orders an adjustment by `delta` would call off, the youngest first.

    As many as it takes until what is reserved can be had again. Orders that are ending anyway
    count as given back.
    """
    counted = Stock.objects.get(variant=variant)
    holding = _holding(counted)
    missing = sum(holding.values()) - max(counted.on_hand + delta + counted.backorder, 0)
    hits = []
    waiting = Order.objects.filter(reservation__in=holding, cancel_requested_at=None)
    ending = Order.objects.filter(reservation__in=holding).exclude(cancel_requested_at=None)
    missing -= sum(holding[order.reservation] for order in ending)
    for order in waiting.order_by("-created_at", "-id"):
        if missing <= 0:
            break
        hits.append(Hit(order, holding[order.reservation]))
        missing -= holding[order.reservation]
    return hits


def _holding(counted: Stock) -> dict[uuid.UUID, int]:
    """The units that orders hold but have not taken yet, by their reservation."""
    kind = StockMovement.Kind
    moves = StockMovement.objects.filter(stock=counted, cause_kind="order")
    settled = moves.filter(kind__in=[kind.COMMIT, kind.RETURN]).values("cause_id")
    reserved = moves.filter(kind=kind.RESERVE).exclude(cause_id__in=settled)
    return dict(reserved.values_list("cause_id", "quantity"))


@transaction.atomic
def adjust(
    variant: Variant,
    delta: int,
    *,
    reason: str,
    cause_id: uuid.UUID,
    foretold: list[str],
    actor: Any,
) -> list[Order]:
    """Change what is on hand by `delta` and call off the orders that it leaves without stock.

    `foretold` are the numbers of the orders that staff were shown. Raises OrdersHitHaveChanged when
    they are others by now, and ValueError when less than nothing would be on hand.
    """
    for order_id in sorted(hit.order.pk for hit in orders_hit(variant, delta)):
        shipping.lock(order_id)
    # The row is locked before the second look, so that no buyer comes between.
    Stock.objects.select_for_update().get(variant=variant)
    orders = [hit.order for hit in orders_hit(variant, delta)]
    if sorted(order.number for order in orders) != sorted(foretold):
        raise OrdersHitHaveChanged(", ".join(order.number for order in orders) or "none")
    stock.adjust(
        variant.pk, delta, reason=reason, cause_kind="stocktake", cause_id=cause_id, actor=actor
    )
    for order in orders:
        checkout.cancel(order, reason=Order.CancelReason.OUT_OF_STOCK, actor=actor)
    return orders


@transaction.atomic
def adjust_once(
    variant: Variant, delta: int, *, reason: str, foretold: list[str], nonce: str, actor: Any
) -> list[Order]:
    """`adjust` for a button, whose press counts once. Raises tickets.AlreadyPressed, too."""
    one_time_buttons.use(nonce, actor)
    return adjust(
        variant,
        delta,
        reason=reason,
        cause_id=uuid.UUID(nonce),
        foretold=foretold,
        actor=actor,
    )
