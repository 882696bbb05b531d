"""Days and times without a zone, in files, are those of the shop. # S-8"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shop.catalog.files.export_columns import Further
from shop.catalog.files.formats.woocommerce_cells import moment
from shop.catalog.files.reading.csv_rows import Row
from shop.catalog.files.run import import_products
from shop.catalog.models import Product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_vienna(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Vienna"


def test_a_time_to_publish_at_is_by_the_shops_clock(tmp_path: Path) -> None:
    file = tmp_path / "range.csv"
    file.write_text("sku,title,price,publish_at\nB-1,Bag,10.00,2026-12-01T00:30:00\n")

    assert import_products(file, currency="eur").problems == []

    bag = Product.objects.get()
    assert bag.publish_at == datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert Further((), (), {}).of_product(bag)["publish_at"] == "2026-12-01T00:30:00+01:00"


def test_a_sale_ends_with_its_last_day_where_the_shop_is() -> None:
    row = Row(2, {"Date sale price ends": "2026-12-01"})

    ends = moment(row, "Date sale price ends", is_end=True)

    assert ends == datetime(2026, 12, 1, 23, 0, tzinfo=UTC)
