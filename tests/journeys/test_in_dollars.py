"""Staff type a price in dollars, Stripe is told, and a visitor pays in dollars by that Price."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from shop.catalog.models import CatalogSync
from shop.orders.models import Order
from tests.journeys.test_customer import HEADING, go_to_payment, order_on, put_into_cart
from tests.journeys.test_staff import staff  # noqa: F401
from tests.support.buyer import offered
from tests.support.house import House
from tests.support.payment_page import pay
from tests.support.waiting import eventually


@pytest.fixture
def in_dollars(house: House) -> Iterator[House]:
    """The house, selling in two currencies."""
    for name in ("web", "worker"):
        house.stop(name)
        house.start(name, CURRENCIES_OFFERED="eur,usd")
    house.wait_until_ready()
    yield house
    for name in ("web", "worker"):
        house.stop(name)
    house.heal()


def test_a_visitor_pays_in_dollars_at_the_synced_price(
    in_dollars: House,
    staff: Page,  # noqa: F811
) -> None:
    with offered(on_hand=3) as price:
        product = price.variant.product
        page, house = staff, in_dollars
        page.goto(house.url + reverse("admin:catalog_product_change", args=[product.pk]))
        page.get_by_role("textbox", name="New price in USD").fill("21.50")
        page.get_by_role("button", name="Save", exact=True).click()
        told = CatalogSync.objects.filter(variant=price.variant, outcome="told")
        eventually(told.filter(parameters__currency_options__usd={"unit_amount": 2150}).exists)

        page.goto(house.url)
        page.get_by_label("Prices in").select_option("usd")
        page.get_by_role("button", name="Change", exact=True).click()
        put_into_cart(page, house, product.slug)
        go_to_payment(page, house)
        expect(page.locator("body")).to_contain_text("$21.50")
        pay(page, email="dollars@example.com")
        page.wait_for_url(re.compile(r"/success"))

        expect(page.locator(HEADING)).to_be_visible()
        order = order_on(page)
        eventually(lambda: Order.objects.filter(pk=order.pk, status="confirmed").exists())
        price.refresh_from_db()
        [session] = [
            call["params"]
            for call in house.stand_in.requests_made("/v1/checkout/sessions")
            if call["params"].get("client_reference_id") == str(order.pk)
        ]
        assert session["currency"] == "usd"
        assert session["line_items"][0]["price"] == price.stripe_price_id
        assert order.currency == "usd"
        eventually(lambda: order.payments.get().captured_amount == 2150)
