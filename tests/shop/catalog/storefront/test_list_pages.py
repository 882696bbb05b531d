"""Narrowing lists: by tree, options, price, brand and availability. Checks S23 to S31."""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from shop.catalog import publishing
from shop.catalog.models import Category, OldSlug, Price, PriceSpan, Product, Variant
from shop.catalog.search import index
from shop.money import Money
from tests.support.concurrency import at_once, waiting_for_locks
from tests.support.factories import (
    CategoryFactory,
    ChosenPriceFactory,
    PriceFactory,
    ProductFactory,
    VariantFactory,
)
from tests.support.waiting import eventually

pytestmark = pytest.mark.django_db


@pytest.fixture
def light() -> Category:
    """A shelf with a part of it."""
    light: Category = CategoryFactory(name="Light", slug="light")
    CategoryFactory(name="Lanterns", slug="lanterns", parent=light)
    return light


def thing(title: str, *, on_hand: int = 10, amount: int = 1800, **product: Any) -> Product:
    """A product in two colors unless said otherwise, indexed."""
    colors = product.pop("colors", ["Sand", "Ink"])
    made: Product = ProductFactory(title=title, option_names=["Color"], **product)
    for color in colors:
        variant = VariantFactory(product=made, option_values=[color])
        PriceFactory(variant=variant, unit_amount=amount, on_hand=on_hand)
    index.index(made)
    return made


@pytest.fixture
def shelf(light: Category) -> Category:
    lanterns = Category.objects.get(slug="lanterns")
    thing("Storm Lantern", category=lanterns, vendor="Skerry", amount=6400)
    thing("Deck Lantern", category=lanterns, vendor="Skerry", colors=["Sand"], on_hand=0)
    thing("Candle", category=light, vendor="Wick", colors=["Ink"], amount=900)
    return light


def titles(page: str) -> list[str]:
    return re.findall(r'<span class="name">([^<]*)</span>', page)


def choices(page: str) -> dict[str, tuple[int, str]]:
    """{value: (count, state)} of every choice of the facets."""
    found = {}
    for label in re.findall(r"<label>\s*<input type=\"checkbox\".*?</label>", page, re.DOTALL):
        value = re.search(r'value="([^"]*)"', label)
        count = re.search(r"<small>(\d+)", label)
        assert value, label
        assert count, label
        state = next((word for word in ("checked", "disabled") if word in label), "")
        single = re.search(r'name="(available|reduced)"', label)
        name = f"{single.group(1)}=" if single else ""
        found[name + value.group(1)] = (int(count.group(1)), state)
    return found


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# -- The tree --------------------------------------------------------------------------------------


def test_a_category_shows_all_below_it(client: Client, shelf: Category) -> None:
    page = read(client, "/categories/light/")

    assert sorted(titles(page)) == ["Candle", "Deck Lantern", "Storm Lantern"]
    assert '<a href="/categories/lanterns/">Lanterns</a>' in page


def test_the_way_to_a_product_leads_over_each_shelf(client: Client, shelf: Category) -> None:
    product = Product.objects.get(title="Storm Lantern")

    page = read(client, product.get_absolute_url())

    crumbs = page[page.index('class="crumbs"') :][:600]
    assert re.findall(r"<a href=\"([^\"]*)\"", crumbs)[:3] == [
        "/",
        "/categories/light/",
        "/categories/lanterns/",
    ]
    assert '"position": 3, "name": "Lanterns"' in page


def test_the_menu_holds_the_top_shelves(client: Client, shelf: Category) -> None:
    page = read(client, "/categories/lanterns/")

    menu = page[page.index('class="shelves"') :]
    menu = menu[: menu.index("</nav>")]
    assert re.findall(r"href=\"([^\"]*)\"", menu) == ["/categories/light/"]
    assert 'aria-current="true"' in menu


def test_an_old_address_leads_to_the_present_one(client: Client, shelf: Category) -> None:
    OldSlug.objects.create(slug="lights", category=shelf)
    OldSlug.objects.create(slug="gale-lantern", product=Product.objects.get(title="Candle"))

    moved = client.get("/categories/lights/?sort=price")
    product = client.get("/products/gale-lantern/?variant=A")

    assert (moved.status_code, moved.headers["Location"]) == (301, "/categories/light/?sort=price")
    assert product.status_code == 301
    assert product.headers["Location"].endswith("/?variant=A")


# -- Facets ----------------------------------------------------------------------------------------


def test_counts_say_what_each_choice_would_show(client: Client, shelf: Category) -> None:
    # S24
    found = choices(read(client, "/categories/light/"))

    lanterns = Category.objects.get(slug="lanterns").pk
    assert found.pop("o:Color:Ink", None) is None
    assert {value: count for value, (count, _) in found.items()} == {
        "0-2500": 2,
        "2500-5000": 0,
        "5000-10000": 1,
        "10000-25000": 0,
        "25000-": 0,
        "Color:Ink": 2,
        "Color:Sand": 2,
        "Skerry": 2,
        "Wick": 1,
        "available=yes": 2,
        "reduced=yes": 0,
    }
    assert str(lanterns) not in found
    assert found["25000-"][1] == "disabled"


def test_values_of_a_facet_widen_and_facets_narrow(client: Client, shelf: Category) -> None:
    one = read(client, "/categories/light/?o=Color:Ink")
    both = read(client, "/categories/light/?o=Color:Ink&o=Color:Sand")
    narrowed = read(client, "/categories/light/?o=Color:Ink&vendor=Wick")

    assert sorted(titles(one)) == ["Candle", "Storm Lantern"]
    assert sorted(titles(both)) == ["Candle", "Deck Lantern", "Storm Lantern"]
    assert titles(narrowed) == ["Candle"]
    assert choices(one)["Color:Sand"] == (2, "")
    assert choices(one)["Skerry"] == (1, "")
    assert choices(narrowed)["Skerry"] == (1, "")
    assert choices(narrowed)["Color:Sand"] == (0, "disabled")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("available=yes", ["Candle", "Storm Lantern"]),
        ("price=0-2500", ["Candle", "Deck Lantern"]),
        ("price=0-1000&price=5000-", ["Candle", "Storm Lantern"]),
        ("vendor=Skerry&available=yes", ["Storm Lantern"]),
        ("vendor=Nobody", []),
    ],
)
def test_lists_are_narrowed_as_asked(
    client: Client, shelf: Category, query: str, expected: list[str]
) -> None:
    assert sorted(titles(read(client, f"/categories/light/?{query}"))) == expected


def test_chips_take_one_choice_away_each(client: Client, shelf: Category) -> None:
    # S24
    page = read(client, "/categories/light/?vendor=Skerry&available=yes&sort=price")

    chips = page[page.index('class="chips"') :]
    assert re.findall(r"href=\"([^\"]*)\"", chips[: chips.index("</ul>")]) == [
        "/categories/light/?sort=price&amp;available=yes",
        "/categories/light/?sort=price&amp;vendor=Skerry",
        "/categories/light/?sort=price",
    ]


def test_a_narrowed_list_is_not_for_search_engines(client: Client, shelf: Category) -> None:
    # S18, S25
    page = read(client, "/categories/light/?vendor=Skerry&utm=x")

    assert '<meta name="robots" content="noindex">' in page
    assert re.search(r'rel="canonical"\s+href="[^"]*/categories/light/"', page)


@pytest.mark.parametrize(
    "query",
    [
        "o=Color&o=:&o=:x&vendor=&price=x-y&price=5&category=abc&available=no",
        "price=-5&price=9999999999999999-1&category=99999999",
        "o=%00:x&vendor=%00&page=1&o=" + "x" * 5000,
        "category=" + "&category=".join("1" * 40),
    ],
)
def test_an_address_that_means_nothing_breaks_nothing(
    client: Client, shelf: Category, query: str
) -> None:
    # S25
    assert client.get(f"/categories/light/?{query}").status_code in {200, 301}
    assert client.get(f"/search/?q=lantern&{query}").status_code in {200, 301}


def test_a_search_is_narrowed_too(client: Client, shelf: Category) -> None:
    page = read(client, f"/search/?q=lantern&category={shelf.pk}&available=yes")

    assert titles(page) == ["Storm Lantern"]
    assert "1 product\n" in page


def test_a_search_is_sorted_as_asked(client: Client, shelf: Category) -> None:
    # S26
    assert titles(read(client, "/search/?q=lantern&sort=price")) == [
        "Deck Lantern",
        "Storm Lantern",
    ]
    assert titles(read(client, "/search/?q=lantern&sort=price-down")) == [
        "Storm Lantern",
        "Deck Lantern",
    ]


def test_a_misspelt_word_is_suggested_right(client: Client, shelf: Category) -> None:
    # S29
    page = read(client, "/search/?q=lantren")

    assert 'Did you mean <a href="/search/?q=lantern">lantern</a>?' in page


def test_german_words_find_what_has_a_german_name(client: Client, shelf: Category) -> None:
    product = Product.objects.get(title="Storm Lantern")
    product.translations = {"de": {"title": "Sturmlaterne", "description": "Brennt im Wind."}}
    product.save()
    index.index(product)

    assert titles(read(client, "/search/?q=sturmlaternen")) == ["Storm Lantern"]


def test_one_statement_counts_it_all(
    client: Client, shelf: Category, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        thing(f"Lamp {number}", category=shelf)

    for query in ("", "?o=Color:Ink&vendor=Skerry&price=0-2500&available=yes"):
        with django_assert_max_num_queries(8):
            client.get(f"/categories/light/{query}")
    for query in ("?q=lamp", "?q=lapm", "?q=lamp&o=Color:Ink&sort=price"):
        with django_assert_max_num_queries(12):
            assert 'class="card"' in read(client, f"/search/{query}")


# -- What stands beside the product ----------------------------------------------------------------


def test_the_database_keeps_what_a_product_costs(shelf: Category) -> None:
    product = Product.objects.get(title="Storm Lantern")
    first, second = product.variants.all()

    def spans() -> dict[str, tuple[int, int, bool]]:
        rows = product.price_spans.all()
        return {row.currency: (row.lowest, row.highest, row.is_reduced) for row in rows}

    assert spans() == {"eur": (6400, 6400, False)}
    publishing.set_price(first, Money(5000, "eur"), regular=Money(5200, "eur"))
    publishing.set_price(first, Money(5500, "usd"))
    assert spans() == {"eur": (5000, 6400, True), "usd": (5500, 5500, False)}
    Variant.objects.filter(pk=first.pk).update(is_active=False)
    assert spans() == {"eur": (6400, 6400, False)}
    publishing.end_price(second.prices.current().get())
    assert spans() == {}
    publishing.replace(second, Price(unit_amount=100, currency="eur", interval="month"))
    assert spans() == {}
    ChosenPriceFactory(variant=VariantFactory(product=product, option_values=["Named"]))
    assert spans() == {"eur": (500, 500, False)}


@pytest.mark.django_db(transaction=True)
def test_two_who_price_one_product_at_once_leave_the_lowest() -> None:
    product = thing("Rope")
    first, second = product.variants.all()
    second_price = partial(publishing.set_price, second, Money(2500, "eur"))
    with ThreadPoolExecutor(1) as aside, transaction.atomic():
        publishing.set_price(first, Money(500, "eur"))
        aside.submit(lambda: at_once([second_price]))
        eventually(waiting_for_locks)

    span = product.price_spans.get()
    assert (span.lowest, span.highest) == (500, 2500)


def test_many_prices_at_once_in_tables_thought_empty(light: Category) -> None:
    """The statistics lag behind a large import; its statements still end within their time."""
    products = Product.objects.bulk_create(
        Product(title=f"P{n}", slug=f"p{n}", category=light) for n in range(2000)
    )
    variants = Variant.objects.bulk_create(
        Variant(product=product, sku=product.slug) for product in products
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_class SET reltuples = 0, relpages = 20"
            " WHERE relname IN ('catalog_product', 'catalog_variant', 'catalog_price')"
        )

    Price.objects.bulk_create(
        Price(variant=variant, unit_amount=1800, currency="eur") for variant in variants
    )

    spans = PriceSpan.objects.filter(currency="eur", lowest=1800, highest=1800)
    assert spans.count() == 2000


def test_reduced_prices_keep_the_lowest_of_thirty_days(shelf: Category) -> None:
    variant = Variant.objects.filter(product__title="Candle").get()
    publishing.set_price(variant, Money(700, "eur"))
    publishing.set_price(variant, Money(1000, "eur"))

    price = publishing.set_price(variant, Money(800, "eur"), regular=Money(1000, "eur"))

    assert (price.regular, price.lowest_recent) == (Money(1000, "eur"), Money(700, "eur"))
    with pytest.raises(publishing.NotReduced):
        publishing.set_price(variant, Money(1000, "eur"), regular=Money(1000, "eur"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.filter(pk=price.pk).update(regular_amount=500)


def test_a_category_page_uses_the_index(shelf: Category) -> None:
    Product.objects.bulk_create(
        Product(slug=f"p-{n}", title=f"P {n}", category=shelf, status="draft") for n in range(5000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_product")
        cursor.execute(
            "EXPLAIN SELECT id FROM catalog_product WHERE status = 'active' AND category_id = %s",
            [shelf.pk],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Index" in plan
    assert "Seq Scan" not in plan


def test_card_says_the_regular_price_of_what_it_shows(client: Client) -> None:
    # S-5
    product = ProductFactory(title="Sou'wester", option_names=["Color"])
    for color, amount, regular in (("Sand", 2000, 2900), ("Ink", 3500, None)):
        PriceFactory(
            variant=VariantFactory(product=product, option_values=[color]),
            unit_amount=amount,
            regular_amount=regular,
            lowest_recent_amount=regular and amount,
        )

    html = client.get(product.category.get_absolute_url()).content.decode()
    facts = " ".join(html.split('class="facts"')[1].split("</a>")[0].split())

    assert '<s>€29.00</s> <span class="unseen">Sale price</span> from €20.00' in facts


def test_an_archived_product_is_said_to_be_sold_no_longer(client: Client) -> None:
    # S-5
    product = ProductFactory(title="Old Mug", status="archived")
    draft = ProductFactory(title="Secret Mug", status="draft")

    gone = client.get(product.get_absolute_url())
    secret = client.get(draft.get_absolute_url())

    assert (gone.status_code, secret.status_code) == (404, 404)
    assert "Old Mug" in gone.content.decode()
    assert "No longer sold." in gone.content.decode()
    assert product.category.get_absolute_url() in gone.content.decode().split("<main")[1]
    assert "Secret Mug" not in secret.content.decode()
