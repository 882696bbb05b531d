"""Asking for what a customer owes beside an order, on a method that they have saved for it.

In two steps: an intent that moves nothing is made and kept here, and only then is it charged. So
there is always something to look at when the answer to the second is lost.
"""

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from payments.models import LaterCharge, Payment, StripeRequest
from payments.stripe_requests.money import record
from payments.stripe_requests.rows import request_row
from shop.models import Installation
from shop.orders.models import Person

Kind = StripeRequest.Kind


def marks(charge: LaterCharge) -> dict[str, str]:
    """By which everything at Stripe that is about it is known."""
    return {
        "shop": Installation.current(),
        "order": str(charge.order_id),
        "later_charge": str(charge.pk),
    }


def description(charge: LaterCharge) -> str:
    """What the Dashboard calls it."""
    return f"Order {charge.order.number}: {charge.get_reason_display()}"


def ask_intent(charge: LaterCharge) -> StripeRequest:
    """Have the intent made, on the method and in the name of its owner; it moves nothing yet."""
    return request_row(
        Kind.MAKE_INTENT,
        order=charge.order,
        later_charge=charge,
        account=charge.account,
        amount=charge.amount,
        parameters={
            "amount": charge.amount,
            "currency": charge.currency,
            **charge.method.customer.named,
            "payment_method": charge.method.stripe_payment_method_id,
            "description": description(charge),
            "metadata": marks(charge),
        },
        reason=charge.words,
        actor=Person.known_as(charge.actor_id, charge.actor_name),
        address=charge.actor_address,
    )


def ask_charge(charge: LaterCharge, payment: Payment) -> StripeRequest:
    """Have the intent charged while its owner is away. Once: a declined one is not tried again."""
    back = reverse("payments:later_charge", args=[charge.token])
    request = request_row(
        Kind.CHARGE,
        order=charge.order,
        payment=payment,
        later_charge=charge,
        amount=charge.amount,
        parameters={"off_session": True, "return_url": settings.SITE_URL + back},
        reason=charge.words,
        actor=Person.known_as(charge.actor_id, charge.actor_name),
        address=charge.actor_address,
    )
    record(request, charge.order, payment, charge.money)
    return request


@transaction.atomic
def close_try(payment: Payment) -> StripeRequest | None:
    """Have a try that came to nothing closed for good, before the customer is asked to pay.

    None while anything else is under way.
    """
    if payment.requests.open().exists() or payment.status != Payment.Status.PENDING:
        return None
    return request_row(
        Kind.RELEASE,
        order=payment.order,
        payment=payment,
        later_charge=payment.later_charge,
        amount=payment.amount,
        parameters={"cancellation_reason": "abandoned"},
        reason="the charge was not made",
    )
