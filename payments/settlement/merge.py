"""Merging what Stripe tells into our rows. Facts only grow; what was decided once stays.

Called by payments.settlement.settle alone, inside its transaction, with the order locked.
"""

from django.utils import timezone

from payments.models import (
    CheckoutSession,
    MoneyEntry,
    Payment,
    Refund,
    StripeRequest,
)
from payments.settlement import disputes, risk
from payments.settlement.customers.merge import keep
from payments.settlement.ledger import enter
from payments.settlement.totals.part_captured import take_off_the_rest
from payments.signals import payment_changed
from payments.stripe.facts import PaymentFacts, RefundFacts, SessionFacts
from shop import clock, work
from shop.money import Money
from shop.orders.models import Order, OrderHold
from shop.transitions import can_move, move

# A refund that came back later never turns into money sent again (stripe-facts: refunds may fail
# up to 30 days after they succeeded).
REFUND_RANK = {"pending": 0, "requires_action": 0, "succeeded": 1, "failed": 2, "canceled": 2}


def merge_session(session: CheckoutSession, facts: SessionFacts) -> None:
    """Id, address and status of the session; terminal statuses stay."""
    session.stripe_session_id = session.stripe_session_id or facts.id
    session.url = facts.url or session.url
    if facts.customer_id and facts.kept is not None:
        session.customer = keep(session, facts.customer_id, facts.kept)
    if session.stripe_invoice and facts.invoice:
        session.stripe_invoice |= facts.invoice
    session.save(update_fields=["stripe_session_id", "url", "customer", "stripe_invoice"])
    if can_move(session, facts.status):
        move(session, facts.status)


def close_session(session: CheckoutSession) -> None:
    """No session was made, so none can be paid."""
    if can_move(session, CheckoutSession.Status.EXPIRED):
        move(session, CheckoutSession.Status.EXPIRED)


def merge_payment(
    order: Order | None, session: CheckoutSession | None, facts: PaymentFacts
) -> Payment:
    """The payment's row in line with its PaymentIntent; tells what changed."""
    payment = _payment_row(order, session, facts)
    if order is not None:
        payment.order = order
    captured_before = payment.captured_amount
    # An attempt that was read before the one that paid says nothing of the card that has paid.
    if facts.authorized or not payment.authorized_amount:
        _merge_charge(payment, facts)
    payment.authorized_amount = max(payment.authorized_amount, facts.authorized)
    payment.captured_amount = max(payment.captured_amount, facts.captured)
    if payment.authorized_amount and payment.authorized_at is None:
        payment.authorized_at = timezone.now()
    if payment.captured_amount and payment.captured_at is None:
        payment.captured_at = timezone.now()
    payment.save()
    changes = _move_status(payment, session, facts)
    if payment.captured_amount > captured_before:
        take_off_the_rest(order, payment, is_final=facts.intent_status == "succeeded")
    changes += _enter_money(payment, facts, captured_before)
    changes += disputes.merge(order, payment, facts.disputes)
    changes += risk.merge(order, payment, facts)
    if _is_to_be_reminded(payment):
        changes.append("voucher_ends")
    for fact in changes:
        payment_changed.send(sender=Payment, payment=payment, fact=fact)
    return payment


def _is_to_be_reminded(payment: Payment) -> bool:
    remind_at = payment.voucher_remind_at
    return payment.waits_with_voucher and remind_at is not None and remind_at <= clock.now()


def _merge_charge(payment: Payment, facts: PaymentFacts) -> None:
    payment.amount = facts.amount
    payment.stripe_charge_id = facts.charge_id or payment.stripe_charge_id
    payment.method, payment.brand, payment.last4 = (
        facts.method or payment.method,
        facts.brand[:40] or payment.brand,
        facts.last4[:4] or payment.last4,
    )
    payment.stripe_payment_method_id = facts.method_id or payment.stripe_payment_method_id
    payment.multicapture = facts.multicapture
    payment.voucher = facts.voucher or payment.voucher
    payment.presentment = facts.presentment or payment.presentment
    payment.failure, payment.failure_code = facts.failure, facts.failure_code[:60]
    payment.advice_code = facts.advice_code[:30]
    if facts.capture_before is not None:
        payment.capture_before, payment.deadline_source = (
            facts.capture_before,
            facts.deadline_source,
        )


def _payment_row(
    order: Order | None, session: CheckoutSession | None, facts: PaymentFacts
) -> Payment:
    account = session.account if session else ""
    known = Payment.objects.select_for_update().filter(stripe_payment_intent_id=facts.id).first()
    if known is not None:
        return known
    charge = session.later_charge if session else None
    purpose = Payment.Purpose.LATER if charge else Payment.Purpose.CHECKOUT
    purposes = [purpose] if charge else Payment.OWN
    same = {"purpose__in": purposes, "later_charge": charge, "status__in": Payment.LIVE}
    is_second = order is not None and order.payments.filter(**same).exists()
    return Payment.objects.create(
        account=account,
        stripe_payment_intent_id=facts.id,
        purpose=Payment.Purpose.EXTRA if is_second else purpose,
        order=order,
        session=session,
        later_charge=charge,
        currency=facts.currency,
        amount=facts.amount,
    )


def _move_status(
    payment: Payment, session: CheckoutSession | None, facts: PaymentFacts
) -> list[str]:
    """Move the status if the table allows; a newer terminal fact against it opens a hold."""
    status = _status(payment, session, facts)
    if payment.status == status:
        return []
    if can_move(payment, status):
        move(payment, status)
        return [status] if status in ANNOUNCED else []
    if status in {Payment.Status.RELEASED, Payment.Status.CAPTURED} and payment.order is not None:
        payment.order.hold(
            OrderHold.Reason.LATE_FACT,
            f"Stripe says that {payment} is {status}; here it is {payment.status}.",
        )
    return []


ANNOUNCED = {
    Payment.Status.AUTHORIZED,
    Payment.Status.CAPTURED,
    Payment.Status.RELEASED,
    Payment.Status.EXPIRED,
    Payment.Status.FAILED,
}


def _status(payment: Payment, session: CheckoutSession | None, facts: PaymentFacts) -> str:
    """Decided by the PaymentIntent's own status, never by the session's payment_status."""
    closed = session is not None and session.status == CheckoutSession.Status.EXPIRED
    match facts.intent_status:
        case "requires_capture":
            return Payment.Status.AUTHORIZED
        case "succeeded":
            return Payment.Status.CAPTURED
        case "processing":
            return Payment.Status.PROCESSING
        case "requires_action" if not closed:
            return Payment.Status.REQUIRES_ACTION
        case "canceled" if payment.status not in Payment.LIVE:
            # It had ended already; that Stripe clears it away is nothing new.
            return payment.status
        case "canceled" if facts.failure and _is_away(payment):
            return Payment.Status.FAILED
        case "canceled":
            lapsed = facts.cancellation_reason in {"automatic", "expired"}
            was_held = payment.status == Payment.Status.AUTHORIZED
            return Payment.Status.EXPIRED if lapsed and was_held else Payment.Status.RELEASED
        case _ if _is_away(payment):
            # Not tried yet, or declined: it is over once the shop has had it closed.
            return Payment.Status.PENDING
        case _:
            # One declined attempt on an open page is no failure: the customer may try again.
            trying = session is not None and session.status == CheckoutSession.Status.OPEN
            return Payment.Status.PENDING if trying else Payment.Status.FAILED


def _is_away(payment: Payment) -> bool:
    """Whether it is a charge that the shop makes while the customer is away."""
    return payment.later_charge_id is not None and payment.session_id is None


def _enter_money(payment: Payment, facts: PaymentFacts, captured_before: int) -> list[str]:
    """Entries of the money ledger for what is new."""
    changes = []
    if payment.captured_amount > captured_before:
        enter(
            payment,
            MoneyEntry.Kind.CAPTURE,
            facts.charge_id,
            payment.captured_amount - captured_before,
            sequence=payment.captured_amount,
        )
        changes.append("money_came")
    for refund in facts.refunds:
        if _merge_refund(payment, refund):
            changes.append("refunded")
            if refund.status == "failed":
                changes.append("refund_failed")
                _look_after(payment, refund)
    return changes


def _look_after(payment: Payment, refund: RefundFacts) -> None:
    """The customer's bank did not take it: the money is with us, and a person has to act."""
    if payment.order is not None:
        amount = Money(refund.amount, refund.currency)
        payment.order.hold(
            OrderHold.Reason.REFUND_FAILED,
            f"The refund of {amount} came back ({refund.id}). Find another way to the customer.",
        )


def _merge_refund(payment: Payment, facts: RefundFacts) -> bool:
    """The refund's row; True when its money left us, arrived or came back just now."""
    row, made = Refund.objects.get_or_create(
        account=payment.account,
        stripe_refund_id=facts.id,
        defaults={
            "payment": payment,
            "amount": facts.amount,
            "currency": facts.currency,
            "status": facts.status,
            "reason": facts.reason,
            "is_release": facts.is_release,
            "created_at": facts.created_at,
        },
    )
    if facts.request:
        _finish_given_up(payment, facts.request)
    newer = REFUND_RANK.get(facts.status, 0) > REFUND_RANK.get(row.status, 0)
    if newer:
        row.status = facts.status
        row.save(update_fields=["status"])
    if row.is_release or not (made or newer):
        return False
    if row.status in Refund.NOTHING_MOVES:
        # Where it was never seen on its way, nothing of it stands in the ledger to be taken back.
        if not made:
            enter(payment, MoneyEntry.Kind.REFUND_FAILED, row.stripe_refund_id, row.amount)
        return True
    return enter(payment, MoneyEntry.Kind.REFUND, row.stripe_refund_id, -row.amount) or newer


def _finish_given_up(payment: Payment, request: str) -> None:
    """The request that was given up had made this refund after all."""
    dead = payment.requests.filter(kind=StripeRequest.Kind.REFUND, status=work.Work.Status.DEAD)
    found = next((row for row in dead if str(row.pk) == request), None)
    if found is not None:
        dead.filter(pk=found.pk).update(
            status=work.Work.Status.DONE,
            outcome=work.Outcome.SEEN,
            finished_at=timezone.now(),
            last_error="",
        )
