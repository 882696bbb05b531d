"""The address book, as something that is known of a person; it goes with the account."""

from typing import Any

from shop.accounts.addresses.book import PARTS
from shop.accounts.privacy.registry import Person


def export(person: Person) -> list[dict[str, Any]]:
    """All in it."""
    if person.user is None:
        return []
    return list(person.user.addresses.values("name", *PARTS, "is_default"))
