"""A price that changes at Stripe while somebody has the thing in the cart."""

import re

from playwright.sync_api import Page, expect

from shop.catalog.models import Price
from tests.journeys.test_customer import put_into_cart
from tests.support.buyer import offered, tell_stripe
from tests.support.house import House
from tests.support.payment_page import GOOD_CARD, fill_card, fill_contact, press_pay
from tests.support.waiting import eventually


def test_the_customer_sees_the_new_price_before_paying(house: House, page: Page) -> None:
    with offered(on_hand=3) as price:
        tell_stripe(house, price)
        stripe, product = house.stand_in, price.variant.stripe_product_id
        put_into_cart(page, house, price.variant.product.slug)

        new = stripe.call("prices", product=product, unit_amount=2150, currency="eur")["id"]
        stripe.call(f"products/{product}", default_price=new)
        stripe.call(f"prices/{price.stripe_price_id}", active="false")
        eventually(lambda: Price.objects.filter(stripe_price_id=new, is_active=True).exists())
        page.goto(f"{house.url}/cart/")

        expect(page.locator("main")).to_contain_text("21.50")
        page.get_by_role("button", name="Use the new prices").click()
        page.get_by_role("button", name="Continue to secure payment").click()
        page.wait_for_url(re.compile(r"/c/pay/cs_test_"))
        expect(page.locator("body")).to_contain_text("21.50")
        fill_contact(page)
        fill_card(page, GOOD_CARD)
        press_pay(page)
        page.wait_for_url(re.compile(r"/success"))

        sessions = stripe.requests_made("/v1/checkout/sessions")
        assert sessions[-1]["params"]["line_items"][0]["price"] == new
