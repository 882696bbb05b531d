"""From a merchant's file to a paid order: imported, found, bought at the price Stripe knows."""

import re
import uuid
from pathlib import Path

from playwright.sync_api import Page, expect

from shop.catalog.models import Price, Product
from shop.orders.models import Order
from tests.journeys.test_customer import go_to_payment
from tests.support.house import House
from tests.support.payment_page import pay
from tests.support.waiting import eventually


def test_an_imported_product_is_found_and_bought(house: House, page: Page, tmp_path: Path) -> None:
    mark = uuid.uuid4().hex[:6]
    file = tmp_path / "products.csv"
    file.write_text(
        "sku;name;price;qty;category;brand\n"
        f"IMP-{mark};Figurehead {mark};129,50;3;Imported {mark} > Carved;Bowsprit\n"
        f"IMP-{mark}-2;Bollard {mark};9,50;0;Imported {mark} > Cast;Bowsprit\n"
    )

    house.manage("import_products", file)
    house.manage("sync_catalog", "--apply")
    page.goto(f"{house.url}/categories/imported-{mark}/")
    page.get_by_label("In stock").check()
    page.get_by_role("button", name="Show products").click()
    expect(page.locator(".cards li")).to_have_count(1)
    page.get_by_role("searchbox").fill(f"figurehaed {mark}")
    page.get_by_role("searchbox").press("Enter")
    page.locator(".cards").get_by_text(f"Figurehead {mark}").click()
    page.get_by_role("button", name="Add to cart").click()
    go_to_payment(page, house)
    expect(page.locator("body")).to_contain_text("129.50")
    pay(page)
    page.wait_for_url(re.compile("/success"))

    price = Price.objects.get(variant__sku=f"IMP-{mark}")
    order = eventually(lambda: Order.objects.filter(lines__price=price, status="confirmed").first())
    sent = house.stand_in.requests_made("/v1/checkout/sessions")[-1]["params"]
    assert price.stripe_price_id
    assert sent["line_items"][0]["price"] == price.stripe_price_id
    assert order.total == price.unit_amount
    Product.objects.filter(variants__sku__startswith=f"IMP-{mark}").update(status="archived")
