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
