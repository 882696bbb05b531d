"""`manage.py capture_payments --dry-run`: what the capture policy would do with what is held."""

import json
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from fulfillment import capture_due


class Command(BaseCommand):
    help = "Capture what the policy captures; staff's own decisions are left to staff."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "example:\n  manage.py capture_payments --dry-run"
        parser.add_argument("--dry-run", action="store_true", help="tell it, do nothing")
        parser.add_argument("--json", action="store_true", help="for a program")

    def handle(self, **options: Any) -> None:
        rows = []
        for verdict in capture_due.verdicts():
            asked = verdict.captures and not options["dry_run"] and capture_due.capture(verdict)
            rows.append(
                {
                    "order": str(verdict.payment.order or ""),
                    "payment": str(verdict.payment),
                    "amount": str(verdict.payment.capturable),
                    "time_left": capture_due.time_left(verdict.payment),
                    "captures": verdict.captures,
                    "asked": asked,
                    "why": verdict.why,
                }
            )
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        for row in rows:
            verb = "capture" if row["captures"] else "wait   "
            self.stdout.write(
                f"{verb} {row['order']:<12} {row['amount']:>14}  {row['time_left']:<12} "
                f"{row['why']}"
            )
        self._sum_up(rows, dry_run=options["dry_run"])

    def _sum_up(self, rows: list[dict[str, Any]], *, dry_run: bool) -> None:
        number = sum(row["captures"] if dry_run else row["asked"] for row in rows)
        verb = "would be captured" if dry_run else "asked to be captured"
        self.stdout.write(
            f"{number} of {len(rows)} held payments {verb} (policy {settings.CAPTURE_POLICY})."
        )
