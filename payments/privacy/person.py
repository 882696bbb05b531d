"""What payments say of a person. Amounts stay, as the law asks; what Stripe told of people goes."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from payments.models import (
    CheckoutSession,
    Customer,
    Dispute,
    Payment,
    Refund,
    SavedMethod,
    StripeRequest,
    Subscription,
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
TOLD_OF_A_METHOD = [
    *("type", "brand", "last4", "exp_month", "exp_year", "created_at", "detached_at"),
    *("consent_text", "consent_at"),
]
TOLD_OF_A_SUBSCRIPTION = [
    *("stripe_subscription_id", "status", "created_at", "period_start", "period_end"),
    *("cancel_at_period_end", "ended_at", "currency", "email", "name", "phone"),
    *("billing_address", "shipping_address"),
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


def methods_of(person: Person) -> QuerySet[SavedMethod]:
    """What these customers have kept at Stripe to pay with, and what was taken away again."""
    return SavedMethod.objects.filter(customer__in=customers_of(person)).order_by(
        "created_at", "pk"
    )


def subscriptions_of(person: Person) -> QuerySet[Subscription]:
    """What they get, or got, again and again: in their account, or by their address alone."""
    theirs = Q(user=None, email__iexact=person.email)
    if person.user is not None:
        theirs |= Q(user=person.user)
    return Subscription.objects.filter(theirs).order_by("created_at", "pk")


def export(person: Person) -> dict[str, Any]:
    """What was paid how, what went back, and under which names Stripe knows the person."""
    refunds = Refund.objects.filter(payment__in=payments_of(person)).order_by("created_at", "pk")
    return {
        "payments": list(payments_of(person).values(*TOLD)),
        "refunds": list(refunds.values(*TOLD_OF_A_REFUND)),
        "stripe_customers": list(customers_of(person).values("stripe_customer_id", "saved_at")),
        "subscriptions": list(subscriptions_of(person).values(*TOLD_OF_A_SUBSCRIPTION)),
        "payment_methods": list(methods_of(person).values(*TOLD_OF_A_METHOD)),
    }


def refuses(person: Person) -> str:
    """While money is under way or comes again, or somebody may ask for it back."""
    payments = payments_of(person)
    requests = StripeRequest.objects.filter(payment__in=payments).unfinished()
    settled = [*Dispute.SETTLED_FOR_US, "lost"]
    goes_on = subscriptions_of(person).filter(status__in=Subscription.LIVE)
    reasons = {
        _(
            "A subscription goes on. End it first: on its page in your account, or by the link in"
            " the mail about its order."
        ): goes_on.exists(),
        _("A payment is under way."): payments.filter(status__in=UNDER_WAY).exists(),
        _("Stripe has not answered yet what was asked about a payment."): requests.exists(),
        _("A refund is under way."): Refund.objects.filter(
            payment__in=payments, status__in=["pending", "requires_action"]
        ).exists(),
        _("A payment is disputed."): Dispute.objects.filter(payment__in=payments)
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
    methods_of(person).update(brand="", last4="", exp_month=None, exp_year=None)
    subscriptions_of(person).update(
        user=None, email="", name="", phone="", billing_address={}, shipping_address={}
    )
    customers_of(person).update(user=None, visitor=None, saved_at=None)
    sessions.update(visitor=None, user=None, visitor_key="", network="")
