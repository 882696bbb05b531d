"""`manage.py check_invariants`: does the database hold what must always hold?"""

import json
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from fulfillment import invariants

# Of a broken invariant so many rows are named; the count is always the whole.
MOST_NAMED = 20


class Command(BaseCommand):
    help = "Check what must hold whatever happens; exits 1 and names the rows where it does not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "example:\n  manage.py check_invariants --json"
        parser.add_argument("--json", action="store_true", help="for a program, all rows")

    def handle(self, **options: Any) -> None:
        broken = invariants.broken()
        if options["json"]:
            self.stdout.write(json.dumps(broken, indent=2))
        else:
            for name, rows in broken.items():
                self._tell(name, rows)
        if any(broken.values()):
            raise SystemExit(1)

    def _tell(self, name: str, rows: list[str]) -> None:
        self.stdout.write(f"{name:<4} {'ok' if not rows else f'BROKEN by {len(rows)}'}")
        for row in rows[:MOST_NAMED]:
            self.stdout.write(f"     {row}")
        if len(rows) > MOST_NAMED:
            self.stdout.write(f"     and {len(rows) - MOST_NAMED} more")
