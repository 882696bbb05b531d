"""Paying without the page keeps to what the page insists on."""

from typing import Any

import pytest

from tests.fake_stripe.rig import Fake

FIELDS: list[dict[str, Any]] = [
    {"key": "size", "label": {"type": "custom", "custom": "Size"}, "type": "dropdown",
     "dropdown": {"options": [{"label": "Small", "value": "s"}, {"label": "Large", "value": "l"}]}},
    {"key": "pin", "label": {"type": "custom", "custom": "Pin"}, "type": "numeric",
     "numeric": {"minimum_length": 6}},
    {"key": "note", "label": {"type": "custom", "custom": "Note"}, "type": "text",
     "text": {"maximum_length": 3}},
]  # fmt: skip


def session_with_questions(fake: Fake) -> Any:
    """A session that asks for all sorts of things."""
    return fake.session(
        custom_fields=FIELDS,
        consent_collection={"terms_of_service": "required"},
        phone_number_collection={"enabled": True},
        tax_id_collection={"enabled": True, "required": "if_supported"},
        name_collection={"business": {"enabled": True}},
        shipping_address_collection={"allowed_countries": ["DE", "FR"]},
    )


def test_what_the_page_insists_on_is_filled_in(fake: Fake) -> None:
    done = fake.pay(session_with_questions(fake).id)

    answers = {one["key"]: one[one["type"]]["value"] for one in done["custom_fields"]}
    details = done["customer_details"]
    assert answers == {"size": "s", "pin": "111111", "note": "aaa"}
    assert done["consent"]["terms_of_service"] == "accepted"
    assert details["phone"]
    assert details["tax_ids"] == [{"type": "eu_vat", "value": "ATU12345678"}]
    assert details["business_name"] == "Vera Muster"
    assert done["collected_information"]["shipping_details"]["address"]["country"] == "DE"


def test_answers_can_be_given(fake: Fake) -> None:
    done = fake.pay(
        session_with_questions(fake).id, answers={"size": "l", "note": "hi"}, country="FR"
    )

    answers = {one["key"]: one[one["type"]]["value"] for one in done["custom_fields"]}
    assert answers == {"size": "l", "pin": "111111", "note": "hi"}


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"answers": {"size": "xl"}}, "answers[size]"),
        ({"answers": {"pin": "12"}}, "answers[pin]"),
        ({"answers": {"colour": "blue"}}, "answers[colour]"),
        ({"terms": False}, "terms"),
        ({"country": "AT"}, "country"),
    ],
)
def test_what_the_page_would_not_take_is_refused(
    fake: Fake, body: dict[str, Any], param: str
) -> None:
    session = session_with_questions(fake)

    answer = fake.controlled(f"sessions/{session.id}/pay", body)

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
    assert fake.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_a_code_can_be_typed_where_the_page_takes_one(fake: Fake) -> None:
    coupon = fake.v1.coupons.create({"percent_off": 10})
    fake.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "TEN"}
    )

    done = fake.pay(fake.session(allow_promotion_codes=True).id, promotion_code="ten")
    refused = fake.controlled(f"sessions/{fake.session().id}/pay", {"promotion_code": "TEN"})

    assert done["discounts"][0]["coupon"] == coupon.id
    assert done["total_details"]["amount_discount"] * 10 == done["amount_subtotal"]
    assert refused.status_code == 400


def test_quantities_and_items_on_offer_can_be_chosen(fake: Fake) -> None:
    wrap = fake.v1.products.create({"name": "Gift wrap"})
    price = fake.v1.prices.create({"product": wrap.id, "currency": "eur", "unit_amount": 300})
    data = {"currency": "eur", "unit_amount": 1000, "product_data": {"name": "Kettle"}}
    bounds = {"enabled": True, "minimum": 1, "maximum": 3}
    session = fake.session(
        line_items=[{"price_data": data, "quantity": 3, "adjustable_quantity": bounds}],
        optional_items=[{"price": price.id, "quantity": 1}],
    )

    refused = fake.controlled(f"sessions/{session.id}/pay", {"quantities": [4]})
    done = fake.pay(session.id, quantities=[2], additions=[price.id])

    lines = fake.v1.checkout.sessions.line_items.list(session.id).data
    assert (refused.status_code, done["amount_total"]) == (400, 2300)
    assert [(line.description, line.quantity) for line in lines] == [
        ("Kettle", 2),
        ("Gift wrap", 1),
    ]
