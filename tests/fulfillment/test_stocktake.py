"""A stocktake: which orders it leaves short, and what becomes of them and their money."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError

from fulfillment import stocktake
from shop.catalog.models import Stock
from shop.orders.models import Order
from tests.support.factories import OrderFactory, PriceFactory, UserFactory
from tests.support.purchases import buy, do_the_work, payment_of
from tests.support.stand_in import StandIn

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
        actor=UserFactory(),
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
