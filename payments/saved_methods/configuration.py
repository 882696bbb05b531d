"""The configuration of Stripe's customer portal, made once in an account."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from payments import stripe_requests
from payments.models import PortalConfiguration, StripeRequest
from payments.settlement import page_calls
from shop.models import Installation


def make_configuration(account: str) -> PortalConfiguration | None:
    """Have Stripe make the portal's configuration, unless one was made or is under way.

    None while Stripe has not answered; a worker goes on.
    """
    request = _asked(account)
    if request is not None:
        page_calls.carry_out(request)
    return PortalConfiguration.objects.filter(account=account).first()


@transaction.atomic(durable=True)
def _asked(account: str) -> StripeRequest | None:
    # Two at once would both find none.
    Installation.objects.select_for_update().first()
    if PortalConfiguration.objects.filter(account=account).exists():
        return None
    rows = StripeRequest.objects.filter(kind=StripeRequest.Kind.MAKE_PORTAL, account=account)
    under_way: StripeRequest | None = rows.open().first()
    return under_way or stripe_requests.portal_configuration_request(account, _parameters())


def _parameters() -> dict[str, Any]:
    """What customers may do there: look after cards and details, end what renews, see invoices."""
    site = settings.SITE_URL
    profile = {"headline": settings.SHOP_NAME}
    if site.startswith("https://"):
        profile["privacy_policy_url"] = site + reverse("catalog:privacy")
        profile["terms_of_service_url"] = site + reverse("catalog:terms")
    return {
        "name": f"{settings.SHOP_NAME}: made by doctor --fix",
        "business_profile": profile,
        "default_return_url": site + reverse("account"),
        "features": {
            "customer_update": {"enabled": True, "allowed_updates": ["address", "name", "phone"]},
            "invoice_history": {"enabled": True},
            "payment_method_update": {"enabled": True},
            "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
        },
        "metadata": {"shop": Installation.current()},
    }
