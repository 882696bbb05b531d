"""What is forgotten when its time is over: one table, which each app fills when it is ready.

The privacy page says it, `manage.py prune` and beat do it. Each batch is a transaction of its own,
so that it can be ended at any moment and goes on where it was.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise

log = structlog.get_logger(__name__)

# Rows that are deleted in one statement, with all that hangs on them: far within what a statement
# may take (statement_timeout in shop.settings), and no buyer waits for their locks.
AT_ONCE = 200
# Looked up at once: where no index leads to the old ones, each look reads the whole table.
LOOKED_UP = 5000

Rows = QuerySet[Any]


def _delete(rows: Rows) -> None:
    rows.delete()


@dataclass(frozen=True)
class Rule:
    """What is kept for RETENTION_<period> days, and what becomes of it then.

    `what` stands in the table of the privacy page. `old` finds what may go, given the moment before
    which it is old; whatever is still needed it leaves out, whatever its age. `forget` takes a few
    of these away, or empties them; then `old` must not find them again.
    """

    name: str
    period: str
    what: str | Promise
    old: Callable[[datetime], Rows]
    forget: Callable[[Rows], Any] = _delete

    @property
    def days(self) -> int:
        return int(settings.RETENTION[self.period])

    def rows(self) -> Rows:
        """What may go now."""
        return self.old(timezone.now() - timedelta(days=self.days))


_rules: dict[str, Rule] = {}


def register(*rules: Rule) -> None:
    """Add rules, or put others in their place. Lower apps come first, as they are ready."""
    _rules.update({rule.name: rule for rule in rules})


def rules() -> list[Rule]:
    """All of them, in the order in which they are told and done."""
    return list(_rules.values())


def prune_for(seconds: float) -> bool:
    """Forget what is old, all of it, or as much as can be done in that time; whether that was all.

    Starts anew with what is first in the table: what was forgotten is not found again.
    """
    until = time.monotonic() + seconds
    for rule in rules():
        done = 0
        for number in prune(rule):
            done += number
            if time.monotonic() >= until:
                return False
        if done:
            log.info("forgotten", what=rule.name, rows=done, days=rule.days)
    return True


def prune(rule: Rule) -> Iterator[int]:
    """Forget what is old, a batch at a time; yields after each how many went.

    What somebody else holds is left for the next night.
    """
    rows, after = rule.rows().order_by("pk"), None
    while True:
        ahead = rows if after is None else rows.filter(pk__gt=after)
        keys = list(ahead.values_list("pk", flat=True)[:LOOKED_UP])
        for first in range(0, len(keys), AT_ONCE):
            yield _forget(rule, rows, keys[first : first + AT_ONCE])
        if len(keys) < LOOKED_UP:
            return
        after = keys[-1]


@transaction.atomic(durable=True)
def _forget(rule: Rule, rows: Rows, keys: list[Any]) -> int:
    """Those of them that are still old when they are locked."""
    held = rows.filter(pk__in=keys).select_for_update(skip_locked=True, of=("self",))
    found = list(held.values_list("pk", flat=True))
    rule.forget(rows.model._default_manager.filter(pk__in=found))
    return len(found)
