"""S7: product files say facts and size guides."""

import io
from pathlib import Path

import pytest

from shop.catalog.files import export
from shop.catalog.files.run import import_products
from shop.catalog.models import Fact, OptionWord, Product, ProductFact
from tests.shop.catalog.files.columns.test_extra_fields import imported

pytestmark = pytest.mark.django_db
HEADER = "filter:Material;filter:Material:de;fact:Care;fact:Care:de;size_guide;size_guide:de"
GUIDE = '"Size | Chest\nS | 96 cm";"Größe | Brust\nS | 96 cm"'
LINE = f"L-1;Shirt;9.00;Linen, Cotton;Leinen, Baumwolle;Wash cold.;Kalt waschen.;{GUIDE}"


def said() -> dict[str, tuple[str, str]]:
    """{name of a fact: its text and the German one}."""
    return {
        one.fact.name: (one.text, one.translation("de", "text"))
        for one in ProductFact.objects.select_related("fact")
    }


def test_s7_a_file_says_facts_in_each_language(tmp_path: Path) -> None:
    report = imported(tmp_path, HEADER, LINE)

    assert report.problems == []
    assert said() == {"Material": ("Linen, Cotton", ""), "Care": ("Wash cold.", "Kalt waschen.")}
    assert dict(Fact.objects.values_list("name", "is_filter")) == {"Material": True, "Care": False}
    product = Product.objects.get()
    assert product.facets == ["Material:Cotton", "Material:Linen"]
    assert product.glossary("de", "options") == {"Linen": "Leinen", "Cotton": "Baumwolle"}
    assert product.size_guide == "Size | Chest\nS | 96 cm"
    assert product.translation("de", "size_guide") == "Größe | Brust\nS | 96 cm"
    assert OptionWord.objects.get(word="Linen").translation("de", "word") == "Leinen"


def test_s7_an_empty_cell_takes_a_fact_away_and_no_column_leaves_it(tmp_path: Path) -> None:
    imported(tmp_path, HEADER, LINE)

    imported(tmp_path, "brand", "L-1;Shirt;9.00;Skerry")
    left = set(said())
    imported(tmp_path, "filter:Material;size_guide", "L-1;Shirt;9.00;;")

    assert (left, set(said())) == ({"Material", "Care"}, {"Care"})
    assert (Product.objects.get().facets, Product.objects.get().size_guide) == ([], "")


def test_s7_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, HEADER, LINE)
    before = list(ProductFact.objects.values())

    report = imported(tmp_path, HEADER, LINE)

    assert list(ProductFact.objects.values()) == before
    assert report.counts["products updated"] == 0


def test_s7_whether_a_fact_narrows_lists_is_the_shops_word(tmp_path: Path) -> None:
    Fact.objects.create(name="Material", is_filter=False)

    imported(tmp_path, "filter:Material", "L-1;Shirt;9.00;Linen")

    assert Fact.objects.get().is_filter is False
    assert Product.objects.get().facets == []


def test_s7_a_size_guide_that_is_no_table_is_named(tmp_path: Path) -> None:
    report = imported(tmp_path, "size_guide", "L-1;Shirt;9.00;S to XL")

    [problem] = map(str, report.problems)
    assert problem.startswith("line 2, size_guide: is no size guide. Write a table")


def test_s7_a_language_that_the_shop_does_not_speak_is_refused(tmp_path: Path) -> None:
    report = imported(tmp_path, "fact:Care;fact:Care:fr", "L-1;Shirt;9.00;Cold;Froid")

    [problem] = map(str, report.problems)
    assert problem.startswith("line 1, fact:Care:fr: 'fr' is no further language of this shop.")


@pytest.mark.parametrize("kind", ["shopify", "json", "jsonl"])
def test_s7_the_shops_own_files_carry_facts_there_and_back(tmp_path: Path, kind: str) -> None:
    imported(tmp_path, HEADER, LINE)
    file = io.StringIO()
    export.WRITERS[kind](file)
    before = said()
    ProductFact.objects.all().delete()
    Fact.objects.all().delete()
    Product.objects.update(size_guide="", translations={})

    path = tmp_path / f"a.{'csv' if kind == 'shopify' else kind}"
    path.write_text(file.getvalue())
    report = import_products(path, currency="eur")

    assert report.problems == []
    assert said() == before
    again = io.StringIO()
    export.WRITERS[kind](again)
    assert again.getvalue() == file.getvalue()


def test_s7_woocommerces_attributes_without_variations_are_facts(tmp_path: Path) -> None:
    attributes = [
        ("Material", "Linen, Cotton", 1, 1),
        ("Depth: inside", "12\\,5 cm", 1, 1),
        ("Care", "Wash cold", 1, 0),
        ("Bin", "A7", 0, 1),
    ]
    parts = "name,value(s),visible,global".split(",")
    header = ",".join(f"Attribute {n} {part}" for n in range(1, 5) for part in parts)
    cells = ",".join(f'{name},"{text}",{seen},{shared}' for name, text, seen, shared in attributes)
    path = tmp_path / "woo.csv"
    path.write_text(
        f"ID,Type,SKU,Name,Published,Regular price,{header}\n1,simple,T-1,Bag,1,9.00,{cells}\n"
    )

    report = import_products(path, currency="eur")

    assert report.problems == []
    assert {name: text for name, (text, _) in said().items()} == {
        "Material": "Linen, Cotton",
        "Depth∶ inside": "12,5 cm",
        "Care": "Wash cold",
    }
    assert Product.objects.get().facets == ["Material:Cotton", "Material:Linen"]
    assert "line 2, Attribute 4 value(s): Bin is shown to nobody; it is not read." in map(
        str, report.warnings
    )
