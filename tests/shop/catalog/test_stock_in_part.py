"""Some of what was reserved comes back before the rest: no unit is lost or made by it."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from shop.catalog import stock
from shop.catalog.models import Price, Stock, StockMovement
from tests.support.concurrency import at_once
from tests.support.factories import PriceFactory

pytestmark = pytest.mark.django_db


def counters(price: Price) -> tuple[int, int]:
    """On hand and reserved; the ledger says the same."""
    row = Stock.objects.get(variant=price.variant)
    moved = StockMovement.objects.filter(stock=row).aggregate(
        on_hand=Sum("on_hand_delta", default=0), reserved=Sum("reserved_delta", default=0)
    )
    assert moved == {"on_hand": row.on_hand, "reserved": row.reserved}
    return row.on_hand, row.reserved


def new_cause() -> dict[str, Any]:
    return {"cause_kind": "order", "cause_id": uuid.uuid4()}


def test_what_is_not_needed_comes_back_once_and_the_rest_is_taken() -> None:
    price, cause = PriceFactory(on_hand=10), new_cause()
    stock.reserve({price.variant_id: 5}, **cause)

    stock.give_back_but({price.variant_id: 2}, **cause)
    stock.give_back_but({price.variant_id: 1}, **cause)
    left = counters(price)
    stock.commit(**cause)

    assert (left, counters(price)) == ((10, 2), (8, 0))
    (back,) = StockMovement.objects.filter(kind="return")
    assert (back.quantity, back.cause_kind, back.cause_id) == (3, "not_bought", cause["cause_id"])


@pytest.mark.parametrize("is_taken", [False, True])
def test_all_of_it_comes_back_in_two_parts(is_taken: bool) -> None:
    price, cause = PriceFactory(on_hand=10), new_cause()
    stock.reserve({price.variant_id: 5}, **cause)
    stock.give_back_but({price.variant_id: 2}, **cause)
    if is_taken:
        stock.commit(**cause)

    stock.give_back(**cause)
    stock.give_back(**cause)
    stock.give_back_but({}, **cause)

    assert counters(price) == (10, 0)


def test_one_besides_is_set_aside_where_one_is_left() -> None:
    price, there, gone = (PriceFactory(on_hand=number) for number in (5, 1, 0))
    cause = new_cause()

    besides = stock.reserve(
        {price.variant_id: 2}, if_left=[gone.variant_id, there.variant_id], **cause
    )

    assert besides == {there.variant_id}
    assert [counters(one) for one in (price, there, gone)] == [(5, 2), (1, 1), (0, 0)]
    assert stock.outstanding(**cause) == {price.variant_id: 2, there.variant_id: 1}


def test_what_is_refused_sets_nothing_aside_besides() -> None:
    there, price = PriceFactory(on_hand=1), PriceFactory(on_hand=1)

    with pytest.raises(stock.OutOfStock):
        stock.reserve({price.variant_id: 2}, if_left=[there.variant_id], **new_cause())

    assert counters(there) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_the_last_one_one_has_it() -> None:
    """One as a line, one besides: each holds the other thing first, in the order of ids."""
    price, last = PriceFactory(on_hand=10), PriceFactory(on_hand=1)
    besides: Callable[[], set[int]] = partial(
        stock.reserve, {price.variant_id: 1}, if_left=[last.variant_id], **new_cause()
    )
    as_line: Callable[[], set[int]] = partial(
        stock.reserve, {last.variant_id: 1, price.variant_id: 1}, **new_cause()
    )

    had, refused = at_once([besides, as_line])

    is_line = refused == set()
    assert (had, is_line) in [(set(), True), ({last.variant_id}, False)]
    assert counters(last) == (1, 1)
    assert is_line or isinstance(refused, stock.OutOfStock)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("reserve"), st.integers(1, 4), st.booleans()),
        st.tuples(st.just("but"), st.integers(0, 4), st.booleans()),
        st.tuples(st.just("commit"), st.just(0), st.just(False)),
        st.tuples(st.just("give_back"), st.just(0), st.just(False)),
    ),
    max_size=12,
)


@given(orders=st.lists(STEPS, min_size=1, max_size=3))
def test_no_unit_is_lost_or_made_in_any_sequence(orders: list[list[tuple[str, int, bool]]]) -> None:
    with transaction.atomic():
        price, other = PriceFactory(on_hand=6), PriceFactory(on_hand=2)
        causes = [new_cause() for _ in orders]
        reserved: set[uuid.UUID] = set()
        for number in range(max(map(len, orders))):
            for cause, steps in zip(causes, orders, strict=True):
                if number < len(steps):
                    step(steps[number], price, other, cause, reserved)
                    for one in (price, other):
                        on_hand, aside = counters(one)
                        assert 0 <= aside <= on_hand
        for cause in causes:
            stock.give_back(**cause)

        assert [counters(price), counters(other)] == [(6, 0), (2, 0)]
        transaction.set_rollback(True)


def step(
    what: tuple[str, int, bool],
    price: Price,
    other: Price,
    cause: dict[str, Any],
    reserved: set[uuid.UUID],
) -> None:
    """One verb as an order would call it: it reserves once, and takes or returns what it has."""
    name, units, besides = what
    if name == "reserve" and cause["cause_id"] not in reserved:
        try:
            stock.reserve({price.variant_id: units}, if_left=[other.variant_id] * besides, **cause)
        except stock.OutOfStock:
            return
        reserved.add(cause["cause_id"])
    elif name == "but":
        needed = {price.variant_id: units, other.variant_id: int(besides)}
        stock.give_back_but(needed, **cause)
    elif name == "commit":
        stock.commit(**cause)
    elif name == "give_back":
        stock.give_back(**cause)
