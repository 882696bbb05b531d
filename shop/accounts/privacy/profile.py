"""The account itself, which goes last of all: what others hold leans on it."""

from typing import Any

from shop.accounts.models import AccountMail
from shop.accounts.privacy.registry import Person


def export(person: Person) -> dict[str, Any]:
    """What the account says of its owner."""
    user = person.user
    if user is None:
        return {}
    return {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "since": user.date_joined,
        "last_login": user.last_login,
        "has_password": user.has_usable_password(),
        "language": user.language,
        "wants_reminders": user.wants_reminders,
    }


def erase(person: Person) -> None:
    """Nothing is left of it. An account of staff is not a customer's to take away."""
    AccountMail.objects.filter(email__iexact=person.email).delete()
    if person.user is not None and not person.user.is_staff:
        person.user.delete()
