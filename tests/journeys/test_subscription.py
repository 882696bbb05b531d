"""What is bought once and comes again: renewed, declined, paid after all, looked after, ended."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings
from django.test import override_settings
from playwright.sync_api import Page, expect

from local.testing.pytest_services import start_fake_stripe
from payments.models import Subscription
from shop.orders.models import Order
from tests.journeys.test_account import code_in
from tests.journeys.test_customer import go_to_payment
from tests.support import house as houses
from tests.support.browser import faults_in_all_ways
from tests.support.clocks import move_clocks
from tests.support.databases import Templates
from tests.support.house import House
from tests.support.payment_page import fill_card, fill_contact
from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

EMAIL = "ada@example.com"
# It can be kept, and is declined when it is charged.
DECLINES_LATER = "4000 0000 0000 0341"
WIDTHS = (360, 1280)


@pytest.fixture
def own_house(tmp_path: Path, templates: Templates, django_db_blocker: Any) -> Iterator[House]:
    """A house that is months ahead at the end, which nobody else could live in."""
    stripe = StandIn(start_fake_stripe(tmp_path / "stand_in"))
    with (
        django_db_blocker.unblock(),
        houses.built(tmp_path / "months", stripe, templates) as house,
        houses.looking_into(house),
        override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS),
    ):
        yield house


def test_bought_renewed_declined_paid_after_all_and_ended(own_house: House, page: Page) -> None:
    house = own_house
    page.goto(f"{house.url}/products/kelp-soap/")
    page.get_by_role("radio", name="Every month").check(force=True)
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator(".summary")).to_contain_text("every month from")
    faults = faults_in_all_ways(page, WIDTHS)
    go_to_payment(page, house)
    fill_contact(page, EMAIL)
    fill_card(page)
    expect(page.locator(".SubmitButton")).to_have_text("Subscribe")
    page.locator(".SubmitButton").click()
    page.wait_for_url(re.compile(r"/success\?session_id="))
    expect(page.locator("main")).to_contain_text("Confirmed and charged")
    page.get_by_role("button", name="Keep this order in an account").click()
    page.get_by_label("Code").fill(code_in(house, EMAIL))
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{house.url}/account/subscriptions/")
    page.get_by_role("link", name="Kelp Soap").click()
    row = Subscription.objects.get()

    for period in (2, 3, 4):
        a_month_later(house)
        eventually(lambda count=period: orders_of(row).count() == count)  # type: ignore[misc]
    house.wait_until_quiet()
    assert [order.total for order in orders_of(row)] == [orders_of(row)[0].total] * 4
    assert set(orders_of(row).values_list("status", flat=True)) == {"confirmed"}

    pay_with_a_card_that_declines_later(page, house)
    a_month_later(house)
    eventually(lambda: Subscription.objects.get().status == "past_due")
    house.wait_until_quiet()
    assert orders_of(row).count() == 4
    page.goto(f"{house.url}/account/subscriptions/{row.pk}/")
    expect(page.locator("main")).to_contain_text("Payment open")
    faults += faults_in_all_ways(page, WIDTHS)
    page.get_by_role("link", name="Pay the open amount at Stripe").click()
    page.get_by_role("button", name=re.compile("ending in 4242")).click()
    expect(page.locator("main")).to_contain_text("Paid")
    eventually(lambda: orders_of(row).count() == 5)

    page.goto(f"{house.url}/account/subscriptions/{row.pk}/")
    expect(page.locator("main")).to_contain_text("Active")
    page.get_by_role("link", name="Cancel subscription").click()
    page.get_by_role("button", name="Cancel now").click()
    expect(page.locator("main")).to_contain_text("is not charged again")
    a_month_later(house)
    eventually(lambda: Subscription.objects.get().is_over)
    house.wait_until_quiet()

    assert orders_of(row).count() == 5
    assert faults == []
    subjects = " / ".join(house.mails(EMAIL))
    for told in ("the payment did not go through", "ends on", "has ended"):
        assert told in subjects


def pay_with_a_card_that_declines_later(page: Page, house: House) -> None:
    page.goto(f"{house.url}/account/payment-methods/add/")
    page.get_by_role("button", name="Continue to Stripe").click()
    page.wait_for_url(re.compile("cs_test_"))
    fill_card(page, DECLINES_LATER)
    page.locator(".SubmitButton").click()
    expect(page.locator("main")).to_contain_text("The payment method is saved.")
    page.goto(f"{house.url}/account/subscriptions/")
    page.get_by_role("link", name="Kelp Soap").click()
    page.get_by_role("link", name="Pay with something else").click()
    page.get_by_role("radio", name=re.compile("0341")).check()
    page.get_by_role("button", name="Pay with this").click()
    expect(page.locator("main")).to_contain_text("0341")


def a_month_later(house: House) -> None:
    # The longest month, and the hour for which Stripe keeps an invoice a draft.
    move_clocks(house.stand_in, days=32)


def orders_of(row: Subscription) -> Any:
    return Order.objects.filter(subscription_invoice__subscription=row).order_by("created_at")
