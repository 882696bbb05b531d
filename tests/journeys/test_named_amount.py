"""A customer names the price, and pays just that."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from shop.orders.models import CartLine
from tests.journeys.test_customer import order_on
from tests.support.buyer import offered, tell_stripe
from tests.support.factories import PriceFactory, VariantFactory
from tests.support.house import House
from tests.support.payment_page import pay
from tests.support.waiting import eventually

CHOSEN = {
    "unit_amount": 1000,
    "is_chosen": True,
    "minimum_amount": 500,
    "maximum_amount": 10000,
}


def test_what_the_customer_names_is_what_is_paid(house: House, page: Page) -> None:
    with offered(on_hand=3, **CHOSEN) as price:
        tell_stripe(house, price)
        page.goto(f"{house.url}{price.variant.product.get_absolute_url()}")
        expect(page.get_by_label("Your price in EUR")).to_have_value("10.00")
        expect(page.get_by_label("Your price in EUR")).to_have_accessible_description(
            "You choose, from €5.00 to €100.00."
        )
        page.get_by_label("Your price in EUR").fill("9,00")
        page.get_by_role("button", name="Add to cart").click()
        page.get_by_label(re.compile("Your price for")).fill("7.50")
        page.get_by_role("button", name="Update").click()
        expect(page.locator("main")).to_contain_text("€7.50 each")

        page.get_by_role("button", name="Continue to secure payment").click()
        page.wait_for_url(re.compile(r"/c/pay/cs_test_"))
        expect(page.locator("body")).to_contain_text("€7.50")
        pay(page, email="named@example.com")
        page.wait_for_url(re.compile(r"/success\?session_id="))

        order = order_on(page)
        eventually(lambda: order.shipments.exists())
        house.wait_until_quiet()
        assert order.payments.get().captured_amount == 750
        assert order.lines.get().unit_amount == 750
        (asked,) = [
            call["params"]
            for call in house.stand_in.executed("/v1/checkout/sessions")
            if call["params"].get("client_reference_id") == str(order.pk)
        ]
        stated = asked["line_items"][0]["price_data"]
        assert stated["product"] == price.variant.stripe_product_id


def test_a_tampered_amount_is_refused(house: House, page: Page) -> None:
    with offered(on_hand=3, **CHOSEN) as price:
        page.goto(f"{house.url}{price.variant.product.get_absolute_url()}")
        page.get_by_label("Your price in EUR").fill("0.01")
        page.get_by_role("button", name="Add to cart").click()

        expect(page.get_by_role("alert")).to_contain_text("from €5.00 to €100.00")
        assert not CartLine.objects.filter(variant=price.variant).exists()


def test_the_field_follows_the_choice(house: House, page: Page) -> None:
    with offered(on_hand=3, variant__option_values=["Named"], **CHOSEN) as price:
        product = price.variant.product
        fixed = VariantFactory(product=product, option_values=["Fixed"], position=1)
        PriceFactory(variant=fixed)
        page.goto(f"{house.url}{product.get_absolute_url()}")

        page.get_by_label("Fixed").check()
        expect(page.get_by_label("Your price in EUR")).to_have_count(0)
        page.get_by_label("Named").check()
        expect(page.get_by_label("Your price in EUR")).to_have_value("10.00")


def test_the_field_is_for_everybody(house: House, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 780})
    with offered(on_hand=3, **CHOSEN) as price:
        page.goto(f"{house.url}{price.variant.product.get_absolute_url()}")
        found = [Axe().run(page).response["violations"]]
        widths = [page.evaluate("document.documentElement.scrollWidth")]

        page.get_by_role("button", name="Add to cart").click()
        expect(page.locator("h1")).to_have_text("Your cart")
        found.append(Axe().run(page).response["violations"])
        widths.append(page.evaluate("document.documentElement.scrollWidth"))

    assert found == [[], []]
    assert max(widths) <= 320
