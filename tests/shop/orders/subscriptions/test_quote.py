"""What the cart says of a subscription: what is due now, and what then."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shop.orders.models import Cart, DeliveryMethod
from tests.support.carts import read, with_cart
from tests.support.factories import (
    ChosenPriceFactory,
    DeliveryMethodFactory,
    DiscountFactory,
    MonthlyPriceFactory,
    PriceFactory,
    TaxRateFactory,
)

pytestmark = pytest.mark.django_db

TODAY = datetime(2027, 1, 31, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def methods() -> dict[str, DeliveryMethod]:
    DeliveryMethod.objects.all().delete()
    return {
        "standard": DeliveryMethodFactory(rates={"eur": {0: 490}}, position=1),
        "express": DeliveryMethodFactory(name="Express", rates={"eur": {0: 990}}, position=2),
    }


@time_machine.travel(TODAY)
def test_what_is_due_now_and_each_month(client: Client) -> None:
    with_cart(client, MonthlyPriceFactory())

    page = read(client)

    assert "€12.00 each, every month" in page
    assert "<dt> Due now </dt> <dd> €16.90 </dd>" in page
    assert "Then <b>€16.90 every month</b> from 28 February 2027 on, until you cancel." in page


@time_machine.travel(TODAY)
def test_nothing_is_due_while_it_is_free(client: Client) -> None:
    with_cart(client, MonthlyPriceFactory(trial_days=14))

    page = read(client)

    assert "<dt> Together, every month </dt> <dd> €16.90 </dd>" in page
    assert "<dt> Due now </dt> <dd> €0.00 </dd>" in page
    assert "14 days free, then <b>€16.90 every month</b> from 14 February 2027 on" in page


@time_machine.travel(TODAY)
def test_it_is_said_in_german(client: Client) -> None:
    with_cart(client, MonthlyPriceFactory(interval_count=3))

    page = read(client, **{"accept-language": "de"})

    assert "Danach <b>16,90 € alle 3 Monate</b> ab 30. April 2027, bis Sie kündigen." in page


def test_tax_on_top_is_part_of_each_time(client: Client, settings: Any) -> None:
    settings.TAX_MODE, settings.TAX_EXCLUSIVE_CURRENCIES = "rates", ["eur"]
    TaxRateFactory()
    with_cart(client, MonthlyPriceFactory(variant__requires_shipping=False))

    page = read(client)

    assert "<dt> Due now </dt> <dd> €14.40 </dd>" in page
    assert "Then <b>€14.40 every month</b>" in page


def test_tax_stands_at_what_it_is_part_of(client: Client, settings: Any) -> None:
    settings.TAX_MODE = "rates"
    TaxRateFactory()
    with_cart(client, MonthlyPriceFactory(variant__requires_shipping=False, trial_days=14))

    page = read(client)

    assert page.index("Together, every month") < page.index("€2.00") < page.index("Due now")


def test_the_way_of_delivery_is_chosen_in_the_cart(
    client: Client, methods: dict[str, DeliveryMethod]
) -> None:
    cart = with_cart(client, MonthlyPriceFactory())
    version = Cart.objects.get(pk=cart.pk).version

    answer = client.post("/cart/delivery/", {"method": str(methods["express"].pk)})

    assert (answer.status_code, answer["Location"]) == (303, "/cart/")
    assert Cart.objects.get(pk=cart.pk).version > version
    page = read(client)
    assert f'<option value="{methods["express"].pk}" selected> Express' in page
    assert 'name="delivery" value="990"' in page
    assert "<dt> Due now </dt> <dd> €21.90 </dd>" in page
    assert "You choose between them on the payment page." not in page


@pytest.mark.parametrize("method", ["", "0", "999999", "x"])
def test_an_unknown_way_of_delivery_is_refused(client: Client, method: str) -> None:
    with_cart(client, MonthlyPriceFactory())

    answer = client.post("/cart/delivery/", {"method": method})

    assert answer.status_code == 400
    assert "We do not know this way of delivery." in answer.content.decode()


def test_what_is_paid_once_says_nothing_of_it(client: Client) -> None:
    with_cart(client, PriceFactory())

    page = read(client)

    assert "Due now" not in page
    assert 'id="renewal"' not in page


def test_no_tip_no_offer_and_nothing_else_that_is_paid_once(client: Client) -> None:
    tip = ChosenPriceFactory(variant__product__kind="tip", variant__product__title="A tip")
    price = MonthlyPriceFactory()
    price.variant.product.goes_with.add(PriceFactory().variant.product)
    DiscountFactory(is_automatic=True, name="Spring")
    with_cart(client, price)

    page = read(client)

    assert tip.variant.product.title not in page
    assert "Goes well with" not in page
    assert "Spring" not in page


@pytest.mark.parametrize(
    ("on_page", "trial", "sentence"),
    [
        (False, None, "Codes do not count for subscriptions."),
        (True, None, "For a subscription, type your code on the payment page: it counts once."),
        (True, 14, "A subscription that is free at first takes no codes."),
    ],
)
def test_codes_are_refused_with_a_way_on(
    client: Client, settings: Any, on_page: bool, trial: int | None, sentence: str
) -> None:
    settings.ALLOW_PROMOTION_CODES = on_page
    DiscountFactory(codes=["SPRING"])
    with_cart(client, MonthlyPriceFactory(trial_days=trial))

    answer = client.post("/cart/code/", {"code": "SPRING"})

    assert answer.status_code == 409
    assert sentence in answer.content.decode()


def test_it_asks_as_much_as_a_cart_of_goods_and_the_clock(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with_cart(client, MonthlyPriceFactory(), MonthlyPriceFactory())
    client.get("/cart/")

    with django_assert_num_queries(8):
        client.get("/cart/")
