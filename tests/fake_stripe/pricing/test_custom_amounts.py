"""Pay what you want: the customer chooses the amount on the page."""

from typing import Any

import pytest
import requests
import stripe

from tests.fake_stripe.hosted.test_pages import complaints
from tests.fake_stripe.rig import Fake
from tests.support.waiting import PATIENCE

CARD = {
    "email": "jane@example.com", "cardNumber": "4242424242424242", "cardExpiry": "12 / 40",
    "cardCvc": "123", "billingName": "Jane Doe", "billingCountry": "AT",
}  # fmt: skip


def gift(fake: Fake, **bounds: int) -> str:
    custom: Any = {"enabled": True, **bounds}
    price = fake.v1.prices.create(
        {"currency": "eur", "custom_unit_amount": custom, "product_data": {"name": "Gift"}}
    )
    return price.id


def session_of(fake: Fake, price: str, **params: Any) -> Any:
    return fake.session(line_items=[{"price": price, "quantity": 1}], **params)


def submit(fake: Fake, session: Any, **typed: str) -> requests.Response:
    return requests.post(
        session.url, data={**CARD, **typed}, timeout=PATIENCE, allow_redirects=False
    )


def total(fake: Fake, session: Any) -> int:
    return int(fake.v1.checkout.sessions.retrieve(session.id).amount_total or 0)


@pytest.mark.parametrize(
    ("bounds", "amount"),
    [({"minimum": 500, "preset": 1000}, 1000), ({"minimum": 500}, 500), ({}, 50)],
)
def test_a_session_begins_with_the_preset_or_the_least(
    fake: Fake, bounds: dict[str, int], amount: int
) -> None:
    session = session_of(fake, gift(fake, **bounds))

    assert (session.amount_total, session.payment_status) == (amount, "unpaid")


def test_the_amount_that_is_typed_is_shown_and_then_paid(fake: Fake) -> None:
    session = session_of(fake, gift(fake, minimum=500, preset=1000, maximum=9000))

    shown = submit(fake, session, customUnitAmount="25,50", update="amount")
    again = submit(fake, session, customUnitAmount="30")
    paid = submit(fake, session, customUnitAmount="30.00")

    assert ">Pay €25.50</button>" in shown.text
    assert "The total has changed" in again.text
    assert ">Pay €30.00</button>" in again.text
    assert paid.status_code == 303
    done = fake.v1.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]})
    assert (done.amount_subtotal, done.amount_total) == (3000, 3000)
    assert done.line_items is not None
    assert done.line_items.data[0].amount_total == 3000
    assert fake.intent(str(done.payment_intent)).amount_received == 3000


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("4.99", "Enter at least €5.00."),
        ("90,01", "Enter at most €90.00."),
        ("-10", "Enter an amount like €10.00."),
        ("1,000", "Enter an amount like €10.00."),
        ("a lot", "Enter an amount like €10.00."),
        ("", "Enter an amount like €10.00."),
    ],
)
def test_an_amount_that_cannot_be_changes_nothing(fake: Fake, typed: str, complaint: str) -> None:
    session = session_of(fake, gift(fake, minimum=500, preset=1000, maximum=9000))

    answer = submit(fake, session, customUnitAmount=typed)

    assert answer.status_code == 400
    assert complaints(answer.text) == {"customUnitAmount": complaint}
    assert total(fake, session) == 1000


def test_without_a_preset_an_amount_has_to_be_chosen(fake: Fake) -> None:
    session = session_of(fake, gift(fake, minimum=500))

    answer = submit(fake, session)

    assert complaints(answer.text) == {"customUnitAmount": "Enter an amount like €10.00."}
    assert fake.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_the_amount_follows_the_currency_of_the_session(fake: Fake) -> None:
    price = fake.v1.prices.create(
        {
            "currency": "eur", "custom_unit_amount": {"enabled": True, "preset": 1000},
            "product_data": {"name": "Gift"},
            "currency_options": {"jpy": {"custom_unit_amount": {"enabled": True, "preset": 1500}}},
        }
    )  # fmt: skip

    session = session_of(fake, price.id, currency="jpy")
    submit(fake, session, customUnitAmount="2000", update="amount")

    assert session.amount_total == 1500
    assert total(fake, session) == 2000
    refused = submit(fake, session, customUnitAmount="2000.5")
    assert complaints(refused.text) == {"customUnitAmount": "Enter an amount like ¥10."}


def test_an_amount_can_be_chosen_without_the_page(fake: Fake) -> None:
    session = session_of(fake, gift(fake, minimum=500))

    refused = fake.controlled(f"sessions/{session.id}/pay", {"unit_amount": 499})
    paid = fake.pay(session.id, unit_amount=700)

    assert refused.status_code == 400
    assert refused.json()["error"]["message"] == "Enter at least €5.00."
    assert paid["amount_total"] == 700


def test_a_chosen_amount_is_invoiced(fake: Fake) -> None:
    session = session_of(
        fake, gift(fake, minimum=500), invoice_creation={"enabled": True}, customer_email="a@b.test"
    )

    paid = fake.pay(session.id, unit_amount=700)

    invoice = fake.v1.invoices.retrieve(paid["invoice"])
    assert (invoice.total, invoice.lines.data[0].amount) == (700, 700)


@pytest.mark.parametrize(
    ("line", "more", "param"),
    [
        ({"quantity": 2}, {}, "line_items[0][quantity]"),
        ({"adjustable_quantity": {"enabled": True, "minimum": 1}}, {},
         "line_items[0][adjustable_quantity]"),
        ({}, {"extra": "line_items"}, "line_items"),
        ({}, {"extra": "optional_items"}, "optional_items"),
    ],
)  # fmt: skip
def test_a_chosen_amount_stands_alone(
    fake: Fake, line: dict[str, Any], more: dict[str, Any], param: str
) -> None:
    items: dict[str, Any] = {"line_items": [{"price": gift(fake), "quantity": 1, **line}]}
    if "extra" in more:
        cup = fake.v1.prices.create(
            {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Cup"}}
        )
        items.setdefault(more["extra"], []).append({"price": cup.id, "quantity": 1})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(**items)

    assert refused.value.param == param


def test_a_chosen_amount_is_no_optional_item_and_no_subscription(fake: Fake) -> None:
    price = gift(fake)

    with pytest.raises(stripe.InvalidRequestError) as optional:
        fake.session(optional_items=[{"price": price, "quantity": 1}])
    with pytest.raises(stripe.InvalidRequestError) as recurring:
        session_of(fake, price, mode="subscription")

    assert optional.value.param == "optional_items[0][price]"
    assert recurring.value.param == "line_items[0][price]"
