"""Prices and shipping rates with amounts in several currencies."""

from typing import Any

import pytest
import requests
import stripe

from tests.fake_stripe.rig import Fake
from tests.support.waiting import PATIENCE


def rate_in_two(fake: Fake, **options: Any) -> Any:
    return fake.v1.shipping_rates.create(
        {
            "display_name": "Post",
            "type": "fixed_amount",
            "fixed_amount": {
                "amount": 500, "currency": "eur",
                "currency_options": {"usd": {"amount": 600, **options}},
            },
            "expand": ["fixed_amount.currency_options"],
        }
    )  # fmt: skip


def price_in_two(fake: Fake) -> Any:
    return fake.v1.prices.create(
        {
            "currency": "eur", "unit_amount": 900, "product_data": {"name": "Cup"},
            "currency_options": {"usd": {"unit_amount": 1000}},
        }
    )  # fmt: skip


def amounts(rate: Any) -> dict[str, int]:
    options = rate.to_dict()["fixed_amount"]["currency_options"]
    return {code: option["amount"] for code, option in options.items()}


def test_a_shipping_rate_tells_its_further_currencies_when_asked(fake: Fake) -> None:
    made = rate_in_two(fake)

    plain = fake.v1.shipping_rates.retrieve(made.id)

    assert amounts(made) == {"eur": 500, "usd": 600}
    assert "currency_options" not in plain.to_dict()["fixed_amount"]


def test_an_update_adds_and_changes_currencies_of_a_shipping_rate(fake: Fake) -> None:
    made = rate_in_two(fake)

    changed = fake.v1.shipping_rates.update(
        made.id,
        {
            "fixed_amount": {
                "currency_options": {"gbp": {"amount": 400}, "usd": {"tax_behavior": "inclusive"}}
            },
            "expand": ["fixed_amount.currency_options"],
        },
    )

    assert amounts(changed) == {"eur": 500, "usd": 600, "gbp": 400}
    options = changed.to_dict()["fixed_amount"]["currency_options"]
    assert options["usd"]["tax_behavior"] == "inclusive"


@pytest.mark.parametrize(
    ("options", "code", "param"),
    [
        ({"xyz": {"amount": 5}}, None, "fixed_amount[currency_options][xyz]"),
        ({"eur": {"amount": 5}}, None, "fixed_amount[currency_options][eur]"),
        ({"gbp": {"tax_behavior": "inclusive"}}, "parameter_missing",
         "fixed_amount[currency_options][gbp][amount]"),
        ({"gbp": {"amount": -1}}, "parameter_invalid_integer",
         "fixed_amount[currency_options][gbp][amount]"),
    ],
)  # fmt: skip
def test_currencies_that_cannot_be_are_refused_and_change_nothing(
    fake: Fake, options: Any, code: str | None, param: str
) -> None:
    made = rate_in_two(fake)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.shipping_rates.update(made.id, {"fixed_amount": {"currency_options": options}})

    assert (refused.value.code, refused.value.param) == (code, param)
    again = fake.v1.shipping_rates.retrieve(made.id, {"expand": ["fixed_amount.currency_options"]})
    assert amounts(again) == {"eur": 500, "usd": 600}


def test_a_session_in_another_currency_takes_the_amounts_of_that(fake: Fake) -> None:
    price, rate = price_in_two(fake), rate_in_two(fake)

    session = fake.session(
        currency="usd",
        line_items=[{"price": price.id, "quantity": 2}],
        optional_items=[{"price": price.id, "quantity": 1}],
        shipping_options=[{"shipping_rate": rate.id}],
    )

    assert (session.currency, session.amount_subtotal, session.amount_total) == ("usd", 2000, 2600)
    assert session.shipping_options[0].shipping_amount == 600
    page = requests.get(session.url, timeout=PATIENCE).text
    assert "$6.00" in page
    assert "$10.00 each" in page
    assert "$9.00" not in page
    paid = fake.intent(fake.pay(session.id)["payment_intent"])
    assert (paid.amount, paid.currency) == (2600, "usd")


def test_an_amount_missing_in_the_currency_of_the_session_is_refused(fake: Fake) -> None:
    price, rate = price_in_two(fake), rate_in_two(fake)
    pounds: Any = {"currency": "gbp", "unit_amount": 800, "product_data": {"name": "Cup"}}

    with pytest.raises(stripe.InvalidRequestError) as line:
        fake.session(currency="gbp", line_items=[{"price": price.id, "quantity": 1}])
    with pytest.raises(stripe.InvalidRequestError) as shipping:
        fake.session(
            line_items=[{"price_data": pounds, "quantity": 1}],
            shipping_options=[{"shipping_rate": rate.id}],
        )

    assert line.value.param == "line_items[0][price]"
    assert shipping.value.param == "shipping_options[0][shipping_rate]"
