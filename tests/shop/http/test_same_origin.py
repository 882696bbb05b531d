"""Who may start a checkout: our own pages, and programs that are no browser (reliability 4.4)."""

from typing import Any

import pytest
from django.test import Client

from shop.orders.models import Order
from tests.support.factories import PriceFactory
from tests.support.purchases import order_of, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

OWN = "http://localhost:4242"
ALLOWED: list[dict[str, str]] = [
    {},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
    {"sec-fetch-site": "same-origin", "origin": "null"},
    {"origin": OWN},
    {"sec-fetch-site": "cross-site", "origin": "https://trusted.example"},
    {"origin": "https://trusted.example"},
    {"referer": "https://evil.example/"},
]
REFUSED: list[dict[str, str]] = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "Same-Origin"},
    {"sec-fetch-site": "same-origin, none"},
    {"sec-fetch-site": "whatever"},
    {"sec-fetch-site": ""},
    {"sec-fetch-site": "cross-site", "origin": OWN + "1"},
    {"sec-fetch-site": "cross-site", "origin": "null"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://localhost:4242.evil.example"},
    {"origin": "http://localhost:4243"},
    {"origin": "http://localhost"},
    {"origin": "https://localhost:4242"},
    {"origin": "http://evil.example@localhost:4242"},
    {"origin": "http://localhost:4242@evil.example"},
    {"origin": "//localhost:4242"},
    {"origin": "http://LOCALHOST:4242.evil"},
    {"origin": "http://trusted.example"},
    {"origin": "https://sub.trusted.example"},
]


@pytest.fixture(autouse=True)
def shop(settings: Any) -> Any:
    settings.CSRF_TRUSTED_ORIGINS = ["https://trusted.example"]
    return PriceFactory(variant__sku="MUG-KELP")


def post(headers: dict[str, str], path: str = "/create-checkout-session") -> Any:
    client = Client(enforce_csrf_checks=True)
    return client.post(
        path,
        data="",
        content_type="text/plain",
        headers=headers,
        SERVER_NAME="localhost",
        SERVER_PORT="4242",
    )


@pytest.mark.parametrize("headers", ALLOWED, ids=str)
def test_may_start(stand_in: StandIn, headers: dict[str, str]) -> None:
    answer = post(headers)

    assert (answer.status_code, Order.objects.count()) == (303, 1)
    assert answer["Location"].startswith(f"{stand_in.url}/c/pay/cs_test_")
    assert {"Sec-Fetch-Site", "Origin"} <= set(answer["Vary"].split(", "))


@pytest.mark.parametrize("headers", REFUSED, ids=str)
def test_may_not_start(headers: dict[str, str]) -> None:
    """Guard: require_same_origin."""
    answer = post(headers)

    assert (answer.status_code, Order.objects.count()) == (403, 0)
    assert "session" not in answer.cookies
    assert {"Sec-Fetch-Site", "Origin"} <= set(answer["Vary"].split(", "))


@pytest.mark.parametrize("headers", REFUSED[:2] + REFUSED[8:10], ids=str)
def test_may_not_pay_again(stand_in: StandIn, headers: dict[str, str]) -> None:
    order = order_of(start())
    order.expire("over")

    answer = post(headers, f"/checkout/{order.token}/again")

    order.refresh_from_db()
    assert (answer.status_code, order.status) == (403, "expired")


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_post_starts(client: Client, method: str) -> None:
    answer = getattr(client, method)("/create-checkout-session")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
