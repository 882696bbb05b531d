"""A password beside the codes: set, changed, taken away, and another way in."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from shop.accounts.models import LoginFailure, User
from shop.configuration.security import login_limits
from tests.support.customers import code_for, log_in, new_address
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
GOOD = "a long sea shanty"
DOOR, PAGE = "/account/login/password/", "/account/password/"
NO_FIT = "The address and the password do not fit together."


def with_password(**fields: Any) -> User:
    user: User = UserFactory(email=new_address(), **fields)
    user.set_password(GOOD)
    user.save()
    return user


def knock(client: Client, email: str, password: str = GOOD, **more: str) -> Any:
    return client.post(DOOR, {"email": email, "password": password, **more})


def test_set_in_the_account_it_is_another_way_in() -> None:
    email = new_address()
    client, elsewhere = log_in(email), log_in(email)

    answer = client.post(PAGE, {"password": GOOD}, follow=True)
    other = Client()
    done = knock(other, email.upper(), next="/cart/")

    assert "Your password is set." in answer.content.decode()
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert done["Location"] == "/cart/"
    assert other.get("/account/").context["user"].email == email


def test_taken_away_it_opens_nothing() -> None:
    email = new_address()
    client = log_in(email)
    client.post(PAGE, {"password": GOOD})
    has_button = "Remove my password" in client.get(PAGE).content.decode()

    client.post(f"{PAGE}remove/")

    assert has_button
    assert knock(Client(), email).status_code == 400
    assert client.get("/account/").status_code == 200
    assert not User.objects.get(email=email).has_usable_password()


def test_who_removes_it_after_a_while_is_asked_for_a_code_and_finds_the_page_again() -> None:
    email = new_address()
    with time_machine.travel(NOON, tick=False) as clock:
        client = log_in(email)
        client.post(PAGE, {"password": GOOD})
        clock.shift(timedelta(hours=1))

        asked = client.post(f"{PAGE}remove/")
        onward = parse_qs(urlsplit(asked["Location"]).query)["next"][0]
        client.post("/account/confirm/", {"next": onward})
        typed = {"code": code_for(email), "next": onward}
        done = client.post("/account/login/code/", typed, follow=True)

    assert done.status_code == 200
    assert "Remove my password" in done.content.decode()
    assert User.objects.get(email=email).has_usable_password()


@pytest.mark.parametrize("password", ["", "short", "password123", "12345678901"])
def test_one_that_is_not_good_enough_is_said(password: str) -> None:
    email = new_address()
    client = log_in(email)

    answer = client.post(PAGE, {"password": password})

    assert answer.status_code == 400
    assert "That did not work" in answer.content.decode()
    assert not User.objects.get(email=email).has_usable_password()


def test_who_is_wrong_hears_the_same_whoever_it_is() -> None:
    customer, staff = with_password(), with_password(is_staff=True)
    turned_off = with_password(is_active=False)
    tries = [
        (customer.email, "wrong"),
        (new_address(), GOOD),
        (staff.email, GOOD),
        (turned_off.email, GOOD),
        (UserFactory(email=new_address()).email, GOOD),
    ]
    bodies = set()
    for email, password in tries:
        answer = knock(Client(), email, password)
        assert answer.status_code == 400
        assert NO_FIT in answer.content.decode()
        bodies.add(str(answer.context["form"].errors))

    assert len(bodies) == 1
    assert not LoginFailure.objects.exists()


def test_each_password_opens_its_own_door_alone() -> None:
    customer, staff = with_password(), with_password(is_staff=True)
    client = Client()

    at_staffs = client.post("/admin/login/", {"username": customer.email, "password": GOOD})
    knock(client, staff.email)

    assert at_staffs.status_code == 200
    assert client.get("/admin/").status_code == 302
    assert client.get("/account/").status_code == 302


def test_attempts_come_to_an_end(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = login_limits(2)
    user = with_password()
    client = Client(REMOTE_ADDR=f"10.7.{secrets.randbelow(256)}.{secrets.randbelow(256)}")

    answers = [knock(client, user.email, "wrong") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert answers[2]["Retry-After"] == "300"
    assert knock(client, user.email).status_code == 429
    assert not LoginFailure.objects.exists()


def test_without_the_cache_nobody_comes_in(settings: Any) -> None:
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/1"}
    }

    assert knock(Client(), new_address()).status_code == 503
