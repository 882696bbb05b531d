"""What allauth's second factors are told of the shop."""

from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.translation import gettext as _


class ShopFactors(DefaultMFAAdapter):
    """Named for the shop and bound to its own address, whatever Host a request names."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": str(urlsplit(settings.SITE_URL).hostname), "name": settings.SHOP_NAME}

    def _get_site_name(self) -> str:
        return str(settings.SHOP_NAME)

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """Of staff alone: a customer's passkey is a way in of its own, and none beside the code."""
        return bool(getattr(user, "is_staff", False) and super().is_mfa_enabled(user, types))

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        """What stands in the field for a key's name until somebody writes another."""
        number = user.authenticator_set.filter(type=type).count() + 1
        return f"Key {number}" if user.is_staff else _("Passkey %(number)s") % {"number": number}
