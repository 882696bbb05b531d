"""Stripe's customer portal: whether it has a configuration to be shown by."""

from django.conf import settings

from fulfillment.doctor.amiss import Amiss
from payments.models import PortalConfiguration
from payments.saved_methods.configuration import make_configuration
from payments.stripe.customers import calls
from shop import stripe_client


def configured() -> str:
    """Which configuration opens: the setting's, the shop's own, or the account's."""
    if settings.PORTAL_CONFIGURATION:
        return f"the customer portal opens by {settings.PORTAL_CONFIGURATION}"
    made = PortalConfiguration.objects.filter(account=stripe_client.known_account()).first()
    if made is not None:
        return f"the customer portal opens by {made}, which the shop has made"
    if calls.default_portal_configuration():
        return "the customer portal opens as it is set up in the Dashboard"
    raise Amiss(
        "Stripe's customer portal has no configuration, so it opens for nobody.",
        mend="Run manage.py doctor --fix, or save one in the Dashboard, Settings, Customer portal.",
    )


def fix() -> str:
    """Make one, unless a setting names one or there is one of the shop's."""
    if settings.PORTAL_CONFIGURATION:
        return f"PORTAL_CONFIGURATION names {settings.PORTAL_CONFIGURATION}; nothing was made"
    made = make_configuration(stripe_client.account())
    if made is None:
        return "Stripe was asked for a configuration of the customer portal; a worker goes on"
    return f"the customer portal has the configuration {made}"
