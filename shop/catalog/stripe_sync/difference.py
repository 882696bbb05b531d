"""One thing that Stripe holds otherwise than was agreed, and how it is told to people."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shop.catalog.models import Variant
from shop.money import Money


class Kind(StrEnum):
    TAKE = "take over"
    CONFLICT = "conflict"
    GONE = "gone"


@dataclass(frozen=True)
class Seen:
    """A product of ours as it is at Stripe, with its prices that can be paid."""

    product: dict[str, Any]
    prices: list[dict[str, Any]]


@dataclass(frozen=True)
class Difference:
    """A field of a product, or a price: `price`, `price:usd`, `price:eur:1month`."""

    kind: Kind
    variant: Variant
    field: str
    base: Any
    ours: Any
    theirs: Any

    def __str__(self) -> str:
        if self.kind == Kind.GONE:
            return f"gone at Stripe: {self.variant.sku} ({self.variant})"
        field = self.field.replace(":", " ")
        change = f"{value_in_words(self.base)} → {value_in_words(self.theirs)}"
        words = f"{self.kind} {field} of {self.variant.sku}: at Stripe {change}"
        return f"{words}, here {value_in_words(self.ours)}" if self.kind == Kind.CONFLICT else words


def value_in_words(value: Any) -> str:
    """A field's value for people, in one line."""
    match value:
        case None | "" | []:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value))
        case {"currency": str(currency)}:
            return amount_in_words(value, currency) + rhythm_in_words(value)
    return f"“{str(value)[:80]}”"


def amount_in_words(terms: dict[str, Any], currency: str) -> str:
    """What a Price of Stripe's asks, for people; amounts in `terms` are minor units."""
    match terms:
        case {"custom_unit_amount": dict(custom)}:
            names = ("minimum", "preset", "maximum")
            bounds = [f"{name} {Money(custom[name], currency)}" for name in names if custom[name]]
            return ", ".join(["chosen by the customer", *bounds])
        case {"unit_amount": int(amount)}:
            return str(Money(amount, currency))
        case {"unit_amount_decimal": str(amount)}:
            return f"{amount} of the smallest unit of {currency.upper()}"
    return f"in tiers of {currency.upper()}"


def rhythm_in_words(terms: dict[str, Any]) -> str:
    """As " every 2 weeks"; nothing for what is paid once."""
    if not (interval := terms.get("interval")):
        return ""
    count = terms.get("interval_count", 1)
    words = f" every {interval}" if count == 1 else f" every {count} {interval}s"
    return f"{words} by use" if terms.get("usage_type") == "metered" else words
