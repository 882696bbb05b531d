"""`manage.py doctor`: what the running installation lacks, and how to mend it."""

import json
from argparse import RawDescriptionHelpFormatter
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from fulfillment.doctor import Finding, examine, portal


class Command(BaseCommand):
    help = (
        "Look whether key, webhook endpoint, clock, broker, workers, beat and mail are as the shop "
        "needs them; says what is wrong and how to mend it, and then exits 1. Changes nothing, "
        "unless --fix lets it make what can be made: the configuration of Stripe's customer portal."
    )
    # What they would find is among what is looked at, and must not end the looking.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "example:\n  manage.py doctor --json"
        parser.add_argument("--json", action="store_true", help="for a program")
        parser.add_argument(
            "--fix", action="store_true", help="make what is missing at Stripe and can be made"
        )

    def handle(self, **options: Any) -> None:
        if options["fix"]:
            self.stderr.write(f"fixed   {portal.fix()}")
        findings = []
        for finding in examine():
            findings.append(finding)
            if not options["json"]:
                self._tell(finding)
        amiss = sum(finding.is_amiss for finding in findings)
        if options["json"]:
            rows = [{**asdict(one), "ok": not one.is_amiss} for one in findings]
            self.stdout.write(json.dumps(rows, indent=2))
        else:
            self.stdout.write(f"{len(findings)} checks of the running shop, {amiss} amiss")
        if amiss:
            raise SystemExit(1)

    def _tell(self, finding: Finding) -> None:
        self.stdout.write(f"{'AMISS' if finding.is_amiss else 'ok':<7} {finding.said}")
        if finding.is_amiss:
            self.stdout.write(f"        {finding.mend}")
