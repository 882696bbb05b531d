"""What a payment page has its customer agree to, decided and kept before it is asked for."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _


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
