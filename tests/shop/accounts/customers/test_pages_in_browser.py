"""Every page of an account is for everybody: on telephones and desks, in the light and the dark."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from fulfillment.restock import alerts
from payments.models import Customer, SavedMethod
from shop import stripe_client
from shop.accounts.addresses import book
from shop.accounts.models import User
from tests.support.browser import faults_in_all_ways
from tests.support.customers import log_in, new_address
from tests.support.factories import OrderFactory, PriceFactory
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (360, 390, 1280)
BEFORE = ["login/", "login/password/", "login/passkey/"]
PAGES = [
    *("", "orders/", "addresses/", "addresses/add/", "payment-methods/", "payment-methods/add/"),
    *("mails/", "passkeys/", "passkeys/add/", "password/", "email/", "confirm/", "data/"),
    "delete/",
]


@pytest.fixture
def ada(stand_in: StandIn) -> Client:
    """Somebody with something on every page."""
    email = new_address()
    client = log_in(email)
    user = User.objects.get(email=email)
    for street in ("A very long street with a name that goes on and on 1", "Ring 2"):
        book.add(user, name="Ada Lovelace", line1=street, city="Vienna", country="AT")
    OrderFactory(user=user, email=email)
    customer = Customer.objects.create(
        account=stripe_client.account(),
        stripe_customer_id="cus_1",
        user=user,
        saved_at=timezone.now(),
        stripe_default_method_id="pm_1",
    )
    for number in (1, 2):
        SavedMethod.objects.create(
            account=customer.account,
            stripe_payment_method_id=f"pm_{number}",
            customer=customer,
            type="card",
            brand="visa",
            last4="4242",
            exp_month=1,
            exp_year=2020 + 20 * number,
        )
    alerts.wait(PriceFactory(on_hand=0).variant, email, "en")
    return client


def look(page: Page, url: str, path: str) -> list[Any]:
    answer = page.goto(f"{url}/account/{path}")
    assert answer is not None
    assert (answer.status, page.url) == (200, f"{url}/account/{path}")
    return [(path, *one) for one in faults_in_all_ways(page, WIDTHS)]


@pytest.mark.parametrize("path", BEFORE)
def test_the_doors_have_no_faults(live_server: Any, page: Page, path: str) -> None:
    assert look(page, live_server.url, path) == []


def test_the_page_for_the_code_has_none(live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_label("Your e-mail address").fill(new_address())
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill("1")
    page.get_by_role("button", name="Log in").click()

    assert faults_in_all_ways(page, WIDTHS) == []


def test_none_of_an_accounts_pages_has_any(
    live_server: Any, page: Page, ada: Client, settings: Any
) -> None:
    name = settings.SESSION_COOKIE_NAME
    value = ada.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    method = SavedMethod.objects.all()[0]
    address = User.objects.get().addresses.all()[0]
    paths = [*PAGES, f"payment-methods/{method.pk}/remove/", f"addresses/{address.pk}/"]

    found = [fault for path in paths for fault in look(page, live_server.url, path)]
    page.goto(f"{live_server.url}/account/email/")
    page.get_by_label("e-mail address").fill(new_address())
    page.locator("main .letter button").click()
    found += faults_in_all_ways(page, WIDTHS)

    assert found == []


def test_nor_has_the_door_while_nobody_can_count(
    live_server: Any, page: Page, settings: Any
) -> None:
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/1"}
    }

    page.goto(f"{live_server.url}/account/login/")
    page.get_by_label("Your e-mail address").fill(new_address())
    page.get_by_role("button", name="Send me a code").click()

    assert page.locator("h1").inner_text() != "Log in"
    assert faults_in_all_ways(page, WIDTHS) == []
