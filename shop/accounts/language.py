"""In which language a customer wants all mails; empty where nobody has said so."""

from typing import Any

from django.conf import settings

from shop.accounts.models import User


def language_of(user: Any) -> str:
    """That of an account, if the shop still speaks it."""
    language = getattr(user, "language", "")
    return language if language in dict(settings.LANGUAGES) else ""


def language_for(email: str) -> str:
    """That of the account with this address."""
    return language_of(User.objects.filter(email__iexact=email).first())
