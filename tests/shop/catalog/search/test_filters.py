"""What narrows a list, and that nothing that was chosen is ever lost. Checks S23 to S29."""

import re
from typing import Any

import pytest
from django.test import Client

from shop.catalog import publishing
from shop.catalog.models import Category, Product, Variant
from shop.catalog.search import facet_counts, index
from shop.money import Money
from tests.shop.catalog.storefront.test_list_pages import choices, read, titles
from tests.support.factories import CategoryFactory, PriceFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db

Made = tuple[str, str, int, int]


def shirt(title: str, *made: Made, category: Category, **product: Any) -> Product:
    """A product in these variants: color, size, price, units."""
    shirt: Product = ProductFactory(
        title=title, category=category, option_names=["Color", "Size"], **product
    )
    for color, size, amount, on_hand in made:
        variant = VariantFactory(product=shirt, option_values=[color, size])
        PriceFactory(variant=variant, unit_amount=amount, on_hand=on_hand)
    index.index(shirt)
    return shirt


@pytest.fixture
def wear() -> Category:
    wear: Category = CategoryFactory(name="Wear", slug="wear")
    shirt("Mixed", ("Ink", "S", 1000, 0), ("Sand", "M", 6000, 5), category=wear, vendor="Skerry")
    shirt("Plain", ("Ink", "M", 3000, 5), category=wear, vendor="Wick")
    return wear


def chips(page: str) -> list[str]:
    """The words on the chips, and the last one, which clears all."""
    found = re.search(r'<ul class="chips".*?</ul>', page, re.DOTALL)
    texts = re.findall(r"<a [^>]*>(.*?)</a>", found.group() if found else "", re.DOTALL)
    plain = [re.sub(r"<[^>]*>|×|Remove filter", "", text) for text in texts]
    return [" ".join(text.split()) for text in plain]


def status(page: str) -> str:
    """What is announced above the list."""
    found = re.search(r'<p role="status">(.*?)</p>', page, re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("o=Color:Ink&o=Size:M", ["Plain"]),
        ("o=Color:Sand&o=Size:M", ["Mixed"]),
        ("o=Color:Ink&o=Size:S", ["Mixed"]),
        ("o=Color:Sand&o=Size:S", []),
        ("o=Color:Ink&available=yes", ["Plain"]),
        ("o=Color:Ink&price=5000-10000", []),
        ("o=Color:Sand&price=5000-10000", ["Mixed"]),
        ("price=0-2500&available=yes", []),
        ("price=5000-10000", ["Mixed"]),
        ("price=2500-5000&price=5000-10000&available=yes", ["Mixed", "Plain"]),
        ("price=0-0", []),
    ],
)
def test_choices_must_hold_for_one_and_the_same_variant(
    client: Client, wear: Category, query: str, expected: list[str]
) -> None:
    category = read(client, f"/categories/wear/?{query}&sort=title")
    found = read(client, f"/search/?q=wear&{query}&sort=title")
    by_price = read(client, f"/categories/wear/?{query}&sort=price-down")
    best_match = read(client, f"/search/?q=wear&{query}")

    assert titles(category) == titles(found) == expected
    assert sorted(titles(by_price)) == sorted(titles(best_match)) == expected
    plural = "" if len(expected) == 1 else "s"
    assert status(category) == f"{len(expected)} product{plural}"  # S23


def test_counts_are_of_variants_that_fit_too(client: Client, wear: Category) -> None:
    found = choices(read(client, "/categories/wear/?o=Color:Ink"))

    assert {value: found[value] for value in ("Color:Ink", "Color:Sand", "Size:S", "Size:M")} == {
        "Color:Ink": (2, "checked"),
        "Color:Sand": (1, ""),
        "Size:S": (1, ""),
        "Size:M": (1, ""),
    }
    assert found["available=yes"] == (1, "")
    assert found["5000-10000"] == (0, "disabled")


def test_in_stock_is_what_can_be_bought(client: Client, wear: Category) -> None:
    """Units without a price in this currency are of no use to this customer."""
    price = Variant.objects.get(product__title="Plain").prices.get()
    publishing.end_price(price)

    assert titles(read(client, "/categories/wear/?available=yes")) == ["Mixed"]


def test_what_is_reduced_can_be_asked_for(client: Client, wear: Category) -> None:
    # S24: everything that stands on a card
    before = choices(read(client, "/categories/wear/"))["reduced=yes"]
    ink = Variant.objects.get(product__title="Mixed", option_values=["Ink", "S"])
    publishing.set_price(ink, Money(900, "eur"), regular=Money(1000, "eur"))

    page = read(client, "/categories/wear/?reduced=yes")

    assert (before, choices(page)["reduced=yes"]) == ((0, "disabled"), (1, "checked"))
    assert titles(page) == ["Mixed"]
    assert chips(page) == ["Offers: Sale", "Clear all"]
    assert titles(read(client, "/categories/wear/?reduced=yes&o=Color:Sand")) == []


@pytest.mark.parametrize("address", ["/categories/wear/?", "/search/?q=wear&"])
def test_what_was_chosen_stays_and_can_be_taken_away(
    client: Client, wear: Category, address: str
) -> None:
    # S24
    other = CategoryFactory(name="Other")
    asked = f"o=Cut:Wide&o=Color:Ink&vendor=Nobody&price=100-200&category={other.pk}&available=yes"

    page = read(client, address + asked + "&reduced=yes")

    assert chips(page) == [
        "Cut: Wide",
        "Color: Ink",
        "Brand: Nobody",
        "Price: €1.00 to €2.00",
        "Category: Other",
        "Availability: In stock",
        "Offers: Sale",
        "Clear all",
    ]
    checked = {value for value, (_, state) in choices(page).items() if state == "checked"}
    assert checked == {
        "Cut:Wide",
        "Color:Ink",
        "Nobody",
        "100-200",
        str(other.pk),
        "available=yes",
        "reduced=yes",
    }


def test_a_facet_of_one_value_stays_while_it_is_chosen(client: Client) -> None:
    shelf = CategoryFactory(slug="one")
    shirt("Only", ("Ink", "S", 1000, 5), category=shelf, vendor="Skerry")

    plain, chosen = (
        choices(read(client, f"/categories/one/{query}")) for query in ("", "?vendor=Skerry")
    )

    assert "Skerry" not in plain
    assert chosen["Skerry"] == (1, "checked")


def test_values_of_which_nothing_is_left_are_shown(client: Client, wear: Category) -> None:
    # S24
    tops, socks = (CategoryFactory(name=name, parent=wear) for name in ("Tops", "Socks"))
    Product.objects.filter(title="Plain").update(category=tops)

    found = choices(read(client, "/categories/wear/?o=Color:Sand"))

    assert found["Wick"] == (0, "disabled")
    assert found[str(tops.pk)] == (0, "disabled")
    assert found[str(socks.pk)] == (0, "disabled")


def test_a_custom_price_range_is_counted(client: Client, wear: Category) -> None:
    found = choices(read(client, "/categories/wear/?price=900-4000"))

    assert found["900-4000"] == (2, "checked")
    assert found["0-2500"] == (1, "")


def test_all_values_can_be_reached(client: Client) -> None:
    shelf = CategoryFactory(slug="many")
    for number in range(20):
        made = ("Ink", "S", 1000, 5)
        shirt(f"S {number}", *[made], category=shelf, vendor=f"Brand {number:02}")

    page = read(client, "/categories/many/?vendor=Brand 19")

    brands = [f"Brand {number:02}" for number in range(20)]
    assert [value for value in choices(page) if value.startswith("Brand")] == [
        *brands[:13],
        "Brand 19",
        *brands[13:19],
    ]
    assert re.search(r"<summary>\s*6 more\s*<span class=\"unseen\">\(Brand\)", page)


def test_counts_of_a_long_list_say_so(
    client: Client, wear: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facet_counts, "COUNTED", 1)

    page = read(client, "/categories/wear/")

    assert re.search(r">€25.00 to €50.00</span>\s*<small>1\+<", page)
    assert "disabled" not in page  # of what was not counted, something may be left
    assert "A count with a + is of its newest products" in page
    assert status(page) == "2 products"


def test_a_search_for_nothing_is_no_dead_end(client: Client, wear: Category) -> None:
    # S29
    page = read(client, "/search/?q=zzzz&vendor=Skerry")
    narrow = read(client, "/search/?q=wear&vendor=Nobody")

    assert chips(page) == ["Brand: Skerry", "Clear all"]
    assert "Nothing found for “zzzz”." in page
    assert "Take one filter away" not in page
    assert '<a href="/categories/wear/">Wear</a>' in page[page.index('class="empty"') :]
    assert chips(narrow) == ["Brand: Nobody", "Clear all"]
    assert 'href="/search/?q=wear">clear all</a>' in narrow


def test_page_one_has_one_address(client: Client, wear: Category) -> None:
    # S27
    category = client.get("/categories/wear/?page=1&sort=price")
    found = client.get("/search/?q=wear&page=1")

    assert (category.status_code, category["Location"]) == (301, "/categories/wear/?sort=price")
    assert (found.status_code, found["Location"]) == (301, "/search/?q=wear")


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "9999999", "99999999"])
def test_beyond_the_end_there_is_no_page(client: Client, wear: Category, page: str) -> None:
    # S27
    assert client.get(f"/categories/wear/?page={page}").status_code == 404
    assert client.get(f"/search/?q=wear&page={page}").status_code == 404
    assert client.get(f"/search/?q=zzzz&page={page}").status_code == 404


def test_a_part_of_a_category_tells_the_way(client: Client, wear: Category) -> None:
    CategoryFactory(name="Tops", slug="tops", parent=wear)

    page = read(client, "/categories/tops/")

    crumbs = page[page.index('class="crumbs"') :]
    assert re.findall(r'href="([^"]*)"', crumbs[: crumbs.index("</nav>")]) == [
        "/",
        "/categories/wear/",
    ]


def test_what_a_category_tells_others_is_translated(client: Client, wear: Category) -> None:
    wear.description = "Warm layers."
    wear.translations = {"de": {"name": "Kleidung", "description": "Warme Lagen."}}
    wear.save()

    page = client.get("/categories/wear/", headers={"Accept-Language": "de"}).content.decode()

    assert re.search(r'<meta name="description"\s+content="Warme Lagen.">', page)
    assert '<meta property="og:title" content="Kleidung">' in page


def test_f6_a_colon_in_an_options_name_breaks_no_filter(client: Client) -> None:
    wear = CategoryFactory(name="Wear", slug="wear")
    for title, size in (("Boots", "40"), ("Shoes", "41:2")):
        product = ProductFactory(title=title, category=wear, option_names=["Size: EU"])
        PriceFactory(variant=VariantFactory(product=product, option_values=[size]), on_hand=1)
        index.index(product)

    page = client.get("/categories/wear/").content.decode()
    found = [value for value in choices(page) if "EU" in value]
    chosen = [{"o": value, "available": "yes"} for value in found]
    answers = [client.get("/categories/wear/", query) for query in chosen]
    narrowed = [titles(answer.content.decode()) for answer in answers]

    assert len(found) == 2
    assert sorted(narrowed) == [["Boots"], ["Shoes"]]
    assert "Size: EU" in page
