"""Whoever has an address sees what it may show, and nothing personal of anybody else."""

from typing import Any

import pytest
from django.test import Client

from shop.orders.models import Order
from tests.support.factories import PriceFactory, UserFactory
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)

PERSONAL = {
    "email": "grace.hopper@example.com",
    "name": "Grace Hopper",
    "phone": "+4366012345678",
    "postal_code": "1070",
}


def buy(client: Client, stand_in: StandIn) -> tuple[Order, str]:
    price = PriceFactory()
    answer = client.post("/create-checkout-session", {"price": price.key})
    session_id = session_id_in(answer["Location"])
    assert stand_in.pay(session_id, **PERSONAL).status_code == 200
    client.get("/success", {"session_id": session_id})
    return Order.objects.get(checkout_sessions__stripe_session_id=session_id), session_id


def shown(page: Any, order: Order) -> set[str]:
    """What of the order and its customer stands in a page."""
    text = page.content.decode()
    secrets = {**PERSONAL, "number": order.number, "token": order.token}
    return {name for name, value in secrets.items() if value in text}


def test_the_success_page_knows_its_own_browser(client: Client, stand_in: StandIn) -> None:
    """Guard: `mine` in views.success."""
    order, session_id = buy(client, stand_in)
    elsewhere, other = Client(), Client()
    buy(other, stand_in)

    own = client.get("/success", {"session_id": session_id})
    strangers = [one.get("/success", {"session_id": session_id}) for one in (elsewhere, other)]

    assert {"number", "token"} <= shown(own, order)
    assert [page.status_code for page in strangers] == [200, 200]
    assert [shown(page, order) for page in strangers] == [set(), set()]


def test_the_success_page_is_kept_by_nobody(client: Client, stand_in: StandIn) -> None:
    _, session_id = buy(client, stand_in)

    page = client.get("/success", {"session_id": session_id})

    assert "no-store" in page["Cache-Control"]
    assert "private" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"
    assert page["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "guess", ["", "cs_test_a1", "1", "-", "null", "cs_test_" + "a" * 300, "%00", "\x00", "é"]
)
def test_a_guessed_session_is_not_found(client: Client, stand_in: StandIn, guess: str) -> None:
    buy(Client(), stand_in)

    assert client.get("/success", {"session_id": guess}).status_code == 404


def test_another_accounts_session_is_not_found(client: Client, stand_in: StandIn) -> None:
    order, session_id = buy(client, stand_in)
    order.checkout_sessions.update(account="acct_other/test")

    assert client.get("/success", {"session_id": session_id}).status_code == 404


@pytest.mark.parametrize("page", ["/orders/{}/", "/checkout/{}/"])
def test_an_order_is_found_by_its_token_alone(client: Client, stand_in: StandIn, page: str) -> None:
    order, _ = buy(client, stand_in)
    nobody = Client()

    found = nobody.get(page.format(order.token)).status_code
    guesses = [
        nobody.get(page.format(guess)).status_code
        for guess in (order.number, order.pk, 1, order.token[:-1], order.token.swapcase(), "%00")
    ]

    assert found in {200, 302}
    assert guesses == [404] * 6


def test_the_token_cannot_be_guessed() -> None:
    from shop.orders.models import new_token

    tokens = {new_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {32}


def test_who_follows_a_link_sees_no_address_of_the_customer(
    client: Client, stand_in: StandIn
) -> None:
    order, _ = buy(client, stand_in)

    page = Client().get(f"/orders/{order.token}/")

    assert page.status_code == 200
    assert shown(page, order) & set(PERSONAL) == set()
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page.get("X-Robots-Tag", "") + page.content.decode()


def test_not_yours_and_not_there_look_the_same(client: Client, stand_in: StandIn) -> None:
    order, _ = buy(client, stand_in)
    wrong = Client().get(f"/orders/{order.token[:-1]}x/")
    absent = Client().get("/orders/there-never-was-such-an-order/")

    def said(page: Any) -> str:
        return str(page.content.decode()).replace(page["X-Request-Id"], "")

    assert (wrong.status_code, absent.status_code) == (404, 404)
    assert said(wrong) == said(absent)


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/orders/order/", "/admin/payments/payment/", "/admin/catalog/"]
)
def test_admin_is_for_staff(client: Client, path: str) -> None:
    client.force_login(UserFactory())

    answer = client.get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/?next=")


@pytest.mark.parametrize(
    "onward", ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example",
               "/%2f%2fevil.example/..//evil.example", "javascript:alert(1)", "\t//evil.example"]
)  # fmt: skip
def test_a_login_leads_to_no_other_host(onward: str) -> None:
    user = UserFactory(is_staff=True, is_superuser=True)
    user.set_password("a long pass phrase")
    user.save()
    client = Client()

    answer = client.post(
        "/admin/login/",
        {"username": user.email, "password": "a long pass phrase", "next": onward},
    )

    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\"))


@pytest.mark.parametrize("name", ["next", "url", "return_to", "redirect", "success_url"])
@pytest.mark.parametrize("path", ["/cart/", "/success", "/cancel", "/", "/search/"])
def test_no_page_redirects_where_its_address_says(client: Client, path: str, name: str) -> None:
    answer = client.get(path, {name: "https://evil.example/", "q": "mug"})

    assert "evil.example" not in answer.get("Location", "")
