"""The one writer of payment state: ask Stripe what is true now, and apply it in one commit.

Events, the success page, the sweep and finished requests all call `settle`. Facts only grow, so
that calling it twice, at once, or in any order ends in the same state.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from payments import stripe_requests
from payments.models import (
    CheckoutSession,
    Customer,
    Payment,
    Refund,
    StripeRequest,
    WebhookEvent,
)
from payments.policy import limit_exceeded, waits_for_staff
from payments.settlement import merge
from payments.stripe import gateway
from payments.stripe.facts import PaymentFacts, SessionFacts
from shop import work
from shop.catalog.stock import OutOfStock
from shop.orders.models import Order, OrderHold
from shop.stripe_client import known_account
from shop.transitions import can_move
from shop.work import Outcome

log = structlog.get_logger(__name__)

Status = Order.Status
SENDS_BACK = [StripeRequest.Kind.RELEASE, StripeRequest.Kind.REFUND]
GONE = [Payment.Status.RELEASED, Payment.Status.EXPIRED]


def settle(
    subject: CheckoutSession | Payment,
    *,
    noticing: WebhookEvent | None = None,
    finishing: StripeRequest | None = None,
    outcome: Outcome = Outcome.SETTLED,
    detail: str = "",
) -> None:
    """Bring the shop's rows of `subject` in line with Stripe, and all that follows from it.

    Also finishes the request that called it and the events that were there before it began to
    read. Raises gateway.OutcomeUnknown when Stripe does not answer; then nothing has changed.
    """
    session = subject if isinstance(subject, CheckoutSession) else subject.session
    # Before the read: an event that comes in later may tell of something newer.
    events = [*_events_about(subject, session), *([noticing] if noticing else [])]
    if session is not None and session.stripe_session_id is not None:
        try:
            told = gateway.read_session(session.stripe_session_id)
        except gateway.Refused as error:
            if error.code != "resource_missing" or not _never_paid(session):
                raise
            _apply_missing(session, events, finishing)
            return
        _apply(session, told, told.payment, events, finishing, outcome, detail)
        if isinstance(subject, Payment) and (
            told.payment is None or told.payment.id != subject.stripe_payment_intent_id
        ):
            # An earlier attempt of the same session: read on its own.
            alone = gateway.read_payment(subject.stripe_payment_intent_id)
            _apply(session, None, alone, events, None)
    elif isinstance(subject, Payment):
        alone = gateway.read_payment(subject.stripe_payment_intent_id)
        _apply(session, None, alone, events, finishing, outcome, detail)


def opened(session: CheckoutSession, told: SessionFacts, *, finishing: StripeRequest) -> None:
    """The session was made: what its creation answered is as good as a read."""
    _apply(session, told, told.payment, [], finishing, Outcome.OPENED)


@transaction.atomic(durable=True)
def never_opened(request: StripeRequest, why: str, *, customer_is_gone: bool) -> None:
    """Stripe definitely refused to make the session: order and units come back at once.

    A customer whom Stripe does not know any more is forgotten here too: the next try is without.
    """
    order = Order.objects.select_for_update().get(stripe_requests=request)
    work.finish(request, Outcome.REFUSED, why)
    merge.close_session(CheckoutSession.objects.get(requests=request))
    if customer_is_gone:
        Customer.objects.filter(checkoutsession__requests=request).delete()
    if can_move(order, Status.CANCELLED):
        order.cancel_reason = Order.CancelReason.REFUSED
        order.save(update_fields=["cancel_reason"])
        order.cancel(f"refused: {why}")
    log.warning("checkout refused", order=str(order), why=why)


def _never_paid(session: CheckoutSession) -> bool:
    """Only of the present account's sessions is Stripe's "no such session" a word about them."""
    is_open = session.status == CheckoutSession.Status.OPEN and not session.payments.exists()
    return is_open and session.account == known_account()


@transaction.atomic(durable=True)
def _apply_missing(
    session: CheckoutSession, events: Sequence[WebhookEvent], finishing: StripeRequest | None
) -> None:
    """Stripe knows no such session, because its test data was deleted: nobody can pay it."""
    order = _locked_order(session, None)
    if finishing is not None:
        work.finish(finishing, Outcome.GONE)
    merge.close_session(session)
    if order is not None:
        _session_is_over(order)
    _finish_events(events, {session.stripe_session_id}, Outcome.GONE)


@transaction.atomic(durable=True)
def _apply(
    session: CheckoutSession | None,
    told: SessionFacts | None,
    paid: PaymentFacts | None,
    events: Sequence[WebhookEvent],
    finishing: StripeRequest | None,
    outcome: Outcome = Outcome.SETTLED,
    detail: str = "",
) -> None:
    order = _locked_order(session, paid)
    # First, so that what follows finds no request under way that is over.
    if finishing is not None:
        work.finish(finishing, outcome, detail)
    if session is not None:
        session = CheckoutSession.objects.select_for_update().get(pk=session.pk)
        if told is not None and told.status == "open" != session.status:
            # Read before somebody else's newer read was applied: what it says of money is past.
            if outcome == Outcome.OPENED:
                return
            raise gateway.OutcomeUnknown("A newer answer was applied in the meantime.")
        if told is not None:
            merge.merge_session(session, told)
            complete = told.status == CheckoutSession.Status.COMPLETE
            if order is not None and complete and not _was_tried_again(order, session):
                merge.write_order(order, told)
    payment = merge.merge_payment(order, session, paid) if paid is not None else None
    if order is not None:
        _follow(order, session, told, payment)
    _finish_events(events, {one.id for one in (told, paid) if one is not None})


def _locked_order(session: CheckoutSession | None, paid: PaymentFacts | None) -> Order | None:
    order_id = session.order_id if session else None
    if order_id is None and paid is not None:
        order_id = (
            Payment.objects.filter(stripe_payment_intent_id=paid.id)
            .values_list("order_id", flat=True)
            .first()
        )
    return Order.objects.select_for_update().get(pk=order_id) if order_id else None


# -- what follows from the facts -------------------------------------------------------------------


def _follow(
    order: Order,
    session: CheckoutSession | None,
    told: SessionFacts | None,
    payment: Payment | None,
) -> None:
    """Move the order where the facts lead; what the table does not allow stays as it is."""
    if payment is not None and payment.purpose == Payment.Purpose.EXTRA:
        _follow_extra(order, payment)
    elif payment is not None and payment.status in {
        Payment.Status.AUTHORIZED,
        Payment.Status.CAPTURED,
    }:
        _money_is_there(order, payment)
    elif session is not None and _was_tried_again(order, session):
        # How that try ended was followed before the next one began, and ends only itself.
        return
    elif session is None or session.status == CheckoutSession.Status.COMPLETE:
        _follow_completed(order, told, payment)
    elif payment is not None and payment.authorized_amount and payment.status in GONE:
        _money_is_gone(order, payment)
    if session is not None and session.status == CheckoutSession.Status.EXPIRED:
        _session_is_over(order)
    elif session is not None and order.cancel_requested_at is not None:
        stripe_requests.ask_expiry(session)


def _follow_completed(order: Order, told: SessionFacts | None, payment: Payment | None) -> None:
    """The customer has finished, and no money is there (yet)."""
    if payment is None:
        # True of an open page, too; so nobody has agreed to anything before it is complete.
        if told is not None and told.payment_status == "no_payment_required":
            _money_is_there(order, None)
    elif payment.status in {Payment.Status.PROCESSING, Payment.Status.REQUIRES_ACTION}:
        # Vouchers and bank transfers wait for the customer's own action.
        _money_under_way(order)
    elif payment.status == Payment.Status.FAILED:
        _money_did_not_come(order)
    elif payment.status in GONE:
        _money_is_gone(order, payment)


def _was_tried_again(order: Order, session: CheckoutSession) -> bool:
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
        order.cancel_reason = Order.CancelReason.OUT_OF_STOCK
        order.save(update_fields=["cancel_reason"])
        order.cancel("money came late and the units were sold")
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
        if not order.cancel_reason:
            order.cancel_reason = Order.CancelReason(
                "refunded" if payment.captured_amount else payment.status
            )
            order.save(update_fields=["cancel_reason"])
        order.cancel(f"the payment is {payment.get_status_display().lower()}")


def _session_is_over(order: Order) -> None:
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
    if _came_to_nothing(payment):
        order.hold(OrderHold.Reason.LATE_FACT, f"{payment} could not be sent back.")
        return
    stripe_requests.send_back(payment, reason=reason)


def _came_to_nothing(payment: Payment) -> bool:
    """Whether Stripe or the customer's bank took no money back: again would end alike."""
    refused = payment.requests.filter(kind__in=SENDS_BACK).refused()
    returned = payment.refunds.filter(is_release=False, status__in=Refund.NOTHING_MOVES)
    return refused.exists() or returned.exists()


def _held(payment: Payment | None) -> bool:
    return payment is not None and payment.status == Payment.Status.AUTHORIZED


def _all_went_back(payment: Payment) -> bool:
    """Whether nothing of the captured money is left: refunded, or taken by the bank for good."""
    lost: int = payment.disputes.filter(status="lost").aggregate(sum=Coalesce(Sum("amount"), 0))[
        "sum"
    ]
    return payment.refunded.amount + lost >= payment.captured_amount


# -- the inbox -------------------------------------------------------------------------------------


def _events_about(
    subject: CheckoutSession | Payment, session: CheckoutSession | None
) -> list[WebhookEvent]:
    """Open events that may be about the subject; which of them really are, the read tells."""
    about = Q()
    if session is not None:
        about |= Q(object_id=session.stripe_session_id or "-")
        if session.order_id is not None:
            about |= Q(metadata_order=str(session.order_id))
            intents = list(session.payments.values_list("stripe_payment_intent_id", flat=True))
            about |= Q(payment_intent_id__in=intents)
    if isinstance(subject, Payment):
        about |= Q(payment_intent_id=subject.stripe_payment_intent_id)
    return list(
        WebhookEvent.objects.open().filter(about).only("pk", "object_id", "payment_intent_id")
    )


def _finish_events(
    events: Sequence[WebhookEvent], read: set[str | None], outcome: Outcome = Outcome.SETTLED
) -> None:
    """Done, whatever their lease, are the events about exactly what was read."""
    about = [event.pk for event in events if {event.object_id, event.payment_intent_id} & read]
    WebhookEvent.objects.open().filter(pk__in=about).update(
        status=work.Work.Status.DONE,
        outcome=outcome,
        detail="",
        finished_at=timezone.now(),
        lease_token=None,
        lease_until=None,
        last_error="",
    )


# The success page reads at most this often, however often it is reloaded.
READ_AT_MOST_EVERY = timedelta(seconds=3)


def settle_for_page(session: CheckoutSession) -> None:
    """Settle for a visitor who is looking; Stripe being away is no error for the page."""
    now = timezone.now()
    mine = CheckoutSession.objects.filter(
        Q(read_at=None) | Q(read_at__lt=now - READ_AT_MOST_EVERY), pk=session.pk
    ).update(read_at=now)
    if mine:
        try:
            settle(session)
        except (gateway.OutcomeUnknown, gateway.Refused) as error:
            log.info("settled later", session=str(session), why=str(error))
