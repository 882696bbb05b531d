"""What a refund may still send: looked up at Stripe before each key's first call.

A refund that was given up, or that Stripe's lists do not show yet, may have been carried out; and
meanwhile somebody may have asked again, here or in the Dashboard.
"""

from payments.models import Refund, StripeRequest
from payments.settlement import settle
from payments.stripe import gateway
from payments.stripe.errors import OutcomeUnknown
from payments.stripe.facts import PaymentFacts
from shop.work import Outcome


def keep_within(request: StripeRequest) -> bool:
    """Lower the refund to what is left; False when the request is over: made, or nothing is left.

    Raises OutcomeUnknown while it cannot be told what is left.
    """
    payment = request.payment
    assert payment is not None  # noqa: S101 - a refund has one
    assert request.amount is not None  # noqa: S101 - and an amount
    facts = gateway.read_payment(payment.stripe_payment_intent_id)
    if str(request.pk) in {refund.request for refund in facts.refunds}:
        settle.settle(payment, finishing=request, outcome=Outcome.SEEN)
        return False
    left = facts.captured - _returned(facts) - _may_yet_go(request, facts)
    if left <= 0:
        why = f"of {payment.captured} nothing is left beside what went back and may yet go back"
        settle.settle(payment, finishing=request, outcome=Outcome.OVERTAKEN, detail=why)
        return False
    if left < request.amount:
        request.amount = request.parameters["amount"] = left
        request.save(update_fields=["amount", "parameters"])
    return True


def _returned(facts: PaymentFacts) -> int:
    listed = sum(
        refund.amount
        for refund in facts.refunds
        if not refund.is_release and refund.status not in Refund.NOTHING_MOVES
    )
    if facts.returned > listed:
        raise OutcomeUnknown("More went back than Stripe's list of refunds shows; it lags.")
    return listed


def _may_yet_go(request: StripeRequest, facts: PaymentFacts) -> int:
    """What other requests ask for, except those whose refund is there already."""
    assert request.payment is not None  # noqa: S101 - see above
    made = {refund.request for refund in facts.refunds}
    others = request.payment.requests.unfinished().filter(kind=StripeRequest.Kind.REFUND)
    return sum(
        other.amount or 0 for other in others.exclude(pk=request.pk) if str(other.pk) not in made
    )
