import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shop.accounts.models import User
from shop.catalog.models import Category, Image, Price, Product
from shop.orders.models import DeliveryMethod
from tests.support.factories import (
    CategoryFactory,
    ChosenPriceFactory,
    PriceFactory,
    ProductFactory,
    VariantFactory,
)

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def thing(category: Category | None = None, on_hand: int = 10, **more: Any) -> Product:
    """A product in one variant at 18.00 EUR, with a picture."""
    if category is not None:
        more["category"] = category
    product = ProductFactory(**more)
    PriceFactory(variant=VariantFactory(product=product), on_hand=on_hand)
    picture(product, f"picture-{product.pk}")
    return product


def picture(product: Product, name: str) -> Image:
    return Image.objects.create(
        product=product,
        source=f"pictures/{name}",
        name=name,
        alt=f"A picture of {product.title}",
        width=960,
        height=960,
        widths=[320, 480, 640, 960],
    )


def fill(categories: int, each: int) -> None:
    for _ in range(categories):
        category = CategoryFactory()
        for _ in range(each):
            thing(category)


# -- home ------------------------------------------------------------------------------------------


def test_home_shows_a_spread_of_categories(client: Client) -> None:
    fill(categories=4, each=3)

    html = page(client, "/")

    shown = re.findall(r'class="card"> <a href="/products/([^/]+)/', html)
    categories = Product.objects.filter(slug__in=shown).values_list("category", flat=True)
    assert len(shown) == 8
    assert sorted(categories.order_by().distinct()) == sorted(
        Category.objects.values_list("pk", flat=True)
    )


def test_empty_shop_has_a_page(client: Client) -> None:
    assert "The shelves are still empty" in page(client, "/")


def test_empty_shop_leads_staff_to_the_admin(client: Client, admin_user: User) -> None:
    # S22
    stranger = page(client, "/")
    client.force_login(admin_user)

    assert 'href="/admin/"' in page(client, "/").split("<main")[1].split("</main>")[0]
    assert 'href="/admin/"' not in stranger


def test_empty_category_and_drafts_are_not_on_the_home_page(client: Client) -> None:
    category = CategoryFactory(name="Attic")
    ProductFactory(category=category, status=Product.Status.DRAFT, title="Secret Chest")
    thing()

    html = page(client, "/").split('id="main"')[1]

    assert "Secret Chest" not in html
    assert "Attic" not in html


@pytest.mark.parametrize("address", ["/", "/categories/things/", "/search/", "/help/"])
def test_looking_around_leaves_no_cookie(client: Client, address: str) -> None:
    thing(CategoryFactory(slug="things"))

    response = client.get(address)

    assert response.cookies == {}
    assert "no-store" not in response.headers.get("Cache-Control", "")


# -- category --------------------------------------------------------------------------------------


def test_category_states_how_many_and_turns_pages(client: Client) -> None:
    category = CategoryFactory(slug="things")
    for _ in range(25):
        thing(category)

    first, second = page(client, "/categories/things/"), page(client, "/categories/things/?page=2")

    assert re.search(r'<p role="status">\s*25 products\s*</p>', first)
    assert (first.count('<li class="card">'), second.count('<li class="card">')) == (24, 1)
    assert 'rel="next" href="/categories/things/?page=2"' in first
    assert 'rel="prev" href="/categories/things/"' in second
    assert ", page 2 -" in second


@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "1e3", "²", "9" * 30])
def test_page_that_is_not_there_is_not_found(client: Client, number: str) -> None:
    thing(CategoryFactory(slug="things"))

    assert "There is nothing here" in page(client, f"/categories/things/?page={number}", 404)


def test_first_page_has_one_address(client: Client) -> None:
    thing(CategoryFactory(slug="things"))

    response = client.get("/categories/things/?sort=title&page=1")

    assert (response.status_code, response["Location"]) == (301, "/categories/things/?sort=title")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", ["Cup", "Anchor", "Bowl"]),
        ("title", ["Anchor", "Bowl", "Cup"]),
        ("price", ["Bowl", "Cup", "Anchor"]),
        ("price-down", ["Anchor", "Cup", "Bowl"]),
        ("nonsense", ["Cup", "Anchor", "Bowl"]),
    ],
)
def test_category_is_sorted_as_asked(client: Client, sort: str, expected: list[str]) -> None:
    category = CategoryFactory(slug="things")
    for title, amount in [("Bowl", 500), ("Anchor", 9000), ("Cup", 700)]:
        product = thing(category, title=title)
        Price.objects.filter(variant__product=product).update(unit_amount=amount)

    html = page(client, f"/categories/things/?sort={sort}")

    assert re.findall(r'<span class="name">([^<]+)<', html) == expected


def test_card_says_from_left_and_sold_out(client: Client) -> None:
    category = CategoryFactory(slug="things")
    thing(category, on_hand=0, title="Gone")
    thing(category, on_hand=3, title="Scarce")
    choice = thing(category, title="Various")
    PriceFactory(variant=VariantFactory(product=choice, option_values=["L"]), unit_amount=2500)

    html = page(client, "/categories/things/?sort=title")

    gone, scarce, various = html.split('<li class="card">')[1:]
    assert '<span class="flag">Sold out</span>' in gone
    assert re.search(r'<span class="flag low">\s*3 left\s*</span>', scarce)
    assert "from €18.00" in various
    assert "2 choices" in various


def test_card_says_from_where_customers_choose(client: Client) -> None:
    chosen = ChosenPriceFactory(variant__product__title="Named")
    half = thing(chosen.variant.product.category, title="Various")
    ChosenPriceFactory(variant=VariantFactory(product=half, option_values=["Named"]))

    html = page(client, f"{half.category.get_absolute_url()}?sort=price")

    named, various = html.split('<li class="card">')[1:]
    assert '<span class="price">from €5.00, you choose</span>' in named
    assert '<span class="price">from €5.00</span>' in various


# -- product ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on_hand", "words"), [(40, "In stock"), (3, "3 left"), (1, "1 left"), (0, "Sold out")]
)
def test_stock_is_told_as_it_is(client: Client, on_hand: int, words: str) -> None:
    product = thing(on_hand=on_hand)

    html = page(client, product.get_absolute_url())

    assert re.findall(r'<p class="stock"> <span class="[^"]+">\s*([^<]+?)\s*<', html) == [words]
    assert ("Add to cart" in html) == bool(on_hand)


def test_variant_in_the_address_is_the_one_shown(client: Client) -> None:
    product = thing(option_names=["Color"])
    sand = VariantFactory(product=product, sku="BOWL-SAND", option_values=["Sand"])
    sand.image = picture(product, "bowl-sand")
    sand.save()
    price = PriceFactory(variant=sand, unit_amount=2050, on_hand=2)

    html = page(client, f"{product.get_absolute_url()}?variant=BOWL-SAND")

    offer = html.split('id="offer"')[1]
    assert "€20.50" in offer.split("</div>")[0]
    assert "2 left" in offer.split("</div>")[0]
    assert f'value="{price.key}"' in re.findall(r"<input[^>]* checked[^>]*>", offer)[0]
    assert "pictures/bowl-sand-640.jpg" in html.split('id="gallery"')[1].split("</li>")[0]


def test_unknown_variant_shows_one_that_can_be_had(client: Client) -> None:
    product = thing(on_hand=0, option_names=["Color"])
    PriceFactory(variant=VariantFactory(product=product, sku="SAND", option_values=["Sand"]))

    html = page(client, f"{product.get_absolute_url()}?variant=NO-SUCH")

    assert '<span class="sku">Sand, SAND</span>' in html


def test_sold_out_choice_is_shown_and_said_to_be_so(client: Client) -> None:
    product = thing(option_names=["Color"])
    gone = VariantFactory(product=product, option_values=["Ink"])
    PriceFactory(variant=gone, on_hand=0)

    choice = page(client, product.get_absolute_url()).split("<fieldset")[1].split("</fieldset>")[0]

    assert re.search(r"<input[^>]* disabled> <span>Ink <small>sold out</small>", choice)


def test_backorder_is_said(client: Client) -> None:
    product = thing(on_hand=0)
    stock = product.variants.get().stock
    stock.backorder = 9
    stock.save()

    html = page(client, product.get_absolute_url())

    assert "it ships with the next delivery" in html
    assert "Add to cart" in html


def test_product_without_price_cannot_be_bought(client: Client) -> None:
    product = thing()
    Price.objects.update(is_active=False)

    html = page(client, product.get_absolute_url())

    assert "Not for sale at the moment" in html
    assert "Add to cart" not in html


def test_unknown_product_is_not_found(client: Client) -> None:
    assert "There is nothing here" in page(client, "/products/no-such-thing/", 404)


def test_draft_is_for_staff_only(client: Client, admin_user: User) -> None:
    product = thing(status=Product.Status.DRAFT)

    page(client, product.get_absolute_url(), 404)
    client.force_login(admin_user)
    html = page(client, product.get_absolute_url())

    assert "Preview: this product is draft and customers do not see it." in html
    assert '<meta name="robots" content="noindex">' in html


def test_structured_data_says_what_the_page_says(client: Client) -> None:
    product = thing(title="Mug", description="</script><script>alert(1)</script> & more", on_hand=2)

    html = client.get(product.get_absolute_url()).content.decode()

    block = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
    shown, crumbs = json.loads(block)
    sku = product.variants.get().sku
    assert shown["name"] == "Mug"
    assert shown["description"] == "</script><script>alert(1)</script> & more"
    assert shown["offers"] == [
        {
            "@type": "Offer",
            "sku": sku,
            "url": f"http://localhost:4242{product.get_absolute_url()}?variant={sku}",
            "price": "18.00",
            "priceCurrency": "EUR",
            "availability": "https://schema.org/InStock",
        }
    ]
    assert [step["name"] for step in crumbs["itemListElement"]] == [
        "Home",
        product.category.name,
        "Mug",
    ]


def test_where_customers_choose_the_bounds_are_told(client: Client) -> None:
    product = ChosenPriceFactory().variant.product

    html = page(client, product.get_absolute_url())

    block = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
    offer = json.loads(block)[0]["offers"][0]
    assert '<p class="price">from €5.00, you choose</p>' in html
    assert (offer["price"], offer["priceSpecification"]) == (
        "5.00",
        {
            "@type": "PriceSpecification",
            "minPrice": "5.00",
            "maxPrice": "100.00",
            "priceCurrency": "EUR",
        },
    )


def structured(client: Client, address: str, **more: Any) -> list[dict[str, Any]]:
    html = client.get(address, **more).content.decode()
    block = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
    found: list[dict[str, Any]] = json.loads(block)
    return found


def test_structured_data_speaks_the_language_of_the_page(client: Client) -> None:
    # S39
    lights = CategoryFactory(name="Lights", translations={"de": {"name": "Licht"}})
    lamp = thing(lights, title="Lamp", translations={"de": {"title": "Lampe"}})

    shown, crumbs = structured(client, lamp.get_absolute_url(), headers={"Accept-Language": "de"})

    assert (shown["name"], shown["category"]) == ("Lampe", "Licht")
    assert [step["name"] for step in crumbs["itemListElement"]] == ["Startseite", "Licht", "Lampe"]


def test_structured_data_groups_variants(client: Client) -> None:
    # S39
    shirt = ProductFactory(title="Shirt", slug="shirt", option_names=["Color", "Cut"])
    for sku, values, on_hand in (("S 1/&", ["Ink", "Slim"], 2), ("S2", ["Sand", "Wide"], 0)):
        variant = VariantFactory(product=shirt, sku=sku, option_values=values)
        PriceFactory(variant=variant, on_hand=on_hand)
    VariantFactory(product=shirt, sku="S3", option_values=["Ink", "Wide"])

    group = structured(client, "/products/shirt/")[0]

    first, second = group["hasVariant"]
    assert (group["@type"], group["productGroupID"]) == ("ProductGroup", "shirt")
    assert group["variesBy"] == ["https://schema.org/color"]
    assert "offers" not in group
    assert (first["name"], first["color"]) == ("Shirt (Ink / Slim)", "Ink")
    assert first["offers"]["url"].endswith("/products/shirt/?variant=S%201%2F%26")
    assert first["offers"]["availability"] == "https://schema.org/InStock"
    assert second["offers"]["availability"] == "https://schema.org/OutOfStock"


def test_structured_data_without_a_price_offers_nothing(client: Client) -> None:
    # S39
    product = thing()
    Price.objects.update(is_active=False)

    assert "offers" not in structured(client, product.get_absolute_url())[0]


def test_delivery_time_stands_by_the_button(client: Client) -> None:
    # S38
    DeliveryMethod.objects.update(min_days=3, max_days=5)
    product = thing()

    assert "With you in 3–5 working days." in page(client, product.get_absolute_url())
    assert "Your order is with you in 3–5 working days." in page(client, "/help/")


def test_text_of_a_product_is_escaped(client: Client) -> None:
    product = thing(title="<b>Bold</b>", description="<img src=x onerror=alert(1)>\n\nSecond.")

    html = page(client, product.get_absolute_url())

    assert "<b>Bold" not in html
    assert "<img src=x" not in html
    assert "<p>Second.</p>" in html


# -- pictures --------------------------------------------------------------------------------------


def test_picture_is_offered_in_each_format_and_width(client: Client) -> None:
    product = thing(title="Mug")
    name = product.images.get().name

    html = page(client, product.get_absolute_url())

    shown = html.split("<picture>")[1].split("</picture>")[0]
    assert re.findall(r'<source type="image/(\w+)"', shown) == ["avif", "webp"]
    for suffix in ("avif", "webp", "jpg"):
        widths = re.findall(rf"/pictures/{name}-(\d+)\.{suffix} (\d+)w", shown)
        assert widths == [(width, width) for width in ("320", "480", "640", "960")]
    assert 'width="960" height="960" alt="A picture of Mug" fetchpriority="high"' in shown


@pytest.mark.parametrize(
    "address", ["/", "/categories/things/", "/search/?q=things", "/products/mug/"]
)
def test_one_picture_of_a_page_is_waited_for(client: Client, address: str) -> None:
    # S11
    from shop.catalog.search import index as search

    things = CategoryFactory(slug="things", name="Things")
    mug = thing(things, slug="mug")
    picture(mug, "more")
    for product in (mug, thing(things), thing(things)):
        search.index(product)

    pictures_there = re.findall(r"<img [^>]*>", page(client, address))

    waited_for = ["loading" not in one for one in pictures_there]
    assert waited_for == [True] + [False] * (len(pictures_there) - 1)
    assert len(pictures_there) > 2
    assert 'fetchpriority="high"' in pictures_there[0]


def test_picture_from_elsewhere_is_not_loaded(client: Client) -> None:
    product = thing()
    product.images.update(name="", widths=[], source="https://elsewhere.example/mug.jpg")

    html = page(client, product.get_absolute_url())

    assert "elsewhere.example" not in html
    assert '<span class="no-picture"></span>' in html


def test_home_page_shows_what_is_in_each_category(client: Client) -> None:
    lamps = CategoryFactory(name="Light")
    thing(lamps)
    newest = thing(lamps)
    bare = thing(lamps)
    bare.images.all().delete()
    without = thing(CategoryFactory(name="Wear"))
    without.images.all().delete()

    html = page(client, "/")

    name = newest.images.get().name
    hero = html.split('class="hero"')[1].split("</section>")[0]
    tiles = html.split('class="tiles"')[1].split("</ul>")[0].split("</li>")
    assert f"/media/pictures/{name}-640.jpg" in hero
    assert f"/media/pictures/{name}-640.jpg" in tiles[0]
    assert '<span class="no-picture"></span>' in tiles[1]


def test_a_shop_without_a_way_of_delivery_promises_none(client: Client) -> None:
    product = thing()
    addresses = ["/", product.get_absolute_url(), "/terms/", "/help/"]
    free = [page(client, address) for address in addresses]
    DeliveryMethod.objects.all().delete()
    none = [page(client, address) for address in addresses]

    for words in ("Delivery is included", "working days", " countries.", "and delivery."):
        assert any(words in html for html in free)
        assert not any(words in html for html in none)


def test_home_page_does_without_pictures(client: Client) -> None:
    thing().images.all().delete()

    html = page(client, "/")

    hero = html.split('class="hero"')[1].split("</section>")[0]
    assert "picture" not in hero
    assert "<h1>Things that hold</h1>" in hero


# -- what each page has ----------------------------------------------------------------------------

ADDRESSES = ["/", "/categories/things/", "/products/mug/", "/search/?q=mug", "/help/", "/cart/"]
LAW = ["/terms/", "/privacy/"]


@pytest.fixture
def mug() -> Product:
    return thing(CategoryFactory(slug="things", name="Things"), slug="mug", title="Mug")


@pytest.mark.parametrize("address", [*ADDRESSES, *LAW])
def test_page_has_one_heading_and_its_landmarks(client: Client, mug: Product, address: str) -> None:
    html = page(client, address)

    assert html.count("<h1") == 1
    assert html.index('class="skip" href="#main"') < html.index("<header")
    for landmark in ("<header", "<main", "<footer", 'role="search"', 'aria-label="Categories"'):
        assert html.count(landmark) == 1
    assert re.search(r"<title>[^<]*Holdfast[^<]*</title>", html)


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_obeys_the_strict_policy(client: Client, mug: Product, address: str) -> None:
    """Nothing inline, nothing from another host."""
    html = client.get(address).content.decode()

    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)
    assert re.findall(r"<script(?![^>]*src=)(?![^>]*ld\+json)", html) == []
    assert re.findall(r'(?:src|srcset|href)="https?://(?!localhost:4242)', html) == []


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/", "/"),
        ("/categories/things/?sort=price&utm=1", "/categories/things/"),
        ("/products/mug/?variant=X", "/products/mug/"),
    ],
)
def test_page_names_its_one_address(
    client: Client, mug: Product, address: str, canonical: str
) -> None:
    html = page(client, address)

    assert f'<link rel="canonical" href="http://localhost:4242{canonical}">' in html
    assert 'property="og:url"' in html


@pytest.mark.parametrize(
    ("address", "description"),
    [
        ("/", "Well-made mugs, blankets, lanterns, bags and tools for home, table and the"),
        ("/categories/things/", "All that is useful."),
        ("/products/mug/", "Holds tea."),
        ("/help/", "Shipping, returns, payment and privacy at Holdfast."),
        ("/terms/", "How buying at Holdfast works:"),
        ("/privacy/", "What Holdfast knows of you,"),
    ],
)
def test_page_can_be_shared(client: Client, mug: Product, address: str, description: str) -> None:
    # S18
    Category.objects.filter(pk=mug.category_id).update(description="All that is useful.")
    Product.objects.update(description="Holds tea.")
    picture(mug, "mug")

    told = dict(
        re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)"', page(client, address))
    )

    assert told["description"].startswith(description)
    assert (told["locale"], told["site_name"]) == ("en_US", "Holdfast")
    assert told["url"] == f"http://localhost:4242{address}"
    assert {"title", "type", "image", "image:width", "image:height"} <= told.keys()


def test_shared_page_names_its_language(client: Client) -> None:
    german = client.get("/help/", headers={"Accept-Language": "de"}).content.decode()

    assert '<meta property="og:locale" content="de_DE">' in german
    assert '<meta property="og:title" content="Hilfe">' in german


def test_manifest_names_the_shop_and_its_icons(client: Client) -> None:
    # S18
    response = client.get("/manifest.webmanifest")

    told = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert (told["name"], told["start_url"]) == ("Holdfast", "/")
    for icon in told["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page(client, "/help/")


@pytest.mark.parametrize("address", ["/cart/", "/search/", "/cancel"])
def test_what_is_not_to_be_listed_can_be_read_to_say_so(client: Client, address: str) -> None:
    # S18
    assert '<meta name="robots" content="noindex">' in page(client, address)


def test_sitemap_lists_what_is_published(client: Client, mug: Product) -> None:
    draft = ProductFactory(status=Product.Status.DRAFT)

    sections = re.findall(r"<loc>http://[^/]+(/[^<]+)</loc>", page(client, "/sitemap.xml"))
    listed = "".join(page(client, section) for section in sections)

    assert "<loc>http://localhost:4242/products/mug/</loc>" in listed
    assert "<loc>http://localhost:4242/categories/things/</loc>" in listed
    assert "<loc>http://localhost:4242/terms/</loc>" in listed
    assert "<lastmod>" in listed
    assert draft.slug not in listed


def test_robots_are_told_where_the_sitemap_is(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()

    assert re.findall(r"Disallow: (.*)", text) == ["/admin/"]
    assert text.endswith("Sitemap: http://localhost:4242/sitemap.xml\n")


def test_favicon_is_answered(client: Client) -> None:
    response = client.get("/favicon.ico")

    assert (response.status_code, response["Location"]) == (302, "/static/brand/favicon.ico")


def test_unknown_address_leads_back(client: Client) -> None:
    html = page(client, "/no/such/page/", 404)

    assert "There is nothing here" in html
    assert 'If you <a href="/contact/">write to us</a>, this number helps' in html


# -- queries ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "expected"),
    [("/", 7), ("/categories/category-a/", 8), ("/products/first/", 10), ("/search/?q=rope", 9)],
)
def test_queries_do_not_grow_with_the_catalog(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
    expected: int,
) -> None:
    from shop.catalog.search import index as search

    def stock_up(number: int) -> None:
        for index in range(number):
            product = thing(category, title="Rope", option_names=["Size"])
            PriceFactory(variant=VariantFactory(product=product, option_values=["L"]))
            if index % 5 == 0:
                search.index(product)

    category = CategoryFactory(slug="category-a")
    first = thing(category, slug="first", title="Rope")
    search.index(first)

    for more in (9, 50):
        stock_up(more)
        if address.startswith("/products"):
            picture(first, f"more-{more}")
            PriceFactory(variant=VariantFactory(product=first, option_values=[str(more)]))
        with django_assert_num_queries(expected):
            client.get(address)


def test_every_public_page_stays_below_twelve_queries(
    client: Client,
    mug: Product,
    admin_user: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(admin_user)
    price = Price.objects.get()
    client.post("/cart/add/", {"price": price.key, "quantity": "1"})

    for address in ADDRESSES:
        # Of who is logged in the cart reads where they have things sent to, too.
        with django_assert_max_num_queries(13 if address == "/cart/" else 12):
            client.get(address)


# -- bytes -----------------------------------------------------------------------------------------


def packed(text: bytes) -> int:
    return len(gzip.compress(text, 9))


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_is_small(client: Client, mug: Product, address: str) -> None:
    # S10
    for _ in range(24):
        thing(mug.category)

    html = client.get(address).content

    assert packed(html) <= (25 if address.startswith("/categories") else 14) * 1024


@pytest.mark.parametrize(("name", "kilobytes"), [("shop.css", 15), ("shop.js", 12)])
def test_style_and_script_are_small(name: str, kilobytes: int) -> None:
    # S10
    path = finders.find(f"shop/{name}")

    assert path
    assert packed(Path(path).read_bytes()) <= kilobytes * 1024
