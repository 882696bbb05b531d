"""What is exported is imported again, and is the same."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shop.catalog import publishing
from shop.catalog.files import export
from shop.catalog.files.run import import_products
from shop.catalog.models import Image, Price, Product, Stock, Variant
from shop.money import Money
from tests.shop.catalog.files.formats.shopify_files import row, text_of
from tests.support.factories import CategoryFactory, PriceFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db
SAMPLE = Path("sample/products.csv")


def exported(kind: str) -> str:
    file = StringIO()
    export.WRITERS[kind](file)
    return file.getvalue()


def clear() -> None:
    """Empty shelves; the ledger of stock, which nobody may delete row by row, with them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE catalog_category CASCADE")


@pytest.mark.parametrize("kind", ["shopify", "json", "jsonl"])
def test_the_sample_goes_out_and_in_and_out_the_same(tmp_path: Path, kind: str) -> None:
    import_products(SAMPLE, currency="eur")
    before = exported(kind)
    path = tmp_path / {"shopify": "a.csv", "json": "a.json", "jsonl": "a.jsonl"}[kind]
    path.write_text(before)

    clear()
    report = import_products(path, currency="eur")

    assert (report.problems, report.is_imported) == ([], True)
    assert exported(kind) == before


@pytest.mark.parametrize("kind", ["shopify", "json", "jsonl"])
def test_a_single_product_goes_out_and_in(tmp_path: Path, kind: str) -> None:
    product = PriceFactory(variant__product__tags=["brass", "gift"]).variant.product
    Image.objects.create(product=product, source="https://nowhere.example/a.jpg", position=1)
    before = exported(kind)
    path = tmp_path / {"shopify": "a.csv", "json": "a.json", "jsonl": "a.txt"}[kind]
    path.write_text(before)

    clear()
    report = import_products(path, currency="eur")

    assert (report.problems, report.is_imported) == ([], True)
    assert exported(kind) == before


def told() -> dict[str, Any]:
    """All that the shop says of its products, without what only this database knows."""
    return {
        "products": list(
            Product.objects.order_by("slug").values(
                "slug", "title", "description", "translations", "vendor", "category__name", "tags",
                "category__translations", "category__parent__translations", "option_names",
                "status", "publish_at", "most_per_order", "tax_class",
            )
        ),
        "pictures": list(
            Image.objects.order_by("source").values("source", "alt", "position", "translations")
        ),
        "variants": list(
            Variant.objects.order_by("sku").values(
                "sku", "option_values", "position", "is_active", "requires_shipping", "grams",
                "tax_code", "stock__on_hand", "image__source",
            )
        ),
        "prices": list(
            Price.objects.filter(is_active=True)
            .order_by("variant__sku", "currency", "interval", "interval_count")
            .values_list(
                "variant__sku", "unit_amount", "currency", "regular_amount",
                "lowest_recent_amount", "is_chosen", "minimum_amount", "maximum_amount",
                "interval", "interval_count", "trial_days",
            )
        ),
    }  # fmt: skip


def fill() -> None:
    """One product with everything, one with next to nothing."""
    home = CategoryFactory(name="Home", slug="home", translations={"de": {"name": "Wohnen"}})
    light = CategoryFactory(
        name="Light", slug="home-light", parent=home, translations={"de": {"name": "Licht"}}
    )
    lamp = ProductFactory(
        slug="lamp",
        title="Lamp",
        description="Bright & <warm>.\nFor 1 < 2 rooms.\n\nOf brass.",
        # U9
        translations={
            "de": {
                "title": "Lampe",
                "description": "Hell & <warm>.\n\nAus Messing.",
                "options": {"Size": "Größe", "L": "groß"},
            },
            "pt-br": {"title": "Lâmpada"},
        },
        category=light,
        status="draft",
        publish_at=datetime(2027, 5, 1, 9, tzinfo=UTC),
        most_per_order=3,
        tax_class="books",
        option_names=["Size"],
    )
    small, large, old, free = (
        VariantFactory(product=lamp, sku=f"L-{size}", option_values=[size], position=number)
        for number, size in enumerate(["S", "L", "XL", "0"], start=1)
    )
    Variant.objects.filter(pk=old.pk).update(is_active=False, requires_shipping=False, grams=80)
    for variant in (small, large, old, free):
        Stock.objects.create(variant=variant)
    Image.objects.create(product=lamp, source="https://nowhere.example/a.jpg", position=1)
    Image.objects.update(alt="Lit", translations={"de": {"alt": "Brennend"}})
    shown = Image.objects.create(product=lamp, source="https://nowhere.example/b.jpg", position=2)
    Variant.objects.filter(pk=large.pk).update(image=shown)
    PriceFactory(variant=VariantFactory(product__category=light, sku="PLAIN", position=1))
    publishing.set_price(small, Money(1000, "eur"))
    publishing.set_price(small, Money(900, "eur"), regular=Money(2000, "eur"))
    publishing.set_price(small, Money(1100, "usd"))
    publishing.set_price(small, Money(1500, "jpy"), regular=Money(1800, "jpy"))
    for interval, count in (("month", 1), ("month", 3), ("year", 1)):
        price = Price(unit_amount=500, currency="eur", interval=interval, interval_count=count)
        price.trial_days = 14 if interval == "year" else None
        publishing.replace(small, price)
    chosen = {"is_chosen": True, "minimum_amount": 500, "maximum_amount": 9000}
    publishing.replace(large, Price(unit_amount=1000, currency="eur", **chosen))
    publishing.replace(large, Price(unit_amount=1200, currency="usd", **chosen))
    publishing.set_price(old, Money(700, "usd"))


@pytest.mark.parametrize("kind", ["shopify", "json", "jsonl"])
def test_all_that_is_said_of_a_product_goes_out_and_in(
    tmp_path: Path, kind: str, settings: Any
) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("pt-br", "Português")]
    fill()
    before, file = told(), exported(kind)
    path = tmp_path / {"shopify": "a.csv", "json": "a.json", "jsonl": "a.jsonl"}[kind]
    path.write_text(file)

    clear()
    report = import_products(path, currency="eur")
    again = import_products(path, currency="eur")

    assert (report.problems, report.unread) == ([], [])
    assert told() == before
    assert exported(kind) == file
    assert all("unchanged" in what for what, count in again.counts.items() if count)


def test_a_variant_without_a_price_says_so(tmp_path: Path) -> None:
    VariantFactory(sku="FREE", product__slug="free")
    path = tmp_path / "a.jsonl"
    path.write_text(exported("jsonl"))

    clear()
    report = import_products(path, currency="eur")

    assert json.loads(path.read_text())["variants"][0]["price"] == "none"
    assert (report.problems, Variant.objects.get().prices.count()) == ([], 0)


def test_a_product_that_is_only_begun_stays_here() -> None:
    ProductFactory()

    assert exported("json") == "[]\n"


@pytest.mark.parametrize("title", ["=1+1", "+49 lamp", "-5 Lamp", "@lamp", "'=1+1", "'Tis a lamp"])
def test_no_cell_is_a_formula_and_every_title_survives(tmp_path: Path, title: str) -> None:
    PriceFactory(variant__product__title=title, variant__sku="A-1")
    path = tmp_path / "a.csv"

    path.write_text(exported("shopify"))
    clear()
    import_products(path, currency="eur")

    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in path.read_text().split(","))
    assert Product.objects.get().title == title


def test_a_path_of_categories_survives(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text_of(row(type="Home > Light > Lanterns")))
    import_products(path, currency="eur")

    record = json.loads(exported("jsonl"))

    assert record["category"] == "Home > Light > Lanterns"


def test_many_cost_as_many_queries_as_few(django_assert_max_num_queries: object) -> None:
    for _ in range(12):
        PriceFactory()

    # One asks which facts there are, one what the products say of them.
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        exported("json")


def test_the_command_writes_by_the_files_ending(tmp_path: Path) -> None:
    PriceFactory()
    out = StringIO()

    call_command("export_products", tmp_path / "a.jsonl", stdout=out)

    assert out.getvalue() == f"1 products written to {tmp_path}/a.jsonl.\n"
    assert len((tmp_path / "a.jsonl").read_text().splitlines()) == Variant.objects.count()


def test_an_unknown_ending_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Say which --format"):
        call_command("export_products", tmp_path / "a.xyz")
