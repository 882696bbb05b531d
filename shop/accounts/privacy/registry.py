"""What the shop knows of a person, told app by app.

Each app registers a section when it is ready (`AppConfig.ready`): how it tells what it holds, why
it cannot let go of it now, and how it forgets. So what lies here needs no app above it, and
whoever asks (the account's page, a command for requests by letter) asks all of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.db import transaction

from shop.accounts.models import User


@dataclass(frozen=True)
class Person:
    """Somebody by an e-mail address, and the account that has it, if there is one.

    Customers need no account: what was bought without one is known by the address alone.
    """

    email: str
    user: User | None = None

    @classmethod
    def of_email(cls, email: str) -> Self:
        """By an address as it was typed, whatever its case."""
        user = User.objects.filter(email__iexact=email).first()
        return cls(user.email if user else email, user)

    @classmethod
    def of_user(cls, user: User) -> Self:
        """By the account."""
        return cls(user.email, user)


def _nothing(_: Person) -> None:
    """For a section that holds nothing that is not gone with another."""


def _no_reason(_: Person) -> str:
    return ""


@dataclass(frozen=True)
class Section:
    """What one app knows under one name.

    `export` tells it in what JSON can say; an iterator is read as it is written out. `refuses` is
    a sentence for the person, empty when nothing is in the way. `erase` takes away what the law
    does not make the shop keep, within the transaction of all sections.
    """

    name: str
    export: Callable[[Person], Any]
    refuses: Callable[[Person], str] = _no_reason
    erase: Callable[[Person], None] = _nothing


class StillNeeded(Exception):
    """Something is under way that needs what should be forgotten."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


_sections: dict[str, Section] = {}


def register(
    name: str,
    *,
    export: Callable[[Person], Any],
    refuses: Callable[[Person], str] = _no_reason,
    erase: Callable[[Person], None] = _nothing,
) -> None:
    """Add a section, or put another in its place. Lower apps come first, as they are ready."""
    _sections[name] = Section(name, export, refuses, erase)


def names() -> list[str]:
    """The sections there are, in the order in which they are exported."""
    return list(_sections)


def export(person: Person) -> Iterator[tuple[str, Any]]:
    """Each section's name and what it knows, one after another."""
    for section in list(_sections.values()):
        yield section.name, section.export(person)


def refusals(person: Person) -> list[str]:
    """Why the person cannot be forgotten now, in sentences; empty when nothing is in the way."""
    return [reason for one in list(_sections.values()) if (reason := one.refuses(person))]


@transaction.atomic
def erase(person: Person) -> None:
    """Forget the person in every app, or in none.

    Upper apps first: what they hold leans on what is below. Raises StillNeeded.
    """
    if person.user is not None:
        # Whoever buys by this account at the same time is waited for, or finds it gone.
        User.objects.select_for_update().filter(pk=person.user.pk).first()
    if reasons := refusals(person):
        raise StillNeeded(reasons)
    for section in reversed(list(_sections.values())):
        section.erase(person)
