"""The customer's order page: true now, next step named, personal data only for its owner."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from fulfillment import shipping
from fulfillment.order_page.page import country_name, masked, masked_email
from payments import checkout
from shop.orders.models import Order, OrderHold
from tests.support.factories import OrderFactory, PriceFactory, UserFactory
from tests.support.purchases import buy, do_the_work, settle_order
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def page(order: Order, client: Client | None = None) -> str:
    answer = (client or Client()).get(f"/orders/{order.token}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_unknown_token_is_404() -> None:
    assert Client().get("/orders/nothing/").status_code == 404


def test_nobody_keeps_or_indexes_the_page() -> None:
    answer = Client().get(f"/orders/{OrderFactory().token}/")

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"


def test_only_the_browser_that_ordered_sees_personal_data(stand_in: StandIn) -> None:
    mine = Client()
    order = buy(stand_in, client=mine, email="ada@example.com")
    Order.objects.filter(pk=order.pk).update(
        name="Ada Lovelace",
        shipping_address={"line1": "Kelp Road 7", "city": "Wien", "country": "AT"},
    )

    own, stranger = page(order, mine), page(order)

    for secret in ("ada@example.com", "Ada Lovelace", "Kelp Road 7", "Wien"):
        assert secret in own
        assert secret not in stranger
    assert "a•••@e•••.com" in stranger
    assert order.number in stranger


def test_the_user_who_ordered_sees_it_in_any_browser() -> None:
    user = UserFactory()
    order = OrderFactory(user=user, email="ada@example.com", name="Ada Lovelace")
    client = Client()
    client.force_login(user)

    assert "Ada Lovelace" in page(order, client)
    other = Client()
    other.force_login(UserFactory())
    assert "Ada Lovelace" not in page(order, other)


def test_the_address_reads_as_on_a_letter(stand_in: StandIn) -> None:
    mine = Client()
    order = buy(stand_in, client=mine)
    Order.objects.filter(pk=order.pk).update(
        name="Ada Lovelace",
        shipping_address={
            "line1": "Kelp Road 7",
            "line2": None,
            "postal_code": "1010",
            "city": "Vienna",
            "state": "",
            "country": "AT",
        },
    )

    own, stranger = page(order, mine), page(order)

    assert re.findall(r"([^<> ][^<>]*?) <br>", address_in(own)) == [
        "Ada Lovelace",
        "Kelp Road 7",
        "1010 Vienna",
        "Austria",
    ]
    assert "1••• V••• <br> Austria <br>" in address_in(stranger)


def address_in(text: str) -> str:
    address = re.search(r"<address>(.*?)</address>", text)
    assert address
    return address.group(1)


@pytest.mark.parametrize(
    ("country", "name"), [("CZ", "Czechia"), ("XZ", "XZ"), (None, ""), ("AT", "Austria")]
)
def test_a_country_is_named_and_a_code_without_a_name_stays(country: str | None, name: str) -> None:
    with translation.override("en"):
        assert country_name(Order(shipping_address={"country": country})) == name


@pytest.mark.parametrize(
    ("paid", "words"),
    [
        ({"card": "378282246310005"}, "American Express ending in 0005"),
        ({"method": "sepa_debit", "iban": "AT611904300234573201"}, "SEPA debit ending in 3201"),
    ],
)
def test_what_was_paid_with_is_named(paid: dict[str, Any], words: str, stand_in: StandIn) -> None:
    assert words in page(buy(stand_in, **paid))


def test_masks_keep_what_an_owner_knows() -> None:
    assert masked("Mara Lind") == "M••• L•••"
    assert masked_email("mara@mail.example.org") == "m•••@m•••.e•••.org"
    assert masked_email("") == ""


def test_pending_offers_to_go_on_to_payment() -> None:
    order = OrderFactory()

    text = page(order)

    assert "Waiting for your payment" in text
    assert f'href="/checkout/{order.token}/"' in text


def test_authorized_says_not_yet_charged(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in)
    do_the_work()

    assert "Payment authorized, not yet charged" in page(order)
    assert "A person looks at your order first" in page(order)


def test_captured_packed_shipped_delivered(stand_in: StandIn) -> None:
    order = buy(stand_in)
    do_the_work()
    charged = page(order)
    shipment = order.shipments.get()
    shipping.pack(shipment)
    packed = page(order)
    shipping.ship(
        shipment, carrier="Post", tracking_number="AT1", tracking_url="https://post.example/AT1"
    )
    shipped = page(order)
    shipping.deliver(shipment)

    assert "Confirmed and charged" in charged
    assert "waits for the carrier" in packed
    assert 'href="https://post.example/AT1"' in shipped
    assert "<h1>On its way</h1>" in shipped
    assert "<h1>Delivered</h1>" in page(order)


def test_in_review_says_that_a_person_looks(stand_in: StandIn) -> None:
    order = buy(stand_in)
    order.hold(OrderHold.Reason.STAFF, "suspicious")

    assert "We are looking at your order" in page(order)
    assert "suspicious" not in page(order)


def test_cancellation_has_a_state_of_its_own_until_the_money_is_back(stand_in: StandIn) -> None:
    order = buy(stand_in)
    checkout.cancel(order, reason=Order.CancelReason.STAFF, note="changed their mind")
    requested = page(order)
    do_the_work()

    assert "Cancellation requested" in requested
    assert "Your order is cancelled" in page(order)
    assert "Nothing was charged" in page(order)


def test_an_order_lost_to_the_deadline_says_why(stand_in: StandIn) -> None:
    # T5
    order = OrderFactory()
    order.cancel_reason = Order.CancelReason.DEADLINE
    order.save(update_fields=["cancel_reason"])
    order.cancel("test")

    text = page(order)

    assert "We did not get to confirm your order before the hold on your money ended." in text
    assert "Nothing was charged" in text


def test_sold_out_says_so(stand_in: StandIn) -> None:
    order = buy(stand_in)
    checkout.cancel(order, reason=Order.CancelReason.OUT_OF_STOCK)
    do_the_work()

    assert "Your order is cancelled: it was sold out" in page(order)


@pytest.mark.parametrize(
    ("verb", "headline"), [("fail_payment", "did not go"), ("expire", "run out")]
)
def test_unpaid_offers_to_pay_again(verb: str, headline: str) -> None:
    order = OrderFactory()
    getattr(order, verb)("test")

    text = page(order)

    assert headline in text
    assert f'action="/checkout/{order.token}/again"' in text


def test_paying_again_opens_a_new_payment_page(stand_in: StandIn) -> None:
    order = buy(stand_in, method="sepa_debit", iban="AT861904300235473202")
    stand_in.advance(minutes=4)
    settle_order(order)
    assert "did not go through" in page(order)

    answer = Client().post(f"/checkout/{order.token}/again")

    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{stand_in.url}/c/pay/")
    assert "Waiting for your payment" in page(order)


def test_as_many_queries_for_many_lines_as_for_one(django_assert_max_num_queries: Any) -> None:
    order = OrderFactory()
    for position in range(2, 12):
        price = PriceFactory()
        order.lines.create(
            position=position,
            variant=price.variant,
            price=price,
            sku=price.variant.sku,
            title="More",
            unit_amount=100,
            quantity=1,
        )

    with django_assert_max_num_queries(12):
        page(order)


def test_the_days_on_which_it_comes_cost_no_query() -> None:
    """Nor does a second parcel that waits."""
    promised: Order = OrderFactory(delivery_min_days=2, delivery_max_days=4)
    unknown: Order = OrderFactory()
    for order in (promised, unknown):
        order.confirm("test")
        order.shipments.create()

    with CaptureQueriesContext(connection) as with_days:
        shown = page(promised)
    with CaptureQueriesContext(connection) as without:
        page(unknown)

    assert "It should be with you" in shown
    assert len(with_days) == len(without)


# -- the customer's language ----------------------------------------------------------------------

GERMAN: dict[str, Any] = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9"}


def test_a_german_customer_reads_german_from_checkout_to_the_door(stand_in: StandIn) -> None:
    mine = Client(**GERMAN)
    words = {"title": "Leuchte", "options": {"Ink": "Tinte"}}
    price = PriceFactory(
        unit_amount=123456,
        variant__product__translations={"de": words},
        variant__product__option_names=["Color"],
        variant__option_values=["Ink"],
    )
    order = buy(stand_in, client=mine, price=price)
    do_the_work()
    shipping.ship(order.shipments.get(), carrier="Post")
    Order.objects.filter(pk=order.pk).update(
        created_at=datetime(2026, 3, 1, tzinfo=UTC), shipping_address={"country": "AT"}
    )

    text = page(order, mine)

    assert order.language == "de"
    assert '<html lang="de">' in text
    assert f"<title>Bestellung {order.number} - Holdfast</title>" in text
    assert f"Bestellung {order.number} vom 1. März 2026" in text
    assert "<h1>Unterwegs</h1>" in text
    assert "1.234,56\xa0€" in Client(**GERMAN).get(f"/orders/{order.token}/").content.decode()
    assert "Leuchte</a>" in text
    assert '<span class="choice">Tinte</span>' in text
    assert "Österreich <br>" in text
    assert "Visa mit den Endziffern 4242" in text


def test_whoever_looks_reads_their_own_language(stand_in: StandIn) -> None:
    order = buy(stand_in, client=Client(**GERMAN))

    assert '<html lang="en">' in page(order)
    assert f"<title>Order {order.number} - Holdfast</title>" in page(order)


def test_who_pays_again_is_written_to_in_the_language_they_read_by_then(stand_in: StandIn) -> None:
    order = buy(stand_in, method="sepa_debit", iban="AT861904300235473202")
    stand_in.advance(minutes=4)
    settle_order(order)

    Client(**GERMAN).post(f"/checkout/{order.token}/again")

    order.refresh_from_db()
    assert order.language == "de"
