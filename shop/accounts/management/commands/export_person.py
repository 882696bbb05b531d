"""`manage.py export_person ada@example.com`: all that is known of somebody, for a letter."""

import json
import os
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.accounts.privacy import registry
from shop.accounts.privacy.registry import Person


class Command(BaseCommand):
    help = "Write all that is known of a person as JSON, for a request that came by letter."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "Make sure that who asks is who they say they are.\n\n"
            "example:\n  manage.py export_person ada@example.com --output ada.json"
        )
        parser.add_argument("email", help="the e-mail address by which the person is known")
        parser.add_argument("--output", type=Path, help="a new file, for your eyes only")

    def handle(self, *, email: str, output: Path | None, **_: Any) -> None:
        told = json.dumps(_known(email), indent=2, default=str, ensure_ascii=False)
        if output is None:
            self.stdout.write(told)
            return
        try:
            file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        with os.fdopen(file, "w", encoding="utf-8") as opened:
            opened.write(told + "\n")
        self.stdout.write(f"Written to {output}.")


def _known(email: str) -> dict[str, Any]:
    """Section by section; what a section tells one by one becomes a list."""
    if "@" not in email:
        raise CommandError(f"{email!r} is no e-mail address.")
    found = registry.export(Person.of_email(email))
    return {name: list(told) if isinstance(told, Iterator) else told for name, told in found}
