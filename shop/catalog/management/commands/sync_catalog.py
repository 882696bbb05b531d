"""Bring Stripe's products and prices in step with the catalog."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
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
        try:
            state = self._state(**options)
        except api.Unreachable as error:
            raise CommandError(f"Stripe cannot be asked: {error}", returncode=2) from error
        except KeyboardInterrupt:
            self.stderr.write(
                "\nStopped. Nothing is half done; the same command goes on from here."
            )
            sys.exit(130)
        if options["json"]:
            self._print_json(state)
        else:
            self._print(state, **options)
        is_in_step = not state.left and not state.conflicts and not state.drift
        if not is_in_step and not options["plan"]:
            sys.exit(1)

    def _state(self, **options: Any) -> "State":
        if options["apply"]:
            applied = run.apply(Progress("Telling Stripe", counts="changes").show)
            return State(applied.told, applied.found, [], applied.left)
        if options["pull"]:
            return State(0, pull.pull(Progress("Reading Stripe", counts="products").show), [], [])
        return State(0, [], list(pull.drift()), list(api.plan()))

    def _print_json(self, state: "State") -> None:
        changes = [
            {
                "action": change.action,
                "kind": change.kind,
                "sku": change.variant.sku,
                "price": str(change.price) if change.price else None,
            }
            for change in state.left
        ]
        result = {
            "told": state.told,
            "taken": [described(one) for one in state.found if one.kind != Kind.CONFLICT],
            "drift": [described(one) for one in state.drift],
            "conflicts": [str(conflict) for conflict in state.conflicts],
            "left": changes,
            "problems": problems(),
        }
        self.stdout.write(json.dumps(result, indent=2, ensure_ascii=False))

    def _print(self, state: "State", **options: Any) -> None:
        for line in [*state.found, *state.drift, *state.left]:
            self.stdout.write(f"  {line}")
        for problem in problems():
            self.stderr.write(problem, self.style.ERROR)
        for conflict in state.conflicts:
            self.stderr.write(f"conflict: {conflict}; decide in the admin.", self.style.ERROR)
        if state.told:
            self.stdout.write(f"Told Stripe {state.told:,} changes.")
        left = summary([*state.drift, *state.left])
        if not left:
            if not state.conflicts and not options["pull"]:
                self.stdout.write("Stripe is in step with the catalog.")
        elif options["plan"]:
            self.stdout.write(f"{left}. --apply does it.")
        else:
            self.stdout.write(f"Not in step: {left}.")


class State:
    """What was done, and what is left to do or to decide."""

    def __init__(
        self, told: int, found: list[Difference], drift: list[Difference], left: list[Change]
    ) -> None:
        self.told, self.found, self.drift, self.left = told, found, drift, left
        self.conflicts = list(
            SyncConflict.objects.filter(status=SyncConflict.Status.OPEN).select_related("variant")
        )


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


def summary(changes: Iterable[Change | Difference]) -> str:
    """As "180 create, 2 archive, 1 conflict"."""
    counts = Counter(
        str(one.kind) if isinstance(one, Difference) else one.action for one in changes
    )
    return ", ".join(f"{count:,} {action}" for action, count in counts.most_common())


def problems() -> list[str]:
    """What did not go, row by row."""
    rows = CatalogSync.objects.exclude(status=CatalogSync.Status.DONE).exclude(last_error="")
    return [
        f"{row.kind} of {row.variant.sku}: {row.last_error}"
        for row in rows.select_related("variant").order_by("variant__sku")
    ]
