"""Stripe chooses the currency by where the customer is: cart, payment page, order page, staff."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from shop.accounts.models import User
from shop.catalog.models import Price, StripeBaseline
from shop.orders.models import Order
from tests.journeys.test_customer import HEADING, go_to_payment, order_on, put_into_cart
from tests.journeys.test_staff import PASSWORD
from tests.support.books import assert_adds_up
from tests.support.buyer import offered, tell_stripe
from tests.support.house import House
from tests.support.payment_page import pay
from tests.support.waiting import eventually

# The stand-in takes whoever has this address to be in America.
AMERICAN = "ana+location_US@example.com"


@pytest.fixture
def by_place(house: House) -> Iterator[House]:
    """The house, selling in two currencies by place; above 20 in either staff decide."""
    for name in ("web", "worker"):
        house.stop(name)
        house.start(
            name,
            CURRENCIES_OFFERED="eur,usd",
            CURRENCY_BY_PLACE="true",
            CAPTURE_REVIEW_ABOVE="eur:2000,usd:2000",
        )
    house.wait_until_ready()
    yield house
    for name in ("web", "worker"):
        house.stop(name)
    house.heal()


def log_in(page: Page, house: House) -> None:
    if not User.objects.filter(email=AMERICAN).exists():
        User.objects.create_superuser(AMERICAN, PASSWORD, first_name="Ana")
    page.goto(f"{house.url}/admin/")
    page.fill("#id_username", AMERICAN)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#user-tools")).to_contain_text("Ana")


def test_somebody_in_america_pays_in_dollars(by_place: House, page: Page) -> None:
    house = by_place
    with offered(on_hand=3) as price:
        Price.objects.create(variant=price.variant, currency="usd", unit_amount=2150)
        tell_stripe(house, price)
        told = StripeBaseline.objects.filter(variant=price.variant)
        options = f"prices__{price.pk}__currency_options__usd__unit_amount"
        eventually(told.filter(**{options: 2150}).exists)
        log_in(page, house)

        put_into_cart(page, house, price.variant.product.slug)
        page.goto(f"{house.url}/cart/")
        expect(page.locator("#elsewhere")).to_contain_text("in your own currency: US$21.50")
        go_to_payment(page, house)
        expect(page.locator("body")).to_contain_text("$21.50")
        expect(page.locator("body")).not_to_contain_text("€")
        pay(page, email=AMERICAN)
        page.wait_for_url(re.compile(r"/success"))
        expect(page.locator(HEADING)).to_be_visible()
        order = order_on(page)
        eventually(lambda: house.mails(AMERICAN))
        eventually(lambda: order.preparations.filter(status="done").exists())
        page.goto(f"{house.url}/orders/{order.token}/")
        expect(page.locator(".order-total")).to_contain_text("US$21.50")

        # 18.00 EUR would have been captured without them.
        payment = order.payments.get()
        page.goto(f"{house.url}/admin/capture-queue/{payment.pk}/")
        page.get_by_role("button", name="Capture 21.50 USD").click()
        eventually(lambda: order.payments.get().captured_amount == 2150)
        house.wait_until_quiet()
        page.goto(f"{house.url}/admin/capture-queue/{payment.pk}/")
        refund = page.locator("section", has=page.locator("#refund"))
        refund.locator("#refund-amount").fill("5.00")
        refund.locator("#refund-reason").fill("A scratch")
        refund.get_by_role("button", name="Look at what will happen").click()
        page.get_by_role("button", name="Refund 5.00 USD").click()
        eventually(lambda: order.payments.get().refunded.amount == 500)
        house.wait_until_quiet()

        order = Order.objects.get(pk=order.pk)
        assert (order.currency, order.subtotal, order.total, order.is_held) == (
            "usd", 2150, 2150, False
        )  # fmt: skip
        assert_adds_up(house.stand_in, order)
