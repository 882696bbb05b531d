"""What the calls for a later charge have come to: each in one commit with the end of its row."""

import structlog
from django.db import transaction

from payments import stripe_requests
from payments.models import LaterCharge, Payment, StripeRequest
from payments.stripe.facts import PaymentFacts
from shop import work
from shop.orders.models import Order
from shop.transitions import can_move, move
from shop.work import Outcome

log = structlog.get_logger(__name__)

NO_LONGER = "its owner has removed the method, or agrees to it no more"


@transaction.atomic(durable=True)
def intent_made(request: StripeRequest, facts: PaymentFacts) -> None:
    """The intent is there: it is kept, and only then asked to be charged."""
    charge = _locked(request)
    work.finish(request, Outcome.CARRIED_OUT)
    method = charge.method
    payment, _ = Payment.objects.get_or_create(
        account=charge.account,
        stripe_payment_intent_id=facts.id,
        defaults={
            "purpose": Payment.Purpose.LATER,
            "later_charge": charge,
            "order": charge.order,
            "currency": facts.currency,
            "amount": facts.amount,
            "method": method.type,
            "brand": method.brand,
            "last4": method.last4,
            "stripe_payment_method_id": method.stripe_payment_method_id,
        },
    )
    stripe_requests.ask_charge(charge, payment)


@transaction.atomic(durable=True)
def not_made(request: StripeRequest, why: str) -> None:
    """Stripe has definitely refused to make the intent: nothing was moved, staff decide."""
    charge = _locked(request)
    work.finish(request, Outcome.REFUSED, why)
    if can_move(charge, LaterCharge.Status.REFUSED):
        move(charge, LaterCharge.Status.REFUSED)
        charge.why = why[:300]
        charge.save(update_fields=["why"])
    log.warning("later charge refused", order=str(charge.order), why=why)


def may_be_made(request: StripeRequest) -> bool:
    """Whether its owner still agrees to it, right before the call that takes the money."""
    charge = LaterCharge.objects.select_related("method").get(requests=request)
    return charge.method.may_be_charged_later


def _locked(request: StripeRequest) -> LaterCharge:
    """The order first, as everybody does."""
    charge = LaterCharge.objects.select_related("method__customer").get(requests=request)
    charge.order = Order.objects.select_for_update().get(pk=charge.order_id)
    charge.refresh_from_db(fields=["status"])
    return charge
