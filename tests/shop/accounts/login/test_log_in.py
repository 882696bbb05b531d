"""T7: the staff's door: who comes in, how often one may try, and what is kept of a failure."""

import logging
import secrets
import socket
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from shop.accounts.models import LoginFailure, User
from shop.configuration.security import login_limits
from tests.support.factories import UserFactory
from tests.support.retention import pruned
from tests.support.staff import staff

pytestmark = pytest.mark.django_db

PASSWORD = "a long sea shanty"
WRONG = "Please enter the e-mail address and the password of a staff account."
TOO_MANY = "There were too many failed attempts. Wait five minutes"
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def somebody(**fields: Any) -> User:
    """A person with a password and an address that no other test counts by."""
    user = UserFactory(email=f"{uuid.uuid4().hex}@example.com", **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def some_network() -> str:
    """A network address that no other test counts by, whatever the run's seed is."""
    return "10." + ".".join(str(secrets.randbelow(256)) for _ in range(3))


@pytest.fixture
def network() -> str:
    return some_network()


def knock(account: str, password: str = PASSWORD, *, at: str = "", **more: Any) -> Any:
    form = {"username": account, "password": password, "next": more.pop("onward", "")}
    return Client().post("/admin/login/", form, REMOTE_ADDR=at or some_network(), **more)


def reasons(account: str) -> list[str]:
    return list(LoginFailure.objects.filter(email=account).values_list("reason", flat=True))


def test_staff_come_in_whatever_the_case_of_their_address() -> None:
    user = somebody(is_staff=True)
    User.objects.filter(pk=user.pk).update(email=user.email.capitalize())

    answer = knock(user.email.upper(), onward="/admin/accounts/user/?q=a")

    assert (answer.status_code, answer["Location"]) == (302, "/admin/accounts/user/?q=a")
    assert knock(user.email)["Location"] == "/admin/"
    assert LoginFailure.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "password", "reason"),
    [
        ({"is_staff": True}, "wrong", "password"),
        ({"is_staff": False}, PASSWORD, "not_staff"),
        ({"is_staff": True, "is_active": False}, PASSWORD, "inactive"),
        (None, PASSWORD, "unknown"),
    ],
    ids=["wrong password", "a customer", "turned off", "nobody"],
)
def test_everybody_else_hears_the_same(
    fields: dict[str, bool] | None, password: str, reason: str
) -> None:
    account = f"{uuid.uuid4().hex}@example.com" if fields is None else somebody(**fields).email

    answer = knock(account, password)

    assert answer.status_code == 200
    assert WRONG in answer.content.decode()
    assert "sessionid" not in answer.cookies
    assert "session" not in answer.cookies
    assert reasons(account) == [reason]


@pytest.mark.parametrize("address", ["signup/", "email/", "inactive/", "login/code/"])
def test_nothing_else_of_allauth_is_there(address: str) -> None:
    assert Client().get(f"/accounts/{address}").status_code == 404
    assert staff().get(f"/admin/{address}").status_code == 404


def test_who_is_logged_in_without_being_staff_is_told_so() -> None:
    client = Client()
    client.force_login(UserFactory(email="cus@example.com", first_name=""))

    page = client.get("/admin/login/?next=/admin/").content.decode()

    assert "You are logged in as cus@example.com, who may not see this page." in page


def test_staff_who_are_in_go_on() -> None:
    assert staff().get("/admin/login/?next=/admin/orders/")["Location"] == "/admin/orders/"
    assert staff().get("/admin/login/?next=//evil.example")["Location"] == "/admin/"


def test_an_account_is_tried_so_often_and_no_more(settings: Any, network: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = login_limits(3)
    user = somebody(is_staff=True)
    with time_machine.travel(NOON, tick=False) as clock:
        # Elsewhere, by another name of the shop, spelled otherwise: it is one account.
        tries = [
            knock(user.email, "wrong", at=network),
            knock(user.email.upper(), "wrong"),
            knock(user.email, "wrong", headers={"host": "localhost:81"}),
        ]
        shut = knock(user.email, headers={"host": "localhost:82"})
        other = knock(somebody(is_staff=True).email)
        clock.shift(timedelta(minutes=5, seconds=1))
        later = knock(user.email)

    assert [one.status_code for one in tries] == [200] * 3
    assert (shut.status_code, shut["Retry-After"]) == (429, "300")
    assert TOO_MANY in shut.content.decode()
    assert (other.status_code, later.status_code) == (302, 302)
    assert reasons(user.email) == ["too_many", "password", "password", "password"]


def test_letters_that_the_database_takes_for_others_open_no_second_count(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = login_limits(1)
    user = somebody(is_staff=True)
    User.objects.filter(pk=user.pk).update(email=f"s{user.email}")

    first = knock(f"s{user.email}", "wrong")
    second = knock(f"ſ{user.email}", "wrong")

    assert (first.status_code, second.status_code) == (200, 429)


def test_a_network_tries_so_many_accounts_and_no_more(settings: Any, network: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = login_limits(1)
    user = somebody(is_staff=True)

    tries = [knock(f"{uuid.uuid4().hex}@example.com", at=network) for _ in range(4)]
    shut = knock(user.email, at=network)

    assert [one.status_code for one in tries] == [200] * 4
    assert (shut.status_code, reasons(user.email)) == (429, ["too_many"])
    assert knock(user.email).status_code == 302


def test_a_network_sends_so_much_and_no_more(settings: Any, network: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = login_limits(1)
    user = somebody(is_staff=True)

    sent = [knock(user.email, at=network) for _ in range(9)]

    assert [one.status_code for one in sent] == [302] * 8 + [429]
    assert "Too much was tried from your network address." in sent[8].content.decode()
    assert sent[8]["Retry-After"] == "300"


def test_addresses_are_believed_from_our_own_proxies_only(settings: Any, network: str) -> None:
    forged = {"x-forwarded-for": f"192.0.2.7, {network}"}
    account = f"{uuid.uuid4().hex}@example.com"

    knock(account, at="192.0.2.1", headers=forged)
    settings.TRUSTED_PROXIES = 1
    knock(account, at="192.0.2.1", headers=forged)

    found = LoginFailure.objects.filter(email=account).values_list("address", flat=True)
    assert list(found) == [network, "192.0.2.1"]


def test_without_the_cache_nobody_comes_in_and_everybody_is_told(settings: Any) -> None:
    user = somebody(is_staff=True)
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/1"}
    settings.CACHES = {"default": away}

    page = Client().get("/admin/login/")
    answers = [
        knock(user.email),
        Client().post("/admin/forgotten-password/", {"email": user.email}),
    ]

    assert page.status_code == 200
    for answer in answers:
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert "without it the door stays shut" in answer.content.decode()
    # What is logged in goes on without it.
    assert staff().get("/admin/").status_code == 200


def test_a_cache_that_hangs_holds_nobody(settings: Any) -> None:
    user = somebody(is_staff=True)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        there = f"redis://127.0.0.1:{mute.getsockname()[1]}/1"
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": there}}

        answer = knock(user.email)

    assert answer.status_code == 503


def test_a_failure_is_logged_without_names_and_passwords(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = f"{uuid.uuid4().hex}@example.com"

    with caplog.at_level(logging.WARNING):
        knock(account, "my secret word")

    said = " ".join(str(one.msg) for one in caplog.records)
    assert "staff log-in failed" in said
    assert "unknown" in said
    assert account not in said
    assert "my secret word" not in said
    kept = str(LoginFailure.objects.filter(email=account).values().get())
    assert "my secret word" not in kept


def test_a_password_in_the_wrong_field_is_kept_nowhere() -> None:
    answer = knock("my secret word", "")

    assert answer.status_code == 200
    assert LoginFailure.objects.count() == 0


def test_failures_are_listed_and_nobody_changes_them() -> None:
    knock("ivy@example.com", at="192.0.2.7")
    row = LoginFailure.objects.get(email="ivy@example.com")
    reader = staff("view_loginfailure", "change_loginfailure", "delete_loginfailure")

    page = reader.get("/admin/accounts/loginfailure/?q=192.0.2.7").content.decode()
    changed = reader.post(f"/admin/accounts/loginfailure/{row.pk}/change/", {"reason": "unknown"})
    deleted = reader.post(f"/admin/accounts/loginfailure/{row.pk}/delete/", {"post": "yes"})

    assert all(said in page for said in ("ivy@example.com", "192.0.2.7", "no such account"))
    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert staff().get("/admin/accounts/loginfailure/").status_code == 403


def test_what_is_older_than_90_days_is_forgotten() -> None:
    now = timezone.now()
    for days in (89, 91):
        LoginFailure.objects.create(
            email=f"{days}@example.com", reason="unknown", at=now - timedelta(days=days)
        )

    pruned("login_failures")

    assert [one.email for one in LoginFailure.objects.all()] == ["89@example.com"]


def test_what_allauth_counts_lies_in_the_shops_cache(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = login_limits(7)
    network = some_network()

    knock("nobody@example.com", at=network)

    assert settings.CACHES["default"]["LOCATION"] == settings.CACHE_URL
    found = cache._cache.get_client().keys(f"*login_failed*{network}")  # type: ignore[attr-defined]
    assert len(found) == 1
