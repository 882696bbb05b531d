"""The sample range comes in as a merchant's would; its pictures are media like every other."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from sample import digital, load
from shop.catalog.files.run import import_products
from shop.catalog.models import DigitalGood, Image, PictureFetch, Price, Product, Rhythm
from shop.money import Money
from shop.orders.delivery.terms import Goods, Terms
from shop.orders.discounts.codes import found
from shop.orders.models import DeliveryMethod, Discount, Question, TaxRate
from shop.orders.questions.asked import asked
from shop.orders.tax.rates import Rates
from tests.support.factories import ProductFactory, TaxRateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.DIGITAL_ROOT = str(tmp_path / "digital")
    return tmp_path / "media" / "pictures"


def test_an_empty_catalog_gets_the_range_with_all_its_pictures(media: Path, client: Client) -> None:
    load.main()

    assert Product.objects.count() >= 48
    assert not Image.objects.filter(name="").exists()
    assert {image.name for image in Image.objects.all()} == {
        file.stem.rpartition("-")[0] for file in media.iterdir()
    }
    assert len(list(media.iterdir())) == len(list(load.PICTURES.iterdir()))
    assert PictureFetch.objects.count() == 0
    mug = Image.objects.get(source=load.ADDRESS.format("kelp-mug"))
    assert (mug.width, mug.height, mug.widths) == (960, 960, [320, 480, 640, 960])
    file: Any = client.get(f"/media/pictures/{mug.name}-640.webp")
    assert b"".join(file.streaming_content) == (load.PICTURES / "kelp-mug-640.webp").read_bytes()


def test_who_buys_the_guide_downloads_it() -> None:
    """S-4"""
    load.main()
    load.main()

    good = DigitalGood.objects.get()
    assert good.file
    assert (good.variant.sku, good.file.path.read_bytes()) == (digital.SKU, digital.guide_pdf())
    assert good.file.name == digital.NAME


def test_some_things_are_sold_again_and_again(client: Client) -> None:
    load.main()
    load.main()

    sold = Price.objects.recurring().filter(currency="eur")
    assert [
        (price.variant.sku, price.unit_amount, price.rhythm, price.trial_days) for price in sold
    ] == [
        ("SOAP-KELP", 650, Rhythm("month"), None),
        ("CIRCLE-TIDES", 500, Rhythm("month"), 14),
        ("SALTS-FORESHORE", 1700, Rhythm("month", 3), None),
    ]
    page = client.get("/products/circle-of-the-tides/").content.decode()
    assert "14 days free, then €5.00 every month." in " ".join(page.split())


def costs(country: str, amount: int, currency: str = "eur") -> list[tuple[str, int]]:
    goods = Goods(Money(amount, currency), 500)
    return [(each.method.name, each.amount.amount) for each in Terms.now().offers(country, goods)]


def test_delivery_is_by_three_methods_in_both_currencies() -> None:
    load.main()

    assert costs("DE", 1800) == [("Standard", 490), ("Express", 990)]
    assert costs("DE", 8000) == [("Standard", 0), ("Express", 990)]
    assert costs("FR", 7999) == [("Abroad", 1290)]
    assert costs("FR", 2000, "usd") == [("Abroad", 1400)]


def test_a_code_and_an_offer_are_taken_off() -> None:
    load.main()
    load.main()

    welcome, offer = Discount.objects.order_by("pk")
    assert (welcome.name, welcome.share, welcome.is_automatic) == ("Welcome", "10", False)
    assert found("welcome-1O") == "WELCOME10"
    assert (offer.bundle_of, offer.bundle_price, offer.is_automatic) == (3, 2, True)
    assert [product.slug for product in offer.products.all()] == ["beeswax-pillar"]


def test_a_gift_message_may_be_left_in_both_languages() -> None:
    load.main()

    labels = [[each["label"] for each in asked(language)] for language in ("en", "de")]
    assert labels == [["Gift message"], ["Grußbotschaft"]]
    assert not Question.objects.get().is_required


def test_matches_go_with_the_lantern_until_staff_say_otherwise() -> None:
    load.main()
    lantern = Product.objects.get(slug="storm-lantern")

    assert [other.slug for other in lantern.goes_with.all()] == ["strike-bottle"]


def test_tax_is_that_of_a_seller_in_vienna() -> None:
    load.main()

    rates = Rates.now()
    shares = {name: rates.due("FR", name) for name in ("standard", "food", "books")}
    assert {name: rate and rate.share for name, rate in shares.items()} == {
        "standard": "20",
        "food": "10",
        "books": "10",
    }
    assert Product.objects.get(slug="shoreline-field-guide").tax_class == "books"


def test_rates_that_staff_have_set_stay() -> None:
    TaxRateFactory(country="AT")

    load.main()

    assert TaxRate.objects.get().country == "AT"


def test_methods_that_staff_have_set_stay() -> None:
    DeliveryMethod.objects.update(is_free=False)

    load.main()

    assert DeliveryMethod.objects.count() == 1


def test_loading_again_changes_nothing() -> None:
    load.main()
    before = list(Image.objects.order_by("pk").values())
    Product.objects.filter(slug="kelp-mug").update(title="Renamed")

    load.main()

    assert list(Image.objects.order_by("pk").values()) == before
    assert Product.objects.get(slug="kelp-mug").title == "Renamed"


def test_importing_the_file_again_leaves_the_pictures_as_they_are() -> None:
    load.main()
    before = list(Image.objects.order_by("pk").values())

    import_products(load.PRODUCTS, currency="eur")

    assert list(Image.objects.order_by("pk").values()) == before


def test_a_shop_with_another_range_gets_nothing(media: Path) -> None:
    Image.objects.create(product=ProductFactory(), source="upload:a", name="a", widths=[320])

    load.main()

    assert Product.objects.count() == 1
    assert list(Image.objects.values_list("name", flat=True)) == ["a"]
    assert not media.exists()


def test_files_that_are_lost_are_copied_again(media: Path) -> None:
    load.main()
    lost = next(media.iterdir())
    content = lost.read_bytes()
    lost.unlink()

    load.main()

    assert lost.read_bytes() == content


def test_pictures_of_an_older_demo_are_shown_again(media: Path) -> None:
    """Before the sample left the release, its pictures were static files, and no media."""
    drawn = Image.objects.create(
        product=ProductFactory(), source="pictures/kelp-mug", name="kelp-mug", widths=[320, 960]
    )
    kept = Image.objects.create(
        product=ProductFactory(), source="upload:b", name="b", widths=[320, 960]
    )
    migration: Any = import_module("shop.catalog.migrations.0017_pictures_are_media")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_image SET is_stored = (source LIKE 'upload:%')")
        cursor.execute(migration.WITHOUT_FILES)
    drawn.refresh_from_db()
    between = (drawn.name, drawn.widths)

    load.main()

    drawn.refresh_from_db()
    kept.refresh_from_db()
    assert between == ("", [])
    assert (media / f"{drawn.name}-960.avif").exists()
    assert drawn.widths == [320, 480, 640, 960]
    assert (kept.name, kept.widths) == ("b", [320, 960])
