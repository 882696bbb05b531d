"""What payments say of a person. Amounts stay, as the law asks; what Stripe told of people goes."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from payments import stripe_requests
from payments.models import (
    CheckoutSession,
    Customer,
    Dispute,
    LaterCharge,
    Payment,
    Refund,
    SavedMethod,
    StripeRequest,
    WebhookEvent,
)
from payments.privacy import subscriptions
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
TOLD_OF_A_CHARGE = [
    *("order__number", "created_at", "status", "reason", "words", "amount", "currency"),
    *("consent_text", "consent_at"),
]
TOLD_OF_A_REFUND = ["created_at", "amount", "currency", "status"]


def payments_of(person: Person) -> QuerySet[Payment]:
    """Those of their orders."""
    return Payment.objects.filter(order__in=orders_of(person)).order_by("created_at", "pk")


def customers_of(person: Person) -> QuerySet[Customer]:
    """The customers that Stripe knows: of the account, and of the pages of their orders, where
    they are in no other account.
    """
    sessions = _pages(orders_of(person))
    theirs = Q(user=None, pk__in=sessions.exclude(customer=None).values("customer"))
    theirs |= Q(user=None, subscriptions__in=subscriptions.subscriptions_of(person))
    if person.user is not None:
        theirs |= Q(user=person.user)
    return Customer.objects.filter(theirs).distinct().order_by("created_at", "pk")


def _pages(orders: Any) -> QuerySet[CheckoutSession]:
    """Where these orders were paid, and what was owed besides."""
    return CheckoutSession.objects.filter(Q(order__in=orders) | Q(later_charge__order__in=orders))


def charges_of(person: Person) -> QuerySet[LaterCharge]:
    """What was owed beside their orders."""
    return LaterCharge.objects.filter(order__in=orders_of(person)).order_by("created_at", "pk")


def methods_of(person: Person) -> QuerySet[SavedMethod]:
    """What these customers have kept at Stripe to pay with, and what was taken away again."""
    return SavedMethod.objects.filter(customer__in=customers_of(person)).order_by(
        "created_at", "pk"
    )


def export(person: Person) -> dict[str, Any]:
    """What was paid how, what went back, and under which names Stripe knows the person."""
    refunds = Refund.objects.filter(payment__in=payments_of(person)).order_by("created_at", "pk")
    return {
        "payments": list(payments_of(person).values(*TOLD)),
        "later_charges": list(charges_of(person).values(*TOLD_OF_A_CHARGE)),
        "refunds": list(refunds.values(*TOLD_OF_A_REFUND)),
        "stripe_customers": list(customers_of(person).values("stripe_customer_id", "saved_at")),
        "payment_methods": list(methods_of(person).values(*TOLD_OF_A_METHOD)),
        "subscriptions": subscriptions.export(person),
    }


def refuses(person: Person) -> str:
    """While money is under way or comes again, or somebody may ask for it back."""
    payments = payments_of(person)
    requests = StripeRequest.objects.filter(payment__in=payments).unfinished()
    settled = [*Dispute.SETTLED_FOR_US, "lost"]
    reasons = {
        _("A payment is under way."): payments.filter(status__in=UNDER_WAY).exists(),
        _("Stripe has not answered yet what was asked about a payment."): requests.exists(),
        _("Something is still to be paid."): charges_of(person)
        .filter(status__in=[LaterCharge.Status.CHARGING, LaterCharge.Status.ASKED])
        .exists(),
        _("A refund is under way."): Refund.objects.filter(
            payment__in=payments, status__in=["pending", "requires_action"]
        ).exists(),
        _("A payment is disputed."): Dispute.objects.filter(payment__in=payments)
        .exclude(status__in=settled)
        .exists(),
    }
    found = [reason for reason, is_so in reasons.items() if is_so]
    return " ".join(filter(None, [*found, subscriptions.refuses(person)]))


def erase(person: Person) -> None:
    """Before the orders are: through them these are found.

    What Stripe keeps of theirs to pay with it is asked to let go of, and the address to forget.
    """
    orders = list(orders_of(person).values_list("pk", flat=True))
    sessions = _pages(orders)
    if person.user is not None:
        # Pages that sell nothing, on which a payment method is added.
        sessions |= CheckoutSession.objects.filter(order=None, user=person.user)
    intents = payments_of(person).values_list("stripe_payment_intent_id", flat=True)
    pages = sessions.exclude(stripe_session_id=None).values_list("stripe_session_id", flat=True)
    named = customers_of(person).values_list("stripe_customer_id", flat=True)
    methods = methods_of(person).values_list("stripe_payment_method_id", flat=True)
    theirs = subscriptions.subscriptions_of(person)
    renewed = theirs.values_list("stripe_subscription_id", flat=True)
    invoices = theirs.exclude(invoices=None).values_list("invoices__stripe_invoice_id", flat=True)
    ids = [*intents, *pages, *named, *methods, *renewed, *invoices]
    of_them = Q(metadata_order__in=[str(pk) for pk in orders]) | Q(payment_intent_id__in=intents)
    WebhookEvent.objects.filter(of_them | Q(object_id__in=ids), status=Work.Status.DONE).update(
        payload={}
    )
    opened = StripeRequest.objects.filter(kind=StripeRequest.Kind.CREATE_SESSION)
    opened.filter(session__in=sessions, status=Work.Status.DONE).update(parameters={})
    # What it was for stays in the invoice, as long as the law asks for it.
    LaterCharge.objects.filter(order__in=orders).update(words="–")
    customers = list(customers_of(person))
    for method in methods_of(person).filter(status=SavedMethod.Status.ATTACHED):
        if asked := stripe_requests.ask_detachment(method):
            asked.ring()
    methods_of(person).update(brand="", last4="", exp_month=None, exp_year=None)
    subscriptions.erase(person)
    known = Customer.objects.filter(pk__in=[customer.pk for customer in customers])
    known.update(user=None, visitor=None, saved_at=None)
    for customer in customers:
        stripe_requests.ask_address(customer)
    sessions.update(visitor=None, user=None, visitor_key="", network="")
