import uuid
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from shop.catalog import publishing, stock
from shop.money import Money
from tests.factories import ChosenPriceFactory, PriceFactory

pytestmark = pytest.mark.django_db
GOOGLE = "{http://base.google.com/ns/1.0}"


def items(client: Client) -> list[dict[str, str]]:
    answer = client.get("/feeds/google.xml")
    root = ElementTree.fromstring(answer.getvalue())  # noqa: S314
    return [
        {child.tag.removeprefix(GOOGLE): child.text or "" for child in item}
        for item in root.iter("item")
    ]


def test_a_variant_is_told_in_googles_words(client: Client, settings: Any) -> None:
    price = PriceFactory(
        variant__sku="L-1",
        variant__product__title="Lamp & <Light>",
        variant__product__slug="lamp",
        variant__product__vendor="Skerry",
        variant__product__category__name="Home",
    )
    publishing.set_price(price.variant, Money(1500, "eur"), regular=Money(1800, "eur"))

    assert items(client) == [
        {
            "id": "L-1",
            "title": "Lamp & <Light>",
            "description": "Lamp & <Light>",
            "link": f"{settings.SITE_URL}/products/lamp/?variant=L-1",
            "availability": "in_stock",
            "price": "18.00 EUR",
            "sale_price": "15.00 EUR",
            "brand": "Skerry",
            "condition": "new",
            "identifier_exists": "no",
            "product_type": "Home",
        }
    ]


def test_only_what_can_be_bought_is_told(client: Client) -> None:
    PriceFactory(variant__product__status="draft")
    PriceFactory(variant__is_active=False)
    PriceFactory(currency="usd")
    PriceFactory(variant__sku="GONE", on_hand=0)
    ChosenPriceFactory()

    assert [(item["id"], item["availability"]) for item in items(client)] == [
        ("GONE", "out_of_stock")
    ]


def test_what_did_not_change_is_not_sent_again(client: Client) -> None:
    PriceFactory()
    first = client.get("/feeds/google.xml")

    again = client.get("/feeds/google.xml", HTTP_IF_MODIFIED_SINCE=first.headers["Last-Modified"])

    assert again.status_code == 304


def test_what_is_sold_out_since_is_told(client: Client) -> None:
    price = PriceFactory(on_hand=1)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        first = client.get("/feeds/google.xml").headers["Last-Modified"]
        stock.adjust(
            price.variant_id, -1, reason="broken", cause_kind="stocktake", cause_id=uuid.uuid4()
        )
        again = client.get("/feeds/google.xml", HTTP_IF_MODIFIED_SINCE=first)

    assert again.status_code == 200
    assert [item["availability"] for item in items(client)] == ["out_of_stock"]


def test_many_cost_as_many_queries_as_few(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        PriceFactory()

    with django_assert_max_num_queries(8):
        items(client)
