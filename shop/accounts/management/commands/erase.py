"""`manage.py erase ada@example.com`: forget somebody, for a request that came by letter."""

from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.accounts.privacy import registry
from shop.accounts.privacy.registry import Person, StillNeeded

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = (
        "Forget a person. Orders, payments and invoices stay, as the law asks: orders without name "
        "and address, invoices as they were issued. Refused while money is under way."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "It asks before it begins. What Stripe knows stays there: the command names the\n"
            "customers to delete in its Dashboard.\n\n"
            "example:\n  manage.py erase ada@example.com --dry-run"
        )
        parser.add_argument("email", help="the e-mail address by which the person is known")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what is there and what is in the way"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, email: str, dry_run: bool, yes: bool, **_: Any) -> None:
        if "@" not in email:
            raise CommandError(f"{email!r} is no e-mail address.")
        person = Person.of_email(email)
        known = _counted(person)
        at_stripe = _at_stripe(person)
        self._tell(known)
        if reasons := registry.refusals(person):
            raise CommandError("\n".join(["Nothing can be forgotten now.", *reasons]))
        if dry_run:
            self.stdout.write("Nothing was changed.")
            return
        if not yes and not self._is_sure(person):
            raise CommandError("Nothing was changed.")
        try:
            registry.erase(person)
        except StillNeeded as needed:
            raise CommandError(
                "\n".join(["Nothing can be forgotten now.", *needed.reasons])
            ) from needed
        log.info("a person was forgotten", sections=registry.names())
        self.stdout.write("Forgotten.")
        for customer in at_stripe:
            self.stdout.write(f"Delete {customer} in Stripe's Dashboard.")

    def _tell(self, known: dict[str, int]) -> None:
        self.stdout.write("Known of that address:" if known else "Nothing is known of it.")
        for name, number in known.items():
            self.stdout.write(f"  {name:<40} {number:>6,}")

    def _is_sure(self, person: Person) -> bool:
        try:
            typed = input("This cannot be undone. Type the address once more: ")
        except EOFError:
            raise CommandError("Nobody is there to ask. Use --yes.") from None
        return typed.strip().lower() == person.email.lower()


def _counted(person: Person) -> dict[str, int]:
    """How many rows there are of what, where there are any."""
    found: dict[str, int] = {}
    for section, told in registry.export(person):
        parts = told if isinstance(told, dict) else {"": told}
        for part, rows in parts.items():
            number = sum(1 for _ in rows) if isinstance(rows, list | Iterator) else bool(rows)
            if number:
                found[" ".join(filter(None, [section, part.replace("_", " ")]))] = int(number)
    return found


def _at_stripe(person: Person) -> list[str]:
    payments = dict(registry.export(person)).get("payments") or {}
    return [each["stripe_customer_id"] for each in payments.get("stripe_customers", [])]
