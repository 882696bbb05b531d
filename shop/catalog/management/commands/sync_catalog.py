"""Bring Stripe's products and prices in step with the catalog."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from textwrap import indent
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.catalog.management.progress import Progress
from shop.catalog.models import CatalogSync, SyncConflict
from shop.catalog.stripe_plan.changes import Change
from shop.catalog.stripe_sync import api, pull, run
from shop.catalog.stripe_sync.difference import Difference, Kind

EXAMPLES = """\
examples:
  manage.py sync_catalog --plan           what would be told, taken over, or is a conflict
  manage.py sync_catalog --apply          do it; stopped at any point, the next one goes on
  manage.py sync_catalog --pull           take over what was changed at Stripe, tell it nothing
  manage.py sync_catalog --check          exit 1 if shop and Stripe are not in step

A field changed here is told to Stripe; one changed there is taken over; one changed on both sides
is a conflict and stays as it is until somebody decides in the admin. Objects without this shop's
mark are offered for adoption there and never touched.

Exit code: 0 in step, 1 something is not, 2 wrong usage or Stripe cannot be reached, 130 stopped by
Ctrl-C.
"""


class Command(BaseCommand):
    help = "Bring Stripe's products and prices in step with the catalog, in both directions."

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            *args,
            **kwargs,
            epilog=EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--plan", action="store_true", help="print what would be done")
        what.add_argument("--apply", action="store_true", help="take over, then tell Stripe")
        what.add_argument("--pull", action="store_true", help="only take over")
        what.add_argument("--check", action="store_true", help="exit 1 if not in step")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        write = self._write_json if options["json"] else self._write
        try:
            state = _state(**options)
            write(state, **options)
        except api.Unreachable as error:
            raise CommandError(f"Stripe cannot be asked: {error}", returncode=2) from error
        except KeyboardInterrupt:
            self.stderr.write(
                "\nStopped. Nothing is half done; the same command goes on from here."
            )
            sys.exit(130)
        is_in_step = not state.counts and not state.conflicts
        if not is_in_step and not options["plan"]:
            sys.exit(1)

    def _write_json(self, state: "State", **_options: Any) -> None:
        """One object, its lists written entry by entry."""
        taken = (one for one in state.found if one.kind != Kind.CONFLICT)
        lists: dict[str, Iterable[Any]] = {
            "taken": map(described, taken),
            "drift": map(described, state.drift()),
            "conflicts": map(str, state.open_conflicts()),
            "left": map(change_described, state.left()),
            "problems": problems(),
        }
        self.stdout.write(f'{{\n  "told": {state.told}', ending="")
        for name, entries in lists.items():
            self.stdout.write(f',\n  "{name}": [', ending="")
            between = "\n"
            for entry in entries:
                text = indent(json.dumps(entry, indent=2, ensure_ascii=False), "    ")
                self.stdout.write(f"{between}{text}", ending="")
                between = ",\n"
            self.stdout.write("]" if between == "\n" else "\n  ]", ending="")
        self.stdout.write("\n}")

    def _write(self, state: "State", **options: Any) -> None:
        for line in chain(state.found, state.drift(), state.left()):
            self.stdout.write(f"  {line}")
        for problem in problems():
            self.stderr.write(problem, self.style.ERROR)
        for conflict in state.open_conflicts():
            self.stderr.write(f"conflict: {conflict}; decide in the admin.", self.style.ERROR)
        if state.told:
            self.stdout.write(f"Told Stripe {state.told:,} changes.")
        if not state.counts:
            if not state.conflicts and not options["pull"]:
                self.stdout.write("Stripe is in step with the catalog.")
        elif options["plan"]:
            self.stdout.write(f"{state.summary}. --apply does it.")
        else:
            self.stdout.write(f"Not in step: {state.summary}.")


@dataclass
class State:
    """What was done, and what is left to do or to decide.

    What is left is read while it is gone through, and counted: it may be a hundred thousand
    variants, of which a few are in memory at a time.
    """

    told: int = 0
    found: list[Difference] = field(default_factory=list)
    reads_stripe: bool = False
    plans: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0

    def drift(self) -> Iterator[Difference]:
        for difference in pull.drift() if self.reads_stripe else ():
            self.counts[str(difference.kind)] += 1
            yield difference

    def left(self) -> Iterator[Change]:
        for change in api.plan() if self.plans else ():
            self.counts[change.action] += 1
            yield change

    def open_conflicts(self) -> Iterator[SyncConflict]:
        rows = SyncConflict.objects.filter(status=SyncConflict.Status.OPEN)
        for conflict in rows.select_related("variant").iterator():
            self.conflicts += 1
            yield conflict

    @property
    def summary(self) -> str:
        """As "180 create, 2 archive, 1 conflict"."""
        return ", ".join(f"{count:,} {action}" for action, count in self.counts.most_common())


def _state(**options: Any) -> State:
    if options["apply"]:
        applied = run.apply(Progress("Telling Stripe", counts="changes").show)
        return State(applied.told, applied.found)
    if options["pull"]:
        found = pull.pull(Progress("Reading Stripe", counts="products").show)
        return State(found=found, plans=False)
    return State(reads_stripe=True)


def described(difference: Difference) -> dict[str, Any]:
    """A difference as an entry of the JSON output."""
    return {
        "kind": difference.kind,
        "sku": difference.variant.sku,
        "field": difference.field,
        "base": difference.base,
        "ours": difference.ours,
        "theirs": difference.theirs,
    }


def change_described(change: Change) -> dict[str, Any]:
    """A change that Stripe was not told of yet, likewise."""
    return {
        "action": change.action,
        "kind": change.kind,
        "sku": change.variant.sku,
        "price": str(change.price) if change.price else None,
    }


def problems() -> Iterator[str]:
    """What did not go, row by row."""
    rows = CatalogSync.objects.exclude(status=CatalogSync.Status.DONE).exclude(last_error="")
    for row in rows.select_related("variant").order_by("variant__sku").iterator():
        yield f"{row.kind} of {row.variant.sku}: {row.last_error}"
