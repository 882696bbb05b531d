"""The files of other systems: guessed, mapped, read, and refused by name."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from shop.catalog.files.columns import fields
from shop.catalog.files.run import Report, import_products
from shop.catalog.models import Category, Product, Variant
from shop.money import Money

pytestmark = pytest.mark.django_db


def imported(directory: Path, name: str, content: str | bytes, **options: Any) -> Report:
    path = directory / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_products(path, currency="eur", **options)


def command(*arguments: Any) -> tuple[int, str]:
    """Exit code and what was printed."""
    out = StringIO()
    try:
        call_command("import_products", *arguments, stdout=out, stderr=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def shelf() -> list[tuple[str, str, int, int]]:
    """SKU, title, price and units of everything."""
    return [
        (
            variant.sku,
            variant.product.title,
            variant.prices.current().get().unit_amount,
            variant.stock.on_hand,
        )
        for variant in Variant.objects.select_related("product", "stock").order_by("sku")
    ]


LAMP_AND_MUG = [("L-1", "Lamp", 1250, 4), ("M-1", "Müg", 900, 0)]
PLAIN = "SKU,Name,Price,Qty\nL-1,Lamp,12.50,4\nM-1,Müg,9.00,0\n"
JSON_LIST = json.dumps(
    [
        {"sku": "L-1", "title": "Lamp", "price": 12.50, "stock": 4},
        {"sku": "M-1", "title": "Müg", "price": 9, "stock": 0},
    ]
)
WAYS: dict[str, tuple[str, str | bytes]] = {
    "commas": ("a.csv", PLAIN),
    "semicolons and decimal commas": (
        "a.csv",
        "Artikelnummer;Bezeichnung;Preis;Bestand\nL-1;Lamp;12,50;4\nM-1;Müg;9,00;0\n",
    ),
    "tabs": ("a.tsv", PLAIN.replace(",", "\t")),
    "bars": ("a.csv", PLAIN.replace(",", "|")),
    "byte order mark": ("a.csv", b"\xef\xbb\xbf" + PLAIN.encode()),
    "Windows-1252": ("a.csv", PLAIN.encode("cp1252")),
    "UTF-16": ("a.csv", PLAIN.encode("utf-16")),
    "prices as JSON numbers": ("a.json", JSON_LIST.replace("12.5", "12.500")),
    "currency signs": ("a.csv", PLAIN.replace("12.50", "€12.50").replace("9.00", "9.00 EUR")),
    "JSON list": ("a.json", JSON_LIST),
    "JSON object around a list": ("a.json", f'{{"total": 2, "products": {JSON_LIST}}}'),
    "JSON Lines": (
        "a.jsonl",
        "\n".join(json.dumps(record) for record in json.loads(JSON_LIST)) + "\n",
    ),
}


@pytest.mark.parametrize(("name", "content"), WAYS.values(), ids=WAYS.keys())
def test_a_file_is_understood_without_help(tmp_path: Path, name: str, content: str | bytes) -> None:
    report = imported(tmp_path, name, content)

    assert (report.problems, report.is_imported) == ([], True)
    assert shelf() == LAMP_AND_MUG


NO_HEADER = "L-1,Lamp,12.50,4\nM-1,Müg,9.00,0\n"


def test_a_file_without_a_header_is_read_as_it_is_told(tmp_path: Path) -> None:
    columns = {"1": "sku", "2": "title", "3": "price", "4": "stock"}

    report = imported(tmp_path, "a.csv", NO_HEADER, given=columns)

    assert (report.problems, shelf()) == ([], LAMP_AND_MUG)
    assert report.reading == "CSV, parted by commas, UTF-8, without a header"


@pytest.mark.parametrize("given", [{}, {"1": "sku", "3": "price"}])
def test_what_the_columns_of_such_a_file_are_is_not_guessed(
    tmp_path: Path, given: dict[str, str]
) -> None:
    report = imported(tmp_path, "a.csv", NO_HEADER, given=given)

    assert [str(problem) for problem in report.problems] == [
        f"line 1, header: {fields.NUMBER_THEM}"
    ]
    assert shelf() == []


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, "a.json", JSON_LIST)

    again = imported(tmp_path, "a.json", JSON_LIST)

    assert {what for what, count in again.counts.items() if count} == {
        "products unchanged",
        "variants unchanged",
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", '\n{"sku": "L-1", "title": "Lamp", "price": 12.5, "stock": 4, "tags": []}'),
        ("a.txt", '{"sku": "L-1", "title": "Lamp", "price": 12.5, "stock": 4, "of": [{"a": 1}]}'),
        ("a.txt", '{"products": [{"sku": "L-1", "title": "Lamp", "price": 12.5, "stock": 4}]}'),
        ("a.json", '[{"sku": "L-1", "title": "Lamp", "price": 12.5, "stock": 4}]'),
    ],
)
def test_a_single_record_is_a_record(tmp_path: Path, name: str, content: str) -> None:
    report = imported(tmp_path, name, content)

    assert (report.problems, shelf()) == ([], LAMP_AND_MUG[:1])


def test_a_single_record_with_lists_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"sku": "L-1", "title": "", "price": 12.5, "qty": 4, "of": [{"a": 1}]}\n')

    command(path)
    errors = tmp_path / "a.errors.jsonl"
    errors.write_text(errors.read_text().replace('"title": ""', '"title": "Lamp"'))
    again = command(errors)

    assert (again[0], shelf()) == (0, LAMP_AND_MUG[:1])


def test_a_first_line_that_is_very_long_is_a_record(tmp_path: Path) -> None:
    record = {"sku": "L-1", "title": "Lamp", "price": 12.5, "stock": 4, "more": "x" * 400_000}
    other = {"sku": "M-1", "title": "Müg", "price": 9, "stock": 0}

    imported(tmp_path, "a.jsonl", f"{json.dumps(record)}\n{json.dumps(other)}\n")

    assert shelf() == LAMP_AND_MUG


def test_nested_fields_are_named_by_path(tmp_path: Path) -> None:
    content = json.dumps(
        [{"name": "Lamp", "detail": {"code": "L-1"}, "cost": {"eur": "12.50"}, "stock": 4}]
    )

    report = imported(
        tmp_path, "a.json", content, given={"detail.code": "sku", "cost.eur": "price"}
    )

    assert report.problems == []
    assert shelf() == LAMP_AND_MUG[:1]


def test_a_catalog_without_skus_gets_some_and_keeps_them(tmp_path: Path) -> None:
    """As of a shop that knows its things by number: brand, type and name, no stock."""
    content = json.dumps(
        [
            {"Id": 7, "Type": "Climbing", "Brand": "Gravity", "Name": "Harness", "Price": 89.99},
            {"Id": 8, "Type": "Climbing", "Brand": "Other", "Name": "Harness", "Price": 99.0},
        ]
    )

    report = imported(tmp_path, "a.json", content)
    again = imported(tmp_path, "a.json", content)

    assert shelf() == [("ID-7", "Harness", 8999, 0), ("ID-8", "Harness", 9900, 0)]
    assert [product.slug for product in Product.objects.order_by("pk")] == ["harness", "harness-2"]
    assert [warning.column for warning in report.warnings] == ["sku", "stock", "stock"]
    assert (again.problems, again.counts["products created"]) == ([], 0)


def test_a_catalog_with_much_that_the_shop_does_not_know(tmp_path: Path) -> None:
    content = json.dumps(
        {
            "products": [
                {
                    "id": 1,
                    "title": "Mascara",
                    "description": "Long.\nBlack.",
                    "category": "beauty",
                    "price": 9.99,
                    "stock": 99,
                    "tags": ["beauty", "eyes"],
                    "brand": "Essence",
                    "sku": "BEA-001",
                    "dimensions": {"width": 15.14},
                    "reviews": [{"rating": 3}],
                    "images": ["https://pictures.example/a,b.webp"],
                }
            ]
        }
    )

    report = imported(tmp_path, "a.json", content)

    product = Product.objects.get()
    assert report.problems == []
    assert (product.vendor, product.tags, product.category.name) == (
        "Essence",
        ["beauty", "eyes"],
        "beauty",
    )
    assert [image.source for image in product.images.all()] == ["https://pictures.example/a,b.webp"]
    assert report.unread == ["dimensions.width", "reviews"]


def test_a_least_number_that_the_shop_cannot_keep_is_told(tmp_path: Path) -> None:
    content = json.dumps(
        [
            {"sku": "A-1", "title": "A", "price": 1, "stock": 9, "minimumOrderQuantity": 1},
            {"sku": "B-1", "title": "B", "price": 1, "stock": 9, "minimumOrderQuantity": 2},
            {"sku": "C-1", "title": "C", "price": 1, "stock": 9, "minimumOrderQuantity": 9},
            {"sku": "D-1", "title": "D", "price": 1, "stock": 9, "minimumOrderQuantity": 10},
            {"sku": "E-1", "title": "E", "price": 1, "stock": 9, "minimumOrderQuantity": None},
        ]
    )
    path = tmp_path / "a.json"
    path.write_text(content)

    code, printed = command(path)

    assert [line for line in printed.splitlines() if line.startswith("warning")] == [
        (
            "warning: 2 records (2, 3), minimumOrderQuantity:"
            " is above 1, but here single pieces can be bought."
        ),
        (
            "warning: record 4, minimumOrderQuantity:"
            " is above the stock, so no order could meet it; here single pieces are sold."
        ),
    ]
    assert (code, Variant.objects.count()) == (0, 5)


def test_woocommerces_uncounted_products_are_told_and_may_be_counted(tmp_path: Path) -> None:
    lines = ("1,simple,A,Here,1,,,1,,,,12.50,,,,,,", "2,simple,B,Gone,1,,,0,,,,12.50,,,,,,")

    report = imported(tmp_path, "woo.csv", woo(*lines), dry_run=True)
    imported(tmp_path, "woo.csv", woo(*lines), on_hand=5)

    assert [(one.line, one.column) for one in report.warnings] == [(2, "Stock")]
    assert [stock for _, _, _, stock in shelf()] == [5, 0]


def test_a_refusal_by_the_shop_names_the_files_own_column(tmp_path: Path) -> None:
    imported(tmp_path, "a.csv", "code,name,handle,price\nA-1,Lamp,lamp,9.00\n")

    report = imported(tmp_path, "a.csv", "code,name,handle,price\nA-1,Rug,rug,9.00\n")

    assert [str(problem) for problem in report.problems] == [
        "line 2, code: belongs to lamp already."
    ]


def test_rows_with_options_are_variants_of_one_product(tmp_path: Path) -> None:
    report = imported(
        tmp_path,
        "a.csv",
        "sku,title,price,stock,color,size\n"
        "T-S,Shirt,20.00,1,Sand,S\nT-M,Shirt,20.00,2,Sand,M\nH,Hat,9.00,3,Ink,One\n",
    )

    shirt = Product.objects.get(title="Shirt")
    assert report.problems == []
    assert shirt.option_names == ["Color", "Size"]
    assert [one.option_values for one in shirt.variants.all()] == [["Sand", "S"], ["Sand", "M"]]


def test_category_paths_become_a_tree(tmp_path: Path) -> None:
    imported(
        tmp_path,
        "a.csv",
        "sku,title,price,category\n1-A,Lamp,9.00,Home > Light\n2-B,Rug,9.00,Home > Floor\n",
    )

    assert [
        (category.slug, category.name, category.parent and category.parent.name)
        for category in Category.objects.order_by("position")
    ] == [("home", "Home", None), ("home-light", "Light", "Home"), ("home-floor", "Floor", "Home")]


def test_a_reduced_price_names_both(tmp_path: Path) -> None:
    imported(tmp_path, "a.csv", "sku,title,price,regular price\n1-A,Lamp,9.00,12.00\n")

    price = Variant.objects.get().prices.current().get()
    assert (price.money, price.regular, price.lowest_recent) == (
        Money(900, "eur"),
        Money(1200, "eur"),
        Money(1200, "eur"),
    )


# -- WooCommerce -----------------------------------------------------------------------------------

WOO = (
    "ID,Type,SKU,Name,Published,Short description,Description,In stock?,Stock,Weight (kg),"
    "Sale price,Regular price,Categories,Tags,Images,Parent,Attribute 1 name,"
    "Attribute 1 value(s)\n"
)


def woo(*lines: str) -> str:
    return WOO + "\n".join(lines) + "\n"


def test_woocommerce_products_and_variations(tmp_path: Path) -> None:
    report = imported(
        tmp_path,
        "woo.csv",
        woo(
            "1,simple,LAMP,Lamp,1,,<p>Bright &amp; warm.</p>,1,4,0.9,,12.50,"
            '"Home > Light, Gifts","brass, gift","https://a.example/1.jpg, https://a.example/2.jpg"'
            ",,,",
            '2,variable,SHIRT,Shirt,1,,,1,,,,,Wear,,,,Size,"S, M"',
            "3,variation,SHIRT-S,Shirt - S,1,,,1,2,,15.00,20.00,,,,SHIRT,Size,S",
            "4,variation,SHIRT-M,Shirt - M,1,,,1,3,,,20.00,,,,id:2,Size,M",
        ),
    )

    lamp, shirt = Product.objects.order_by("pk")
    assert report.problems == []
    assert shelf() == [
        ("LAMP", "Lamp", 1250, 4),
        ("SHIRT-M", "Shirt", 2000, 3),
        ("SHIRT-S", "Shirt", 1500, 2),
    ]
    assert (str(lamp.category), lamp.description, lamp.images.count()) == (
        "Light",
        "Bright & warm.",
        2,
    )
    assert shirt.option_names == ["Size"]
    assert Variant.objects.get(sku="LAMP").grams == 900


@pytest.mark.parametrize(
    ("kind", "is_shipped"),
    [
        ("simple", True),
        ("simple, downloadable", True),
        ("simple, virtual", False),
        ("simple, downloadable, virtual", False),
    ],
)
def test_what_is_virtual_is_not_shipped(tmp_path: Path, kind: str, is_shipped: bool) -> None:
    imported(tmp_path, "woo.csv", woo(f'1,"{kind}",A,Song,1,,,1,4,,,12.50,,,,,,'))

    assert Variant.objects.get().requires_shipping is is_shipped


def test_a_variation_may_be_virtual_by_itself(tmp_path: Path) -> None:
    imported(
        tmp_path,
        "woo.csv",
        woo(
            '1,variable,SONG,Song,1,,,1,,,,,,,,,As,"Disc, File"',
            "2,variation,DISC,Song,1,,,1,2,,,20.00,,,,SONG,As,Disc",
            '3,"variation, downloadable, virtual",FILE,Song,1,,,1,2,,,9.00,,,,SONG,As,File',
        ),
    )

    assert dict(Variant.objects.values_list("sku", "requires_shipping")) == {
        "DISC": True,
        "FILE": False,
    }


NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begins", "ends", "asked", "warned"),
    [
        ("", "", (1000, 1250), []),
        ("2026-05-01", "2026-05-31", (1000, 1250), ["Date sale price ends"]),
        ("2026-05-31 00:00:00", "", (1000, 1250), []),
        ("", "2026-05-30", (1250, None), ["Date sale price ends"]),
        ("", "2026-05-31T11:59:59+00:00", (1250, None), ["Date sale price ends"]),
        ("2026-06-01", "", (1250, None), ["Date sale price starts"]),
        ("2026-06-01", "2026-06-30", (1250, None), ["Date sale price starts"]),
    ],
)
def test_a_price_is_reduced_while_the_sale_lasts(
    tmp_path: Path, begins: str, ends: str, asked: tuple[int, int | None], warned: list[str]
) -> None:
    header = WOO.replace("\n", ",Date sale price starts,Date sale price ends\n")
    line = f"1,simple,A,Thing,1,,,1,4,,10.00,12.50,,,,,,,{begins},{ends}\n"

    with time_machine.travel(NOW, tick=False):
        report = imported(tmp_path, "woo.csv", header + line)

    price = Variant.objects.get().prices.get()
    assert (price.unit_amount, price.regular_amount) == asked
    assert [warning.column for warning in report.warnings] == warned


def test_what_is_given_away_on_sale_costs_nothing(tmp_path: Path) -> None:
    imported(tmp_path, "woo.csv", woo("1,simple,A,Thing,1,,,1,4,,0,12.50,,,,,,"))

    price = Variant.objects.get().prices.get()
    assert (price.unit_amount, price.regular_amount) == (0, 1250)


def test_a_sale_that_ends_at_no_date_is_refused(tmp_path: Path) -> None:
    header = WOO.replace("\n", ",Date sale price ends\n")
    line = "1,simple,A,Thing,1,,,1,4,,10.00,12.50,,,,,,,soon\n"

    report = imported(tmp_path, "woo.csv", header + line)

    assert [str(problem) for problem in report.problems] == [
        "line 2, Date sale price ends: 'soon' is no date. Write it like 2026-05-31."
    ]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("grouped", "The shop cannot sell grouped products."),
        ("external", "The shop cannot sell products of other shops."),
        ("bundle", "The shop cannot sell bundles."),
        ("booking", "The shop cannot sell bookings."),
        ("subscription", "The shop cannot sell subscriptions."),
        ("variable-subscription", "The shop cannot sell subscriptions."),
        ("pw-gift-card", "The shop cannot sell gift cards."),
        ("bookable", "The shop cannot sell bookings."),
        ("woosb bundle", "The shop cannot sell bundles."),
        ("raffle", "The shop cannot sell products of type raffle."),
    ],
)
def test_what_the_shop_cannot_sell_is_refused_by_name(
    tmp_path: Path, kind: str, sentence: str
) -> None:
    report = imported(tmp_path, "woo.csv", woo(f"1,{kind},A,Thing,1,,,1,4,,,12.50,,,,,,"))

    [problem] = report.problems
    assert (problem.line, problem.column, problem.sentence) == (2, "Type", sentence)


UNSOLD = [
    ("Gift Cards", "gift cards"),
    ("Digital > Gift Card", "gift cards"),
    ("Geschenk-Gutschein", "gift cards"),
    ("Bundle set", "bundles"),
    ("bookable", "bookings"),
    ("External", "products of other shops"),
    ("Subscription", "subscriptions"),
]
SOLD = [
    "Gift Card Holders",
    "Coffee subscription boxes",
    "External drives",
    "Bookends",
    "Gift wrap and cards",
    "Composite decking",
    "Cards",
]


@pytest.mark.parametrize(("kind", "what"), UNSOLD)
def test_a_word_of_the_type_says_what_cannot_be_sold(tmp_path: Path, kind: str, what: str) -> None:
    shopify = "Handle,Title,Type,Variant SKU,Variant Price"
    plain = "sku,name,type,price"

    first = imported(tmp_path, "a.csv", f"{shopify}\na,A,{kind},A-1,9.00\n")
    second = imported(tmp_path, "b.csv", f"{plain}\nA-1,A,{kind},9.00\n")

    assert [str(problem) for problem in first.problems + second.problems] == [
        f"line 2, Type: The shop cannot sell {what}.",
        f"line 2, type: The shop cannot sell {what}.",
    ]


@pytest.mark.parametrize("kind", SOLD)
def test_ordinary_types_are_sold(tmp_path: Path, kind: str) -> None:
    report = imported(tmp_path, "b.csv", f"sku,name,type,price\nA-1,A,{kind},9.00\n")

    assert report.problems == []


# -- Broken ----------------------------------------------------------------------------------------

BROKEN: dict[str, tuple[str, str | bytes, str]] = {
    "empty file": ("a.csv", b"", "line 1, header: The file is empty."),
    "only a header": ("a.csv", "sku,name\n", "line 1, header: no column is the price."),
    "no price column": ("a.csv", "sku,name\nA-1,Lamp\n", "no column is the price."),
    "ragged row": ("a.csv", PLAIN + "X-1,Extra,1.00,1,1\n", "line 4, whole row: has 5 cells"),
    "open quotation mark": ("a.csv", PLAIN + '"X-1,Extra,1.00,1\n', "line 4, whole row: cannot be"),
    "header twice": ("a.csv", "sku,name,price,name\n1,2,3.00,4\n", "stand there twice: name."),
    "ambiguous thousands": (
        "a.csv",
        "sku;name;price\nA-1;Lamp;1.234 €\n",
        "line 2, price: '1.234' may mean 1234 or 1.234.",
    ),
    "another currency": ("a.csv", "sku,name,price\nA-1,Lamp,$5.00\n", "'$5.00' is no amount."),
    "stock in words": ("a.csv", PLAIN.replace(",4", ",some"), "'some' is no whole number."),
    "same SKU twice": ("a.csv", PLAIN.replace("M-1", "L-1"), "L-1 stands in line 2 already."),
    "NUL byte": ("a.csv", PLAIN.replace("Lamp", "La\0mp"), "it holds binary data."),
    "picture": ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it holds binary data."),
    "huge cell": ("a.csv", PLAIN.replace("Lamp", "L" * 300), "has 300 characters; 255 fit."),
    "truncated JSON": ("a.json", JSON_LIST[:-20], "record: The JSON ends or breaks here"),
    "JSON without a list": ("a.json", '{\n"a": 1}', "holds no list of products."),
    "JSON of texts": ("a.json", '["Lamp", "Mug"]', "holds no list of products."),
    "JSON too deep": (
        "a.json",
        '[{"title": "A", "price": "1.00"}, {"x": {"x": {"x": {"x": {"x": {"x": 1}}}}}}]',
        "x.x.x.x.x.x: lies too deep.",
    ),
    "broken JSON line": (
        "a.jsonl",
        '{"title": "A", "price": "1.00"}\n{"title": \n',
        "line 2, whole row: is no JSON",
    ),
    "JSON price in words": (
        "a.json",
        '[{"title": "A", "price": "cheap"}]',
        "record 1, price: 'cheap' is no amount.",
    ),
    "gift card": (
        "a.json",
        '[{"title": "A", "price": "9.00", "gift_card": true}]',
        "The shop cannot sell gift cards.",
    ),
    "bundle": ("a.csv", "sku,name,price,type\nA-1,Box,9.00,Bundle\n", "cannot sell bundles."),
}


@pytest.mark.parametrize(("name", "content", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_named_and_changes_nothing(
    tmp_path: Path, name: str, content: str | bytes, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)

    code, printed = command(path)

    assert code == 1
    assert sentence in printed
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("Nme=title", "There is no column 'Nme'. There are: SKU, Name, Price, Qty."),
        ("Name=titel", "'titel' is no field here. Fields: sku, title,"),
        ("Name", "--map Name: write column=field."),
    ],
)
def test_a_mapping_that_means_nothing_is_wrong_usage(
    tmp_path: Path, given: str, sentence: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(PLAIN)

    with pytest.raises(CommandError, match=sentence.split(".")[0]) as refused:
        command(path, "--map", given)

    assert refused.value.returncode == 2


def test_the_command_prints_how_it_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(PLAIN.replace("SKU", "Code").replace("Qty", "Mood"))

    _, printed = command(path, "--dry-run")

    assert printed.splitlines()[:5] == [
        "Read as CSV, parted by commas, UTF-8.",
        "  Code → sku",
        "  Name → title",
        "  Price → price",
        "  not read: Mood",
    ]


# -- Mending ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "wrong", "right"),
    [
        ("a.csv", PLAIN.replace("12.50", "cheap"), "cheap", "12.50"),
        ("a.json", JSON_LIST.replace("12.5", '"cheap"'), "cheap", "12.50"),
        (
            "a.jsonl",
            WAYS["JSON Lines"][1].replace("12.5", '"cheap"'),  # type: ignore[arg-type]
            "cheap",
            "12.50",
        ),
    ],
)
def test_records_with_a_problem_are_mended_in_a_file_of_their_own(
    tmp_path: Path, name: str, content: str, wrong: str, right: str
) -> None:
    path = tmp_path / name
    path.write_text(content)

    code, printed = command(path, "--keep-good")
    errors = path.with_name(f"a.errors{path.suffix}")
    before = shelf()
    errors.write_text(errors.read_text().replace(wrong, right))
    again = command(errors)

    assert code == 1
    assert f"The records with a problem stand in {errors}." in printed
    assert before == LAMP_AND_MUG[1:]
    assert again[0] == 0
    assert shelf() == LAMP_AND_MUG


# -- Known formats with columns of one's own -------------------------------------------------------


def test_a_column_stands_in_for_one_of_shopifys(tmp_path: Path) -> None:
    content = (
        "Handle,Title,Variant SKU,Variant Inventory Qty,Variant Price,Net,Maker\n"
        "lamp,Lamp,L-1,4,99.00,12.50,Skerry\n"
        "mug,Müg,M-1,0,99.00,9.00,Skerry\n"
    )

    report = imported(tmp_path, "a.csv", content, given={"Net": "price", "Maker": "vendor"})

    assert (report.reading, report.problems) == ("Shopify CSV, parted by commas, UTF-8", [])
    assert report.mapping == {"price": "Net", "vendor": "Maker"}
    assert shelf() == LAMP_AND_MUG
    assert set(Product.objects.values_list("slug", "vendor")) == {
        ("lamp", "Skerry"),
        ("mug", "Skerry"),
    }


def test_a_column_that_shopify_always_has_may_be_given(tmp_path: Path) -> None:
    content = "Handle,Title,Nr,Net\nlamp,Lamp,L-1,12.50\n"

    without = imported(tmp_path, "a.csv", content)
    with_it = imported(tmp_path, "a.csv", content, given={"Nr": "sku", "Net": "price"})

    assert [problem.sentence for problem in without.problems] == [
        "missing columns: Variant SKU, Variant Price."
    ]
    assert (with_it.problems, shelf()) == ([], [("L-1", "Lamp", 1250, 0)])


def test_a_column_stands_in_for_one_of_woocommerces(tmp_path: Path) -> None:
    line = "1,simple,LAMP,Lamp,1,,,1,4,,,,,,,,,,12.50"
    content = WOO.replace("\n", ",Net\n") + line + "\n"

    report = imported(tmp_path, "woo.csv", content, given={"Net": "price"})

    assert report.reading == "WooCommerce CSV, parted by commas, UTF-8"
    assert (report.problems, shelf()) == ([], [("LAMP", "Lamp", 1250, 4)])


def test_a_problem_names_the_column_that_the_file_has(tmp_path: Path) -> None:
    content = "Handle,Title,Variant SKU,Variant Price,Net\nlamp,Lamp,L-1,9.00,cheap\n"

    report = imported(tmp_path, "a.csv", content, given={"Net": "price"})

    assert [str(problem) for problem in report.problems] == [
        "line 2, Net: 'cheap' is no amount. Write it like 12.50."
    ]


def test_a_field_that_the_format_has_no_place_for_is_wrong_usage(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Handle,Title,Variant SKU,Variant Price,Nr\nlamp,Lamp,L-1,9.00,7\n")

    with pytest.raises(CommandError, match="'id' is no field here"):
        command(path, "--map", "Nr=id")
