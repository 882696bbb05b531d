"""The sample range as it lies in the repository: its product file and its pictures."""

import csv
import re
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from sample.load import ADDRESS, PRODUCTS
from sample.render import DRAWINGS, PICTURES, file_names, rasterized

Row = dict[str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with PRODUCTS.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def products(rows: list[Row]) -> dict[str, list[Row]]:
    return {handle: list(group) for handle, group in groupby(rows, key=lambda row: row["Handle"])}


def files_of(name: str) -> list[Path]:
    return [PICTURES / file for file in file_names(name)]


def names_of(rows: list[Row]) -> set[str]:
    sources = {row[column] for row in rows for column in ("Image Src", "Variant Image")}
    before, after = ADDRESS.split("{}")
    return {source.removeprefix(before).removesuffix(after) for source in sources if source}


def test_range_has_breadth(rows: list[Row], products: dict[str, list[Row]]) -> None:
    shelves = defaultdict(set)
    for handle, group in products.items():
        shelves[group[0]["Type"].partition(" > ")[0]].add(handle)

    assert len(products) >= 48
    assert len(shelves) >= 6
    assert min(map(len, shelves.values())) >= 6
    assert sum(len(names_of(group)) > 1 for group in products.values()) >= 12
    assert (
        sum(bool(group[0]["Option1 Value"] != "Default Title") for group in products.values()) >= 14
    )


def test_rows_of_a_product_stand_together(rows: list[Row], products: dict[str, list[Row]]) -> None:
    assert sum(map(len, products.values())) == len(rows)


def test_skus_are_unique_and_spoken(rows: list[Row]) -> None:
    skus = [row["Variant SKU"] for row in rows if row["Variant SKU"]]

    assert len(set(skus)) == len(skus)
    assert [sku for sku in skus if not re.fullmatch(r"[A-Z]+(-[A-Z0-9]+)+", sku)] == []


def test_prices_parse_and_are_believable(rows: list[Row]) -> None:
    prices = [row["Variant Price"] for row in rows if row["Variant SKU"]]
    reduced = [row for row in rows if row["Variant Compare At Price"]]

    assert [price for price in prices if not re.fullmatch(r"\d+\.\d0", price)] == []
    assert min(map(Decimal, prices)) == Decimal("6.50")
    assert max(map(Decimal, prices)) == Decimal("189.00")
    assert reduced != []
    for row in reduced:
        assert Decimal(row["Variant Compare At Price"]) > Decimal(row["Variant Price"])


def test_every_variant_has_a_price_in_dollars(rows: list[Row]) -> None:
    variants = [row for row in rows if row["Variant SKU"]]

    for row in variants:
        euros, dollars = Decimal(row["Variant Price"]), row["price:usd"]
        assert re.fullmatch(r"\d+\.[05]0", dollars), row["Variant SKU"]
        assert euros <= Decimal(dollars) <= euros * Decimal("1.2"), row["Variant SKU"]
    assert [row["Variant SKU"] for row in variants if row["regular_price:usd"]] == [
        row["Variant SKU"] for row in variants if row["Variant Compare At Price"]
    ]
    for row in variants:
        if before := row["regular_price:usd"]:
            assert Decimal(before) > Decimal(row["price:usd"]), row["Variant SKU"]


def test_some_shelves_stand_within_others(products: dict[str, list[Row]]) -> None:
    shelves = Counter(group[0]["Type"] for group in products.values())

    parts = {shelf: count for shelf, count in shelves.items() if " > " in shelf}
    assert parts == {"Light > Candles": 3, "Wear > Knitwear": 4}
    assert all(shelves[part.partition(" > ")[0]] for part in parts)


def test_one_thing_is_digital_and_priced_by_the_customer(rows: list[Row]) -> None:
    bounds = ("minimum_price:eur", "maximum_price:eur", "minimum_price:usd", "maximum_price:usd")

    digital = {row["Handle"] for row in rows if row["Variant Requires Shipping"] == "FALSE"}
    chosen = {row["Handle"]: [row[name] for name in bounds] for row in rows if row[bounds[0]]}

    assert digital == {"shoreline-field-guide"}
    assert chosen == {"shoreline-field-guide": ["3.00", "50.00", "3.00", "50.00"]}


def test_exactly_one_product_is_sold_out_and_some_are_nearly(
    products: dict[str, list[Row]],
) -> None:
    stock = {
        handle: [int(row["Variant Inventory Qty"]) for row in group if row["Variant SKU"]]
        for handle, group in products.items()
    }

    assert [handle for handle, counts in stock.items() if not any(counts)] == [
        "glass-float-pendant"
    ]
    assert sum(1 <= count <= 4 for counts in stock.values() for count in counts) >= 6
    assert sum(0 in counts and any(counts) for counts in stock.values()) >= 2


def test_default_item_of_a_bare_checkout_is_there(products: dict[str, list[Row]]) -> None:
    mug = products["kelp-mug"][0]

    found = {key: mug[key] for key in ("Variant SKU", "Variant Price", "Variant Inventory Qty")}

    assert found == {
        "Variant SKU": "MUG-KELP",
        "Variant Price": "18.00",
        "Variant Inventory Qty": "500",
    }


def test_every_product_says_what_it_is(products: dict[str, list[Row]]) -> None:
    for handle, group in products.items():
        paragraphs = re.findall(r"<p>(.+?)</p>", group[0]["Body (HTML)"])

        assert 2 <= len(paragraphs) <= 3, handle
        assert group[0]["Title"], handle
        assert group[0]["SEO Description"], handle


def test_every_product_says_it_in_german_too(products: dict[str, list[Row]]) -> None:
    for handle, group in products.items():
        row = group[0]
        english = re.findall(r"<p>(.+?)</p>", row["Body (HTML)"])
        german = re.findall(r"<p>(.+?)</p>", row["description:de"])

        assert row["title:de"] not in ("", row["Title"]), handle
        assert len(row["title:de"]) <= 40, handle
        assert len(german) == len(english), handle
        assert not set(german) & set(english), handle
        assert re.search(r"\b(der|die|das|und|ein|eine|mit|bei|von)\b", " ".join(german)), handle
        assert not re.search(r"\b(the|and|with|it|of)\b", " ".join(german)), handle
    titles = [group[0]["title:de"] for group in products.values()]
    assert len(set(titles)) == len(titles)


def test_every_step_of_a_shelf_has_one_german_name(products: dict[str, list[Row]]) -> None:
    names = defaultdict(set)
    for group in products.values():
        english, german = (group[0][name].split(" > ") for name in ("Type", "category:de"))
        for step, name in zip(english, german, strict=True):
            names[step].add(name)

    assert {step: said for step, said in names.items() if len(said) > 1 or said <= {"", step}} == {}


def test_every_picture_has_words(rows: list[Row]) -> None:
    alts = [row["Image Alt Text"] for row in rows if row["Image Src"]]

    assert all(len(alt) >= 20 for alt in alts)
    assert len(set(alts)) == len(alts)


def test_every_picture_has_a_drawing_and_all_its_renditions(rows: list[Row]) -> None:
    names = names_of(rows)

    assert {drawing.stem for drawing in DRAWINGS.iterdir()} == names
    assert set(PICTURES.iterdir()) == {file for name in names for file in files_of(name)}


@pytest.mark.proof
def test_renditions_show_their_drawing(rows: list[Row]) -> None:
    """As the masters draw them: what differs is what each format leaves out."""
    for name in sorted(names_of(rows)):
        drawn = rasterized(name, 320)
        for suffix in ("avif", "webp", "jpg"):
            with Image.open(PICTURES / f"{name}-320.{suffix}") as shown:
                difference = ImageChops.difference(drawn, shown.convert("RGB"))
            assert max(ImageStat.Stat(difference).mean) < 8, (name, suffix)


def test_products_have_pictures_of_their_own(products: dict[str, list[Row]]) -> None:
    names = [names_of(group) for group in products.values()]

    assert all(names)
    assert len(set().union(*names)) == sum(map(len, names))


def test_pictures_keep_within_their_weight(products: dict[str, list[Row]]) -> None:
    for handle, group in products.items():
        files = [file for name in names_of(group) for file in files_of(name)]

        assert sum(file.stat().st_size for file in files) <= 150_000, handle
    assert sum(file.stat().st_size for file in PICTURES.iterdir()) <= 8 * 2**20


def test_a_german_page_shows_no_english_option_and_no_english_picture(rows: list[Row]) -> None:
    """# S-2: what is written in the same way in both languages may stand as it is."""
    alike = re.compile(r"(\d+(-\d+)?( (cm|m|L))?|S|M|X?L|Sand|Title|Default Title)?")
    options = [f"Option{number} {part}" for number in "12" for part in ("Name", "Value")]
    german = {name: name.lower().replace(" ", "_") + ":de" for name in options}

    english = {row[one] for row in rows for one, de in german.items() if not row[de]}
    bare = [row["Image Src"] for row in rows if row["Image Src"] and not row["alt:de"]]

    assert [word for word in english if not alike.fullmatch(word)] == []
    assert bare == []
