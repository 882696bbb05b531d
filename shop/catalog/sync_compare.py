"""Ours, Stripe's, and what both last agreed on: which side has changed what.

A field that only Stripe changed is taken over; one that both changed is a conflict, which a person
decides; one that only we changed is ours to tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shop.catalog import sync_plan
from shop.catalog.models import Price, Variant
from shop.catalog.sync_plan import Told, lookup_key, product_parameters
from shop.money import Money

# The fields of a product that both sides may change, with what stands for "nothing".
FIELDS: dict[str, Any] = {
    "name": "",
    "active": False,
    "description": "",
    "images": [],
    "shippable": None,
    "tax_code": "",
}


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
    """One field that Stripe holds otherwise than was agreed; of a price that is `price`."""

    kind: Kind
    variant: Variant
    field: str
    base: Any
    ours: Any
    theirs: Any

    def __str__(self) -> str:
        if self.kind == Kind.GONE:
            return f"gone at Stripe: {self.variant.sku} ({self.variant})"
        change = f"{in_words(self.base)} → {in_words(self.theirs)}"
        words = f"{self.kind} {self.field} of {self.variant.sku}: at Stripe {change}"
        return f"{words}, here {in_words(self.ours)}" if self.kind == Kind.CONFLICT else words


def in_words(value: Any) -> str:
    """A field's value for people, in one line."""
    match value:
        case None | "" | []:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value))
        case {"unit_amount": int(amount), "currency": str(currency)}:
            return str(Money(amount, currency))
    return f"“{str(value)[:80]}”"


def differences(variant: Variant, seen: Seen, told: Told, shop: str) -> Iterator[Difference]:
    """What Stripe holds of this variant otherwise than we last told it or took it over."""
    base = told.products.get(variant.pk, {})
    ours, theirs = product_parameters(variant, shop), seen.product
    for field, nothing in FIELDS.items():
        values = tuple(_value(side.get(field), nothing) for side in (base, ours, theirs))
        yield from _compared(variant, field, *values, may_take=can_take(variant, field, values[2]))
    yield from _price(variant, seen, told, shop)


def same(field: str, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether both say the same of a product's field."""
    nothing = FIELDS[field]
    return bool(_value(one.get(field), nothing) == _value(other.get(field), nothing))


def _value(value: Any, nothing: Any) -> Any:
    return nothing if value in (None, "", []) else value


def _compared(
    variant: Variant, field: str, base: Any, ours: Any, theirs: Any, *, may_take: bool
) -> Iterator[Difference]:
    if theirs in (base, ours):
        return
    kind = Kind.TAKE if ours == base and may_take else Kind.CONFLICT
    yield Difference(kind, variant, field, base, ours, theirs)


def can_take(variant: Variant, field: str, value: Any) -> bool:
    """Whether the catalog can say it as Stripe does."""
    match field:
        case "name":
            # The choice stands behind the title, and is another for each variant.
            return bool(title_in(variant, value))
        case "images":
            return bool(value)
        case "active":
            # Putting a whole product on sale is not for somebody who ticks a box elsewhere.
            return not value or variant.product.status == variant.product.Status.ACTIVE
        case "shippable":
            return value is not None
        case "tax_code":
            return len(value) <= 20
    return True


def title_in(variant: Variant, name: str) -> str:
    """The product's title within a name at Stripe; empty where the name is of another make."""
    ending = f" ({variant.choice})" if variant.choice else ""
    title = name.removesuffix(ending) if name.endswith(ending) else ""
    return title if len(title) <= 255 else ""


# -- Prices ----------------------------------------------------------------------------------------


def _price(variant: Variant, seen: Seen, told: Told, shop: str) -> Iterator[Difference]:
    """A price that somebody put in the place of ours, or ours put away."""
    last = last_told(variant, told)
    if last is None or last.pk in told.archived:
        return
    ours, base = _amount_of(sync_plan.main_price(variant)), _amount_of(last)
    successor = _successor(variant, last, seen, told, shop)
    if successor:
        theirs = {
            "id": successor["id"],
            "unit_amount": successor["unit_amount"],
            "currency": successor["currency"],
        }
    elif _is_active(last, seen):
        return
    else:
        theirs = None
    if ours == base:
        yield Difference(Kind.TAKE, variant, "price", base, ours, theirs)
    elif theirs is not None:
        yield Difference(Kind.CONFLICT, variant, "price", base, ours, theirs)


def last_told(variant: Variant, told: Told) -> Price | None:
    """The newest main price that Stripe knows."""
    known = [
        price
        for price in variant.prices.all()
        if told.knows(price) and not price.interval and price.pk not in told.archived
    ]
    return max(known, key=lambda price: price.pk, default=None)


def _amount_of(price: Price | None) -> dict[str, Any] | None:
    if price is None:
        return None
    return {"unit_amount": price.unit_amount, "currency": price.currency}


def _is_active(price: Price, seen: Seen) -> bool:
    return any(one["id"] == price.stripe_price_id for one in seen.prices)


def _successor(
    variant: Variant, last: Price, seen: Seen, told: Told, shop: str
) -> dict[str, Any] | None:
    """The price without our mark that took the place of `last`.

    It does so as the product's default price, with our lookup key, or, once ours is archived, as
    the newest of its currency.
    """
    foreign = [
        one
        for one in foreign_prices(variant, seen, shop)
        if one["currency"] == last.currency and one["id"] not in told.declined
    ]
    key = lookup_key(variant, last, shop)
    named = [
        one
        for one in foreign
        if one["lookup_key"] == key or one["id"] == seen.product.get("default_price")
    ]
    if named or _is_active(last, seen):
        return next(iter(named), None)
    return max(foreign, key=lambda one: int(one["created"]), default=None)


def foreign_prices(variant: Variant, seen: Seen, shop: str) -> list[dict[str, Any]]:
    """Prices of this product that we did not make, and that the shop could ask once."""
    known = {price.stripe_price_id for price in variant.prices.all()}
    return [
        one
        for one in seen.prices
        if one["id"] not in known
        and (one["metadata"] or {}).get("shop") != shop
        and one["type"] == "one_time"
        and one["unit_amount"] is not None
    ]
