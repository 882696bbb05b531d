"""The catalog's staff pages in a real browser: for everybody, on a phone and on a desk."""

import re
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from playwright.sync_api import Browser, Page

from shop.catalog import publishing
from shop.catalog.models import Image, Variant
from shop.money import Money
from tests.conftest import SCREENSHOTS
from tests.support.browser import PATIENCE, scroll_width, violations
from tests.support.factories import (
    CategoryFactory,
    OrderFactory,
    PriceFactory,
    ProductFactory,
    UserFactory,
    VariantFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPTED = re.compile("searchbar")
WIDTHS = [(360, "light"), (1280, "dark")]


@pytest.fixture
def range_of_things() -> list[Variant]:
    light = CategoryFactory(name="Light")
    lamps = CategoryFactory(name="Table lamps", parent=light)
    product = ProductFactory(
        title="Harbor Lantern of hammered brass with a long name",
        category=lamps,
        option_names=["Finish"],
        status="draft",
    )
    variants = [
        PriceFactory(
            on_hand=2, variant=VariantFactory(product=product, option_values=[name])
        ).variant
        for name in ("Brass", "Blackened steel")
    ]
    other = PriceFactory(on_hand=3, variant__product__category=light).variant
    publishing.set_price(other, Money(1200, "eur"), regular=Money(1800, "eur"))
    Image.objects.create(
        product=product, source="x", name="bath-brush", width=640, height=640, widths=[320, 640]
    )
    OrderFactory(price=variants[0].prices.get())
    return [*variants, other]


def signed_in(chromium: Browser, url: str, width: int, theme: str) -> Page:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    context = chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=theme,  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE)
    cookie = client.cookies[configured.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
    return context.new_page()


def shot(page: Page, name: str, width: int) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"staff-{name}-{width}.png", full_page=True)


def trouble(page: Page, width: int) -> list[Any]:
    """What axe finds, and whether the page scrolls sideways."""
    found: list[Any] = [*violations(page)]
    if scroll_width(page) > width:
        found.append("scrolls sideways")
    return found


@pytest.mark.parametrize(("width", "theme"), WIDTHS)
def test_new_prices_are_typed_by_everybody(
    live_server: Any, chromium: Browser, range_of_things: list[Variant], width: int, theme: str
) -> None:
    page = signed_in(chromium, live_server.url, width, theme)
    variant = range_of_things[0]

    page.goto(f"{live_server.url}/admin/prices/")
    listed = trouble(page, width)
    shot(page, "prices", width)
    page.get_by_label(f"New price of {variant.sku}").fill("12,50")
    page.get_by_role("button", name="Save the new prices").click()
    wrong = trouble(page, width)
    shot(page, "prices-wrong", width)
    page.get_by_label(f"New price of {variant.sku}").fill("12.50")
    page.get_by_role("button", name="Save the new prices").click()
    page.get_by_text("1 price changed.").wait_for()
    page.context.close()

    assert (listed, wrong) == ([], [])
    assert str(variant.prices.current().get()) == "12.50 EUR"


@pytest.mark.parametrize(("width", "theme"), WIDTHS)
def test_stock_is_changed_by_everybody(
    live_server: Any, chromium: Browser, range_of_things: list[Variant], width: int, theme: str
) -> None:
    page = signed_in(chromium, live_server.url, width, theme)
    first, second = range_of_things[:2]

    page.goto(f"{live_server.url}/admin/stock/changes/?variant={first.pk}&variant={second.pk}")
    asked = trouble(page, width)
    shot(page, "stock-changes", width)
    page.get_by_label("Reason").fill("Stocktake")
    page.get_by_label(f"Change {first.sku} by").fill("-2")
    page.get_by_label(f"Change {second.sku} by").fill("12")
    page.get_by_role("button", name="Look at what will happen").click()
    page.get_by_role("button", name="Change 2 things").wait_for()
    foretold = trouble(page, width)
    shot(page, "stock-foretold", width)
    page.get_by_role("button", name="Change 2 things").click()
    page.get_by_text("2 of 2 changed.").wait_for()
    page.context.close()

    assert (asked, foretold) == ([], [])
    first.stock.refresh_from_db()
    second.stock.refresh_from_db()
    assert (first.stock.on_hand, second.stock.on_hand) == (0, 14)


def test_pages_of_the_catalog_fit_the_screen(
    live_server: Any, chromium: Browser, range_of_things: list[Variant]
) -> None:
    """These are Django's own forms; that they do not spill is ours."""
    page = signed_in(chromium, live_server.url, *WIDTHS[0])
    product = range_of_things[0].product
    addresses = {
        "landing": "",
        "product-list": "catalog/product/",
        "product": f"catalog/product/{product.pk}/change/",
        "category-list": "catalog/category/",
        "category": f"catalog/category/{product.category_id}/change/",
        "stock-low": "catalog/stock/?level=low",
        "price-list": "catalog/price/",
        "price-new": "catalog/price/add/",
        "price": f"catalog/price/{range_of_things[2].prices.current().get().pk}/change/",
    }

    wide = []
    for name, address in addresses.items():
        page.goto(f"{live_server.url}/admin/{address}")
        for width, theme in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            shot(page, name, width)
            if scroll_width(page) > width:
                wide.append((name, width))
    page.context.close()

    assert wide == []


def test_forms_of_the_catalog_have_labels_and_links_a_size(
    live_server: Any, chromium: Browser, range_of_things: list[Variant]
) -> None:
    # S-6
    page = signed_in(chromium, live_server.url, *WIDTHS[1])
    product = range_of_things[0].product
    found = []
    for address in (
        f"product/{product.pk}/change/",
        "product/add/",
        "category/",
        f"category/{product.category_id}/change/",
    ):
        page.goto(f"{live_server.url}/admin/catalog/{address}")
        found += [
            (address, html)
            for rule, nodes in violations(page)
            for html in nodes
            # What Django's own script makes of a list to search in names itself by no label.
            if rule in {"label", "label-title-only"} and not SCRIPTED.search(html)
        ]
    links = page.locator("#site-name a, #user-tools a, .waiting-everywhere a").all()
    heights = [box["height"] for link in links if (box := link.bounding_box())]
    page.context.close()

    assert found == []
    assert heights
    assert min(heights) >= 24
