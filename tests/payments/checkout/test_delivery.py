"""Delivery on the payment page: what may be chosen, what that costs, and that nothing else is."""

from typing import Any

import pytest
from django.test import Client

from payments import checkout
from payments.models import CheckoutSession, Payment
from shop.catalog.models import Price
from shop.orders.models import DeliveryMethod, Order
from tests.support.carts import with_cart
from tests.support.factories import (
    DeliveryMethodFactory,
    PriceFactory,
)
from tests.support.purchases import counted, held, order_of, paid, read, start, unpaid
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def methods() -> dict[str, DeliveryMethod]:
    """Austria and Germany 4.90 or 9.90, France 12.90 EUR; free from 80 EUR on."""
    DeliveryMethod.objects.all().delete()
    return {
        "standard": DeliveryMethodFactory(
            rates={"eur": {0: 490}}, free_from={"eur": 8000}, position=1, min_days=2, max_days=4
        ),
        "express": DeliveryMethodFactory(
            name="Express", rates={"eur": {0: 990}}, position=2, min_days=1, max_days=1
        ),
        "abroad": DeliveryMethodFactory(
            name="Abroad", countries=["FR"], rates={"eur": {0: 1290}}, position=3
        ),
    }


def sent(session: CheckoutSession) -> dict[str, Any]:
    return dict(session.requests.get(kind="create_session").parameters)


def rate_of(stand_in: StandIn, session: CheckoutSession, place: int) -> str:
    """The id of one of the rates on the page."""
    page = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")
    return str(page["shipping_options"][place]["shipping_rate"])


def test_only_countries_with_the_same_offers_stand_on_one_page(stand_in: StandIn) -> None:
    session = start(country="DE")

    asked = sent(session)
    options = [option["shipping_rate_data"] for option in asked["shipping_options"]]
    assert asked["shipping_address_collection"] == {"allowed_countries": ["AT", "DE"]}
    assert [(each["display_name"], each["fixed_amount"]["amount"]) for each in options] == [
        ("Standard", 490),
        ("Express", 990),
    ]
    assert sent(start(country="FR"))["shipping_address_collection"] == {"allowed_countries": ["FR"]}


def test_what_was_chosen_is_kept_with_its_cost_and_days(
    stand_in: StandIn, methods: dict[str, DeliveryMethod]
) -> None:
    session = start(country="AT")

    paid(stand_in, session, shipping_rate=rate_of(stand_in, session, 1), country="DE")

    order = order_of(session)
    assert (order.shipping, order.total) == (990, 2790)
    assert (order.delivery_method, order.delivery_name) == (methods["express"], "Express")
    assert (order.delivery_days, order.shipping_address["country"]) == ("1", "DE")
    assert not order.is_held
    assert Payment.objects.get(order=order).authorized_amount == 2790


def test_the_first_is_proposed_and_free_from_an_amount_on(stand_in: StandIn) -> None:
    price = PriceFactory(unit_amount=8000)

    order, _ = held(stand_in, price)

    assert (order.delivery_name, order.shipping, order.total) == ("Standard", 0, 8000)
    assert (order.delivery_days, order.is_held) == ("2–4", False)


def test_what_staff_change_meanwhile_changes_nothing_on_an_open_page(
    stand_in: StandIn, methods: dict[str, DeliveryMethod]
) -> None:
    session = start()
    methods["standard"].rates.update(amount=590)
    DeliveryMethod.objects.exclude(pk=methods["standard"].pk).delete()
    methods["standard"].delete()

    order = order_of(paid(stand_in, session))

    assert (order.delivery_method, order.delivery_name, order.shipping) == (None, "Standard", 490)
    assert not order.is_held


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        ({"options": []}, "Delivery costs 490, not 0."),
        ({"countries": ["FR"]}, "It goes to AT, where it was not offered to be sent."),
    ],
    ids=["another method", "another country"],
)
def test_what_was_not_offered_puts_the_order_in_review(
    stand_in: StandIn, kept: dict[str, Any], why: str
) -> None:
    """Somebody has changed the page in the Dashboard; as the shop sees it from its own row."""
    session = start()
    CheckoutSession.objects.filter(pk=session.pk).update(delivery={**session.delivery, **kept})

    order = order_of(paid(stand_in, CheckoutSession.objects.get(pk=session.pk)))

    assert why in order.holds.get(reason="amounts").note


def test_a_method_on_a_page_that_was_to_offer_none_is_looked_at(stand_in: StandIn) -> None:
    DeliveryMethod.objects.exclude(name="Abroad").update(is_free=True)
    session = start()
    CheckoutSession.objects.filter(pk=session.pk).update(delivery={})
    stand_in.pay(str(session.stripe_session_id))

    session = read(CheckoutSession.objects.get(pk=session.pk))

    notes = order_of(session).holds.values_list("note", flat=True)
    assert list(notes) == ["The delivery that was chosen is none that was offered."]


def test_digital_goods_are_not_delivered(stand_in: StandIn) -> None:
    price = PriceFactory(variant__requires_shipping=False)

    session = start(price, country="BR")

    assert "shipping_options" not in sent(session)
    assert order_of(paid(stand_in, session)).total == 1800


def test_where_nothing_is_sent_nothing_is_sold(stand_in: StandIn, client: Client) -> None:
    price = PriceFactory()

    with pytest.raises(checkout.NotDelivered, match="We do not deliver this to Brazil"):
        start(price, country="BR")

    assert counted(price) == (10, 0)
    assert not Order.objects.exists()


def test_without_any_method_nothing_is_sold(stand_in: StandIn, client: Client) -> None:
    DeliveryMethod.objects.all().delete()
    price = PriceFactory()

    answer = client.post("/create-checkout-session", {"price": price.key, "quantity": "1"})

    assert answer.status_code == 409
    assert "We do not deliver this at the moment." in answer.content.decode()


def test_the_heaviest_band_counts_where_a_weight_is_missing(stand_in: StandIn) -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(bands_by="weight", rates={"eur": {0: 490, 5000: 1490}})

    light = start(PriceFactory(variant__grams=300), 2)
    unknown = start(PriceFactory(variant__grams=0))

    assert [page.delivery["options"][0]["amount"] for page in (light, unknown)] == [490, 1490]


def test_paying_again_is_at_the_delivery_of_now(
    stand_in: StandIn, methods: dict[str, DeliveryMethod]
) -> None:
    session = start(country="DE")
    order = unpaid(stand_in, session)
    methods["standard"].rates.update(amount=590)

    again = checkout.pay_again(order, checkout.Buyer(visitor=order.visitor))  # type: ignore[arg-type]

    assert again.delivery["options"][0]["amount"] == 590
    assert order_of(paid(stand_in, again)).total == 2390


def test_no_second_page_where_nothing_is_sent_any_more(stand_in: StandIn) -> None:
    session = start(country="DE")
    order = unpaid(stand_in, session)
    DeliveryMethod.objects.update(countries=["FR"])

    with pytest.raises(checkout.NotAgain, match="We do not deliver this to Germany"):
        checkout.pay_again(order, checkout.Buyer(visitor=order.visitor))  # type: ignore[arg-type]
    assert not checkout.may_pay_again(order)


def test_another_country_is_another_page(stand_in: StandIn, client: Client) -> None:
    """The same cart, but what the open page offers is not theirs any more."""
    with_cart(client)
    client.post("/create-checkout-session")
    client.post("/cart/country/", {"country": "FR"})

    client.post("/create-checkout-session")

    pages = CheckoutSession.objects.order_by("created_at")
    assert [(page.status, page.delivery["countries"]) for page in pages] == [
        ("expired", ["AT", "DE"]),
        ("open", ["FR"]),
    ]
    assert counted(Price.objects.get()) == (10, 1)
