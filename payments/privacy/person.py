"""What payments say of a person. Amounts stay, as the law asks; what Stripe told of people goes."""

from typing import Any

from django.db.models import Q, QuerySet

from payments.models import (
    CheckoutSession,
    Customer,
    Dispute,
    Payment,
    Refund,
    StripeRequest,
    WebhookEvent,
)
from shop.accounts.privacy.registry import Person
from shop.orders.privacy.person import orders_of
from shop.work import Work

Status = Payment.Status
UNDER_WAY = [Status.PENDING, Status.REQUIRES_ACTION, Status.PROCESSING, Status.AUTHORIZED]
TOLD = [
    *("order__number", "created_at", "status", "amount", "captured_amount", "currency"),
    *("method", "brand", "last4"),
]
TOLD_OF_A_REFUND = ["created_at", "amount", "currency", "status"]


def payments_of(person: Person) -> QuerySet[Payment]:
    """Those of their orders."""
    return Payment.objects.filter(order__in=orders_of(person)).order_by("created_at", "pk")


def customers_of(person: Person) -> QuerySet[Customer]:
    """The customers that Stripe knows: of the account, and of the pages of their orders."""
    sessions = CheckoutSession.objects.filter(order__in=orders_of(person))
    theirs = Q(pk__in=sessions.exclude(customer=None).values("customer"))
    if person.user is not None:
        theirs |= Q(user=person.user)
    return Customer.objects.filter(theirs).order_by("created_at", "pk")


def export(person: Person) -> dict[str, Any]:
    """What was paid how, what went back, and under which names Stripe knows the person."""
    refunds = Refund.objects.filter(payment__in=payments_of(person)).order_by("created_at", "pk")
    return {
        "payments": list(payments_of(person).values(*TOLD)),
        "refunds": list(refunds.values(*TOLD_OF_A_REFUND)),
        "stripe_customers": list(customers_of(person).values("stripe_customer_id", "saved_at")),
    }


def refuses(person: Person) -> str:
    """While money is under way, or somebody may ask for it back."""
    payments = payments_of(person)
    requests = StripeRequest.objects.filter(payment__in=payments).unfinished()
    settled = [*Dispute.SETTLED_FOR_US, "lost"]
    reasons = {
        "A payment is under way.": payments.filter(status__in=UNDER_WAY).exists(),
        "Something asked of Stripe is not done.": requests.exists(),
        "A refund is under way.": Refund.objects.filter(
            payment__in=payments, status__in=["pending", "requires_action"]
        ).exists(),
        "A payment is disputed.": Dispute.objects.filter(payment__in=payments)
        .exclude(status__in=settled)
        .exists(),
    }
    return " ".join(reason for reason, is_so in reasons.items() if is_so)


def erase(person: Person) -> None:
    """Before the orders are: through them these are found."""
    orders = list(orders_of(person).values_list("pk", flat=True))
    sessions = CheckoutSession.objects.filter(order__in=orders)
    intents = payments_of(person).values_list("stripe_payment_intent_id", flat=True)
    pages = sessions.exclude(stripe_session_id=None).values_list("stripe_session_id", flat=True)
    ids = [*intents, *pages]
    of_them = Q(metadata_order__in=[str(pk) for pk in orders]) | Q(payment_intent_id__in=intents)
    WebhookEvent.objects.filter(of_them | Q(object_id__in=ids), status=Work.Status.DONE).update(
        payload={}
    )
    opened = StripeRequest.objects.filter(kind=StripeRequest.Kind.CREATE_SESSION)
    opened.filter(session__in=sessions, status=Work.Status.DONE).update(parameters={})
    customers_of(person).update(user=None, visitor=None, saved_at=None)
    sessions.update(visitor=None, user=None, visitor_key="", network="")
