"""K2: limits stop who takes what others want, and nobody who only sits in the same office."""

import logging
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from payments import checkout
from payments.checkout import limits
from payments.models import CheckoutSession
from shop.catalog.models import Price
from shop.orders.models import CartLine, Order
from tests.support.factories import PriceFactory
from tests.support.purchases import new_buyer, order_of, paid, start
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)

# What Stripe's SEPA test account leaves under way.
DEBIT = {"method": "sepa_debit"}


def press(client: Client, price: Price, **headers: str) -> Any:
    form = {"price": price.key}
    return client.post("/create-checkout-session", form, headers=headers)


def sentence_in(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def at(address: str) -> Client:
    """A browser without a cookie, at that address."""
    return Client(REMOTE_ADDR=address)


def statuses(answers: list[Any]) -> list[int]:
    return [answer.status_code for answer in answers]


# -- by visitor ------------------------------------------------------------------------------------


def test_too_many_checkouts_a_minute(client: Client, stand_in: StandIn, settings: Any) -> None:
    """Guard: limits.check_limits."""
    settings.CHECKOUT_RATE_LIMIT = 2
    price = PriceFactory()
    answers = [press(client, price) for _ in range(3)]
    CheckoutSession.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    later = press(client, price)

    assert statuses(answers) == [303, 303, 429]
    assert answers[-1]["Retry-After"] == "60"
    assert "Please wait a minute." in sentence_in(answers[-1])
    assert later.status_code == 303


def test_too_many_open_checkouts(client: Client, stand_in: StandIn, settings: Any) -> None:
    """S06: units are held for three at a time; the others can be bought by somebody else."""
    settings.CHECKOUT_OPEN_HOLDS = 3
    price = PriceFactory(on_hand=5)

    mine = [press(client, price) for _ in range(4)]
    other = press(Client(), price)

    assert statuses(mine) == [303, 303, 303, 429]
    assert mine[-1]["Retry-After"] == "600"
    assert other.status_code == 303


def test_who_has_a_cart_is_known_before_the_first_press(
    client: Client, stand_in: StandIn, settings: Any
) -> None:
    settings.CHECKOUT_RATE_LIMIT = 2
    price = PriceFactory()
    client.post("/cart/add/", {"price": price.key, "quantity": 1})
    known = client.session["visitor"]

    answer = client.post("/create-checkout-session", {"cart": "1"})

    assert answer.status_code == 303
    assert Order.objects.get().visitor == uuid.UUID(known)
    assert CheckoutSession.objects.get().visitor_key == f"session:{known}"


def test_a_debit_under_way_counts_as_an_open_checkout(stand_in: StandIn, settings: Any) -> None:
    settings.CHECKOUT_OPEN_HOLDS = 1
    price = PriceFactory()
    client = Client()
    session_id = session_id_in(press(client, price)["Location"])
    session = CheckoutSession.objects.get(stripe_session_id=session_id)
    paid(stand_in, session, **DEBIT)

    while_under_way = order_of(session).status, press(client, price).status_code
    Order.objects.update(status="confirmed")
    once_paid = press(client, price)

    assert while_under_way == ("processing", 429)
    assert once_paid.status_code == 303


def test_paying_again_is_limited_too(stand_in: StandIn, settings: Any) -> None:
    session = start()
    order = order_of(session)
    CheckoutSession.objects.update(status="expired")
    order.expire("over")
    settings.CHECKOUT_RATE_LIMIT = 0

    answer = Client().post(f"/checkout/{order.token}/again")

    order.refresh_from_db()
    assert (answer.status_code, answer["Retry-After"], order.status) == (429, "60", "expired")


# -- by network ------------------------------------------------------------------------------------


def test_ten_buyers_behind_one_address_all_buy(stand_in: StandIn, settings: Any) -> None:
    settings.CHECKOUT_RATE_LIMIT = settings.CHECKOUT_OPEN_HOLDS = 1
    price = PriceFactory(on_hand=30)

    office = [press(at("192.0.2.1"), price) for _ in range(11)]
    elsewhere = press(at("192.0.2.2"), price)

    assert statuses(office) == [303] * 10 + [429]
    assert "from your network" in sentence_in(office[-1])
    assert elsewhere.status_code == 303


def test_a_refusal_hands_out_no_cookie_and_no_new_room(stand_in: StandIn, settings: Any) -> None:
    settings.CHECKOUT_OPEN_HOLDS = 1
    price = PriceFactory(on_hand=30)
    for _ in range(10):
        press(at("192.0.2.1"), price)
    client = at("192.0.2.1")

    answers = [press(client, price) for _ in range(3)]

    assert statuses(answers) == [429, 429, 429]
    assert not client.cookies


@pytest.mark.parametrize("refused", ["sold out", "unknown price", "by Stripe"])
def test_no_refusal_makes_a_visitor(client: Client, stand_in: StandIn, refused: str) -> None:
    price = PriceFactory(on_hand=0 if refused == "sold out" else 5)
    if refused == "by Stripe":
        stand_in.fail("/v1/checkout/sessions$", method="POST", status=400)
    key = "nothing" if refused == "unknown price" else price.key

    answer = client.post("/create-checkout-session", {"price": key})

    assert answer.status_code in {400, 409, 502}
    assert not client.cookies


def test_of_ipv6_the_network_of_one_customer_counts(stand_in: StandIn, settings: Any) -> None:
    settings.CHECKOUT_OPEN_HOLDS = 1
    price = PriceFactory(on_hand=30)

    one = [press(at(f"2001:db8:1:2::{n:x}"), price) for n in range(1, 12)]
    next_door = press(at("2001:db8:1:3::1"), price)
    mapped = press(at("::ffff:192.0.2.1"), price)

    assert statuses(one) == [303] * 10 + [429]
    assert (next_door.status_code, mapped.status_code) == (303, 303)
    assert set(CheckoutSession.objects.values_list("network", flat=True)) == {
        "2001:db8:1:2::/64",
        "2001:db8:1:3::/64",
        "192.0.2.1",
    }


def test_an_address_that_the_client_made_up_does_not_count(
    stand_in: StandIn, settings: Any
) -> None:
    """Guard: TRUSTED_PROXIES in visitor.address."""
    price = PriceFactory()

    press(Client(), price, **{"x-forwarded-for": "192.0.2.1"})
    settings.TRUSTED_PROXIES = 1
    press(Client(), price, **{"x-forwarded-for": "203.0.113.1, 198.51.100.7"})

    networks = CheckoutSession.objects.order_by("created_at").values_list("network", flat=True)
    assert list(networks) == ["127.0.0.1", "198.51.100.7"]


def test_the_bare_press_of_the_button_opens_a_page_each_time(stand_in: StandIn) -> None:
    PriceFactory(variant__sku="MUG-KELP")

    answers = [
        Client().post(
            "/create-checkout-session", "", content_type="application/x-www-form-urlencoded"
        )
        for _ in range(3)
    ]

    assert statuses(answers) == [303, 303, 303]


# -- how much one order takes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on_hand", "share", "most"), [(100, 0.5, 50), (5, 0.5, 3), (2, 0.5, 2), (9, 1.0, 9)]
)
def test_one_order_leaves_something_for_others(
    stand_in: StandIn, settings: Any, on_hand: int, share: float, most: int
) -> None:
    settings.CHECKOUT_MAX_SHARE = share
    price = PriceFactory(on_hand=on_hand)
    form = {"price": price.key, "quantity": most + 1}

    refused = Client().post("/create-checkout-session", form)
    nothing_yet = Order.objects.count()
    taken = Client().post("/create-checkout-session", {**form, "quantity": most})

    assert (refused.status_code, nothing_yet, taken.status_code) == (409, 0, 303)
    if most < on_hand:
        assert f"We sell at most {most} of" in sentence_in(refused)


def test_the_cart_says_how_many_one_order_may_hold(client: Client, settings: Any) -> None:
    settings.CHECKOUT_MAX_SHARE = 0.5
    price = PriceFactory(on_hand=20)
    product = price.variant.product

    page = sentence_in(client.get(product.get_absolute_url()))
    refused = client.post("/cart/add/", {"price": price.key, "quantity": 11})
    client.post("/cart/add/", {"price": price.key, "quantity": 10})
    more = {"variant": price.variant_id, "quantity": 12}
    answer = client.post("/cart/update/", more, follow=True)

    assert 'max="10"' in page
    assert refused.status_code == 409
    assert "We sell at most 10 of" in sentence_in(refused)
    assert "At most 10 in one order." in sentence_in(answer)
    assert CartLine.objects.get().quantity == 10


def test_a_cart_that_became_too_large_a_share_is_shown_before_it_is_paid(
    client: Client, stand_in: StandIn, settings: Any
) -> None:
    settings.CHECKOUT_MAX_SHARE = 0.5
    price = PriceFactory(on_hand=20)
    client.post("/cart/add/", {"price": price.key, "quantity": 10})
    start(price, quantity=10)

    page = sentence_in(client.get("/cart/"))
    answer = client.post("/create-checkout-session", {"cart": "1"})

    assert "You asked for 10; at most 5 in one order." in page
    assert answer.status_code == 409


def test_what_the_cart_itself_keeps_aside_is_not_held_against_it(
    client: Client, stand_in: StandIn, settings: Any
) -> None:
    settings.CHECKOUT_MAX_SHARE = 0.5
    price = PriceFactory(on_hand=10)
    client.post("/cart/add/", {"price": price.key, "quantity": 5})
    client.post("/create-checkout-session", {"cart": "1"})

    page = sentence_in(client.get("/cart/"))
    client.post("/cart/update/", {"variant": price.variant_id, "quantity": 4})
    again = client.post("/create-checkout-session", {"cart": "2"})

    assert "in one order" not in page
    assert again.status_code == 303
    assert order_of(CheckoutSession.objects.get(status="open")).lines.get().quantity == 4


# -- behind a proxy that nobody told of ------------------------------------------------------------


def from_address(network: str, *, visitors: int) -> None:
    for _ in range(visitors):
        session = start(network=network)
        CheckoutSession.objects.filter(pk=session.pk).update(status="expired")


@pytest.mark.parametrize(
    ("networks", "proxies", "found"),
    [
        (["10.1.2.3"], 0, "10.1.2.3"),
        (["127.0.0.1"], 0, "127.0.0.1"),
        (["fd00:1:2:3::/64"], 0, "fd00:1:2:3::/64"),
        (["10.1.2.3"], 1, ""),
        (["8.8.8.8"], 0, ""),
        (["10.1.2.3", "8.8.8.8"], 0, ""),
        ([], 0, ""),
    ],
)
def test_one_private_address_of_all_is_found(
    stand_in: StandIn, settings: Any, networks: list[str], proxies: int, found: str
) -> None:
    settings.TRUSTED_PROXIES, settings.REHEARSAL = proxies, False
    for network in networks:
        from_address(network, visitors=5)

    assert checkout.one_private_address() == found


def test_a_few_people_of_one_house_are_no_proxy(stand_in: StandIn, settings: Any) -> None:
    settings.REHEARSAL = False
    from_address("10.1.2.3", visitors=4)

    assert checkout.one_private_address() == ""


def test_a_rehearsal_at_one_machine_is_no_proxy(stand_in: StandIn) -> None:  # K22
    from_address("127.0.0.1", visitors=5)

    assert checkout.one_private_address() == ""


def test_the_log_says_that_nobodys_own_address_arrives(
    stand_in: StandIn, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    limits._next_look["at"] = 0.0
    settings.REHEARSAL = False
    with caplog.at_level(logging.WARNING):
        for _ in range(7):
            checkout.start(new_buyer(network="10.0.0.9"), [checkout.Item(PriceFactory(), 1)])

    told = [line for line in caplog.messages if "one private address" in line]
    assert len(told) == 1
    assert "10.0.0.9" in told[0]
    assert "TRUSTED_PROXIES" in told[0]
