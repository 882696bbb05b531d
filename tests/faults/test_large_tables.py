"""A hundred thousand orders of one thing: what staff look at then reads each row once at most."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fulfillment import invariants, stocktake
from shop.catalog.models import Stock
from shop.orders.models import Order, OrderHold
from tests.support.factories import OrderFactory, PriceFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 100_000
# Reading every row here a few times over. Comparing each with each other is a thousand times more.
MOST_COST = 100_000.0
# Half of the orders are over and hold nothing, half still wait for their stock to be taken.
FILL = """
    CREATE TEMP TABLE more AS
        SELECT n, gen_random_uuid() AS cause, n %% 2 = 0 AS is_over
        FROM generate_series(1, %(many)s) AS n;
    INSERT INTO orders_order
        SELECT made.*
        FROM more, orders_order AS first, jsonb_populate_record(first, jsonb_build_object(
            'id', cause, 'number', 'HF-' || n, 'token', n,
            'reservation', cause, 'cart_id', NULL,
            'status', CASE WHEN is_over THEN 'expired' ELSE 'pending' END,
            'created_at', first.created_at - n * interval '1 millisecond'
        )) AS made
        WHERE first.id = %(first)s;
    INSERT INTO orders_orderline (order_id, position, variant_id, price_id, sku, title, choice,
            unit_amount, quantity, removed)
        SELECT cause, position, variant_id, price_id, sku, title, choice, unit_amount, 1, 0
        FROM more, orders_orderline WHERE order_id = %(first)s;
    INSERT INTO orders_ordertransition (order_id, seq, before, after, cause, actor_name, at)
        SELECT cause, 1, 'pending', 'expired', '', '', now() FROM more WHERE is_over;
    INSERT INTO catalog_stockmovement (stock_id, kind, quantity, on_hand_delta, reserved_delta,
            shortage_delta, cause_kind, cause_id, reason, actor_name, at)
        SELECT %(stock)s, 'reserve', 1, 0, 1, 0, 'order', cause, '', '', now() FROM more
        UNION ALL
        SELECT %(stock)s, 'return', 1, 0, -1, 0, 'order', cause, '', '', now()
        FROM more WHERE is_over;
    UPDATE catalog_stock SET reserved = reserved + %(many)s / 2, on_hand = on_hand + %(many)s
        WHERE id = %(stock)s;
    UPDATE catalog_stockmovement SET on_hand_delta = on_hand_delta + %(many)s, quantity = %(many)s
        WHERE stock_id = %(stock)s AND kind = 'adjust';
    DROP TABLE more;
"""


@pytest.fixture
def stock() -> Iterator[Stock]:
    """Of a thing that so many orders hold."""
    price = PriceFactory(on_hand=1)
    found = Stock.objects.get(variant=price.variant)
    first = OrderFactory(price=price)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '120s'")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(FILL, {"many": MANY, "first": first.pk, "stock": found.pk})
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute(
            "ANALYZE orders_order, orders_orderline, catalog_stockmovement, orders_ordertransition"
        )
    found.refresh_from_db()
    yield found
    # With it the limit of the statements.
    connection.close()


def test_a_large_shop_can_be_looked_at(stock: Stock, client: Client) -> None:  # K19
    Order.objects.get(number="HF-7").hold(OrderHold.Reason.STAFF, "Look at it", opened_by="ana")
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = reverse("admin:adjust_stock", args=[stock.variant_id])

    with CaptureQueriesContext(connection) as looks:
        hits = stocktake.orders_hit(stock.variant, stock.reserved - stock.on_hand - 2)
        answer = client.post(page, {"delta": "-1", "reason": "broken"})
        broken = {name: rows for name, rows in invariants.broken().items() if rows}
        in_review = list(Order.objects.in_review())

    assert [hit.units for hit in hits] == [1, 1]
    assert hits[0].order.created_at > hits[1].order.created_at
    assert answer.status_code == 200
    assert broken == {}
    assert [order.number for order in in_review] == ["HF-7"]
    costs = {look["sql"]: cost_of(look["sql"]) for look in looks if look["sql"][:6] == "SELECT"}
    assert [sql for sql, cost in costs.items() if cost > MOST_COST] == []


def cost_of(statement: str) -> float:
    """What the database expects a statement to cost, the same on every machine: in its units, of
    which reading a page from disk is one."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + statement.replace("%", "%%"))
        (plan,) = cursor.fetchone()
    return float(plan[0]["Plan"]["Total Cost"])
