"""Ours, Stripe's, and what both last agreed on: which side has changed what.

A field that only Stripe changed is taken over; one that both changed is a conflict, which a person
decides; one that only we changed is ours to tell.
"""

from collections.abc import Iterator
from typing import Any

from shop.catalog.models import Variant
from shop.catalog.stripe_plan import pictures, taxed
from shop.catalog.stripe_plan.baseline import Told
from shop.catalog.stripe_plan.mapping import description_of, product_parameters
from shop.catalog.stripe_sync import prices
from shop.catalog.stripe_sync.difference import Difference, Kind, Seen

# The fields of a product that both sides may change, with what stands for "nothing".
FIELDS: dict[str, Any] = {
    "name": "",
    "active": False,
    "description": "",
    "images": [],
    "shippable": None,
    "tax_code": "",
}


def differences(variant: Variant, seen: Seen, told: Told, shop: str) -> Iterator[Difference]:
    """What Stripe holds of this variant otherwise than we last told it or took it over."""
    base = told.products.get(variant.pk, {})
    ours, theirs = product_parameters(variant, shop), seen.product
    for field, nothing in FIELDS.items():
        values = tuple(_value(side.get(field), nothing) for side in (base, ours, theirs))
        yield from _compared(variant, field, *values)
    yield from prices.differences(variant, seen, told, shop)


def same(field: str, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether both say the same of a product's field."""
    nothing = FIELDS[field]
    return bool(_value(one.get(field), nothing) == _value(other.get(field), nothing))


def _value(value: Any, nothing: Any) -> Any:
    return nothing if value in (None, "", []) else value


def _compared(
    variant: Variant, field: str, base: Any, ours: Any, theirs: Any
) -> Iterator[Difference]:
    if theirs in (base, ours):
        return
    is_taken = ours == base and not _wants_a_person(variant, field, ours, theirs)
    kind = Kind.TAKE if is_taken and can_take(variant, field, theirs) else Kind.CONFLICT
    yield Difference(kind, variant, field, base, ours, theirs)


def _wants_a_person(variant: Variant, field: str, ours: Any, theirs: Any) -> bool:
    """Whether taking over means more than whoever changed it at Stripe can have meant."""
    match field:
        case "active":
            # Putting a whole product on sale is not for somebody who ticks a box elsewhere.
            return bool(theirs) and variant.product.status != variant.product.Status.ACTIVE
        case "images":
            # The Dashboard shows one picture and replaces all by it.
            return len(theirs) < len(ours)
    return False


def can_take(variant: Variant, field: str, value: Any) -> bool:
    """Whether the catalog, after taking it over, would say just what Stripe says."""
    match field:
        case "name":
            # The choice stands behind the title, and is another for each variant.
            return bool(title_in(variant, value))
        case "description":
            return description_of(with_opening(variant.product.description, value)) == str(value)
        case "images":
            return pictures.arrangement(variant, value) is not None
        case "shippable":
            return value is not None
        case "tax_code":
            # What is cleared there has the shop's own default here.
            return len(str(value)) <= 20 and bool(value or not taxed.tax_code(Variant()))
        case "active":
            return True
    return prices.as_price(value) is not None


def title_in(variant: Variant, name: str) -> str:
    """The product's title within a name at Stripe; empty where the name is of another make."""
    ending = f" ({variant.choice})" if variant.choice else ""
    title = name.removesuffix(ending) if name.endswith(ending) else ""
    return title if len(title) <= 255 else ""


def with_opening(description: str, opening: str) -> str:
    """The description with another first paragraph; what Stripe was not told of it stays."""
    opening_now = description_of(description)
    return opening + description.replace("\r\n", "\n").removeprefix(opening_now)
