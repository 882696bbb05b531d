"""A stocktake: which orders it leaves short, and what becomes of them and their money."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from fulfillment import stocktake
from shop.catalog import stock
from shop.catalog.models import Stock
from shop.orders.models import Order, OrderLine
from tests.support.concurrency import at_once, waiting_for_locks
from tests.support.factories import OrderFactory, PriceFactory, UserFactory
from tests.support.purchases import buy, do_the_work, order_of, payment_of, start
from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def counters(price: Any) -> tuple[int, int, int]:
    """On hand, reserved, missing."""
    stocked = Stock.objects.get(variant=price.variant)
    return stocked.on_hand, stocked.reserved, stocked.shortage


def test_a_stocktake_names_the_youngest_orders_that_it_leaves_short(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=5)
    orders = [OrderFactory(price=price) for _ in range(4)]

    hits = stocktake.orders_hit(price.variant, -3)

    assert [hit.order for hit in hits] == [orders[3], orders[2]]


def test_free_units_go_before_any_order_is_hit(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=5)
    OrderFactory(price=price)

    assert stocktake.orders_hit(price.variant, -4) == []


def test_what_a_page_let_go_or_only_offers_is_held_by_nobody(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=6)
    order, other = order_of(start(price, 4)), OrderFactory()
    stock.give_back_but({price.variant_id: 1}, cause_kind="order", cause_id=order.reservation)
    stock.reserve({price.variant_id: 1}, cause_kind="order", cause_id=other.reservation)

    hits = {delta: stocktake.orders_hit(price.variant, delta) for delta in (-5, -6)}

    assert hits == {-5: [], -6: [stocktake.Hit(order, 1)]}


# Guard: S04, `adjust` calls off the youngest in the transaction that changes the stock.
def test_a_stocktake_below_what_is_reserved_ends_the_youngest(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=3)
    orders = [buy(stand_in, price=price) for _ in range(3)]

    called_off = stocktake.adjust(
        price.variant,
        -2,
        reason="two broke",
        cause_id=uuid.uuid4(),
        foretold=[orders[2].number, orders[1].number],
        actor=UserFactory(is_superuser=True),
    )
    wishes = [Order.objects.get(pk=order.pk).cancel_requested_at is not None for order in orders]
    do_the_work()

    assert wishes == [False, True, True]
    assert [order.number for order in called_off] == [orders[2].number, orders[1].number]
    assert [Order.objects.get(pk=order.pk).status for order in orders] == [
        "confirmed",
        "cancelled",
        "cancelled",
    ]
    assert counters(price) == (0, 0, 0)
    assert [payment_of(order).status for order in orders] == ["captured", "released", "released"]


def test_other_orders_than_foretold_change_nothing(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=1)
    order = OrderFactory(price=price)

    with pytest.raises(stocktake.OrdersHitHaveChanged, match=order.number):
        stocktake.adjust(
            price.variant, -1, reason="x", cause_id=uuid.uuid4(), foretold=[], actor=None
        )

    assert counters(price) == (1, 1, 0)
    assert Order.objects.get(pk=order.pk).cancel_requested_at is None


def test_one_press_of_a_stock_button_counts_once(stand_in: StandIn) -> None:
    price, press = PriceFactory(on_hand=5), uuid.uuid4()
    more: dict[str, Any] = {"reason": "found", "cause_id": press, "foretold": [], "actor": None}
    stocktake.adjust(price.variant, 2, **more)

    with pytest.raises(IntegrityError):
        stocktake.adjust(price.variant, 2, **more)

    assert counters(price) == (7, 0, 0)


def test_a_stocktake_locks_all_that_its_orders_hold_in_the_order_of_buyers(
    stand_in: StandIn,
) -> None:
    # K17: it locked its own variant first, and the others of the orders it ended as they came.
    first, second = PriceFactory(on_hand=5), PriceFactory(on_hand=1)
    order = OrderFactory(price=first)
    more = {"variant": second.variant, "price": second, "sku": second.variant.sku, "title": "x"}
    OrderLine.objects.create(order=order, position=2, unit_amount=1800, quantity=1, **more)
    stock.reserve({second.variant_id: 1}, cause_kind="order", cause_id=order.reservation)

    def take_stock() -> None:
        stocktake.adjust(
            second.variant,
            -1,
            reason="broken",
            cause_id=uuid.uuid4(),
            foretold=[order.number],
            actor=None,
        )

    rows = Stock.objects.select_for_update(nowait=True)
    with ThreadPoolExecutor(1) as aside, transaction.atomic():
        rows.get(variant=first.variant)
        taking = aside.submit(lambda: at_once([take_stock])[0])
        eventually(waiting_for_locks)
        # As a buyer of both would, who was here first.
        rows.get(variant=second.variant)
        transaction.set_rollback(True)

    assert taking.result() is None
    assert (counters(first), counters(second)) == ((5, 0, 0), (0, 0, 0))
