"""What subscriptions say of a person. What was paid for each period stays with its order."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from payments.models import Subscription, SubscriptionInvoice
from shop.accounts.privacy.registry import Person
from shop.orders.privacy.person import orders_of

CONTACT = ["email", "name", "phone", "billing_address", "shipping_address"]
TOLD = [*("status", "created_at", "period_end", "ended_at", "currency", "language"), *CONTACT]
TOLD_OF_AN_ITEM = ["title", "quantity", "unit_amount", "interval", "interval_count"]
TOLD_OF_AN_INVOICE = [
    "number",
    "created_at",
    "status",
    "amount_due",
    "amount_paid",
    "order__number",
]


def subscriptions_of(person: Person) -> QuerySet[Subscription]:
    """Those of the account, and of none those of their orders, or that name the address.

    As with orders: what is in another account, or began with an order there, is that one's.
    """
    of_nobody = Q(user=None, session__order__user=None, email__iexact=person.email)
    theirs = of_nobody | Q(user=None, session__order__in=orders_of(person))
    if person.user is not None:
        theirs |= Q(user=person.user)
    return Subscription.objects.filter(theirs).order_by("created_at", "pk")


def export(person: Person) -> list[dict[str, Any]]:
    """What renews, with what, and each invoice."""
    return [
        {
            **{name: getattr(row, name) for name in TOLD},
            "items": list(row.items.values(*TOLD_OF_AN_ITEM)),
            "invoices": list(row.invoices.values(*TOLD_OF_AN_INVOICE)),
        }
        for row in subscriptions_of(person)
    ]


def refuses(person: Person) -> str:
    """What goes on is charged and sent again, and must know to whom."""
    goes_on = subscriptions_of(person).filter(status__in=Subscription.LIVE).exists()
    what_to_do = _(
        "A subscription goes on. End it first: on its page in your account, or by the link in the"
        " mail about its order."
    )
    return what_to_do if goes_on else ""


def erase(person: Person) -> None:
    """Who and where; Stripe's own pages of the invoices show it, so their addresses go as well."""
    forget(subscriptions_of(person))


def forget(rows: QuerySet[Subscription]) -> int:
    """Leave what was sold of these, and not to whom."""
    ids = list(rows.values_list("pk", flat=True))
    invoices = SubscriptionInvoice.objects.filter(subscription__in=ids)
    invoices.update(hosted_url="", pdf_url="")
    return Subscription.objects.filter(pk__in=ids).update(
        user=None, email="", name="", phone="", billing_address={}, shipping_address={}
    )
