"""The way to Stripe's customer portal, for exactly who is logged in."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from payments import stripe_requests
from payments.models import Customer, PortalConfiguration, Subscription
from payments.saved_methods.owned import customer_of
from payments.session_parameters.words import locale_of
from payments.settlement import page_calls


class NothingThere(Exception):
    """Stripe knows nobody of this log-in: there is nothing to manage."""


def address(user: Any, *, language: str) -> str:
    """Where the portal is for this user now; empty when Stripe does not say so.

    It is good for some minutes and for this customer alone, so it is kept nowhere. Raises
    NothingThere.
    """
    customer = customer_of(user)
    if customer is None:
        raise NothingThere
    found = page_calls.address_of_portal(
        stripe_requests.portal_request(customer, _parameters(user, customer, language))
    )
    if not found and Customer.objects.filter(pk=customer.pk, gone_at__isnull=False).exists():
        raise NothingThere
    return found


def _back_to(user: Any) -> str:
    """Who has subscriptions finds there what they changed at Stripe."""
    if Subscription.objects.filter(user=user).exists():
        return reverse("payments:subscriptions") + "?portal"
    return reverse("account")


def _parameters(user: Any, customer: Customer, language: str) -> dict[str, Any]:
    parameters = {
        **customer.named,
        "return_url": settings.SITE_URL + _back_to(user),
        "locale": locale_of(language),
    }
    made = PortalConfiguration.objects.filter(account=customer.account).first()
    configuration = settings.PORTAL_CONFIGURATION or (made and made.stripe_configuration_id)
    return {**parameters, **({"configuration": configuration} if configuration else {})}
