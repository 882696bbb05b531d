"""What stands on the shelf: what is free, and what is set aside for orders and their parcels."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fulfillment import shipping
from fulfillment.models import Shipment
from shop.catalog.admin.stock import in_words
from shop.catalog.models import Stock
from tests.support.factories import OrderFactory, PriceFactory
from tests.support.purchases import buy, do_the_work
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def row(client: Client) -> dict[str, str]:
    """The only row of the list of stock."""
    page = client.get(reverse("admin:catalog_stock_changelist")).content.decode()
    cells = re.findall(r'<t[dh] class="field-(\w+)[^"]*">(.*?)</t[dh]>', page)
    return {name: re.sub("<[^>]+>", "", text) for name, text in cells}


def test_s9_the_shelf_is_what_is_free_and_what_is_set_aside(
    admin_client: Client, stand_in: StandIn
) -> None:
    price = PriceFactory(on_hand=10)
    buy(stand_in, price=price, quantity=2)
    do_the_work()
    OrderFactory(price=price)
    product = reverse("admin:catalog_product_change", args=[price.variant.product_id])
    change = reverse("admin:adjust_stock", args=[price.variant_id])

    listed, page = row(admin_client), admin_client.get(product).content.decode()
    counted = " ".join(admin_client.get(change).content.decode().split())

    assert [listed[name] for name in ("shelf", "free", "aside")] == ["10", "7", "3"]
    words = "10 on the shelf: 7 free, 1 for orders under way, 2 set aside for parcels"
    assert f'{words} <a href="{change}">change</a>' in page
    assert "<dt>On the shelf</dt> <dd> 10 </dd>" in counted
    assert "<dt>Of it for parcels of orders</dt> <dd> 2 </dd>" in counted


def test_s9_what_has_left_the_house_is_on_no_shelf(admin_client: Client, stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=10)
    buy(stand_in, price=price, quantity=2)
    do_the_work()

    shipping.ship(Shipment.objects.get(), carrier="Post")

    listed = row(admin_client)
    assert [listed[name] for name in ("shelf", "free", "aside")] == ["8", "8", "0"]


BEYOND = "1 on the shelf: 1 for orders under way; 2 promised beyond that; 3 may still be sold "


@pytest.mark.parametrize(
    ("counts", "in_parcels", "said"),
    [
        ({"on_hand": 10}, 0, "10 on the shelf"),
        ({"on_hand": 0}, 0, "0 on the shelf"),
        ({"on_hand": 3, "reserved": 3}, 0, "3 on the shelf: 3 for orders under way"),
        ({"on_hand": 0}, 2, "2 on the shelf: 2 set aside for parcels"),
        (
            {"on_hand": 1, "reserved": 3, "backorder": 5},
            0,
            f"{BEYOND}beyond that",
        ),
        (
            {"on_hand": -2, "backorder": 5},
            2,
            "0 on the shelf: 2 set aside for parcels; 3 may still be sold beyond that",
        ),
    ],
)
def test_s9_the_shelf_in_words(counts: dict[str, Any], in_parcels: int, said: str) -> None:
    assert in_words(Stock(**counts), in_parcels) == said
