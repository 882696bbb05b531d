"""What follows for a later charge from what settle has just written of its payment.

Called by payments.settlement.follow alone, inside settle's transaction, with the order locked.
"""

from payments import stripe_requests
from payments.models import CheckoutSession, LaterCharge, Payment, SavedMethod, StripeRequest
from shop.transitions import can_move, move
from shop.work import Outcome, WorkQuerySet

Status = LaterCharge.Status
NOT_MADE = [Outcome.REFUSED, Outcome.OVERTAKEN]


def follow_later(payment: Payment | None) -> None:
    """Move the charge where its payment leads, if there is one; its order stays as it is."""
    if payment is None or payment.later_charge is None:
        return
    charge = LaterCharge.objects.select_for_update().get(pk=payment.later_charge.pk)
    if payment.advice_code == SavedMethod.NEVER_AGAIN and payment.session_id is None:
        methods = SavedMethod.objects.filter(pk=charge.method_id, unusable="")
        methods.update(unusable=SavedMethod.NEVER_AGAIN)
    if payment.status == Payment.Status.CAPTURED:
        _paid(charge, payment)
    elif payment.session_id is not None:
        # A page that ran out, or on which a card was declined: the link stays.
        return
    elif payment.status == Payment.Status.PENDING and (payment.failure or _was_not_made(payment)):
        stripe_requests.close_try(payment)
    elif payment.status == Payment.Status.FAILED:
        _move(charge, Status.ASKED, payment.failure)
    elif payment.status in {Payment.Status.RELEASED, Payment.Status.EXPIRED}:
        _move(charge, Status.REFUSED, _why_not_made(payment))


def _paid(charge: LaterCharge, payment: Payment) -> None:
    """Once; for what was dropped in the meantime nobody pays."""
    if charge.status == Status.WITHDRAWN:
        # Once: what the customer's bank does not take back is a person's matter.
        if not payment.requests.filter(kind=StripeRequest.Kind.REFUND).exists():
            stripe_requests.send_back(payment, reason="nothing was owed any more")
        return
    if can_move(charge, Status.PAID):
        move(charge, Status.PAID)
    for page in charge.sessions.filter(status=CheckoutSession.Status.OPEN):
        stripe_requests.ask_expiry(page)


def _was_not_made(payment: Payment) -> bool:
    return _charges(payment).filter(outcome__in=NOT_MADE).exists()


def _why_not_made(payment: Payment) -> str:
    last = _charges(payment).filter(outcome__in=NOT_MADE).last()
    return last.detail if last else "it was canceled at Stripe"


def _charges(payment: Payment) -> WorkQuerySet:
    return payment.requests.filter(kind=StripeRequest.Kind.CHARGE)


def _move(charge: LaterCharge, to: LaterCharge.Status, why: str) -> None:
    if can_move(charge, to):
        move(charge, to)
        charge.why = why[:300]
        charge.save(update_fields=["why"])
