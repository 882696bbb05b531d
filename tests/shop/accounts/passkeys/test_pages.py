"""Passkeys of customers: what is theirs alone, and what is no passkey."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from shop.accounts.customers import access
from shop.accounts.models import User
from tests.support.customers import code_for, log_in, new_address
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

LIST, ADD, DOOR = "/account/passkeys/", "/account/passkeys/add/", "/account/login/passkey/"


@pytest.fixture
def email() -> str:
    return new_address()


@pytest.fixture
def ada(email: str) -> Client:
    return log_in(email)


def passkey(user: Any, name: str = "Telephone") -> Authenticator:
    row: Authenticator = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
    )
    return row


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_pages_are_for_who_is_logged_in(client: Client) -> None:
    assert client.get(LIST)["Location"] == f"/account/login/?next={LIST}"
    assert client.get(ADD)["Location"] == f"/account/login/?next={ADD}"


def test_own_ones_are_listed_and_nobody_elses(ada: Client, email: str) -> None:
    passkey(User.objects.get(email=email), "Telephone")
    passkey(UserFactory(), "Somebody else's")

    page = text(ada.get(LIST))

    assert "Telephone" in page
    assert "Somebody else" not in page


def test_one_is_removed_after_a_question(ada: Client, email: str) -> None:
    row = passkey(User.objects.get(email=email))

    asked = ada.get(f"{LIST}{row.pk}/remove/")
    still = Authenticator.objects.filter(pk=row.pk).exists()
    done = ada.post(f"{LIST}{row.pk}/remove/")

    assert "Telephone" in text(asked)
    assert still
    assert done["Location"] == LIST
    assert not Authenticator.objects.exists()


def test_of_others_none_is_shown_or_removed(ada: Client) -> None:
    row = passkey(UserFactory())

    answers = [
        getattr(ada, method)(f"{LIST}{pk}/remove/").status_code
        for method in ("get", "post")
        for pk in (row.pk, row.pk + 1000)
    ]

    assert answers == [404, 404, 404, 404]
    assert Authenticator.objects.exists()


def test_adding_needs_a_log_in_of_a_moment_ago(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "FRESH_FOR", 0)

    assert ada.get(ADD)["Location"].startswith("/account/confirm/?")


def test_there_is_an_end_to_them(ada: Client, email: str) -> None:
    for number in range(10):
        passkey(User.objects.get(email=email), f"Key {number}")

    assert "Add a passkey" not in text(ada.get(LIST))
    assert ada.get(ADD)["Location"] == LIST


def test_who_has_one_still_comes_in_by_the_code_alone(email: str) -> None:
    log_in(email)
    passkey(User.objects.get(email=email))
    client = Client()
    client.post("/account/login/", {"email": email})

    done = client.post("/account/login/code/", {"code": code_for(email)})

    assert done["Location"] == "/account/"
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("sent", ["", "x", "[]", "{}", "null", "1e999", '{"response": 1}'])
def test_what_is_no_passkey_opens_nothing(sent: str, ada: Client) -> None:
    stranger = Client()
    stranger.get(DOOR)

    answer = stranger.post(DOOR, {"credential": sent})
    added = ada.post(ADD, {"credential": sent, "name": "x"})

    assert (answer.status_code, added.status_code) == (400, 400)
    assert stranger.get("/account/").status_code == 302
    assert not Authenticator.objects.exists()


def test_the_door_leads_on_who_is_in(ada: Client) -> None:
    assert ada.get(f"{DOOR}?next=/account/orders/")["Location"] == "/account/orders/"


def test_the_log_in_offers_it_beside_the_code(client: Client) -> None:
    page = text(client.get("/account/login/?next=/account/orders/"))

    assert f'href="{DOOR}?next=/account/orders/"' in page or f"{DOOR}?next=%2F" in page
    assert "Send me a code" in page
