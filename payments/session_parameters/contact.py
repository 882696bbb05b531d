"""Who pays, how they can be reached, and what the button says: as the settings ask for it."""

from typing import Any

from django.conf import settings


def contact() -> dict[str, Any]:
    """Nothing for what is as Stripe does it anyway."""
    asked: dict[str, Any] = {}
    if settings.PHONE_NUMBER_COLLECTION:
        asked["phone_number_collection"] = {"enabled": True}
    if settings.BILLING_ADDRESS_COLLECTION != "auto":
        asked["billing_address_collection"] = settings.BILLING_ADDRESS_COLLECTION
    if settings.SUBMIT_TYPE != "auto":
        asked["submit_type"] = settings.SUBMIT_TYPE
    if settings.NAME_COLLECTION:
        asked["name_collection"] = {
            kind: {"enabled": True, "optional": is_optional}
            for kind, is_optional in settings.NAME_COLLECTION.items()
        }
    return asked
