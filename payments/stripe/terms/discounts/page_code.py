"""A code that was typed on Stripe's page: whose it is, and whether it took off what it says."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import translation

from payments.models import CheckoutSession, DiscountSync
from payments.stripe.errors import OutcomeUnknown
from payments.stripe.facts import SessionFacts
from shop.orders.models import Discount

Kind = DiscountSync.Kind


@dataclass(frozen=True)
class PageCode:
    discount: Discount
    word: str

    def name(self, language: str) -> str:
        """As the customer reads it."""
        with translation.override(language):
            return self.discount.translated("name")


def accepted(session: CheckoutSession, facts: SessionFacts) -> PageCode | None:
    """The code that this page was to take and has taken; None for any other discount, and none.

    Raises OutcomeUnknown while nobody has heard yet of having made it.
    """
    if not facts.promotion_code or not session.discount.get("on_page"):
        return None
    ours = DiscountSync.objects.filter(account=session.account, kind=Kind.CODE)
    row = ours.filter(stripe_id=facts.promotion_code).select_related("discount").first()
    if row is None:
        being_made = ours.filter(parameters__promotion__coupon=facts.coupon, stripe_id="")
        if facts.coupon and being_made.open().exists():
            raise OutcomeUnknown("The code that was typed is being told to Stripe right now.")
        return None
    if row.discount is None or row.parameters["promotion"]["coupon"] != facts.coupon:
        return None
    if not _takes_off(row.terms, facts):
        return None
    return PageCode(row.discount, row.word)


def _takes_off(terms: dict[str, Any], facts: SessionFacts) -> bool:
    """Whether the discount is what these terms make of the lines, as Stripe rounds it."""
    lines = facts.lines or []
    if sum(line.discount for line in lines) != facts.discount:
        return False
    if any(not 0 <= line.discount <= line.subtotal for line in lines):
        return False
    if terms["percentage"]:
        exact = Decimal(facts.subtotal) * Decimal(terms["percentage"]) / 100
        return abs(facts.discount - exact) <= Decimal(len(lines)) / 2
    amount = terms["off"].get(facts.currency)
    return amount is not None and facts.discount == min(amount, facts.subtotal)
