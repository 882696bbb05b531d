"""What is known of a customer: to take along, and to have forgotten."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from shop.accounts.models import AccountMail, User
from shop.accounts.privacy import registry
from shop.orders.models import Cart, Order
from tests.support.customers import code_for, log_in, new_address
from tests.support.factories import OrderFactory, PriceFactory, UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Money is under way, whoever asks."""
    monkeypatch.setattr(registry, "_sections", dict(registry._sections))
    registry.register("money", export=_nothing, refuses=_why)


def _nothing(person: registry.Person) -> list[str]:
    return []


def _why(person: registry.Person) -> str:
    return "Order HF-1 is not with you yet."


def downloaded(client: Client) -> Any:
    answer: Any = client.get("/account/data/download/")
    assert answer.status_code == 200, answer
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    return json.loads(b"".join(answer.streaming_content))


def test_who_is_not_logged_in_has_nothing_to_take() -> None:
    for path in ("data/", "data/download/", "delete/", "confirm/"):
        answer = Client().get(f"/account/{path}")
        assert answer["Location"] == f"/account/login/?next=/account/{path}"


def test_download_tells_the_account_and_the_cart() -> None:
    email, price = new_address(), PriceFactory()
    client = log_in(email)
    client.post("/cart/add/", {"price": price.key, "quantity": "2"})

    told = downloaded(client)

    user = User.objects.get(email=email)
    assert told["account"]["email"] == email
    assert told["account"]["has_password"] is False
    assert told["account"]["since"].startswith(user.date_joined.strftime("%Y-%m-%dT%H:%M"))
    assert told["cart"] == [{"sku": price.variant.sku, "thing": price.variant.name, "quantity": 2}]
    assert set(told) == set(registry.names())
    assert "password" not in json.dumps(told).replace("has_password", "").replace(
        "passwords_forgotten", ""
    )


def test_what_is_told_row_by_row_is_written_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(person: registry.Person) -> Iterator[dict[str, Any]]:
        yield from ({"number": number, "at": NOON, "ä": uuid.UUID(int=1)} for number in range(2))

    monkeypatch.setattr(registry, "_sections", {})
    registry.register("many", export=rows)
    registry.register("none", export=lambda person: iter(()))

    told = downloaded(log_in(new_address()))

    row = {"at": "2026-11-29T12:00:00Z", "ä": str(uuid.UUID(int=1))}
    assert told == {"many": [{"number": 0, **row}, {"number": 1, **row}], "none": []}


@pytest.mark.parametrize("path", ["/account/data/download/", "/account/delete/"])
def test_who_logged_in_a_while_ago_is_asked_for_a_code(path: str) -> None:
    email = new_address()
    with time_machine.travel(NOON, tick=False) as clock:
        client = log_in(email)
        clock.shift(timedelta(minutes=15))

        asked = client.get(path)
        page = client.get(asked["Location"])
        sent = client.post("/account/confirm/", {"next": path})
        done = client.post("/account/login/code/", {"code": code_for(email), "next": path})

        assert (asked.status_code, asked["Location"].split("?")[0]) == (303, "/account/confirm/")
        assert f'name="next" value="{path}"' in " ".join(page.content.decode().split())
        assert sent["Location"].startswith("/account/login/code/")
        assert done["Location"] == path
        assert client.get(path).status_code == 200


def test_staff_are_asked_sooner_than_customers(settings: Any) -> None:
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 60
    with time_machine.travel(NOON, tick=False) as clock:
        client = log_in(new_address())
        clock.shift(timedelta(minutes=14))

        assert client.get("/account/delete/").status_code == 200


def test_a_browser_that_stands_open_deletes_nothing() -> None:
    email = new_address()
    with time_machine.travel(NOON, tick=False) as clock:
        client = log_in(email)
        clock.shift(timedelta(hours=1))

        answer = client.post("/account/delete/", {"sure": "on"})

        assert answer["Location"].startswith("/account/confirm/")
        assert User.objects.filter(email=email).exists()


def test_an_address_that_was_not_proved_takes_nothing_along() -> None:
    client = Client()
    client.force_login(UserFactory())

    assert client.get("/account/data/download/")["Location"].startswith("/account/confirm/")


def test_deleted_by_a_tick_and_a_button() -> None:
    email, price = new_address(), PriceFactory()
    client = log_in(email)
    client.post("/cart/add/", {"price": price.key, "quantity": "1"})
    order: Order = OrderFactory(user=User.objects.get(email=email), status="completed")

    asked = client.get("/account/delete/")
    unticked = client.post("/account/delete/", {})
    done = client.post("/account/delete/", {"sure": "on"}, follow=True)

    assert "Yes, delete my account" in asked.content.decode()
    assert unticked.status_code == 400
    assert "Please tick the box, if you mean it." in unticked.content.decode()
    assert "Your account is deleted." in done.content.decode()
    assert not User.objects.filter(email=email).exists()
    assert not AccountMail.objects.filter(email=email).exists()
    assert not Cart.objects.exists()
    order.refresh_from_db()
    assert order.user is None
    assert client.get("/account/").status_code == 302


def test_not_while_money_is_under_way_and_the_reason_is_said(busy: None) -> None:
    email = new_address()
    client = log_in(email)

    asked = client.get("/account/delete/")
    done = client.post("/account/delete/", {"sure": "on"})

    assert "Order HF-1 is not with you yet." in asked.content.decode()
    assert "Yes, delete my account" not in asked.content.decode()
    assert done.status_code == 409
    assert "Order HF-1 is not with you yet." in done.content.decode()
    assert User.objects.filter(email=email).exists()
    assert client.get("/account/").status_code == 200
