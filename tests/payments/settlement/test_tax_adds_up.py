"""What settle takes of a tax that Stripe worked out, in every currency, inclusive and exclusive."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_stripe.pricing.taxes import summed, taxes_on
from payments.models import CheckoutSession
from payments.settlement.totals.mismatches import parts_mismatches, tax_mismatches
from payments.stripe.facts import SessionFacts, session_facts
from shop.money import CURRENCIES
from tests.support.properties import examples

amounts = st.integers(0, 10_000_000_000)
percentages = st.sampled_from([0.0, 4.0, 5.5, 7.25, 8.1, 20.0, 25.5])


@st.composite
def sessions(draw: Any, *, inclusive: bool, currency: str) -> SessionFacts:
    """Up to six lines, some of it off, a delivery: as a completed session tells them."""

    def taxed(amount: int) -> tuple[list[dict[str, Any]], int, int]:
        percentage = draw(percentages)
        rate = {
            "id": f"txr_{percentage}", "display_name": "VAT", "percentage": percentage,
            "inclusive": inclusive,
        }  # fmt: skip
        return taxes_on(amount, [rate])

    items: list[dict[str, Any]] = []
    for place in range(1, draw(st.integers(1, 6)) + 1):
        subtotal = draw(amounts)
        off = draw(st.integers(0, subtotal))
        taxes, tax, on_top = taxed(subtotal - off)
        items.append(
            {
                "metadata": {"line": str(place)},
                "quantity": 1,
                "amount_subtotal": subtotal,
                "amount_discount": off,
                "amount_tax": tax,
                "taxes": taxes,
                "amount_total": subtotal - off + on_top,
            }
        )
    delivery = draw(amounts)
    taxes, tax, on_top = taxed(delivery)
    every = [entry for item in items for entry in item["taxes"]] + taxes
    # Whether the sums of a session hold those of its delivery is nowhere written.
    whole = draw(st.booleans())
    session = {
        "id": "cs_test_1", "status": "complete", "payment_status": "paid", "currency": currency,
        "amount_subtotal": sum(item["amount_subtotal"] for item in items),
        "amount_total": sum(item["amount_total"] for item in items) + delivery + on_top,
        "automatic_tax": {"enabled": True, "status": "complete"},
        "shipping_cost": {"amount_subtotal": delivery, "taxes": taxes},
        "total_details": {
            "amount_discount": sum(item["amount_discount"] for item in items),
            "amount_shipping": delivery,
            "amount_tax": sum(item["amount_tax"] for item in items) + tax,
            "breakdown": {"taxes": summed(every if whole else every[: -len(taxes)])},
        },
    }  # fmt: skip
    return session_facts(session, items, None)


def problems(facts: SessionFacts, *, inclusive: bool) -> list[str]:
    session = CheckoutSession(tax={"mode": "stripe", "is_inclusive": inclusive})
    return [*parts_mismatches(session, facts), *tax_mismatches(session, facts, session.tax)]


@pytest.mark.parametrize("inclusive", [True, False], ids=["inclusive", "exclusive"])
@examples(200)
@given(data=st.data(), currency=st.sampled_from(sorted(CURRENCIES)))
def test_what_adds_up_is_taken(data: Any, currency: str, inclusive: bool) -> None:
    facts = data.draw(sessions(inclusive=inclusive, currency=currency))

    assert problems(facts, inclusive=inclusive) == []
    on_top = 0 if inclusive else sum(tax.amount for tax in facts.reckoned.taxes)
    assert facts.total == facts.subtotal - facts.discount + facts.shipping + on_top
    assert sum(tax.amount for tax in facts.reckoned.taxes) == facts.tax


@pytest.mark.parametrize("inclusive", [True, False], ids=["inclusive", "exclusive"])
@pytest.mark.parametrize("field", ["subtotal", "discount", "shipping", "tax", "total"])
@examples(50)
@given(data=st.data(), by=st.integers(1, 500))
def test_a_part_that_is_otherwise_is_not(data: Any, field: str, inclusive: bool, by: int) -> None:
    facts = data.draw(sessions(inclusive=inclusive, currency="eur"))

    assert problems(replace(facts, **{field: getattr(facts, field) + by}), inclusive=inclusive)
