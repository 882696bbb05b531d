"""Methods that are kept at a first payment, and charged again while the customer is away."""

from typing import Any

import pytest

from tests.fake_stripe.rig import Fake

REUSABLE = [
    ("amazon_pay", "eur"),
    ("bancontact", "eur"),
    ("blik", "pln"),
    ("boleto", "brl"),
    ("card", "eur"),
    ("link", "eur"),
    ("paypal", "eur"),
    ("revolut_pay", "eur"),
    ("sepa_debit", "eur"),
    ("us_bank_account", "usd"),
]


def session_in(fake: Fake, currency: str, **params: Any) -> Any:
    data = {"currency": currency, "unit_amount": 2000, "product_data": {"name": "Kettle"}}
    return fake.session(line_items=[{"price_data": data, "quantity": 1}], **params)


@pytest.mark.parametrize(("method", "currency"), REUSABLE)
def test_reusable_method_is_kept_and_charged_later(fake: Fake, method: str, currency: str) -> None:
    session = session_in(
        fake, currency, payment_intent_data={"setup_future_usage": "off_session"},
        allowed_payment_method_types=[method],
    )  # fmt: skip
    assert session.payment_method_types == [method]
    fake.pay(session.id, method=method)
    fake.control("clock", {"advance": 200})
    customer = fake.v1.checkout.sessions.retrieve(session.id).customer
    (kept,) = fake.v1.payment_methods.list({"customer": str(customer)}).data

    again = fake.v1.payment_intents.create(
        {
            "amount": 900, "currency": currency, "customer": str(customer),
            "payment_method": kept.id, "off_session": True, "confirm": True,
            "return_url": "https://shop.test/",
        }
    )  # fmt: skip

    assert kept.type == method
    assert again.last_payment_error is None
    assert again.status != "requires_payment_method"


@pytest.mark.parametrize(
    ("method", "currency"),
    [("ideal", "eur"), ("klarna", "eur"), ("oxxo", "mxn"), ("p24", "pln"), ("alipay", "eur")],
)
def test_method_that_cannot_be_kept_is_not_on_offer_where_it_must_be(
    fake: Fake, method: str, currency: str
) -> None:
    once = session_in(fake, currency)
    kept = session_in(fake, currency, payment_intent_data={"setup_future_usage": "off_session"})

    assert method in once.payment_method_types
    assert method not in kept.payment_method_types
