"""Facts from below become rows here: what Stripe is to know of a log-in's address."""

from typing import Any

from django.dispatch import receiver

from payments import stripe_requests
from payments.models import Customer
from shop.accounts.addresses.signals import default_address_changed
from shop.stripe_client import known_accounts


@receiver(default_address_changed, dispatch_uid="payments.default_address_changed")
def tell_stripe(user: Any, **_: Any) -> None:
    """Whom Stripe does not know, it is told nothing of."""
    known = Customer.of(visitor=None, user=user).filter(account__in=known_accounts())
    for customer in known.order_by("pk"):
        stripe_requests.ask_address(customer)
