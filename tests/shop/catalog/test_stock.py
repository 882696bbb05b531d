"""Stock: counters and ledger move together, once per cause, and never below what is there."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from shop.catalog import stock
from shop.catalog.models import Price, Stock, StockMovement
from shop.catalog.stock import OutOfStock
from tests.support.factories import PriceFactory

pytestmark = pytest.mark.django_db


def counters(price: Price) -> tuple[int, int, int]:
    row = Stock.objects.get(variant=price.variant)
    sums = StockMovement.objects.filter(stock=row).aggregate(
        on_hand=Sum("on_hand_delta"), reserved=Sum("reserved_delta"), shortage=Sum("shortage_delta")
    )
    assert sums == {"on_hand": row.on_hand, "reserved": row.reserved, "shortage": row.shortage}
    return row.on_hand, row.reserved, row.shortage


def reserve(price: Price, quantity: int) -> dict[str, Any]:
    cause: dict[str, Any] = {"cause_kind": "order", "cause_id": uuid.uuid4()}
    stock.reserve({price.variant_id: quantity}, **cause)
    return cause


def test_reserve_then_commit_takes_the_units() -> None:
    price = PriceFactory(on_hand=10)

    cause = reserve(price, 3)
    reserved = counters(price)
    stock.commit(**cause)
    stock.commit(**cause)

    assert (reserved, counters(price)) == ((10, 3, 0), (7, 0, 0))


def test_reserved_units_come_back_once() -> None:
    price = PriceFactory(on_hand=10)
    cause = reserve(price, 3)

    stock.give_back(**cause)
    stock.give_back(**cause)

    assert counters(price) == (10, 0, 0)


def test_committed_units_are_restocked_once() -> None:
    price = PriceFactory(on_hand=10)
    cause = reserve(price, 3)
    stock.commit(**cause)

    stock.give_back(**cause)
    stock.give_back(**cause)

    assert counters(price) == (10, 0, 0)


def test_more_than_there_is_cannot_be_reserved() -> None:
    price, other = PriceFactory(on_hand=2), PriceFactory(on_hand=5)

    with pytest.raises(OutOfStock) as refused:
        stock.reserve(
            {other.variant_id: 1, price.variant_id: 3}, cause_kind="order", cause_id=uuid.uuid4()
        )

    assert refused.value.available == 2
    assert (counters(price), counters(other)) == ((2, 0, 0), (5, 0, 0))


def test_the_database_refuses_what_the_code_might_forget() -> None:
    # Guard: the CHECK reserved_can_be_had.
    price = PriceFactory(on_hand=1)

    with pytest.raises(IntegrityError, match="reserved_can_be_had"), transaction.atomic():
        Stock.objects.filter(variant=price.variant).update(reserved=2)


def test_the_same_cause_cannot_move_twice() -> None:
    # Guard: the constraint one_movement_per_cause.
    price = PriceFactory(on_hand=10)
    cause = reserve(price, 1)

    with pytest.raises(IntegrityError, match="one_movement_per_cause"), transaction.atomic():
        stock.reserve({price.variant_id: 1}, **cause)


def test_the_ledger_cannot_be_rewritten() -> None:
    PriceFactory(on_hand=1)

    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        StockMovement.objects.update(quantity=5)


def test_a_stocktake_below_what_is_reserved_is_a_shortage_until_units_return() -> None:
    price = PriceFactory(on_hand=5)
    first, second = reserve(price, 2), reserve(price, 3)

    stock.adjust(
        price.variant_id, -3, reason="broken", cause_kind="stocktake", cause_id=uuid.uuid4()
    )
    short = counters(price)
    stock.give_back(**second)
    stock.commit(**first)

    assert (short, counters(price)) == ((2, 5, 3), (0, 0, 0))


def test_found_units_end_a_shortage() -> None:
    price = PriceFactory(on_hand=5)
    reserve(price, 5)
    cause: Callable[[], dict[str, Any]] = lambda: {  # noqa: E731
        "reason": "count",
        "cause_kind": "stocktake",
        "cause_id": uuid.uuid4(),
    }

    stock.adjust(price.variant_id, -2, **cause())
    stock.adjust(price.variant_id, 3, **cause())

    assert counters(price) == (6, 5, 0)


def test_a_commit_of_units_that_were_not_found_is_refused() -> None:
    price = PriceFactory(on_hand=2)
    cause = reserve(price, 2)
    stock.adjust(price.variant_id, -1, reason="lost", cause_kind="stocktake", cause_id=uuid.uuid4())

    with pytest.raises(OutOfStock):
        stock.commit(**cause)

    assert counters(price) == (1, 2, 1)


@pytest.mark.django_db(transaction=True)
def test_two_hundred_reserve_the_last_five() -> None:
    # Guard: the condition in reserve's UPDATE, with the CHECK behind it.
    price = PriceFactory(on_hand=5)

    def buy(_: int) -> bool:
        try:
            reserve(price, 1)
        except OutOfStock:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(16) as buyers:
        bought = sum(buyers.map(buy, range(200)))

    assert (bought, counters(price)) == (5, (5, 5, 0))


@pytest.mark.django_db(transaction=True)
def test_carts_in_opposite_order_do_not_deadlock() -> None:
    # Guard: reserve takes variants in the order of their ids.
    prices = [PriceFactory(on_hand=1000) for _ in range(4)]

    def buy(turn: int) -> None:
        ordered = prices if turn % 2 else prices[::-1]
        units = {price.variant_id: 1 for price in ordered}
        stock.reserve(units, cause_kind="order", cause_id=uuid.uuid4())
        connection.close()

    with ThreadPoolExecutor(8) as buyers:
        list(buyers.map(buy, range(80)))

    assert [counters(price)[1] for price in prices] == [80, 80, 80, 80]
