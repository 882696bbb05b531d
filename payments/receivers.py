"""Facts from below become rows here: what Stripe is told of a log-in, and what becomes theirs."""

from typing import Any

from django.dispatch import receiver

from payments import stripe_requests
from payments.models import Customer, Subscription
from shop.accounts.addresses.signals import default_address_changed
from shop.orders.models import Order
from shop.orders.models.signals import orders_claimed
from shop.stripe_client import known_accounts


@receiver(default_address_changed, dispatch_uid="payments.default_address_changed")
def tell_stripe(user: Any, **_: Any) -> None:
    """Whom Stripe does not know, it is told nothing of."""
    known = Customer.of(visitor=None, user=user).filter(account__in=known_accounts())
    for customer in known.order_by("pk"):
        stripe_requests.ask_address(customer)


@receiver(orders_claimed, dispatch_uid="payments.orders_claimed")
def bring_subscriptions(user: Any, orders: list[Order], **_: Any) -> None:
    """What was subscribed to with an order goes where that goes, with all that pays for it and all
    that it has sent.
    """
    begun = Subscription.objects.filter(user=None, session__order__in=orders)
    rows = list(begun.select_for_update(of=("self",)))
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).update(user=user)
    Customer.objects.filter(user=None, subscriptions__in=rows).update(user=user)
    renewed = Order.objects.filter(subscription_invoice__subscription__in=rows, user=None)
    renewed.filter(email__iexact=user.email).update(user=user)
