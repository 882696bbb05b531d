"""What a cart comes to before anything is paid: goods, discount, delivery, tax, and all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.conf import settings
from django.http import HttpRequest

from shop.money import Money
from shop.orders import cart_lines, currencies
from shop.orders.additions.suggestions import Suggestions, suggested
from shop.orders.delivery.quote import Quote
from shop.orders.discounts.quote import DiscountQuote
from shop.orders.models import Cart
from shop.orders.subscriptions.quote import Renewal, plan_of
from shop.orders.subscriptions.rules import ONCE, Plan
from shop.orders.tax.quote import TaxQuote


@dataclass(frozen=True)
class Totals:
    """Each part as it can be told before the payment page; None for what does not arise."""

    subtotal: Money
    discount: DiscountQuote
    delivery: Quote | None
    tax: TaxQuote | None
    lines: Sequence[cart_lines.Line]
    plan: Plan = ONCE

    @classmethod
    def of(cls, request: HttpRequest, cart: Cart, lines: Sequence[cart_lines.Line]) -> Self:
        """For a cart with something in it. Delivery and tax go by what the discount leaves."""
        delivery = Quote.of(request, cart_lines.goods(lines))
        plan = plan_of(lines)
        if delivery and plan.rhythm:
            delivery = delivery.settled_on(cart.delivery_method_id)
        discount = DiscountQuote.of(request, cart, lines, delivery)
        if delivery and not plan.rhythm:
            delivery = delivery.less(discount.amount, is_free=discount.frees_delivery)
        tax = TaxQuote.of(request, cart_lines.had(lines, discount.off), delivery)
        return cls(cart_lines.subtotal(lines), discount, delivery, tax, lines, plan)

    @property
    def largest(self) -> Money | None:
        """The most that can be paid at once, if that is less."""
        return cart_lines.is_beyond(self.subtotal)

    @property
    def total(self) -> Money:
        """What the order costs, with the cheapest delivery."""
        total = self.subtotal - self.discount.amount
        if self.delivery and self.delivery.cheapest:
            total += self.delivery.cheapest.amount
        return total + self.tax.on_top if self.tax else total

    @cached_property
    def renewal(self) -> Renewal | None:
        """What comes after today, of what is paid again and again."""
        return Renewal.of(self.plan, self.total)

    @cached_property
    def suggestions(self) -> Suggestions:
        """What goes with it; it is paid once, and with no subscription."""
        if self.plan.rhythm:
            return Suggestions()
        return suggested(self.lines, self.discount.applied, self.delivery)

    @property
    def elsewhere(self) -> list[Money]:
        """The same in each other currency that the payment page may be in.

        None where something may be changed on that page: it is known in one currency alone.
        """
        if (
            self.plan.rhythm
            or self.discount.applied
            or self._may_be_lowered
            or self.suggestions.may_be_on_page
        ):
            return []
        return currencies.elsewhere(self.lines, self.delivery, self.tax)

    @property
    def _may_be_lowered(self) -> bool:
        return settings.ADJUSTABLE_QUANTITY and any(line.had > 1 for line in self.lines)

    @property
    def may_pay(self) -> bool:
        """Whether it is sent there, and taxed there."""
        is_sent = not self.delivery or bool(self.delivery.offers)
        return is_sent and (not self.tax or self.tax.due is not None)
