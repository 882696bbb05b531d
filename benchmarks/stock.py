"""Taking units of one thing by many buyers: one guarded UPDATE, or a lock and a look first."""

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.db.models import F

from benchmarks.figures import Figure
from shop.catalog import stock
from shop.catalog.models import Price, Stock, StockMovement

BUYERS = 8
SECONDS = 4.0


def measure(price: Price) -> list[Figure]:
    """Units reserved in a second, by the shop's guarded UPDATE and by a lock with a look first."""
    guarded = a_second(lambda: take_guarded(price.variant_id))
    locked = a_second(lambda: take_locked(price.variant_id))
    return [
        Figure(f"Units reserved by {BUYERS} at once, guarded UPDATE", f"{guarded:.0f} a second"),
        Figure(
            "  the same with SELECT FOR UPDATE",
            f"{locked:.0f} a second",
            f"guarded is {guarded / locked:.2f} times as fast",
        ),
    ]


def take_guarded(variant_id: int) -> None:
    """Reserve one unit as the shop does."""
    stock.reserve({variant_id: 1}, cause_kind="benchmark", cause_id=uuid.uuid4())


@transaction.atomic
def take_locked(variant_id: int) -> None:
    """What the shop does not do: lock, look, write."""
    found = Stock.objects.select_for_update().get(variant_id=variant_id)
    if found.available < 1:
        raise SystemExit("The benchmark ran out of stock.")
    Stock.objects.filter(pk=found.pk).update(reserved=F("reserved") + 1)
    StockMovement.objects.create(
        stock=found,
        kind=StockMovement.Kind.RESERVE,
        quantity=1,
        on_hand_delta=0,
        reserved_delta=1,
        cause_kind="benchmark",
        cause_id=uuid.uuid4(),
    )


def a_second(take: Callable[[], None]) -> float:
    """How often `take` is done in a second by all together."""
    ends = time.perf_counter() + SECONDS

    def one(_: int) -> int:
        done = 0
        while time.perf_counter() < ends:
            take()
            done += 1
        connection.close()
        return done

    with ThreadPoolExecutor(BUYERS) as crowd:
        return sum(crowd.map(one, range(BUYERS))) / SECONDS
