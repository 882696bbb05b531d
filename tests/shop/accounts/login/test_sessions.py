"""T7: staff are logged out by the clock; customers, and what staff have in the cart, stay."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from shop.accounts.models import User
from tests.support.factories import PriceFactory, UserFactory

pytestmark = pytest.mark.django_db

IDLE = "You were logged out after 30 minutes without work."
AGED = "You were logged out 8 hours after you had logged in."
PASSWORD = "a long sea shanty"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 11, 29, 8, tzinfo=UTC), tick=False) as traveled:
        yield traveled


@pytest.fixture
def ana() -> User:
    user = UserFactory(email="ana@example.com", is_staff=True, is_superuser=True)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def browser(clock: Any, ana: User) -> Client:
    client = Client()
    client.post("/admin/login/", {"username": ana.email, "password": PASSWORD})
    return client


def test_who_works_stays_and_who_rests_is_logged_out(browser: Client, clock: Any) -> None:
    for _ in range(3):
        clock.shift(timedelta(minutes=29))
        assert browser.get("/admin/").status_code == 200
    clock.shift(timedelta(minutes=30, seconds=1))

    sent_away = browser.get("/admin/orders/order/?q=x")
    page = browser.get(sent_away["Location"])
    back = browser.post(
        sent_away["Location"],
        {
            "username": "ana@example.com",
            "password": PASSWORD,
            "next": page.context["redirect_field_value"],
        },
    )

    assert sent_away["Location"] == "/admin/login/?next=/admin/orders/order/%3Fq%3Dx"
    assert IDLE in page.content.decode()
    assert back["Location"] == "/admin/orders/order/?q=x"
    assert browser.get("/admin/").status_code == 200
    browser.post("/admin/logout/")
    assert IDLE not in browser.get("/admin/login/").content.decode()


def test_the_log_in_page_itself_notices(browser: Client, clock: Any) -> None:
    clock.shift(timedelta(minutes=31))

    assert IDLE in browser.get("/admin/login/").content.decode()


def test_after_eight_hours_whoever_works_logs_in_anew(browser: Client, clock: Any) -> None:
    for _ in range(24):
        clock.shift(timedelta(minutes=20))
        assert browser.get("/admin/").status_code == 200
    clock.shift(timedelta(seconds=1))

    answer = browser.get("/admin/", follow=True)

    assert AGED in answer.content.decode()


def test_a_post_after_the_end_changes_nothing(browser: Client, clock: Any, ana: User) -> None:
    clock.shift(timedelta(minutes=31))

    answer = browser.post(
        "/admin/accounts/user/add/",
        {
            "email": "eve@example.com",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )

    assert answer["Location"] == "/admin/login/?next=/admin/accounts/user/add/"
    assert list(User.objects.all()) == [ana]


def test_what_staff_have_in_the_cart_stays(browser: Client, clock: Any) -> None:
    price = PriceFactory()
    browser.post("/cart/add/", {"price": price.key, "quantity": "2"})
    before = browser.get("/cart/").content.decode()
    clock.shift(timedelta(hours=9))

    browser.get("/admin/")
    after = browser.get("/cart/").content.decode()
    browser.post("/admin/login/", {"username": "ana@example.com", "password": PASSWORD})
    again = browser.get("/cart/").content.decode()

    title = price.variant.product.title
    assert title in before
    assert title in after
    assert title in again


def test_customers_stay_for_as_long_as_ever(clock: Any) -> None:
    customer = UserFactory()
    client = Client()
    client.force_login(customer)
    clock.shift(timedelta(days=29))

    page = client.get("/admin/login/").content.decode()

    assert "You are logged in as" in page


def test_a_session_of_the_release_before_ends_once(browser: Client) -> None:
    session = browser.session
    for name in ("staff_began", "staff_seen"):
        del session[name]
    session.save()

    assert browser.get("/admin/").status_code == 302


def test_a_page_that_asks_for_nobody_reads_nobody(
    browser: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        browser.get("/healthz")


def test_not_every_page_writes_the_session(browser: Client, clock: Any) -> None:
    seen = browser.session["staff_seen"]
    clock.shift(timedelta(seconds=10))
    browser.get("/admin/")
    soon = browser.session["staff_seen"]
    clock.shift(timedelta(seconds=10))
    browser.get("/admin/")

    assert (soon, browser.session["staff_seen"]) == (seen, time.time())


def test_the_owner_chooses_how_long(browser: Client, clock: Any, settings: Any) -> None:
    settings.STAFF_IDLE_MINUTES = 1
    clock.shift(timedelta(seconds=61))

    page = browser.get("/admin/", follow=True).content.decode()

    assert "You were logged out after 1 minute without work." in page
