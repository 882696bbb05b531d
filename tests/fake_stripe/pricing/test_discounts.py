"""Coupons and promotion codes: made, refused, redeemed, ended."""

import time
from typing import Any

import pytest
import stripe

from tests.fake_stripe.rig import Fake


def code_for(fake: Fake, word: str = "SPRING", **params: Any) -> Any:
    """A promotion code of a coupon of a tenth."""
    coupon = fake.v1.coupons.create({"percent_off": 10})
    return fake.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": word, **params}
    )


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({}, "parameter_missing", "percent_off"),
        ({"percent_off": 5, "amount_off": 5}, "parameters_exclusive", "percent_off"),
        ({"amount_off": 500}, "parameter_missing", "currency"),
        ({"percent_off": 101}, "parameter_invalid_integer", "percent_off"),
        ({"percent_off": 5, "duration": "repeating"}, None, "duration_in_months"),
        ({"percent_off": 5, "name": "n" * 41}, "parameter_invalid_string", "name"),
        ({"percent_off": 5, "redeem_by": 1}, None, "redeem_by"),
    ],
)
def test_coupon_that_makes_no_sense_is_refused(
    fake: Fake, params: Any, code: str | None, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.coupons.create(params)

    assert (refused.value.code, refused.value.param) == (code, param)
    assert fake.v1.coupons.list().data == []


def test_coupon_is_made_changed_listed_and_deleted(fake: Fake) -> None:
    coupon = fake.v1.coupons.create(
        {
            "id": "WELCOME",
            "amount_off": 500,
            "currency": "EUR",
            "currency_options": {"usd": {"amount_off": 600}},
            "expand": ["currency_options"],
        }
    )
    renamed = fake.v1.coupons.update("WELCOME", {"name": "Welcome", "metadata": {"a": "1"}})
    listed = [one.id for one in fake.v1.coupons.list().data]
    gone = fake.v1.coupons.delete("WELCOME")

    assert (coupon.currency, coupon.duration, coupon.valid) == ("eur", "once", True)
    assert coupon.currency_options["usd"].amount_off == 600
    assert (renamed.name, listed, gone.deleted) == ("Welcome", ["WELCOME"], True)
    assert fake.types() == ["coupon.created", "coupon.updated", "coupon.deleted"]


def test_code_stands_once_among_the_active(fake: Fake) -> None:
    first = code_for(fake)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        code_for(fake, "spring")
    fake.v1.promotion_codes.update(first.id, {"active": False})
    second = code_for(fake, "spring")

    assert refused.value.param == "code"
    found = fake.v1.promotion_codes.list({"code": "SPRING", "active": True})
    assert [one.id for one in found.data] == [second.id]


def test_coupon_of_a_share_lowers_lines_and_total(fake: Fake) -> None:
    coupon = fake.v1.coupons.create({"percent_off": 12.5})

    session = fake.session(1999, discounts=[{"coupon": coupon.id}], expand=["line_items"])

    assert (session.amount_subtotal, session.amount_total) == (1999, 1749)
    assert session.total_details.amount_discount == 250
    line = session.line_items.data[0]
    assert (line.amount_discount, line.amount_total) == (250, 1749)
    assert session.discounts[0].coupon == coupon.id
    paid = fake.intent(fake.pay(session.id)["payment_intent"])
    assert paid.amount_received == 1749
    assert fake.v1.coupons.retrieve(coupon.id).times_redeemed == 1


def test_amount_is_spread_over_the_lines_to_the_cent(fake: Fake) -> None:
    coupon = fake.v1.coupons.create({"amount_off": 100, "currency": "eur"})
    data = {"currency": "eur", "unit_amount": 700, "product_data": {"name": "Cup"}}
    lines = [{"price_data": data, "quantity": 1}] * 3

    session = fake.session(
        line_items=lines,
        discounts=[{"coupon": coupon.id}],
        expand=["line_items.data.discounts", "total_details.breakdown"],
    )

    assert [line.amount_discount for line in session.line_items.data] == [33, 34, 33]
    assert session.amount_total == 2000
    assert [part.amount for part in session.total_details.breakdown.discounts] == [100]


def test_last_redemption_ends_coupon_and_code(fake: Fake) -> None:
    code = code_for(fake, max_redemptions=1)
    session = fake.session(discounts=[{"promotion_code": code.id}])

    fake.pay(session.id)

    assert fake.v1.promotion_codes.retrieve(code.id).active is False
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(discounts=[{"promotion_code": code.id}])
    assert refused.value.param == "discounts[0][promotion_code]"


@pytest.mark.parametrize(
    ("restrictions", "code"),
    [
        (
            {"minimum_amount": 5000, "minimum_amount_currency": "eur"},
            "promotion_code_minimum_not_met",
        ),
        ({"first_time_transaction": True}, "promotion_code_not_first_time"),
    ],
)
def test_code_whose_restriction_is_not_met_is_refused(
    fake: Fake, restrictions: Any, code: str
) -> None:
    promotion = code_for(fake, restrictions=restrictions)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(2000, discounts=[{"promotion_code": promotion.id}])

    assert refused.value.code == code


def test_code_ends_with_the_clock(fake: Fake) -> None:
    code = code_for(fake, expires_at=int(time.time()) + 3600)

    fake.control("clock", {"advance": 3700})

    assert fake.v1.promotion_codes.retrieve(code.id).active is False


def test_discount_to_nothing_needs_no_payment(fake: Fake) -> None:
    coupon = fake.v1.coupons.create({"percent_off": 100})
    session = fake.session(discounts=[{"coupon": coupon.id}])

    paid = fake.pay(session.id)

    assert (session.amount_total, paid["payment_status"]) == (0, "no_payment_required")
    assert paid["payment_intent"] is None
