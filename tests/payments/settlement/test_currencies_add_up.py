"""Whichever currency Stripe chooses, what was frozen for it adds up, and settle takes just that."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from fake_stripe.pricing.taxes import summed, taxes_on
from payments.models import CheckoutSession
from payments.settlement.totals.mismatches import (
    delivery_mismatches,
    parts_mismatches,
    tax_mismatches,
)
from payments.stripe.facts import SessionFacts, session_facts
from shop.catalog.models import Price, Variant
from shop.money import CURRENCIES
from shop.orders.currencies.frozen import kept_of
from shop.orders.currencies.terms import Amounts
from shop.orders.models import OrderLine, TaxRate
from shop.orders.tax.due import Due, Line
from tests.support.properties import examples

amounts = st.integers(0, 10_000_000_000)
METHODS = (1, 2)
RATES = {
    name: TaxRate(pk=pk, country="AT", tax_class=name, name="VAT", percentage=Decimal(share))
    for pk, (name, share) in enumerate({"standard": "20", "reduced": "5.5", "none": "0"}.items(), 1)
}


@dataclass(frozen=True)
class Purchase:
    """Lines with what they cost in each currency, and what each method does."""

    lines: list[OrderLine]
    classes: list[str]
    each: dict[str, Amounts]

    def due(self, currency: str) -> Due:
        costs = self.each[currency].lines
        lines = [
            Line(line.position, name, costs[line.position], line.variant.requires_shipping)
            for line, name in zip(self.lines, self.classes, strict=True)
        ]
        return Due("AT", currency, lines, {name: RATES[name] for name in self.classes})

    def tax(self, currency: str) -> dict[str, Any]:
        """As a page in this currency alone freezes it."""
        ids = {rate.pk: f"txr_{rate.pk}" for rate in RATES.values()}
        prices = {str(key): cost for key, cost in self.each[currency].deliveries.items()}
        return self.due(currency).frozen(ids, ["AT"], prices)

    def session(self, currency: str) -> CheckoutSession:
        """The page of an order in this currency."""
        tax = self.tax(currency)
        return CheckoutSession(
            tax=tax,
            delivery={
                "countries": ["AT"],
                "options": [
                    {"method": key, "amount": cost}
                    for key, cost in self.each[currency].deliveries.items()
                ],
            },
            currencies={code: kept_of(there, tax, self.lines) for code, there in self.each.items()},
        )

    def paid(self, currency: str, method: int, *, is_inclusive: bool) -> SessionFacts:
        """What Stripe tells of the page in this currency, by its own arithmetic."""
        there = self.each[currency]
        items: list[dict[str, Any]] = []
        for line, name in zip(self.lines, self.classes, strict=True):
            rate = {
                "id": f"txr_{name}", "display_name": "VAT",
                "percentage": float(RATES[name].percentage), "inclusive": is_inclusive,
            }  # fmt: skip
            taxes, tax, on_top = taxes_on(there.lines[line.position], [rate])
            items.append(
                {
                    "metadata": {"line": str(line.position)},
                    "quantity": line.quantity,
                    "amount_subtotal": there.lines[line.position],
                    "amount_discount": 0,
                    "amount_tax": tax,
                    "taxes": taxes,
                    "amount_total": there.lines[line.position] + on_top,
                }
            )
        delivery = there.deliveries[method]
        session = {
            "id": "cs_test_1", "status": "complete", "payment_status": "paid",
            "currency": currency,
            "amount_subtotal": there.subtotal,
            "amount_total": sum(item["amount_total"] for item in items) + delivery,
            "collected_information": {"shipping_details": {"address": {"country": "AT"}}},
            "shipping_cost": {"shipping_rate": {"id": "shr_1", "metadata": {"method": method}}},
            "total_details": {
                "amount_discount": 0,
                "amount_shipping": delivery,
                "amount_tax": sum(item["amount_tax"] for item in items),
                "breakdown": {"taxes": summed([tax for one in items for tax in one["taxes"]])},
            },
        }  # fmt: skip
        return session_facts(session, items, None)


@st.composite
def purchases(draw: Any) -> Purchase:
    currencies = draw(st.lists(st.sampled_from(sorted(CURRENCIES)), min_size=2, max_size=3,
                               unique=True))  # fmt: skip
    count = draw(st.integers(1, 5))
    lines = [
        OrderLine(
            position=position,
            quantity=draw(st.integers(1, 99)),
            variant=Variant(requires_shipping=position == 1 or draw(st.booleans())),
        )
        for position in range(1, count + 1)
    ]
    each = {}
    for currency in currencies:
        prices = {
            line.position: Price(pk=line.position, currency=currency, unit_amount=draw(amounts))
            for line in lines
        }
        costs = {line.position: prices[line.position].unit_amount * line.quantity for line in lines}
        deliveries = {method: draw(amounts) for method in METHODS}
        each[currency] = Amounts(currency, prices, costs, deliveries)
    return Purchase(lines, [draw(st.sampled_from(sorted(RATES))) for _ in lines], each)


def problems(session: CheckoutSession, facts: SessionFacts) -> list[str]:
    return [
        *parts_mismatches(session, facts),
        *delivery_mismatches(session, facts),
        *tax_mismatches(session, facts, session.tax),
    ]


@pytest.mark.parametrize("inclusive", [True, False], ids=["inclusive", "exclusive"])
@examples(150)
@given(purchase=purchases(), method=st.sampled_from(METHODS))
def test_what_adds_up_in_a_currency_is_taken_in_it(
    purchase: Purchase, method: int, inclusive: bool
) -> None:
    exclusive = [] if inclusive else list(purchase.each)
    with override_settings(TAX_EXCLUSIVE_CURRENCIES=exclusive):
        for own in purchase.each:
            session = purchase.session(own)
            for currency, there in purchase.each.items():
                page = session.in_currency(currency)
                facts = purchase.paid(currency, method, is_inclusive=inclusive)

                # Whichever way it is worked out, it is the same.
                assert page.tax == purchase.tax(currency)
                assert problems(page, facts) == []
                on_top = 0 if inclusive else purchase.due(currency).on_top
                assert facts.total == there.subtotal + there.deliveries[method] + on_top
                assert session.elsewhere[currency] == max(there.totals(on_top))


@pytest.mark.parametrize("field", ["subtotal", "shipping", "tax", "total"])
@examples(50)
@given(purchase=purchases(), by=st.integers(1, 500))
def test_a_part_that_is_otherwise_is_not(purchase: Purchase, field: str, by: int) -> None:
    own, currency = list(purchase.each)[:2]
    page = purchase.session(own).in_currency(currency)
    facts = purchase.paid(currency, 1, is_inclusive=True)

    assert problems(page, replace(facts, **{field: getattr(facts, field) + by}))
