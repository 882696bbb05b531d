"""Many buyers at once for few units."""

import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import OperationalError, connection

from shop.catalog import stock
from shop.catalog.models import Price, Stock
from shop.orders.models import Order
from tests.support.books import broken_invariants
from tests.support.buyer import Customer
from tests.support.house import House
from tests.support.waiting import eventually

BUYERS = 200
AT_ONCE = 16


def test_two_hundred_buyers_for_five_units(
    shop: House, price: Price, customer: Callable[[], Customer]
) -> None:
    """Guard: one UPDATE takes the units under the condition that they are there."""
    buyers = [customer() for _ in range(BUYERS)]
    deadlocks_before = deadlocks()
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        answers = list(
            crowd.map(lambda buyer: buyer.go_to_payment(price=price.key, quantity=1), buyers)
        )

    assert Counter(answer.status_code for answer in answers) == {303: 5, 409: BUYERS - 5}
    assert {"sold out" in answer.text for answer in answers if answer.status_code == 409} == {True}
    assert Order.objects.filter(lines__price=price).count() == 5
    assert sessions_made_for(shop, price) == 5
    assert (on_shelf(price).on_hand, on_shelf(price).reserved) == (5, 5)
    assert broken_invariants() == {}
    assert deadlocks_at_the_end(shop) == deadlocks_before


def test_the_same_things_in_another_order(shop: House, price: Price) -> None:
    """Guard: units are taken in the order of the variants' ids, so that nobody waits in a ring."""
    other = Stock.objects.exclude(variant=price.variant).filter(on_hand__gte=100).first()
    assert other is not None
    stock.adjust(price.variant_id, 95, reason="more", cause_kind="delivery", cause_id=uuid.uuid4())
    wanted = [price.variant_id, other.variant_id]

    def take(turn: int) -> str:
        cause = uuid.uuid4()
        units = dict.fromkeys(wanted if turn % 2 else reversed(wanted), 1)
        try:
            stock.reserve(units, cause_kind="order", cause_id=cause)
            stock.give_back(cause_kind="order", cause_id=cause)
        except OperationalError as error:
            return str(error)
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(8) as crowd:
        answers = Counter(crowd.map(take, range(80)))

    assert answers == {"taken": 80}
    assert broken_invariants() == {}


def deadlocks_at_the_end(shop: House) -> int:
    """How many there have been: a connection is sure to have counted its own once it is over."""
    for name in list(shop.processes):
        shop.stop(name)
    eventually(lambda: other_connections() == 0, shown=other_connections)
    return deadlocks()


def other_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        counted: int = cursor.fetchone()[0]
    return counted


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        counted: int = cursor.fetchone()[0]
    return counted


def on_shelf(price: Price) -> Stock:
    return Stock.objects.get(variant=price.variant_id)


def sessions_made_for(shop: House, price: Price) -> int:
    orders = {str(order.pk) for order in Order.objects.filter(lines__price=price)}
    made = shop.stand_in.executed("/v1/checkout/sessions")
    return len([call for call in made if call["params"].get("client_reference_id") in orders])
