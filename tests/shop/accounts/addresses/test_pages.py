"""A customer's address book: fed by orders, changed by its owner, and nobody else's business."""

import re
from typing import Any

import pytest
from django.test import Client

from shop.accounts.addresses import book
from shop.accounts.models import Address, User
from shop.orders.models import Order
from tests.support.carts import read, with_cart
from tests.support.customers import log_in, new_address
from tests.support.factories import DeliveryMethodFactory, OrderFactory, UserFactory

pytestmark = pytest.mark.django_db

VIENNA: dict[str, Any] = {
    "name": "Mara Lind",
    "line1": "Ringstraße 1",
    "postal_code": "1010",
    "city": "Wien",
    "country": "AT",
}
BERLIN: dict[str, Any] = {
    **VIENNA,
    "line1": "Torstraße 2",
    "postal_code": "10119",
    "city": "Berlin",
    "country": "DE",
}
BOOK = "/account/addresses/"


@pytest.fixture
def mara(client: Client) -> User:
    """She is logged in."""
    email = new_address()
    log_in(email, client)
    return User.objects.get(email=email)


def listed(user: User) -> list[tuple[str, bool]]:
    return list(user.addresses.values_list("city", "is_default"))


def test_first_address_is_proposed_first(client: Client, mara: User) -> None:
    answer = client.post(f"{BOOK}add/", VIENNA, follow=True)
    client.post(f"{BOOK}add/", BERLIN)

    assert "The address is in your book now." in answer.content.decode()
    assert "Austria" in answer.content.decode()
    assert listed(mara) == [("Wien", True), ("Berlin", False)]


def test_another_may_be_proposed_first(client: Client, mara: User) -> None:
    book.add(mara, **VIENNA)
    berlin = book.add(mara, **BERLIN)

    client.post(f"{BOOK}{berlin.pk}/default/")

    assert listed(mara) == [("Berlin", True), ("Wien", False)]


def test_one_is_written_anew(client: Client, mara: User) -> None:
    address = book.add(mara, **VIENNA)
    page = client.get(f"{BOOK}{address.pk}/").content.decode()

    answer = client.post(f"{BOOK}{address.pk}/", {**VIENNA, "line1": "Ring 9"}, follow=True)

    assert 'value="Ringstraße 1"' in page
    assert "The address is changed." in answer.content.decode()
    address.refresh_from_db()
    assert (address.line1, address.is_default) == ("Ring 9", True)


def test_unticked_default_stays_as_there_is_always_one(client: Client, mara: User) -> None:
    address = book.add(mara, **VIENNA)

    client.post(f"{BOOK}{address.pk}/", VIENNA)

    assert listed(mara) == [("Wien", True)]


def test_when_the_first_goes_another_is_proposed(client: Client, mara: User) -> None:
    vienna = book.add(mara, **VIENNA)
    book.add(mara, **BERLIN)

    client.post(f"{BOOK}{vienna.pk}/remove/")

    assert listed(mara) == [("Berlin", True)]


def test_last_one_may_go(client: Client, mara: User) -> None:
    address = book.add(mara, **VIENNA)

    answer = client.post(f"{BOOK}{address.pk}/remove/", follow=True)

    assert listed(mara) == []
    assert "No address is kept yet." in answer.content.decode()


@pytest.mark.parametrize(
    "odd",
    [{"line1": ""}, {"country": "XX"}, {"country": ""}, {"name": "a" * 300}, {"city": "\x00"}],
)
def test_what_is_no_address_is_said(client: Client, mara: User, odd: dict[str, str]) -> None:
    answer = client.post(f"{BOOK}add/", {**VIENNA, **odd})

    assert answer.status_code == 400
    assert "That did not work" in answer.content.decode()
    assert listed(mara) == []


def test_book_has_an_end(client: Client, mara: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MOST", 1)
    book.add(mara, **VIENNA)

    answer = client.post(f"{BOOK}add/", BERLIN)
    book.keep(mara, "Mara Lind", BERLIN)

    assert answer.status_code == 409
    assert listed(mara) == [("Wien", True)]


@pytest.mark.parametrize("path", ["", "default/", "remove/"])
@pytest.mark.parametrize("of", ["another", "nobody"])
def test_addresses_of_others_are_not_there(client: Client, mara: User, path: str, of: str) -> None:
    foreign = book.add(UserFactory(), **VIENNA)
    pk = foreign.pk if of == "another" else foreign.pk + 1000

    answer = client.post(f"{BOOK}{pk}/{path}", BERLIN)
    looked = client.get(f"{BOOK}{pk}/")

    assert (answer.status_code, looked.status_code) == (404, 404)
    assert list(Address.objects.values_list("city", "is_default")) == [("Wien", True)]


def test_same_body_for_anothers_address_and_for_none(client: Client, mara: User) -> None:
    foreign = book.add(UserFactory(), **VIENNA)

    bodies = [
        # But for the request's own number.
        re.sub(r"[0-9a-f]{32}|addresses/\d+/", "", client.get(f"{BOOK}{pk}/").content.decode())
        for pk in (foreign.pk, foreign.pk + 1000)
    ]

    assert bodies[0] == bodies[1]


def test_only_who_is_logged_in_has_a_book() -> None:
    for path in ("", "add/", "1/"):
        assert Client().get(f"{BOOK}{path}").status_code == 302
    for path in ("add/", "1/", "1/default/", "1/remove/"):
        assert Client().post(f"{BOOK}{path}", VIENNA)["Location"] == "/account/login/"


def test_an_order_feeds_the_book_once(client: Client, mara: User) -> None:
    for _ in range(2):
        order: Order = OrderFactory(
            user=mara,
            name="Mara Lind",
            shipping_address={**VIENNA, "line2": None, "state": None, "name": None},
        )
        order.confirm("paid")

    assert listed(mara) == [("Wien", True)]


@pytest.mark.parametrize("more", [{"shipping_address": {}}, {"name": ""}, {"user": None}])
def test_what_goes_nowhere_feeds_no_book(client: Client, mara: User, more: Any) -> None:
    fields = {"user": mara, "name": "Mara", "shipping_address": VIENNA, **more}
    order: Order = OrderFactory(**fields)

    order.confirm("paid")

    assert not Address.objects.exists()


def test_cart_delivers_to_the_first_address(client: Client, mara: User) -> None:
    DeliveryMethodFactory(countries=["AT", "DE"], rates={"eur": {0: 490}})
    with_cart(client, user=None)
    book.add(mara, **BERLIN)

    page = read(client)

    assert '<option value="DE" selected>' in page


def test_list_costs_the_same_for_one_and_for_many(
    client: Client, mara: User, django_assert_num_queries: Any
) -> None:
    client.get(BOOK)
    for number in range(5):
        book.add(mara, **{**VIENNA, "line1": f"Ring {number}"})

    # Session and user, the addresses, and the categories in the head of the page.
    with django_assert_num_queries(4):
        client.get(BOOK)


def test_download_has_the_book(client: Client, mara: User) -> None:
    book.add(mara, **VIENNA)

    answer: Any = client.get("/account/data/download/")

    assert "Ringstraße 1" in b"".join(answer.streaming_content).decode()
