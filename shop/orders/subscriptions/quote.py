"""What a cart of subscriptions costs now, and what each further period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.utils import timezone

from shop import clock
from shop.catalog.models import Rhythm, trial_words
from shop.money import Money
from shop.orders.cart_lines import Line
from shop.orders.subscriptions.rules import ONCE, Plan


def plan_of(lines: Sequence[Line]) -> Plan:
    """How the things in a cart are paid, which they all are alike."""
    return next((Plan.of(line.price) for line in lines if line.price), ONCE)


@dataclass(frozen=True)
class Renewal:
    """What is paid each time, and when for the first time after today."""

    rhythm: Rhythm
    trial_days: int
    each: Money
    begins: datetime

    @classmethod
    def of(cls, plan: Plan, each: Money) -> Self | None:
        """None for what is paid once."""
        if plan.rhythm is None:
            return None
        today = timezone.localtime(clock.now())
        trial = timedelta(days=plan.trial_days)
        begins = today + trial if trial else plan.rhythm.after(today)
        return cls(plan.rhythm, plan.trial_days, each, begins)

    @property
    def trial_words(self) -> str:
        return trial_words(self.trial_days)

    @property
    def due_now(self) -> Money:
        """Nothing while it is free."""
        return Money.zero(self.each.currency) if self.trial_days else self.each
