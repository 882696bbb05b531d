"""`manage.py prune`: forget now what the nightly round would forget."""

import json
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.accounts.privacy import retention
from shop.accounts.privacy.retention import Rule


class Command(BaseCommand):
    help = (
        "Delete what was kept for as long as RETENTION_… says. It can be interrupted at any "
        "moment, and goes on when it is started again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        known = [f"  {one.name:<18} RETENTION_{one.period}" for one in retention.rules()]
        names = "\n".join(known)
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = f"what there is, and what says for how long it is kept:\n{names}"
        parser.add_argument("name", nargs="*", help="what to forget; all of it where none is named")
        parser.add_argument("--dry-run", action="store_true", help="count, and delete nothing")
        parser.add_argument("--json", action="store_true", help="for a program")

    def handle(self, *, name: list[str], **options: Any) -> None:
        forgotten = {}
        for rule in _named(name):
            if options["dry_run"]:
                forgotten[rule.name] = rule.rows().count()
            else:
                forgotten[rule.name] = self._prune(rule, quiet=options["json"])
            if not options["json"]:
                verb = "would go" if options["dry_run"] else "gone"
                number = forgotten[rule.name]
                self.stdout.write(f"{rule.name:<18} {number:>9,} {verb}, after {rule.days} days")
        if options["json"]:
            self.stdout.write(json.dumps(forgotten))

    def _prune(self, rule: Rule, *, quiet: bool) -> int:
        """A line on stderr for each thousand, so that a long run shows that it lives."""
        done = told = 0
        for number in retention.prune(rule):
            done += number
            if not quiet and done - told >= 1000:
                self.stderr.write(f"{rule.name}: {done:,}")
                told = done
        return done


def _named(names: list[str]) -> list[Rule]:
    known = {rule.name: rule for rule in retention.rules()}
    if unknown := sorted(set(names) - set(known)):
        raise CommandError(f"There is no {unknown[0]!r}. Use one of: {', '.join(known)}.")
    return [known[name] for name in names] or list(known.values())
