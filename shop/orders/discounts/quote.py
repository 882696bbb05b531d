"""What the cart says of discounts before anything is paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shop.catalog.category_tree import tree_of
from shop.catalog.models import Price
from shop.money import Money
from shop.orders import cart_lines
from shop.orders.delivery.quote import Quote
from shop.orders.discounts.arithmetic import Line
from shop.orders.discounts.terms import Applied, Bought, Terms, Who
from shop.orders.models import Cart
from shop.orders.visitor import known_visitor


@dataclass(frozen=True)
class CodeRefusal:
    """A code that does not count, as it was typed, and why."""

    typed: str
    sentence: str


@dataclass(frozen=True)
class DiscountQuote:
    """What counts, and why the code that was typed does not; empty where it does."""

    code: str
    applied: Applied | None
    why_not: str
    currency: str
    # An offer takes off more than the code, which would count without it.
    is_beaten: bool

    @classmethod
    def of(
        cls,
        request: HttpRequest,
        cart: Cart,
        lines: Sequence[cart_lines.Line],
        delivery: Quote | None,
        *,
        code: str | None = None,
    ) -> Self:
        """For the cart as it stands, with its own code or with this one; in one query."""
        typed = cart.code if code is None else code
        if renewed := next(
            (line.price for line in lines if line.price and line.price.rhythm), None
        ):
            why_not = codes_of_subscriptions(renewed) if typed else ""
            return cls(typed, None, why_not, renewed.currency, is_beaten=False)
        bought = _bought(lines, delivery)
        terms = Terms.now(typed, who(request, cart), partial(tree_of, request))
        return cls(
            typed,
            terms.best(bought),
            terms.why_not(bought),
            bought.currency,
            terms.is_beaten(bought),
        )

    @classmethod
    def with_code(cls, request: HttpRequest, cart: Cart, code: str) -> Self | None:
        """For the cart if this code were its own; None where there is nothing in it."""
        lines = cart_lines.lines(cart)
        delivery = Quote.of(request, cart_lines.goods(lines))
        return cls.of(request, cart, lines, delivery, code=code) if lines else None

    @property
    def amount(self) -> Money:
        """What is taken off the goods."""
        return self.applied.amount if self.applied else Money.zero(self.currency)

    @property
    def frees_delivery(self) -> bool:
        return bool(self.applied and self.applied.frees_delivery)

    @property
    def off(self) -> dict[int, int]:
        """What is taken off each line, {variant id: minor units}."""
        return self.applied.lines if self.applied else {}


def codes_of_subscriptions(price: Price) -> str:
    """Why no code counts in the cart, and where one does: Stripe takes it off one period alone."""
    if price.trial_days:
        return _("A subscription that is free at first takes no codes.")
    if settings.ALLOW_PROMOTION_CODES:
        return _("For a subscription, type your code on the payment page: it counts once.")
    return _("Codes do not count for subscriptions.")


def who(request: HttpRequest, cart: Cart | None) -> Who:
    """The customer, as far as this browser or its log-in tells."""
    user = request.user if request.user.is_authenticated else None
    return Who(user, known_visitor(request), cart)


def _bought(lines: Sequence[cart_lines.Line], delivery: Quote | None) -> Bought:
    cheapest = delivery.cheapest if delivery else None
    return Bought(
        lines[0].seen.currency,
        [
            Line.of(line.variant.pk, line.variant, line.price, line.unit_price, line.had)
            for line in lines
            if line.price is not None and line.unit_price is not None and line.had
        ],
        cheapest.amount if cheapest else None,
    )
