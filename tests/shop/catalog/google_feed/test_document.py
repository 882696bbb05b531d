import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.catalog import publishing, stock, tasks
from shop.catalog.google_feed import file
from shop.catalog.models import Category, Image, Product, Variant
from shop.money import Money
from tests.support.factories import CategoryFactory, ChosenPriceFactory, PriceFactory

pytestmark = pytest.mark.django_db
GOOGLE = "{http://base.google.com/ns/1.0}"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def items(client: Client) -> list[dict[str, str]]:
    if not file.path().exists():
        tasks.write_feed()
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


@pytest.fixture
def lamp() -> Variant:
    """One variant with two pictures, in a category of a category."""
    shelf = CategoryFactory(name="Light", parent=CategoryFactory(name="Home"))
    price = PriceFactory(variant__product__category=shelf, variant__product__slug="lamp")
    variant: Variant = price.variant
    for position in (1, 2):
        kept = {"name": f"p{position}", "widths": [320]}
        Image.objects.create(
            product=variant.product, source=f"upload:{position}", position=position, **kept
        )
    return variant


def rename_shelf(variant: Variant) -> None:
    Category.objects.filter(name="Home").update(name="House")


def sell_out(variant: Variant) -> None:
    cause: dict[str, Any] = {"cause_kind": "stocktake", "cause_id": uuid.uuid4()}
    stock.adjust(variant.pk, -10, reason="broken", **cause)


def reduce(variant: Variant) -> None:
    publishing.set_price(variant, Money(900, "eur"), regular=Money(1800, "eur"))


def end_price(variant: Variant) -> None:
    publishing.end_price(variant.prices.get())


def of_product(**changes: Any) -> Callable[[Variant], object]:
    return lambda variant: Product.objects.filter(pk=variant.product_id).update(**changes)


def of_variant(**changes: Any) -> Callable[[Variant], object]:
    return lambda variant: Variant.objects.filter(pk=variant.pk).update(**changes)


def of_picture(**changes: Any) -> Callable[[Variant], object]:
    return lambda variant: Image.objects.filter(position=1).update(**changes)


CHANGES: dict[str, Callable[[Variant], object]] = {
    "the title": of_product(title="Bright lamp"),
    "the address": of_product(slug="bright-lamp"),
    "the description": of_product(description="Bright."),
    "the vendor": of_product(vendor="Skerry"),
    "the options": of_product(option_names=["Size"]),
    "archived": of_product(status="archived"),
    "the SKU": of_variant(sku="LAMP-1"),
    "the choice": of_variant(option_values=["Large"]),
    "no longer sold": of_variant(is_active=False),
    "a picture of its own": lambda one: of_variant(image=Image.objects.get(position=2))(one),
    "another rendition": of_picture(name="p9"),
    "the order of pictures": of_picture(position=3),
    "a picture that went": lambda _: Image.objects.filter(position=1).delete(),
    "the name of a shelf": rename_shelf,
    "sold out": sell_out,
    "a reduced price": reduce,
    "no price": end_price,
    "another variant": lambda one: PriceFactory(
        variant__product=one.product, variant__option_values=["Large"]
    ),
}


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_the_feed_shows_is_sent_again(
    client: Client, lamp: Variant, change: Callable[[Variant], object], header: str
) -> None:
    asked = {"ETag": "HTTP_IF_NONE_MATCH", "Last-Modified": "HTTP_IF_MODIFIED_SINCE"}[header]
    tasks.write_feed()
    first = client.get("/feeds/google.xml")
    before = first.getvalue()
    known: dict[str, Any] = {asked: first.headers[header]}

    same = client.get("/feeds/google.xml", **known)
    change(lamp)
    within_the_hour = client.get("/feeds/google.xml", **known)
    # Within the same second.
    tasks.write_feed()
    again = client.get("/feeds/google.xml", **known)

    answers = [answer.status_code for answer in (same, within_the_hour, again)]
    assert answers == [304, 304, 200]
    assert again.getvalue() != before


def test_a_unit_sold_of_many_changes_nothing(client: Client, lamp: Variant) -> None:
    tasks.write_feed()
    tag = client.get("/feeds/google.xml").headers["ETag"]

    stock.adjust(lamp.pk, -1, reason="broken", cause_kind="stocktake", cause_id=uuid.uuid4())
    tasks.write_feed()

    assert client.get("/feeds/google.xml", HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_a_shop_under_another_name_is_told(client: Client, settings: Any, lamp: Variant) -> None:
    tasks.write_feed()
    tag = client.get("/feeds/google.xml").headers["ETag"]
    settings.SITE_URL = "https://shop.example"
    tasks.write_feed()

    assert client.get("/feeds/google.xml", HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_the_first_who_asks_has_a_worker_write_it(
    client: Client, lamp: Variant, media: Path
) -> None:
    before = rings()

    early = client.get("/feeds/google.xml")

    assert (early.status_code, early["Retry-After"]) == (503, "30")
    assert rings() == before + 1
    assert list(media.iterdir()) == []
    tasks.write_feed()
    assert client.get("/feeds/google.xml").status_code == 200


def test_two_workers_do_not_write_at_once(lamp: Variant, media: Path) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [file.ONE_WRITER_AT_A_TIME])
            tasks.write_feed()
            written = list(media.iterdir())
            # The end of a connection is noticed later on.
            cursor.execute("SELECT pg_advisory_unlock(%s)", [file.ONE_WRITER_AT_A_TIME])
    finally:
        other.close()

    tasks.write_feed()

    assert written == []
    assert file.path().exists()


def rings() -> int:
    """How many messages ask the workers for a feed."""
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        messages = broker.lrange("catalog", 0, -1)
    return sum(b'"catalog.write_feed"' in message for message in messages)


def test_nothing_but_the_feed_is_left(client: Client, lamp: Variant, media: Path) -> None:
    tasks.write_feed()
    reduce(lamp)
    tasks.write_feed()

    assert [path.name for path in (media / "feeds").iterdir()] == [file.path().name]


def test_a_reader_of_the_old_feed_reads_it_to_its_end(client: Client, lamp: Variant) -> None:
    tasks.write_feed()
    reading = client.get("/feeds/google.xml")
    reduce(lamp)
    tasks.write_feed()

    assert (b"9.00 EUR" in reading.getvalue(), items(client)[0]["sale_price"]) == (
        False,
        "9.00 EUR",
    )


def test_text_that_xml_cannot_hold_is_left_out(client: Client) -> None:
    PriceFactory(
        variant__product__title="La\x0bmp\ufffe",
        variant__product__description="\x01\x1f",
        variant__product__vendor="\N{GRINNING FACE}\uffff",
    )

    (item,) = items(client)
    assert (item["title"], item["brand"]) == ("Lamp", "\N{GRINNING FACE}")
    assert "description" not in item


def test_many_cost_as_many_queries_as_few(django_assert_num_queries: Any) -> None:
    PriceFactory()
    tasks.write_feed()
    with CaptureQueriesContext(connection) as few:
        tasks.write_feed()
    for _ in range(20):
        PriceFactory()

    with django_assert_num_queries(len(few)):
        tasks.write_feed()


def test_f10_a_barcode_is_told(client: Client) -> None:
    PriceFactory(variant__barcode="4006381333931")
    PriceFactory()

    assert [(item.get("gtin"), item["identifier_exists"]) for item in items(client)] == [
        ("4006381333931", "yes"),
        (None, "no"),
    ]


# What XML 1.0 cannot hold, and what it can but only in its own way.
UNSPEAKABLE = [*map(chr, range(32)), "\x7f", "\x85", "\u2028", "\ufdd0", "\ufffe", "\uffff"]


def test_f6_no_text_breaks_the_feed(client: Client, settings: Any) -> None:
    odd = "".join(UNSPEAKABLE).replace("\0", "")
    settings.SHOP_NAME = f"Hold{odd}fast"
    PriceFactory(
        variant__sku=f"A{odd}B",
        variant__product__title=f"Lamp{odd}!",
        variant__product__description=f"Bright{odd}.",
        variant__product__vendor=f"Skerry{odd}",
        variant__product__option_names=["Glaze"],
        variant__option_values=[f"Sa{odd}nd"],
        variant__product__category__name=f"Light{odd}",
    )

    [item] = items(client)

    assert item["brand"].startswith("Skerry")
    assert item["title"].startswith("Lamp")


def test_f14_a_link_encodes_the_sku(client: Client, settings: Any) -> None:
    price = PriceFactory(variant__sku="A&B #1/ü?", variant__product__slug="lamp")

    [item] = items(client)
    page = client.get(item["link"].removeprefix(settings.SITE_URL))

    assert item["link"].endswith("/products/lamp/?variant=A%26B%20%231%2F%C3%BC%3F")
    assert page.status_code == 200
    assert price.variant.sku == item["id"]
