"""What a page is asked for that adds a payment method and sells nothing (`setup` mode)."""

from typing import Any

from django.conf import settings

from payments.models import CheckoutSession
from payments.session_parameters.saving import new_customer
from payments.session_parameters.words import locale_of
from shop.models import Installation


def setup_parameters(
    session: CheckoutSession, *, language: str, success_url: str, cancel_url: str
) -> dict[str, Any]:
    """The whole request, as plain JSON."""
    marks = {"shop": Installation.current(), "session": str(session.pk)}
    customer = session.customer
    return {
        "mode": session.mode,
        # By it Stripe chooses which methods are offered.
        "currency": settings.DEFAULT_CURRENCY,
        "success_url": success_url,
        "cancel_url": cancel_url,
        "locale": locale_of(language),
        "expires_at": int(session.expires_at.timestamp()),
        "metadata": marks,
        # A session's metadata is not copied to its SetupIntent.
        "setup_intent_data": {"metadata": marks},
        "custom_text": {"submit": {"message": session.saving["text"]}},
        "branding_settings": {"display_name": settings.SHOP_NAME, **settings.BRANDING},
        **(customer.named if customer is not None else new_customer(session.user)),
    }
