"""An import runs for minutes; who buys meanwhile does not wait for it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from shop.catalog.files.run import Report, import_products
from shop.catalog.models import Price, Stock
from shop.orders.models import Order
from tests.shop.catalog.files.formats.shopify_files import file_of, row
from tests.support.factories import OrderFactory, PriceFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def price() -> Price:
    """What the file will ask more for, and find fewer of."""
    price: Price = PriceFactory(
        variant__sku="LANTERN-STORM", variant__product__slug="storm-lantern", on_hand=10
    )
    return price


def order_elsewhere(price: Price) -> Order:
    """As another process does it, which waits three seconds for a lock at most."""

    def buy() -> Order:
        try:
            return OrderFactory(price=price)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as buyer:
        return buyer.submit(buy).result()


def imported(path: Path, meanwhile: Callable[[], object], *, dry_run: bool = False) -> Report:
    """`meanwhile` happens once, when a first lot of products is written and not yet committed."""
    left = [meanwhile]

    def progress(_read: int, _size: int, _rows: int) -> None:
        if left:
            left.pop()()

    return import_products(
        path, currency="eur", overwrite_stock=True, dry_run=dry_run, progress=progress
    )


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_buyer_does_not_wait(tmp_path: Path, price: Price, dry_run: bool) -> None:  # K19
    path = file_of(tmp_path, row(variant_price="70.00", variant_inventory_qty="7"))
    orders: list[Order] = []

    report = imported(path, lambda: orders.append(order_elsewhere(price)), dry_run=dry_run)

    stock = Stock.objects.get(variant=price.variant)
    assert report.problems == []
    assert report.counts["stock counts set"] == 1
    assert orders[0].lines.get().unit_amount == 1800
    assert (stock.on_hand, stock.reserved) == (10 if dry_run else 7, 1)


def test_units_sold_meanwhile_are_not_counted_away(tmp_path: Path, price: Price) -> None:  # K19
    """What the file finds is too few by now: that count is left, and told."""
    path = file_of(tmp_path, row(variant_price="70.00", variant_inventory_qty="1"))

    report = imported(path, lambda: [order_elsewhere(price) for _ in range(2)])

    stock = Stock.objects.get(variant=price.variant)
    assert (stock.on_hand, stock.reserved) == (10, 2)
    assert report.is_imported
    assert [(one.column, one.line) for one in report.problems] == [("Variant Inventory Qty", 2)]
    assert "2 of LANTERN-STORM are reserved for orders." in report.problems[0].sentence
    assert price.variant.prices.current().get().unit_amount == 7000
