"""Work rows: what must happen outside the database, or later, is a row first.

The row is written in the transaction that decides the work. A Celery message only rings the bell
for it; a sweep rings again for whatever is due. So losing the broker, a worker or a message loses
nothing. Leases and retries use the database's clock, which all hosts share, never business time.
"""

from shop.work.outcomes import (
    Outcome,
)
from shop.work.rows import (
    MANY,
    Work,
    WorkQuerySet,
    due,
    kinds,
    past_due,
    ring,
)
from shop.work.running import (
    BATCH,
    CRASHES_ALLOWED,
    DRAIN_FOR,
    LEASE,
    Away,
    Impossible,
    LeaseLost,
    TryLater,
    claim,
    do_next,
    drain,
    finish,
    give_up,
    repeat,
    retry,
    revive,
    run,
    wake,
)

__all__ = [
    "BATCH",
    "CRASHES_ALLOWED",
    "DRAIN_FOR",
    "LEASE",
    "MANY",
    "Away",
    "Impossible",
    "LeaseLost",
    "Outcome",
    "TryLater",
    "Work",
    "WorkQuerySet",
    "claim",
    "do_next",
    "drain",
    "due",
    "finish",
    "give_up",
    "kinds",
    "past_due",
    "repeat",
    "retry",
    "revive",
    "ring",
    "run",
    "wake",
]
