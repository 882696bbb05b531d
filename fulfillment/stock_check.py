"""The stock check of a confirmed order: its units are taken, then the money is asked for."""

from typing import Any

import structlog
from django.db import transaction

from fulfillment import shipping
from fulfillment.models import Preparation
from payments import checkout, policy, stripe_requests
from payments.models import Payment
from shop import work
from shop.catalog import stock
from shop.orders.models import Order
from shop.work import Outcome

log = structlog.get_logger(__name__)


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

    Where the stock is gone the order is called off, and nothing is ever captured for it. Raises
    TryLater while the order has no total.
    """
    order = shipping.lock(preparation.order_id)
    if order.status != Order.Status.CONFIRMED or order.cancel_requested_at:
        work.finish(preparation, Outcome.NOTHING_TO_PREPARE)
        return
    if order.total is None:
        raise work.TryLater("What the order costs is not known before its session is complete.")
    try:
        stock.commit(cause_kind="order", cause_id=order.reservation)
    except stock.OutOfStock as gone:
        checkout.cancel(order, reason=Order.CancelReason.OUT_OF_STOCK, note=str(gone))
        work.finish(preparation, Outcome.OUT_OF_STOCK, str(gone))
        return
    work.finish(preparation, Outcome.STOCK_TAKEN)
    _go_on(order)


@transaction.atomic
def continue_after_hold(order: Order, *, actor: Any = None, address: str = "") -> None:
    """Go on where an open hold had stopped the order; call it when `actor` has closed one."""
    order = shipping.lock(order.pk)
    if shipping.is_prepared(order) and not order.cancel_requested_at:
        _go_on(order, actor=actor, address=address)


def _go_on(order: Order, **who: Any) -> None:
    """Open the shipment when nothing is left to pay, else ask for the money by policy.

    Both look for an open hold themselves, and do nothing while there is one.
    """
    if shipping.open_when_due(order):
        return
    payment = order.payments.filter(
        purpose__in=Payment.OWN, status=Payment.Status.AUTHORIZED
    ).first()
    if payment and not payment.open_request() and policy.captures_after_stock_check(order):
        _ask_capture(payment, order, **who)


def _ask_capture(payment: Payment, order: Order, **who: Any) -> None:
    try:
        with transaction.atomic():
            amount = stripe_requests.still_due(order, payment)
            stripe_requests.ask_capture(payment, amount, **who)
    except stripe_requests.NotPossible as reason:
        # The units stay taken; the payment waits in the capture queue, where staff see it.
        log.warning("capture not possible", order=order.number, reason=str(reason))
