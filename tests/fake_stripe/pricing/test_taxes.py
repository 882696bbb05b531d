"""Taxes on a session: rates named by the caller, and automatic tax by country."""

from typing import Any

import pytest
import stripe

from tests.fake_stripe.rig import Fake


def line(amount: int, **more: Any) -> dict[str, Any]:
    data = {"currency": "eur", "unit_amount": amount, "product_data": {"name": "Kettle"}}
    behavior = more.pop("behavior", None)
    if behavior:
        data["tax_behavior"] = behavior
    return {"price_data": data, "quantity": 1, **more}


def rate(fake: Fake, percentage: float, *, inclusive: bool) -> str:
    made = fake.v1.tax_rates.create(
        {"display_name": "VAT", "percentage": percentage, "inclusive": inclusive}
    )
    return made.id


def test_tax_rate_is_made_archived_and_listed(fake: Fake) -> None:
    rate_id = rate(fake, 19, inclusive=True)

    archived = fake.v1.tax_rates.update(rate_id, {"active": False})

    assert (archived.percentage, archived.active) == (19, False)
    assert fake.v1.tax_rates.list({"active": True}).data == []
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(line_items=[line(1000, tax_rates=[rate_id])])
    assert refused.value.param == "line_items[0][tax_rates][0]"


@pytest.mark.parametrize(("inclusive", "tax", "total"), [(False, 200, 1200), (True, 167, 1000)])
def test_rate_of_a_line_stands_inside_or_on_top(
    fake: Fake, inclusive: bool, tax: int, total: int
) -> None:
    rate_id = rate(fake, 20, inclusive=inclusive)

    session = fake.session(
        line_items=[line(1000, tax_rates=[rate_id])],
        expand=["line_items.data.taxes", "total_details.breakdown"],
    )

    assert (session.total_details.amount_tax, session.amount_total) == (tax, total)
    assert session.line_items.data[0].taxes[0].rate.id == rate_id
    assert [part.amount for part in session.total_details.breakdown.taxes] == [tax]


def test_automatic_tax_waits_for_the_address_and_is_charged(fake: Fake) -> None:
    session = fake.session(
        line_items=[line(1000, behavior="exclusive")], automatic_tax={"enabled": True}
    )

    done = fake.pay(session.id, country="DE")

    assert session.automatic_tax.status == "requires_location_inputs"
    assert session.amount_total == 1000
    assert (done["automatic_tax"]["status"], done["amount_total"]) == ("complete", 1190)
    assert fake.intent(done["payment_intent"]).amount_received == 1190


def test_automatic_tax_knows_the_address_of_a_customer(fake: Fake) -> None:
    customer = fake.v1.customers.create({"address": {"country": "AT", "line1": "Ring 1"}})

    session = fake.session(
        customer=customer.id,
        line_items=[line(1200, behavior="inclusive")],
        automatic_tax={"enabled": True},
    )

    assert session.automatic_tax.status == "complete"
    assert (session.total_details.amount_tax, session.amount_total) == (200, 1200)


def test_tax_is_due_on_what_the_discount_leaves_and_on_shipping(fake: Fake) -> None:
    coupon = fake.v1.coupons.create({"percent_off": 50})
    customer = fake.v1.customers.create({"address": {"country": "AT"}})
    post = {
        "display_name": "Post", "type": "fixed_amount", "tax_behavior": "exclusive",
        "fixed_amount": {"amount": 500, "currency": "eur"},
    }  # fmt: skip

    session = fake.session(
        customer=customer.id,
        line_items=[line(1000, behavior="exclusive")],
        automatic_tax={"enabled": True},
        discounts=[{"coupon": coupon.id}],
        shipping_options=[{"shipping_rate_data": post}],
    )

    assert session.total_details.amount_tax == 200
    assert session.shipping_cost.amount_total == 600
    assert session.amount_total == 1200


def test_automatic_tax_and_rates_of_lines_exclude_each_other(fake: Fake) -> None:
    rate_id = rate(fake, 20, inclusive=True)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(line_items=[line(1000, tax_rates=[rate_id])], automatic_tax={"enabled": True})

    assert refused.value.param == "line_items[0][tax_rates]"


def automatic(fake: Fake, *lines: Any, **more: Any) -> Any:
    return fake.session(line_items=list(lines), automatic_tax={"enabled": True}, **more)


def coded(amount: int, tax_code: str, behavior: str = "inclusive") -> Any:
    made = line(amount, behavior=behavior)
    made["price_data"]["product_data"]["tax_code"] = tax_code
    return made


TAXES = ["line_items.data.taxes", "total_details.breakdown", "shipping_cost.taxes"]


def test_the_tax_code_says_which_rate_is_due(fake: Fake) -> None:
    session = automatic(fake, coded(1100, "txcd_35010000"), coded(500, "txcd_00000000"))
    fake.pay(session.id, country="AT")

    done = fake.v1.checkout.sessions.retrieve(session.id, {"expand": TAXES})

    assert [
        (tax.rate.percentage, tax.taxable_amount, tax.amount, tax.taxability_reason)
        for tax in done.total_details.breakdown.taxes
    ] == [(10.0, 1000, 100, "reduced_rated"), (0.0, 500, 0, "zero_rated")]
    assert done.amount_total == 1600


@pytest.mark.parametrize(
    ("address", "tax"),
    [
        ({"state": "CA"}, 73),
        ({"postal_code": "10001"}, 40),
        ({"postal_code": "03031"}, 0),
        ({"state": "OR"}, 0),
    ],
)
def test_in_the_united_states_the_state_says_it(
    fake: Fake, address: dict[str, str], tax: int
) -> None:
    session = automatic(fake, line(1000, behavior="exclusive"))

    done = fake.pay(session.id, country="US", **address)

    assert (done["total_details"]["amount_tax"], done["amount_total"]) == (tax, 1000 + tax)


def test_shipping_has_taxes_of_its_own(fake: Fake) -> None:
    post = {
        "display_name": "Post", "type": "fixed_amount", "tax_behavior": "inclusive",
        "tax_code": "txcd_92010001", "fixed_amount": {"amount": 600, "currency": "eur"},
    }  # fmt: skip
    session = automatic(
        fake, line(1200, behavior="inclusive"), shipping_options=[{"shipping_rate_data": post}]
    )
    fake.pay(session.id, country="AT")

    done = fake.v1.checkout.sessions.retrieve(session.id, {"expand": TAXES})

    assert [tax.amount for tax in done.shipping_cost.taxes] == [100]
    assert (done.shipping_cost.amount_tax, done.total_details.amount_tax) == (100, 300)
    assert [tax.amount for tax in done.total_details.breakdown.taxes] == [300]


def test_what_is_no_tax_code_is_refused(fake: Fake) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        automatic(fake, coded(1100, "books"))

    assert refused.value.code == "resource_missing"


@pytest.mark.parametrize("status", ["failed", "requires_location_inputs"])
def test_a_tax_that_cannot_be_worked_out_is_none(fake: Fake, status: str) -> None:
    session = automatic(fake, line(1000, behavior="exclusive"))
    fake.control(f"sessions/{session.id}/automatic_tax", {"status": status})

    done = fake.pay(session.id, country="AT")

    assert (done["automatic_tax"]["status"], done["amount_total"]) == (status, 1000)


def test_an_account_that_says_not_where_it_is_gets_no_automatic_tax(fake: Fake) -> None:
    fake.control("tax_settings", {"status": "pending"})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        automatic(fake, line(1000))

    assert fake.v1.tax.settings.retrieve().status == "pending"
    assert refused.value.code == "stripe_tax_inactive"
    fake.v1.tax.settings.update({"head_office": {"address": {"country": "AT"}}})
    assert fake.v1.tax.settings.retrieve().status == "active"
    assert automatic(fake, line(1000)).automatic_tax.enabled


def test_tax_ids_are_asked_of_a_known_customer_only_if_their_name_may_change(fake: Fake) -> None:
    customer = fake.v1.customers.create({"name": "Vera"})
    asked: Any = {"customer": customer.id, "tax_id_collection": {"enabled": True}}

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(**asked)

    assert refused.value.param == "customer_update[name]"
    session = fake.session(**asked, customer_update={"name": "auto"})
    given = [{"type": "eu_vat", "value": "DE123456789"}, {"type": "gb_vat", "value": "GB123456789"}]
    done = fake.pay(session.id, tax_ids=given, business_name="Muster GmbH")
    assert done["customer_details"]["tax_ids"] == given
    assert done["customer_details"]["business_name"] == "Muster GmbH"


@pytest.mark.parametrize(
    ("kind", "value", "is_taken"),
    [
        ("eu_vat", "ATU12345678", True),
        ("eu_vat", "AT12345678", False),
        ("eu_vat", "US123456789", False),
        ("ch_vat", "CHE-123.456.789 MWST", True),
        ("ch_vat", "CHE-123.456.789", False),
        ("us_ein", "12-3456789", True),
        ("us_ein", "123456789", False),
        ("gb_vat", "GB123456789", True),
    ],
)
def test_the_commonest_tax_ids_have_their_forms(
    fake: Fake, kind: str, value: str, is_taken: bool
) -> None:
    session = fake.session(tax_id_collection={"enabled": True})

    answer = fake.controlled(
        f"sessions/{session.id}/pay", {"tax_ids": [{"type": kind, "value": value}]}
    )

    assert (answer.status_code == 200) is is_taken
