"""A variant's prices here and at Stripe: which stands for which, and what was changed there.

What is paid once is one Price with further currencies as its options; what is paid again and again
is a Price for each currency and interval.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings

from shop.catalog.models import Price, Variant
from shop.catalog.stripe_plan import mapping
from shop.catalog.stripe_plan.baseline import Told
from shop.catalog.stripe_plan.mapping import amount_of, lookup_key, main_price, options_of
from shop.catalog.stripe_sync.difference import Difference, Kind, Seen


@dataclass(frozen=True)
class Slot:
    """What a variant has one current Price for; of the one that is paid once all is empty."""

    interval: str = ""
    interval_count: int = 1
    currency: str = ""

    @classmethod
    def of(cls, price: Price) -> Self:
        if not price.interval:
            return cls()
        return cls(price.interval, price.interval_count, price.currency)

    @classmethod
    def at_stripe(cls, found: dict[str, Any]) -> Self:
        if not (recurring := found["recurring"]):
            return cls()
        return cls(recurring["interval"], recurring["interval_count"], found["currency"])

    @property
    def field(self) -> str:
        if not self.interval:
            return "price"
        return f"price:{self.currency}:{self.interval_count}{self.interval}"

    def current(self, variant: Variant) -> Price | None:
        """Ours, as it is now."""
        if not self.interval:
            return main_price(variant)
        active = (price for price in variant.prices.all() if price.is_active)
        return next((price for price in active if Slot.of(price) == self), None)

    def last_told(self, variant: Variant, told: Told) -> Price | None:
        """The newest of ours that Stripe knows, in the currency of the current one if it can be."""
        known = [
            price
            for price in variant.prices.all()
            if Slot.of(price) == self and told.knows(price) and price.pk not in told.archived
        ]
        current = self.current(variant)
        known.sort(key=lambda one: (bool(current and one.currency == current.currency), one.pk))
        return known[-1] if known else None


def last_told(variant: Variant, told: Told) -> list[Price]:
    """The prices that Stripe knows, the newest of each slot."""
    slots = {Slot.of(price) for price in variant.prices.all()}
    found = (slot.last_told(variant, told) for slot in sorted(slots, key=lambda one: one.field))
    return [price for price in found if price]


def differences(variant: Variant, seen: Seen, told: Told, shop: str) -> Iterator[Difference]:
    """Prices that somebody put in the place of ours, put away, or gave another option."""
    for last in last_told(variant, told):
        yield from _differences(variant, last, seen, told, shop)


def _differences(
    variant: Variant, last: Price, seen: Seen, told: Told, shop: str
) -> Iterator[Difference]:
    slot = Slot.of(last)
    at_stripe = next((one for one in seen.prices if one["id"] == last.stripe_price_id), None)
    successor = _successor(variant, last, seen, told, shop)
    kind = Kind.TAKE
    if successor or at_stripe is None:
        ours, base = terms_of(slot.current(variant)), terms_of(last)
        theirs = terms_at(successor) if successor else None
        kind = Kind.TAKE if _may_take(base, ours, theirs) else Kind.CONFLICT
        if successor and (agreed := _agreed_options(last, successor, told)):
            theirs = {**terms_at(successor), "agreed_options": agreed}
        if kind == Kind.TAKE or theirs:
            yield Difference(kind, variant, slot.field, base, ours, theirs)
    if kind == Kind.TAKE and not slot.interval:
        yield from _options(variant, last, successor or at_stripe or {}, told)


def _may_take(base: Any, ours: Any, theirs: dict[str, Any] | None) -> bool:
    if theirs is None:
        return bool(ours == base)
    said = {name: value for name, value in theirs.items() if name != "id"}
    return as_price(theirs) is not None and ours in (base, said)


def _options(
    variant: Variant, last: Price, holder: dict[str, Any], told: Told
) -> Iterator[Difference]:
    """The further currencies of the Price that stands for `last` now."""
    agreed, mine = told.options(last), {one.currency: one for one in options_of(variant)}
    for currency, theirs in _options_at(holder).items():
        base = agreed.get(currency)
        ours = amount_of(mine[currency]) if currency in mine else None
        is_wanted = ours or base or currency in settings.CURRENCIES_OFFERED
        if not is_wanted or theirs in (base, ours):
            continue
        field = f"price:{currency}"
        new = {"id": holder["id"], "currency": currency, **theirs}
        kind = Kind.TAKE if ours == base and as_price(new) else Kind.CONFLICT
        was, here = ({"currency": currency, **one} if one else None for one in (base, ours))
        yield Difference(kind, variant, field, was, here, new)


def _options_at(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """{currency: amount} beside the Price's own one."""
    options = found.get("currency_options") or {}
    return {
        currency: amount_at(option)
        for currency, option in options.items()
        if currency != found["currency"]
    }


def _agreed_options(last: Price, successor: dict[str, Any], told: Told) -> dict[str, Any]:
    """What the successor holds just as both sides last agreed on it for `last`."""
    agreed = told.options(last)
    return {
        currency: amount
        for currency, amount in _options_at(successor).items()
        if agreed.get(currency) == amount
    }


def option_in(field: str) -> str:
    """The currency of a field like `price:usd`; empty for other fields."""
    kind, _, currency = field.partition(":")
    return currency if kind == "price" and ":" not in currency else ""


def _successor(
    variant: Variant, last: Price, seen: Seen, told: Told, shop: str
) -> dict[str, Any] | None:
    """The price without our mark that took the place of `last`.

    It does so as the product's default price, with our lookup key, or, once ours is archived, as
    the newest of its currency and interval.
    """
    foreign = [
        one
        for one in foreign_prices(variant, seen, shop)
        if one["currency"] == last.currency
        and Slot.at_stripe(one) == Slot.of(last)
        and one["id"] not in told.declined
    ]
    key = lookup_key(variant, last, shop)
    named = [
        one
        for one in foreign
        if one["lookup_key"] == key or one["id"] == seen.product.get("default_price")
    ]
    is_active = any(one["id"] == last.stripe_price_id for one in seen.prices)
    if named or is_active:
        return next(iter(named), None)
    return max(foreign, key=lambda one: int(one["created"]), default=None)


def foreign_prices(variant: Variant, seen: Seen, shop: str) -> list[dict[str, Any]]:
    """Prices of this product that we did not make."""
    known = {price.stripe_price_id for price in variant.prices.all()}
    return [
        one
        for one in seen.prices
        if one["id"] not in known and (one["metadata"] or {}).get("shop") != shop
    ]


# -- What a price says -----------------------------------------------------------------------------


def terms_of(price: Price | None) -> dict[str, Any] | None:
    """What a price of ours asks, as it is kept in conflicts and offers."""
    if price is None:
        return None
    return {"currency": price.currency, **amount_of(price), **mapping.rhythm_of(price)}


def terms_at(found: dict[str, Any]) -> dict[str, Any]:
    """What a price at Stripe asks, in the same form, with its id."""
    terms = {"id": found["id"], "currency": found["currency"], **amount_at(found)}
    if recurring := found["recurring"]:
        names = ("interval", "interval_count")
        terms |= {name: recurring[name] for name in names}
        if recurring["usage_type"] != "licensed":
            terms["usage_type"] = recurring["usage_type"]
    return terms


def amount_at(found: dict[str, Any]) -> dict[str, Any]:
    """The amount of a Price or of one of its options, as we would send it."""
    if custom := found.get("custom_unit_amount"):
        bounds = {name: custom.get(name) for name in ("minimum", "preset", "maximum")}
        return {"custom_unit_amount": {"enabled": True, **bounds}}
    if found.get("unit_amount") is not None:
        return {"unit_amount": found["unit_amount"]}
    return {"unit_amount_decimal": found.get("unit_amount_decimal")}


def as_price(terms: dict[str, Any]) -> Price | None:
    """A price of ours that asks the same; None where the catalog cannot say it.

    It knows no fractions of a cent, no tiers, no metered use, and no choice without bounds.
    """
    price = Price(
        currency=terms["currency"],
        interval=terms.get("interval", ""),
        interval_count=terms.get("interval_count", 1),
    )
    if custom := terms.get("custom_unit_amount"):
        least, proposed, most = (custom[name] or 0 for name in ("minimum", "preset", "maximum"))
        if not 1 <= least <= proposed <= most or price.interval:
            return None
        price.is_chosen, price.unit_amount = True, proposed
        price.minimum_amount, price.maximum_amount = least, most
        return price
    if terms.get("unit_amount") is None or "usage_type" in terms:
        return None
    price.unit_amount = terms["unit_amount"]
    return price
