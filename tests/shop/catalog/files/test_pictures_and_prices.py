"""Pictures that moved, categories with a word in their name, and prices that nobody can pay."""

from pathlib import Path
from typing import Any

import pytest

from shop.catalog.files.run import Report, import_products
from shop.catalog.models import Image, PictureFetch, Product

pytestmark = pytest.mark.django_db


def imported(directory: Path, *lines: str, **options: Any) -> Report:
    path = directory / "a.csv"
    path.write_text("\n".join(lines) + "\n")
    return import_products(path, currency="eur", **options)


def test_f14_a_new_address_replaces_the_old_picture(tmp_path: Path) -> None:
    old, second, new = (f"https://a.example/{name}.jpg" for name in ("old", "second", "new"))
    imported(tmp_path, "sku,name,price,images", f'A,Lamp,9.00,"{old}, {second}"')
    first = Image.objects.get(source=old)
    Image.objects.create(product=first.product, source="upload:mine", position=3)
    Image.objects.filter(pk=first.pk).update(name="seen", alt="A lamp")

    imported(tmp_path, "sku,name,price,images", f'A,Lamp,9.00,"{new}, {second}"')

    assert list(Image.objects.order_by("position").values_list("source", "name", "alt")) == [
        (new, "seen", "A lamp"),
        (second, "", ""),
        ("upload:mine", "", ""),
    ]
    assert PictureFetch.objects.filter(image=first).count() == 2


def test_f14_a_further_picture_replaces_none(tmp_path: Path) -> None:
    one, two = "https://a.example/1.jpg", "https://a.example/2.jpg"
    imported(tmp_path, "sku,name,price,images", f"A,Lamp,9.00,{one}")

    imported(tmp_path, "sku,name,price,images", f'A,Lamp,9.00,"{one}, {two}"')

    assert list(Image.objects.order_by("position").values_list("source", flat=True)) == [one, two]


@pytest.mark.parametrize(
    "name", ["Gift Card Holders", "Gift cards", "Bundles of joy", "Subscription boxes", "External"]
)
def test_f14_no_category_is_refused_for_its_name(tmp_path: Path, name: str) -> None:
    report = imported(tmp_path, "sku,name,price,category", f"A,Lamp,9.00,{name}")

    assert report.problems == []
    assert Product.objects.get().category.name == name


@pytest.mark.parametrize(
    "header", ["Handle,Title,Type,Variant SKU,Variant Price", "handle,name,type,sku,price"]
)
def test_f14_nor_a_type_for_a_word_in_it(tmp_path: Path, header: str) -> None:
    report = imported(tmp_path, header, "a,Holder,Gift Card Holders,A,9.00")

    assert report.problems == []


def test_f14_a_price_below_stripes_least_is_told(tmp_path: Path) -> None:
    report = imported(
        tmp_path,
        "sku,name,price,price:usd,stock",
        "A,Sticker,0.30,0.40,1",
        "B,Gift,0.00,,1",
        "C,Pin,0.50,,1",
    )

    assert [str(warning) for warning in report.warnings] == [
        (
            "line 2, price: is below 0.50 EUR, the least that Stripe charges: an order of one"
            " cannot be paid."
        ),
        (
            "line 2, price: is below 0.50 USD, the least that Stripe charges: an order of one"
            " cannot be paid."
        ),
    ]
