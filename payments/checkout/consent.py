"""What customers agree to, in the cart and on the payment page: decided and kept before it is asked
for.
"""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from shop.catalog.models import Variant
from shop.orders.additions import withdrawal


def consent_asked(language: str) -> dict[str, str]:
    """What is to be agreed to, as CheckoutSession.consent keeps it: with the text that is shown.

    Empty is that of news and offers: the words are Stripe's own.
    """
    asked = {}
    if settings.CONSENT_TERMS:
        with translation.override(language):
            # As Stripe takes links: [words](address).
            asked["terms_of_service"] = _(
                "I agree to the [terms of sale](%(terms)s) and have read what is said on"
                " [privacy](%(privacy)s)."
            ) % {
                "terms": settings.SITE_URL + reverse("catalog:terms"),
                "privacy": settings.SITE_URL + reverse("catalog:privacy"),
            }
    if settings.CONSENT_PROMOTIONS:
        asked["promotions"] = ""
    return asked


class ConsentMissing(Exception):
    """Something is handed out at once, and nobody agreed to what that means."""

    def __init__(self) -> None:
        super().__init__(
            _("Please tick the box about what is digital in your order; without it you cannot pay.")
        )


def check_withdrawal(variants: Iterable[Variant], words: str) -> str:
    """The words to keep: none where nothing is handed out at once. Raises ConsentMissing."""
    if not withdrawal.asked_for(variants):
        return ""
    if not words:
        raise ConsentMissing
    return words
