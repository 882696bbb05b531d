import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from shop.catalog.files.drafts import Problem
from shop.catalog.files.reading.html_text import plain_text
from shop.catalog.files.run import Report, import_products
from shop.catalog.files.writing.pictures import later
from shop.catalog.models import (
    Category,
    Image,
    Price,
    Product,
    Stock,
    StockMovement,
    Variant,
)
from shop.money import Money
from tests.shop.catalog.files.formats.shopify_files import file_of, further, row, text_of
from tests.support.properties import examples

SAMPLE = Path("sample/products.csv")

pytestmark = pytest.mark.django_db


def imported(path: Path, **options: Any) -> Report:
    return import_products(path, currency="eur", **options)


def test_a_product_is_imported_whole(tmp_path: Path) -> None:
    path = file_of(tmp_path, row(tags="brass, gift, brass"))

    report = imported(path)

    product = Product.objects.get()
    variant = product.variants.get()
    assert (report.is_imported, report.problems, report.warnings) == (True, [], [])
    assert {
        "slug": product.slug,
        "title": product.title,
        "description": product.description,
        "vendor": product.vendor,
        "category": product.category.name,
        "tags": product.tags,
        "option_names": product.option_names,
        "status": product.status,
    } == {
        "slug": "storm-lantern",
        "title": "Storm Lantern",
        "description": "Burns in wind.\n\nGlass & brass.",
        "vendor": "Skerry Ironworks",
        "category": "Light",
        "tags": ["brass", "gift"],
        "option_names": [],
        "status": "active",
    }
    assert (variant.sku, variant.option_values, variant.grams) == ("LANTERN-STORM", [], 900)
    assert variant.prices.get().money == Money(6400, "eur")
    assert (variant.stock.on_hand, variant.stock.reserved) == (12, 0)
    movement = variant.stock.movements.get()
    assert (movement.kind, movement.quantity, movement.reason) == ("adjust", 12, "import")


def test_rows_of_a_handle_are_its_variants_and_pictures(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        row(
            option1_name="Color",
            option1_value="Brass",
            image_src="https://example.com/lantern.jpg",
            image_alt_text="A lantern",
            image_position="1",
        ),
        further(
            option1_value="Iron",
            variant_sku="LANTERN-IRON",
            variant_price="58.00",
            variant_inventory_qty="0",
            variant_image="https://example.com/iron.jpg",
        ),
        further(image_src="http://example.com/old.jpg", image_position="2"),
    )

    report = imported(path)

    product = Product.objects.get()
    assert product.option_names == ["Color"]
    assert [
        (variant.sku, variant.option_values, variant.position, variant.stock.on_hand)
        for variant in product.variants.all()
    ] == [("LANTERN-STORM", ["Brass"], 1, 12), ("LANTERN-IRON", ["Iron"], 2, 0)]
    assert list(
        product.images.order_by("position").values_list("source", "name", "widths", "alt")
    ) == [
        ("https://example.com/lantern.jpg", "", [], "A lantern"),
        ("http://example.com/old.jpg", "", [], ""),
        ("https://example.com/iron.jpg", "", [], ""),
    ]
    iron = Variant.objects.get(sku="LANTERN-IRON")
    assert iron.image == Image.objects.get(source="https://example.com/iron.jpg")
    assert report.warnings == [
        Problem(2, "Image Src", "is fetched later; until then there is no picture."),
        Problem(4, "Image Src", later("http://example.com/old.jpg")),
        Problem(3, "Image Src", "is fetched later; until then there is no picture."),
    ]


def test_categories_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    kinds = [("a", "Wear"), ("b", "Light"), ("c", "Wear"), ("d", "灯")]
    path = file_of(
        tmp_path, *(row(handle=name, variant_sku=name, type=kind) for name, kind in kinds)
    )

    imported(path)

    assert list(Category.objects.values_list("name", "position", "slug")) == [
        ("Wear", 1, "wear"),
        ("Light", 2, "light"),
        ("灯", 3, "706f"),
    ]


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"type": "", "product_category": "Home > Lamps > Lanterns"}, "Lanterns"),
        ({"type": ""}, "Other things"),
    ],
)
def test_a_product_without_type_finds_a_category(
    tmp_path: Path, cells: dict[str, str], name: str
) -> None:
    imported(file_of(tmp_path, row(**cells)))

    assert Product.objects.get().category.name == name


@pytest.mark.parametrize(
    ("published", "status", "expected"),
    [
        ("TRUE", "active", "active"),
        ("TRUE", "", "active"),
        ("FALSE", "", "draft"),
        ("FALSE", "active", "draft"),
        ("", "", "draft"),
        ("TRUE", "archived", "archived"),
        ("TRUE", "draft", "draft"),
    ],
)
def test_only_what_is_published_is_on_sale(
    tmp_path: Path, published: str, status: str, expected: str
) -> None:
    imported(file_of(tmp_path, row(published=published, status=status)))

    assert Product.objects.get().status == expected


LATERNE = text_of(row(title="Stürm, Lantern", variant_price="64,00"))
WAYS = {
    "byte order mark": LATERNE.encode("utf-8-sig"),
    "Windows line ends": LATERNE.replace("\n", "\r\n").encode(),
    "no last line end": LATERNE.rstrip("\n").encode(),
    "blank lines": (LATERNE + "\n\n").encode(),
    "semicolons": text_of(row(title="Stürm, Lantern"), delimiter=";").encode(),
    "tabs": text_of(row(title="Stürm, Lantern"), delimiter="\t").encode(),
    "Windows-1252": LATERNE.encode("cp1252"),
    "UTF-16": LATERNE.encode("utf-16"),
    "of a German Excel": text_of(
        row(title="Stürm, Lantern", variant_price="64,00"), delimiter=";"
    ).encode("cp1252"),
}


@pytest.mark.parametrize("content", WAYS.values(), ids=WAYS.keys())
def test_the_file_may_be_written_in_many_ways(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "products.csv"
    path.write_bytes(content)

    assert imported(path).problems == []

    assert Product.objects.get().title == "Stürm, Lantern"
    assert Price.objects.get().money == Money(6400, "eur")


def test_a_row_is_mended_in_the_files_own_kind(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    rows = [row(variant_price="cheap"), row(handle="b", variant_sku="B")]
    path.write_text(text_of(*rows, delimiter=";"), encoding="cp1252")
    errors = tmp_path / "errors.csv"

    imported(path, keep_good=True, errors=errors)
    errors.write_text(errors.read_text().replace("cheap", "64.00"))
    report = imported(errors)

    assert report.reading == "Shopify CSV, parted by semicolons, UTF-8"
    assert (report.problems, Product.objects.count()) == ([], 2)


def test_the_same_file_again_changes_nothing() -> None:
    imported(SAMPLE)
    before = everything()

    report = imported(SAMPLE)

    assert everything() == before
    assert {what for what, count in report.counts.items() if count} == {
        "products unchanged",
        "variants unchanged",
        "pictures unchanged",
    }


def test_a_changed_price_is_a_new_price_and_the_old_one_goes(tmp_path: Path) -> None:
    imported(file_of(tmp_path, row()))
    old = Price.objects.get()

    report = imported(file_of(tmp_path, row(variant_price="59.90")))

    assert report.counts["prices replaced"] == 1
    assert list(Price.objects.order_by("pk").values_list("unit_amount", "is_active")) == [
        (6400, False),
        (5990, True),
    ]
    assert Price.objects.get(is_active=True).key != old.key


def test_stock_is_counted_in_once_unless_asked_for(tmp_path: Path) -> None:
    imported(file_of(tmp_path, row()))
    path = file_of(tmp_path, row(variant_inventory_qty="40"))

    imported(path)
    left_alone = Stock.objects.get().on_hand
    imported(path, overwrite_stock=True)

    assert (left_alone, Stock.objects.get().on_hand) == (12, 40)
    assert list(StockMovement.objects.order_by("pk").values_list("quantity", flat=True)) == [12, 28]


@pytest.mark.parametrize(
    ("on_hand", "counted", "warned"),
    [(None, (0, 0, 4), ["Variant Inventory Qty"]), (7, (7, 0, 4), [])],
)
def test_a_stock_that_the_file_does_not_say_may_be_given(
    tmp_path: Path, on_hand: int | None, counted: tuple[int, ...], warned: list[str]
) -> None:
    path = file_of(
        tmp_path,
        row(handle="a", variant_sku="A", variant_inventory_qty=""),
        row(handle="b", variant_sku="B", variant_inventory_qty="0"),
        row(handle="c", variant_sku="C", variant_inventory_qty="4"),
    )

    report = imported(path, on_hand=on_hand)
    again = imported(path, on_hand=on_hand)

    stocks = Stock.objects.order_by("variant__sku").values_list("on_hand", flat=True)
    assert tuple(stocks) == counted
    assert [warning.column for warning in report.warnings] == warned
    assert again.warnings == []


def test_what_is_said_of_many_rows_is_said_once(tmp_path: Path) -> None:
    rows = [
        row(handle=f"p{n}", variant_sku=f"P{n}", variant_inventory_qty="") for n in range(1, 12)
    ]
    err = StringIO()

    call_command("import_products", file_of(tmp_path, *rows), stdout=StringIO(), stderr=err)

    assert err.getvalue().splitlines() == [
        (
            "warning: 11 lines (2, 3, 4, 5, 6, 7, 8, 9 and 3 more), Variant Inventory Qty:"
            " is not said, so these start sold out; --on-hand 10 counts in ten of each."
        )
    ]


@pytest.mark.parametrize("units", ["many", "-1", "1.5", "9999999999"])
def test_units_that_are_no_number_are_wrong_usage(tmp_path: Path, units: str) -> None:
    with pytest.raises(CommandError, match="is no whole number of units"):
        call_command("import_products", file_of(tmp_path, row()), f"--on-hand={units}")


def test_a_picture_that_is_here_is_no_longer_told(tmp_path: Path) -> None:
    path = file_of(tmp_path, row(image_src="https://nowhere.example/a.jpg"))
    first = imported(path)
    Image.objects.update(name="a")

    assert [len(first.warnings), len(imported(path).warnings)] == [1, 0]


def test_stock_is_not_set_below_what_orders_hold(tmp_path: Path) -> None:
    imported(file_of(tmp_path, row()))
    Stock.objects.update(reserved=5)

    report = imported(file_of(tmp_path, row(variant_inventory_qty="4")), overwrite_stock=True)

    assert [(problem.line, problem.column) for problem in report.problems] == [
        (2, "Variant Inventory Qty")
    ]
    assert Stock.objects.get().on_hand == 12


def test_a_changed_product_is_updated_and_found_by_its_new_words(tmp_path: Path) -> None:
    imported(file_of(tmp_path, row()))

    report = imported(file_of(tmp_path, row(title="Gale Lantern", vendor="")))

    product = Product.objects.get()
    assert (product.title, product.vendor) == ("Gale Lantern", "")
    assert report.counts["products updated"] == 1
    assert Product.objects.filter(search_vector="gale").get() == product


def test_what_the_shop_has_already_is_not_taken_over(tmp_path: Path) -> None:
    imported(file_of(tmp_path, row()))
    path = file_of(
        tmp_path,
        row(handle="other-lantern"),
        row(variant_sku="LANTERN-NEW"),
    )

    report = imported(path)

    assert report.problems == [
        Problem(2, "Variant SKU", "belongs to storm-lantern already."),
        Problem(3, "Option1 Value", "LANTERN-STORM has the same options already."),
    ]
    assert Product.objects.count() == 1


def test_a_variant_that_left_the_file_is_named_and_stays(tmp_path: Path) -> None:
    product = row(option1_name="Size", option1_value="S")
    large = further(option1_value="L", variant_sku="LANTERN-L", variant_price="80.00")
    imported(file_of(tmp_path, product, large))

    report = imported(file_of(tmp_path, product))

    assert report.warnings == [
        Problem(
            2, "Variant SKU", "LANTERN-L of storm-lantern is not in the file; it stays on sale."
        )
    ]
    assert Variant.objects.filter(is_active=True).count() == 2


def test_what_only_the_database_refuses_is_named_too(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE catalog_product ADD CONSTRAINT no_lamps CHECK (title <> 'Lamp') NOT VALID"
        )

    report = imported(file_of(tmp_path, row(title="Lamp"), row(handle="b", variant_sku="B")))

    [problem] = report.problems
    assert (problem.line, problem.column) == (2, "whole product")
    assert "no_lamps" in problem.sentence


def test_a_dry_run_says_what_would_happen_and_writes_nothing(tmp_path: Path) -> None:
    report = imported(file_of(tmp_path, row()), dry_run=True)

    assert report.counts["products created"] == 1
    assert not report.is_imported
    assert everything() == {model: [] for model in TABLES}


def test_one_bad_row_and_nothing_is_imported(tmp_path: Path) -> None:
    report = imported(file_of(tmp_path, row(), row(handle="b", variant_sku="B", variant_price="?")))

    assert [problem.line for problem in report.problems] == [3]
    assert everything() == {model: [] for model in TABLES}


def test_keep_good_imports_the_rest(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        row(),
        row(handle="b", variant_sku="B", option1_name="Size", option1_value="S"),
        further("b", variant_sku="B-2", option1_value="M", variant_price="?"),
        row(handle="c", variant_sku="C"),
    )

    report = imported(path, keep_good=True)

    assert report.is_imported
    assert [problem.line for problem in report.problems] == [4]
    assert set(Product.objects.values_list("slug", flat=True)) == {"storm-lantern", "b", "c"}
    assert not Variant.objects.filter(sku="B-2").exists()


def test_many_products_cost_few_queries(tmp_path: Path, django_assert_max_num_queries: Any) -> None:
    rows = [row(handle=f"p{n}", variant_sku=f"P{n}") for n in range(100)]
    path = file_of(tmp_path, *rows)
    imported(path)

    with django_assert_max_num_queries(12):
        imported(path)


def test_the_command_prints_a_table_and_says_how_to_go_on(tmp_path: Path) -> None:
    out = StringIO()

    call_command("import_products", file_of(tmp_path, row()), stdout=out, stderr=StringIO())

    lines = [line.split() for line in out.getvalue().splitlines()]
    assert ["products", "created", "1"] in lines
    assert "sync_catalog --apply" in out.getvalue()


def test_the_command_ends_with_1_and_names_the_rows(tmp_path: Path) -> None:
    path = file_of(tmp_path, row(variant_price="cheap", variant_inventory_qty="-2"))
    err = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("import_products", path, stdout=StringIO(), stderr=err)

    assert ended.value.code == 1
    assert "line 2, Variant Price: 'cheap' is no amount. Write it like 12.50." in err.getvalue()


def test_the_command_answers_programs_in_json(tmp_path: Path) -> None:
    out = StringIO()
    path = file_of(tmp_path, row(title=""))

    with pytest.raises(SystemExit):
        call_command("import_products", path, "--json", stdout=out, stderr=StringIO())

    problem = {"line": 2, "column": "Title", "sentence": "is empty.", "unit": "line"}
    assert json.loads(out.getvalue()) == {
        "file": str(path),
        "reading": "Shopify CSV, parted by commas, UTF-8",
        "currency": "eur",
        "mapping": {},
        "unread": [],
        "imported": False,
        "counts": {},
        "problems": [problem],
        "warnings": [],
        "stopped_at": None,
        "error_file": str(tmp_path / "products.errors.csv"),
    }


def test_a_missing_file_is_named() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv is no file"):
        call_command("import_products", "nowhere.csv")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("plain  words\nhere", "plain words here"),
        ("<p>a<br>b</p>", "a\nb"),
        ("<ul><li>oak</li><li>ash</li></ul>", "– oak\n\n– ash"),
        ("<p>safe<script>alert(1)</script></p>", "safe"),
        ("1 < 2 &lt;b&gt; &eacute;", "1 < 2 <b> é"),
        ("<p>un<b>closed", "unclosed"),
        ("", ""),
    ],
)
def test_html_becomes_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


names = st.text("abcdefgh-", min_size=1, max_size=6).filter(lambda name: name.strip("-"))
words = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=20
)
products = st.lists(
    st.fixed_dictionaries(
        {
            "handle": names,
            "title": words.filter(lambda word: word.strip()),
            "tags": words,
            "vendor": words,
            "variant_price": st.decimals(0, 99999, places=2).map(str),
            "variant_inventory_qty": st.integers(0, 10**6).map(str),
            "sizes": st.lists(names, max_size=4, unique=True),
        }
    ),
    max_size=6,
    unique_by=lambda product: product["handle"],
)


@examples(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(products=products)
def test_importing_twice_changes_nothing(
    tmp_path: Path, products: Sequence[dict[str, Any]]
) -> None:
    rows = []
    for product in products:
        sku = product["handle"]
        cells = {name: value for name, value in product.items() if name != "sizes"}
        if not product["sizes"]:
            rows.append(row(**cells, variant_sku=sku))
        for place, size in enumerate(product["sizes"]):
            option = {"option1_value": size, "variant_sku": f"{sku}/{size}"}
            cells = {"option1_name": "Size", **cells} if place == 0 else {"handle": cells["handle"]}
            rows.append(
                row(**cells, **option)
                if place == 0
                else further(**cells, **option, variant_price="1.00")
            )
    path = file_of(tmp_path, *rows)

    first = imported(path)
    before = everything()
    second = imported(path)

    assert first.problems == second.problems == []
    assert everything() == before
    assert all("unchanged" in what for what, count in second.counts.items() if count)


TABLES: list[type[Any]] = [Category, Product, Variant, Price, Image, Stock, StockMovement]


def everything() -> dict[type, list[dict[str, Any]]]:
    """All rows of the catalog."""
    return {model: list(model.objects.order_by("pk").values()) for model in TABLES}
