"""On which days an order comes: so many working days after it was confirmed. # S-5"""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from shop.orders.models import Order
from shop.orders.models.delivery import arrival
from tests.support.factories import OrderFactory


@pytest.mark.parametrize(
    ("ordered", "first", "last"),
    [
        # A Monday.
        (date(2026, 11, 30), date(2026, 12, 2), date(2026, 12, 4)),
        # A Thursday: the weekend lies between.
        (date(2026, 12, 3), date(2026, 12, 7), date(2026, 12, 9)),
        # A Saturday and a Sunday begin on Monday.
        (date(2026, 12, 5), date(2026, 12, 8), date(2026, 12, 10)),
        (date(2026, 12, 6), date(2026, 12, 8), date(2026, 12, 10)),
    ],
)
def test_working_days_alone_count(ordered: date, first: date, last: date) -> None:
    assert arrival(ordered, 2, 4) == (first, last)


def test_none_is_the_day_itself() -> None:
    assert arrival(date(2026, 12, 5), 0, 0) == (date(2026, 12, 5), date(2026, 12, 5))


def ordered(**more: Any) -> Order:
    order: Order = OrderFactory(delivery_min_days=2, delivery_max_days=4, **more)
    return order


@pytest.mark.django_db
def test_it_is_counted_from_the_confirmation_in_the_shop_s_day(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Vienna"
    order = ordered()
    unpaid = order.arrives
    # Already Tuesday in Vienna.
    with time_machine.travel(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), tick=False):
        order.confirm("test")

        assert (unpaid, order.arrives) == (None, (date(2026, 12, 3), date(2026, 12, 7)))


@pytest.mark.django_db
def test_what_is_over_is_promised_no_more() -> None:
    order = ordered()
    with time_machine.travel(datetime(2026, 11, 30, 12, tzinfo=UTC), tick=False):
        order.confirm("test")

    with time_machine.travel(datetime(2026, 12, 4, 12, tzinfo=UTC), tick=False):
        on_the_last_day = order.arrives
    with time_machine.travel(datetime(2026, 12, 5, 12, tzinfo=UTC), tick=False):
        later = order.arrives

    assert (on_the_last_day, later) == ((date(2026, 12, 2), date(2026, 12, 4)), None)
