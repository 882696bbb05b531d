"""What can be paid for together: everything once, or everything in one rhythm.

A subscription at Stripe has one rhythm and one trial; what is paid once stands apart from it, so
that nobody takes the one for the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

from shop.catalog.models import Price, Rhythm, Variant
from shop.orders.models import CartLine

# Stripe takes so many recurring lines in a session; delivery is one of them.
MOST_LINES = 20


class NotTogether(Exception):
    """It is paid otherwise than what is there already; the message is for the customer."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How often something is paid, None for once, and how many days of it are free at first."""

    rhythm: Rhythm | None
    trial_days: int = 0

    @classmethod
    def of(cls, row: Price | CartLine) -> Self:
        return cls(row.rhythm, row.trial_days or 0)


ONCE = Plan(None)


def check_addition(held: Sequence[CartLine], price: Price) -> None:
    """Whether something at this price goes with what is in a cart. Raises NotTogether."""
    wanted = Plan.of(price)
    other = next((plan for plan in map(Plan.of, held) if plan != wanted), None)
    if other is not None:
        raise NotTogether(_why_not(other, wanted))
    if wanted.rhythm is None or any(line.variant_id == price.variant_id for line in held):
        return
    check_count([*(line.variant for line in held), price.variant])


def check_count(variants: Sequence[Variant]) -> None:
    """Whether so many different things fit into one subscription. Raises NotTogether."""
    most = MOST_LINES - any(variant.requires_shipping for variant in variants)
    if len(variants) > most:
        raise NotTogether(
            _("One subscription has at most %(most)s different things. Pay for these first.")
            % {"most": most}
        )


def check_plans(plans: Sequence[Plan]) -> None:
    """Whether all of it is paid alike. Raises NotTogether."""
    for plan in plans:
        if plan != plans[0]:
            raise NotTogether(_why_not(plans[0], plan))


def _why_not(held: Plan, wanted: Plan) -> str:
    if held.rhythm is None and wanted.rhythm is not None:
        return _(
            "Your cart holds what is paid once, and this is paid %(every)s. Pay for your cart"
            " first, or empty it."
        ) % {"every": wanted.rhythm.words}
    if held.rhythm is not None and wanted.rhythm is None:
        return _(
            "Your cart holds a subscription, paid %(every)s, and this is paid once. Pay for your"
            " cart first, or empty it."
        ) % {"every": held.rhythm.words}
    if held.rhythm is not None and wanted.rhythm is not None and held.rhythm != wanted.rhythm:
        return _(
            "What is in your cart is paid %(held)s, and this is paid %(every)s. Pay for your cart"
            " first, or empty it."
        ) % {"held": held.rhythm.words, "every": wanted.rhythm.words}
    return _(
        "What is in your cart is free at first for another time than this. Pay for your cart first,"
        " or empty it."
    )
