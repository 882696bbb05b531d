"""Facts from below become rows here: a stock check, a shipment, a mail."""

from typing import Any

from django.dispatch import receiver

from fulfillment import shipping, stock_check
from fulfillment.documents import making
from fulfillment.emails import letters, refunds
from fulfillment.models import Email
from fulfillment.subscriptions import mails as subscriptions
from payments import policy
from payments.models import Payment, Subscription, SubscriptionInvoice
from payments.signals import payment_changed, subscription_changed
from shop.orders.models import Order
from shop.orders.models.signals import order_moved

Status = Order.Status


@receiver(order_moved, dispatch_uid="fulfillment.order_moved")
def react_to_order(order: Order, after: str, **_: Any) -> None:
    """Runs inside the transaction that moves the order."""
    if after == Status.CONFIRMED:
        stock_check.begin(order)
        if policy.waits_for_staff(order) or order.is_held:
            letters.queue(Email.Template.RECEIVED, order)
    elif after == Status.PROCESSING:
        letters.queue(_on_its_way(order), order, about=order.reservation)
    elif after == Status.PAYMENT_FAILED:
        letters.queue(Email.Template.PAYMENT_FAILED, order, about=order.reservation)
    elif after == Status.EXPIRED and _was_left(order):
        letters.queue(Email.Template.RECOVERY, order)
    elif after == Status.CANCELLED:
        shipping.cancel_open(order)
        letters.queue(_farewell(order), order)


def _on_its_way(order: Order) -> "Email.Template":
    """Who has a voucher does the next thing; else the bank does."""
    waits = letters.waiting_voucher(order) is not None
    return Email.Template.VOUCHER if waits else Email.Template.PROCESSING


def _was_left(order: Order) -> bool:
    """Whether its time ran out, and the shop did not close its page for another one."""
    newest = order.checkout_sessions.order_by("-created_at").first()
    return newest is not None and not newest.is_given_up


def _farewell(order: Order) -> "Email.Template":
    match order.cancel_reason:
        case Order.CancelReason.OUT_OF_STOCK:
            return Email.Template.OUT_OF_STOCK
        case Order.CancelReason.TRIAL:
            return Email.Template.TRIAL
    return Email.Template.CANCELLED


@receiver(payment_changed, dispatch_uid="fulfillment.later_charge")
def tell_of_later_charge(payment: Payment, fact: str, **_: Any) -> None:
    """What is owed besides was paid, or could not be charged: then its customer is asked to pay."""
    order, charge = payment.order, payment.later_charge
    if order is None or charge is None:
        return
    if fact == "captured" and payment.purpose == Payment.Purpose.LATER:
        letters.queue(Email.Template.LATER_CHARGED, order, about=charge.pk)
    elif fact == "failed" and payment.session is None:
        letters.queue(Email.Template.LATER_ASKED, order, about=charge.pk)


@receiver(payment_changed, dispatch_uid="fulfillment.payment_changed")
def react_to_payment(payment: Payment, fact: str, **_: Any) -> None:
    """Runs inside settle's transaction."""
    if payment.order is None:
        return
    if fact == "captured":
        shipping.open_when_due(payment.order)
    elif fact == "money_came":
        making.make_or_tell(payment)
    elif fact == "voucher_ends":
        letters.queue(Email.Template.VOUCHER_ENDS, payment.order, about=payment.pk)
    elif fact == "review_approved":
        stock_check.continue_after_hold(payment.order)
    elif fact == "refunded":
        making.make_or_tell(payment)
        for refund in refunds.succeeded(payment.order):
            about = refunds.occasion(refund)
            letters.queue(Email.Template.REFUNDED, payment.order, about=about)
    elif fact == "refund_failed":
        for refund in refunds.failed(payment.order):
            about = refunds.occasion(refund)
            letters.queue(Email.Template.REFUND_FAILED, payment.order, about=about)


@receiver(subscription_changed, dispatch_uid="fulfillment.subscription_changed")
def react_to_subscription(
    subscription: Subscription, fact: str, invoice: SubscriptionInvoice | None, **_: Any
) -> None:
    """Runs inside settle's transaction."""
    subscriptions.queue(fact, subscription, invoice)
