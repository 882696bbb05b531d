"""What is paid again and again stands in a cart of its own kind."""

from typing import Any

import pytest
from django.test import Client

from shop.catalog.models import Price
from shop.orders.accounts.carts import merge
from shop.orders.models import Cart, CartLine
from tests.support.carts import with_cart
from tests.support.factories import (
    CartFactory,
    CartLineFactory,
    MonthlyPriceFactory,
    PriceFactory,
)

pytestmark = pytest.mark.django_db


def every(price: Price, interval: str = "month", count: int = 1, **fields: Any) -> Price:
    """A further price of the same thing."""
    return Price.objects.create(
        variant=price.variant,
        unit_amount=1500,
        currency="eur",
        interval=interval,
        interval_count=count,
        **fields,
    )


def add(client: Client, price: Price, **form: str) -> Any:
    return client.post("/cart/add/", {"price": price.key, "quantity": "1", **form})


def line_of(client: Client) -> CartLine:
    return CartLine.objects.get(cart=client.session["cart"])


def test_a_line_has_the_rhythm_of_its_price(client: Client) -> None:
    price = MonthlyPriceFactory(interval_count=3, trial_days=14)

    assert add(client, price).status_code == 303

    line = line_of(client)
    assert (line.interval, line.interval_count, line.trial_days) == ("month", 3, 14)


@pytest.mark.parametrize(
    ("form", "interval", "amount"),
    [({}, "", 1800), ({"every": "once"}, "", 1800), ({"every": "1-month"}, "month", 1500)],
)
def test_the_form_says_how_often(
    client: Client, form: dict[str, str], interval: str, amount: int
) -> None:
    price = PriceFactory()
    every(price)

    assert add(client, price, **form).status_code == 303

    assert (line_of(client).interval, line_of(client).seen_amount) == (interval, amount)


@pytest.mark.parametrize("said", ["2-month", "1-year", "often", "0-month", "１-month"])
def test_another_rhythm_than_it_is_sold_in_is_refused(client: Client, said: str) -> None:
    price = PriceFactory()
    every(price)

    response = add(client, price, every=said)

    assert response.status_code == 400
    assert "It is not sold like that. Choose how often." in response.content.decode()


@pytest.mark.parametrize(
    ("held", "wanted", "sentence"),
    [
        (
            {},
            {"interval": "month"},
            (
                "Your cart holds what is paid once, and this is paid every month. Pay for your cart"
                " first, or empty it."
            ),
        ),
        (
            {"interval": "month"},
            {},
            (
                "Your cart holds a subscription, paid every month, and this is paid once."
                " Pay for your cart first, or empty it."
            ),
        ),
        (
            {"interval": "month"},
            {"interval": "month", "interval_count": 3},
            (
                "What is in your cart is paid every month, and this is paid every 3 months. Pay for"
                " your cart first, or empty it."
            ),
        ),
        (
            {"interval": "month"},
            {"interval": "month", "trial_days": 14},
            (
                "What is in your cart is free at first for another time than this."
                " Pay for your cart first, or empty it."
            ),
        ),
    ],
)
def test_what_is_paid_otherwise_is_refused(
    client: Client, held: dict[str, Any], wanted: dict[str, Any], sentence: str
) -> None:
    cart = with_cart(client, PriceFactory(**held))

    response = add(client, PriceFactory(**wanted))

    assert response.status_code == 409
    assert sentence in " ".join(response.content.decode().split())
    assert cart.lines.count() == 1


def test_the_same_thing_in_another_rhythm_is_refused(client: Client) -> None:
    price = PriceFactory()
    cart = with_cart(client, price)

    assert add(client, every(price)).status_code == 409

    assert cart.lines.get().interval == ""


@pytest.mark.parametrize(("is_sent", "most"), [(True, 19), (False, 20)])
def test_one_subscription_has_so_many_things(client: Client, is_sent: bool, most: int) -> None:
    def price() -> Price:
        return MonthlyPriceFactory(variant__requires_shipping=is_sent)

    cart = with_cart(client, *(price() for _ in range(most)))

    response = add(client, price())

    assert response.status_code == 409
    assert f"at most {most} different things" in response.content.decode()
    held = cart.lines.all()[0]
    assert add(client, Price.objects.get(variant=held.variant)).status_code == 303


def test_a_price_that_ended_is_not_in_the_cart_any_more(client: Client) -> None:
    price = MonthlyPriceFactory()
    cart = with_cart(client, price)
    Price.objects.filter(pk=price.pk).update(is_active=False)

    assert "No longer sold." in client.get("/cart/").content.decode()
    assert cart.lines.count() == 1


def test_a_trial_that_ended_is_told_before_it_is_paid(client: Client) -> None:
    price = MonthlyPriceFactory(trial_days=14)
    with_cart(client, price)
    Price.objects.filter(pk=price.pk).update(trial_days=None)

    html = client.get("/cart/").content.decode()

    assert "It is not free at first any more." in html
    shown = html.split('name="shown" value="')[1].split('"')[0]
    client.post("/cart/accept/", {"shown": shown})
    assert "It is not free" not in client.get("/cart/").content.decode()


def test_what_was_taken_out_comes_back_in_its_rhythm(client: Client) -> None:
    price = MonthlyPriceFactory()
    every(price, "week")
    with_cart(client, price)

    client.post("/cart/remove/", {"variant": str(price.variant_id)})

    assert f'name="price" value="{price.key}"' in client.get("/cart/").content.decode()


def test_another_currency_keeps_the_rhythm(client: Client, settings: Any) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    price = MonthlyPriceFactory()
    Price.objects.create(variant=price.variant, unit_amount=1400, currency="usd", interval="month")
    Price.objects.create(variant=price.variant, unit_amount=2000, currency="usd")
    with_cart(client, price)

    client.post("/currency/", {"currency": "usd"})

    line = CartLine.objects.get()
    assert (line.seen_amount, line.currency, line.interval) == (1400, "usd", "month")


def test_at_the_log_in_only_what_is_paid_alike_comes_together() -> None:
    here: Cart = CartFactory()
    monthly = MonthlyPriceFactory()
    CartLineFactory(cart=here, price=monthly)
    other: Cart = CartFactory()
    once = CartLineFactory(cart=other, price=PriceFactory())
    more = CartLineFactory(cart=other, price=MonthlyPriceFactory())

    merged = merge(here, other)

    assert ([line.pk for line in merged.came], [line.pk for line in merged.left_out]) == (
        [more.pk],
        [once.pk],
    )
    assert {line.variant_id for line in here.lines.all()} == {monthly.variant_id, more.variant_id}
