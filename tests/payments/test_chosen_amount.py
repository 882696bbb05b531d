"""Where customers choose: what was named is what is frozen, asked for and paid."""

from typing import Any

import pytest
from django.test import Client

from payments import checkout
from shop.catalog import publishing
from shop.catalog.models import Price, Product, Variant
from shop.catalog.stripe_sync import run
from shop.money import Money
from shop.orders.chosen_amount import NotNamed
from shop.orders.models import Cart, Order, OrderLine
from shop.stripe_client import account
from tests.support.factories import ChosenPriceFactory, PriceFactory
from tests.support.purchases import new_buyer, read
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)

BOUNDS = "Name an amount from €5.00 to €100.00, written like 10.00. Nothing was charged."


def buy(client: Client, price: Price, **form: Any) -> Any:
    return client.post("/create-checkout-session", {"price": price.key, "quantity": "2", **form})


def sentence_in(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def frozen() -> list[dict[str, Any]]:
    """The lines that Stripe was asked for, the marks left out."""
    session = Order.objects.get().checkout_sessions.get()
    items = session.requests.get(kind="create_session").parameters["line_items"]
    return [{name: item[name] for name in item if name != "metadata"} for item in items]


def known(**more: Any) -> Price:
    """Stripe has been told of it."""
    price = ChosenPriceFactory(**more)
    account()
    run.apply()
    return Price.objects.select_related("variant__product").get(pk=price.pk)


# -- one thing at once -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "each"), [({"amount": "7.50"}, 750), ({"amount": "7,5"}, 750), ({}, 1000)]
)
def test_the_amount_is_named_or_the_proposed_one(
    client: Client, stand_in: StandIn, form: dict[str, str], each: int
) -> None:
    answer = buy(client, ChosenPriceFactory(), **form)

    assert answer.status_code == 303
    assert OrderLine.objects.values_list("quantity", "unit_amount").get() == (2, each)
    session = stand_in.api(f"checkout/sessions/{session_id_in(answer['Location'])}")
    assert session["amount_total"] == 2 * each


@pytest.mark.parametrize(
    "amount", ["", "x", "4.99", "100.01", "-7", "7e1", "1.000", "7\x00", "٧", "9" * 5000]
)
def test_another_amount_is_refused(client: Client, amount: str) -> None:
    answer = buy(client, ChosenPriceFactory(), amount=amount)

    assert (answer.status_code, BOUNDS in sentence_in(answer)) == (400, True)
    assert Order.objects.count() == 0


def test_no_other_way_leads_around_the_bounds() -> None:
    """Guard: checkout._check_items."""
    item = checkout.Item(ChosenPriceFactory(), 1, Money(499, "eur"))

    with pytest.raises(NotNamed):
        checkout.start(new_buyer(), [item])


def test_the_smallest_charge_holds_as_ever(client: Client) -> None:
    price = ChosenPriceFactory(minimum_amount=10)

    answer = buy(client, price, amount="0.20")

    assert (answer.status_code, "The smallest order is 0.50 EUR." in sentence_in(answer)) == (
        400,
        True,
    )


def test_a_fixed_price_listens_to_no_amount(client: Client, stand_in: StandIn) -> None:
    buy(client, PriceFactory(), amount="1")

    assert OrderLine.objects.get().unit_amount == 1800


# -- from the cart ---------------------------------------------------------------------------------


def test_the_cart_is_paid_at_what_was_named(client: Client, stand_in: StandIn) -> None:
    price, mug = ChosenPriceFactory(), PriceFactory()
    client.post("/cart/add/", {"price": price.key, "quantity": "3", "amount": "7.50"})
    client.post("/cart/add/", {"price": mug.key, "quantity": "1"})

    answer = client.post("/create-checkout-session", {"cart": Cart.objects.get().version})
    stand_in.pay(session_id_in(answer["Location"]))
    order = Order.objects.get()
    read(order.checkout_sessions.get())

    order.refresh_from_db()
    assert (order.status, order.subtotal, order.total) == ("confirmed", 4050, 4050)
    assert [line.total for line in order.lines.all()] == [2250, 1800]
    assert not order.holds.exists()


def test_bounds_that_changed_lead_back_to_the_cart(client: Client, stand_in: StandIn) -> None:
    price = ChosenPriceFactory()
    client.post("/cart/add/", {"price": price.key, "quantity": "1", "amount": "7.50"})
    bounds = {"is_chosen": True, "minimum_amount": 900, "maximum_amount": 10000}
    publishing.replace(price.variant, Price(unit_amount=1000, currency="eur", **bounds))

    answer = client.post("/create-checkout-session", {"cart": Cart.objects.get().version})

    assert (answer.status_code, answer["Location"]) == (302, "/cart/")
    assert Order.objects.count() == 0


def test_another_amount_at_stripe_puts_the_order_in_review(
    client: Client, stand_in: StandIn
) -> None:
    answer = buy(client, ChosenPriceFactory(), amount="7.50")
    OrderLine.objects.update(unit_amount=760)
    Order.objects.update(subtotal=1520)
    stand_in.pay(session_id_in(answer["Location"]))

    read(Order.objects.get().checkout_sessions.get())

    assert Order.objects.get().holds.get().reason == "amounts"


# -- what Stripe is asked for ----------------------------------------------------------------------


def test_stripe_is_told_the_amount_and_the_product_that_it_knows(
    client: Client, stand_in: StandIn
) -> None:
    price = known()

    buy(client, price, amount="7.50")

    assert price.stripe_price_id.startswith("price_")
    assert frozen() == [
        {
            "quantity": 2,
            "price_data": {
                "currency": "eur",
                "unit_amount": 750,
                "product": price.variant.stripe_product_id,
            },
        }
    ]


@pytest.mark.parametrize("unknown", ["never told", "another account", "off sale at Stripe"])
def test_a_product_that_stripe_does_not_sell_is_described(
    client: Client, stand_in: StandIn, unknown: str
) -> None:
    price = ChosenPriceFactory() if unknown == "never told" else known()
    if unknown == "another account":
        Variant.objects.update(stripe_account="acct_other/test")
    if unknown == "off sale at Stripe":
        Product.objects.update(status=Product.Status.ARCHIVED)
        run.apply()
        Product.objects.update(status=Product.Status.ACTIVE)

    answer = buy(client, price, amount="7.50")

    assert answer.status_code == 303
    assert frozen()[0]["price_data"]["product_data"]["name"] == price.variant.product.title
