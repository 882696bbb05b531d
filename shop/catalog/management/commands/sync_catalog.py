"""Bring Stripe's products and prices in step with the catalog."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.catalog import stripe_sync, sync_apply
from shop.catalog.models import CatalogSync
from shop.catalog.progress import Progress
from shop.catalog.sync_plan import Change

EXAMPLES = """\
examples:
  manage.py sync_catalog --plan           what Stripe has not been told yet
  manage.py sync_catalog --apply          tell it; stopped at any point, the next one goes on
  manage.py sync_catalog --check          exit 1 if Stripe has not been told everything

Exit code: 0 in step, 1 something is not told yet, 2 wrong usage or Stripe cannot be reached.
"""


class Command(BaseCommand):
    help = "Bring Stripe's products and prices in step with the catalog."

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            *args,
            **kwargs,
            epilog=EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--plan", action="store_true", help="print what would be told")
        what.add_argument("--apply", action="store_true", help="tell Stripe")
        what.add_argument("--check", action="store_true", help="exit 1 if something is not told")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told, left = self._apply() if options["apply"] else (0, stripe_sync.plan())
        except stripe_sync.Unreachable as error:
            raise CommandError(f"Stripe cannot be asked: {error}", returncode=2) from error
        if options["json"]:
            self._print_json(told, left)
        else:
            self._print(told, left, is_plan=options["plan"])
        if left and not options["plan"]:
            sys.exit(1)

    def _apply(self) -> tuple[int, list[Change]]:
        applied = sync_apply.apply(Progress("Telling Stripe").show)
        return applied.told, applied.left

    def _print_json(self, told: int, left: list[Change]) -> None:
        changes = [
            {
                "action": change.action,
                "kind": change.kind,
                "sku": change.variant.sku,
                "price": str(change.price) if change.price else None,
            }
            for change in left
        ]
        result = {"told": told, "left": changes, "problems": problems()}
        self.stdout.write(json.dumps(result, indent=2, ensure_ascii=False))

    def _print(self, told: int, left: list[Change], *, is_plan: bool) -> None:
        for change in left:
            self.stdout.write(f"  {change}")
        for problem in problems():
            self.stderr.write(problem, self.style.ERROR)
        if told:
            self.stdout.write(f"Told Stripe {told:,} changes.")
        if not left:
            self.stdout.write("Stripe is in step with the catalog.")
        elif is_plan:
            self.stdout.write(f"{summary(left)}. --apply tells Stripe.")
        else:
            self.stdout.write(f"Not told yet: {summary(left)}.")


def summary(changes: Iterable[Change]) -> str:
    """As "180 create, 2 archive"."""
    counts = Counter(change.action for change in changes)
    return ", ".join(f"{count:,} {action}" for action, count in counts.most_common())


def problems() -> list[str]:
    """What did not go, row by row."""
    rows = CatalogSync.objects.exclude(status=CatalogSync.Status.DONE).exclude(last_error="")
    return [
        f"{row.kind} of {row.variant.sku}: {row.last_error}"
        for row in rows.select_related("variant").order_by("variant__sku")
    ]
