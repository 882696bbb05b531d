"""Payment methods that a server makes, and the balance that payments add up to."""

from typing import Any

import pytest
import stripe

from tests.fake_stripe.rig import Fake


def test_card_of_a_token_is_made_attached_and_charged(fake: Fake) -> None:
    customer = fake.v1.customers.create({"email": "ada@example.com"}).id
    made = fake.v1.payment_methods.create(
        {"type": "card", "card": {"token": "tok_visa"}, "metadata": {"kept": "1"},
         "allow_redisplay": "always"}
    )  # fmt: skip

    fake.v1.payment_methods.attach(made.id, {"customer": customer})

    assert (made.customer, made.allow_redisplay) == (None, "always")
    listed = fake.v1.payment_methods.list({"customer": customer, "type": "card"}).data
    assert [(one.id, one.metadata.to_dict()) for one in listed if one.metadata] == [
        (made.id, {"kept": "1"})
    ]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"card": {"token": "tok_visa"}}, "type"),
        ({"type": "card", "card": {"token": "tok_nobody"}}, "card[token]"),
        ({"type": "sepa_debit"}, "sepa_debit[iban]"),
        ({"type": "zip"}, "type"),
    ],
)
def test_method_that_cannot_be_made_is_refused(fake: Fake, params: Any, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.payment_methods.create(params)

    assert caught.value.param == param
    assert fake.v1.payment_methods.list().data == []


def test_balance_is_pending_first_and_available_later(fake: Fake) -> None:
    fake.paid(2000)

    before = fake.v1.balance.retrieve()
    fake.control("clock", {"advance": 8 * 24 * 60 * 60})
    after = fake.v1.balance.retrieve()

    assert (before.available[0].amount, before.pending[0].amount) == (0, 1912)
    assert (after.available[0].amount, after.pending[0].amount) == (1912, 0)


def test_refund_that_went_through_cannot_be_canceled(fake: Fake) -> None:
    refund = fake.v1.refunds.create({"payment_intent": fake.paid().id})

    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.refunds.cancel(refund.id)

    assert fake.v1.refunds.retrieve(refund.id).status == "succeeded"


def test_default_method_that_is_taken_away_is_no_default_any_more(fake: Fake) -> None:
    customer = fake.v1.customers.create({"email": "jane@example.com"})
    method = fake.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    settings: Any = {"invoice_settings": {"default_payment_method": method.id}}
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.customers.update(customer.id, settings)
    fake.v1.payment_methods.attach(method.id, {"customer": customer.id})
    fake.v1.customers.update(customer.id, settings)

    fake.v1.payment_methods.detach(method.id)

    known = fake.v1.customers.retrieve(customer.id).invoice_settings
    assert known is not None
    assert known.default_payment_method is None
    assert fake.types()[-2:] == ["payment_method.detached", "customer.updated"]


@pytest.mark.parametrize("date", [{"exp_month": 13}, {"exp_month": 0}, {"exp_year": 1999}])
def test_card_with_no_such_date_is_refused(fake: Fake, date: Any) -> None:
    method = fake.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})

    with pytest.raises(stripe.CardError) as refused:
        fake.v1.payment_methods.update(method.id, {"card": date})

    (name,) = date
    assert refused.value.code == f"invalid_expiry_{name[4:]}"
    assert refused.value.param == f"card[{name}]"


def test_ids_of_test_cards_stand_for_fresh_methods(fake: Fake) -> None:
    customer = fake.v1.customers.create({"email": "a@example.com"}).id

    seen = fake.v1.payment_methods.retrieve("pm_card_amex")
    attached = fake.v1.payment_methods.attach("pm_card_visa", {"customer": customer})
    again = fake.v1.payment_methods.attach("pm_card_visa", {"customer": customer})

    assert (seen.card.brand, seen.customer) == ("amex", None)
    assert (attached.card.brand, attached.customer) == ("visa", customer)
    assert len({attached.id, again.id, seen.id, "pm_card_visa"}) == 4
    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.payment_methods.retrieve("pm_card_gold")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
