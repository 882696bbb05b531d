"""What follows for the order from the facts that settle has just written.

Called by payments.settlement.settle alone, inside its transaction, with the order locked.
"""

from django.db.models import Sum
from django.db.models.functions import Coalesce

from payments import recovered, stripe_requests
from payments.models import (
    CheckoutSession,
    Payment,
    Refund,
    StripeRequest,
)
from payments.policy import limit_exceeded, waits_for_staff
from payments.settlement.later.follow import follow_later
from payments.settlement.totals import order_totals
from payments.stripe.facts import SessionFacts
from shop.catalog.stock import OutOfStock
from shop.orders.models import Order, OrderHold, Person
from shop.transitions import can_move
from shop.work import Outcome

Status = Order.Status


SENDS_BACK = [StripeRequest.Kind.RELEASE, StripeRequest.Kind.REFUND]
CARRIED_OUT = [Outcome.CARRIED_OUT, Outcome.SEEN]
# Of a payment that is there or under way.
COMES = [
    Payment.Status.REQUIRES_ACTION,
    Payment.Status.PROCESSING,
    Payment.Status.AUTHORIZED,
    Payment.Status.CAPTURED,
]
GONE = [Payment.Status.RELEASED, Payment.Status.EXPIRED]


def follow(
    order: Order,
    session: CheckoutSession | None,
    facts: SessionFacts | None,
    payment: Payment | None,
) -> None:
    """Move the order where the facts lead; what the table does not allow stays as it is."""
    if _is_beside(session, payment):
        follow_later(payment)
        return
    copy = session if session is not None and session.recovered_from_id is not None else None
    if copy and _waits_for(order, facts, payment) and not _take_up(order, copy, payment):
        return
    if payment is not None and payment.purpose == Payment.Purpose.EXTRA:
        _follow_extra(order, payment)
    elif payment is not None and payment.status in {
        Payment.Status.AUTHORIZED,
        Payment.Status.CAPTURED,
    }:
        _money_is_there(order, payment)
    elif session is not None and was_tried_again(order, session):
        # How that try ended was followed before the next one began, and ends only itself.
        return
    elif session is None or session.status == CheckoutSession.Status.COMPLETE:
        _follow_completed(order, facts, payment)
    elif payment is not None and payment.authorized_amount and payment.status in GONE:
        _money_is_gone(order, payment)
    if session is not None and session.status == CheckoutSession.Status.EXPIRED:
        session_is_over(order)
    elif session is not None and order.cancel_requested_at is not None:
        stripe_requests.ask_expiry(session)


def _is_beside(session: CheckoutSession | None, payment: Payment | None) -> bool:
    """Whether it is about what is owed beside the order, which is as it was."""
    if payment is not None:
        return payment.purpose in {Payment.Purpose.LATER, Payment.Purpose.PRORATED}
    return session is not None and session.later_charge_id is not None


def _waits_for(order: Order, facts: SessionFacts | None, payment: Payment | None) -> bool:
    """Whether a copy of an expired page brings what its order still lacks."""
    if order.status not in order_totals.UNPAID or order.cancel_requested_at is not None:
        return False
    if payment is None:
        return facts is not None and facts.payment_status == "no_payment_required"
    if payment.purpose == Payment.Purpose.EXTRA or payment.status not in COMES:
        return False
    return not (payment.captured_amount and _all_went_back(payment))


def _take_up(order: Order, copy: CheckoutSession, payment: Payment | None) -> bool:
    """Open the order again for what was paid on a copy, if all of it still stands and is there.

    Else it ends, and the money goes back.
    """
    reason, why = Order.CancelReason.OVERTAKEN, recovered.what_has_changed(order, copy)
    if not why and order.status != Status.PENDING:
        try:
            order.reopen("paid on a copy of its page")
        except OutOfStock:
            reason, why = Order.CancelReason.OUT_OF_STOCK, "paid on a copy, and the units were sold"
    for page in order.checkout_sessions.filter(status=CheckoutSession.Status.OPEN):
        stripe_requests.ask_expiry(page)
    if why:
        order.keep_why(reason, note=why)
        order.cancel(why)
        _return_money(order, payment)
    return not why


def _follow_completed(order: Order, facts: SessionFacts | None, payment: Payment | None) -> None:
    """The customer has finished, and no money is there (yet)."""
    if payment is None:
        # True of an open page, too; so nobody has agreed to anything before it is complete.
        if facts is not None and facts.payment_status == "no_payment_required":
            _money_is_there(order, None)
    elif payment.status in {Payment.Status.PROCESSING, Payment.Status.REQUIRES_ACTION}:
        # Vouchers and bank transfers wait for the customer's own action.
        _money_under_way(order)
    elif payment.status == Payment.Status.FAILED:
        _money_did_not_come(order)
    elif payment.status in GONE:
        _money_is_gone(order, payment)


def was_tried_again(order: Order, session: CheckoutSession) -> bool:
    """Whether the order has a newer session, so that this one says nothing of its totals."""
    return order.checkout_sessions.filter(created_at__gt=session.created_at).exists()


def _money_is_there(order: Order, payment: Payment | None) -> None:
    if payment is not None and payment.captured_amount and _all_went_back(payment):
        _money_is_gone(order, payment)
    elif order.cancel_requested_at is not None or order.status == Status.CANCELLED:
        _return_money(order, payment)
    elif order.status in {Status.EXPIRED, Status.PAYMENT_FAILED}:
        _take_late_money(order, payment)
    elif can_move(order, Status.CONFIRMED):
        _review_if_captured_early(order, payment)
        order.confirm("Stripe holds the money" if _held(payment) else "Stripe took the money")


def _take_late_money(order: Order, payment: Payment | None) -> None:
    """Money for an order that was given up: take the units again, or send the money back."""
    try:
        order.reopen("money came after all")
    except OutOfStock:
        why = "money came late and the units were sold"
        order.keep_why(Order.CancelReason.OUT_OF_STOCK, note=why)
        order.cancel(why)
        _return_money(order, payment)
    else:
        _money_is_there(order, payment)


def _review_if_captured_early(order: Order, payment: Payment | None) -> None:
    """Money that staff should have decided about came captured: nothing ships unseen."""
    if payment is not None and payment.status == Payment.Status.CAPTURED and waits_for_staff(order):
        why = "above the review limit" if limit_exceeded(order) else "staff decide on every order"
        order.hold(OrderHold.Reason.REVIEW_LIMIT, f"Arrived captured; {why}.")


def _money_under_way(order: Order) -> None:
    if can_move(order, Status.PROCESSING):
        order.process("the customer finished; the money is under way")


def _money_did_not_come(order: Order) -> None:
    """The customer may pay again, unless the order was called off in the meantime."""
    if order.cancel_requested_at is not None and can_move(order, Status.CANCELLED):
        order.cancel(order.cancelled_because or "cancelled before the payment failed")
    elif can_move(order, Status.PAYMENT_FAILED):
        order.fail_payment("the payment failed")


def _money_is_gone(order: Order, payment: Payment) -> None:
    """Released, lapsed or refunded in full: an order that has not shipped ends."""
    if can_move(order, Status.CANCELLED):
        asked = payment.requests.filter(kind__in=SENDS_BACK, outcome__in=CARRIED_OUT)
        request = asked.order_by("created_at").last()
        actor = Person.known_as(request.actor_id, request.actor_name) if request else None
        order.keep_why(
            _why_gone(payment),
            note=request.reason if request else "",
            actor=actor,
        )
        is_lost = order.cancel_reason == Order.CancelReason.LOST
        state = payment.get_status_display().lower()
        order.cancel("the bank has taken the money back" if is_lost else f"the payment is {state}")


def _why_gone(payment: Payment) -> Order.CancelReason:
    """How an order ended that nobody had called off."""
    if payment.disputes.filter(status="lost").exists():
        return Order.CancelReason.LOST
    return Order.CancelReason("refunded" if payment.captured_amount else payment.status)


def session_is_over(order: Order) -> None:
    """The session can no longer be paid, and no other one of the order can."""
    if order.status != Status.PENDING:
        return
    others_open = order.checkout_sessions.filter(status=CheckoutSession.Status.OPEN).exists()
    if others_open or order.payments.filter(status__in=Payment.LIVE).exists():
        return
    if order.cancel_requested_at is not None:
        order.cancel(order.cancelled_because or "cancelled before payment")
    else:
        order.expire("the session expired unpaid")


def _follow_extra(order: Order, payment: Payment) -> None:
    """A second live payment for one order: kept in view, and its money goes back."""
    is_there = payment.status in {Payment.Status.AUTHORIZED, Payment.Status.CAPTURED}
    if is_there and not (payment.captured_amount and _all_went_back(payment)):
        order.hold(OrderHold.Reason.SECOND_PAYMENT, f"{payment} paid for the order again.")
        _return_money(order, payment)


def _return_money(order: Order, payment: Payment | None) -> None:
    """Release what is held, refund what was taken; a request under way is let finish first."""
    if payment is None:
        if can_move(order, Status.CANCELLED):
            order.cancel(order.cancelled_because or "cancelled")
        return
    reason = order.cancelled_because or "not needed"
    if came_to_nothing := _came_to_nothing(payment):
        order.hold(came_to_nothing, f"{payment} could not be sent back.")
        return
    stripe_requests.send_back(payment, reason=reason, actor=order.cancelled_by)


def _came_to_nothing(payment: Payment) -> OrderHold.Reason | None:
    """Whether Stripe or the customer's bank took no money back: again would end alike."""
    if payment.refunds.filter(is_release=False, status__in=Refund.NOTHING_MOVES).exists():
        return OrderHold.Reason.REFUND_FAILED
    if payment.requests.filter(kind__in=SENDS_BACK).refused().exists():
        return OrderHold.Reason.LATE_FACT
    return None


def _held(payment: Payment | None) -> bool:
    return payment is not None and payment.status == Payment.Status.AUTHORIZED


def _all_went_back(payment: Payment) -> bool:
    """Whether nothing of the captured money is left: refunded, or taken by the bank for good."""
    lost: int = payment.disputes.filter(status="lost").aggregate(sum=Coalesce(Sum("amount"), 0))[
        "sum"
    ]
    return payment.refunded.amount + lost >= payment.captured_amount
