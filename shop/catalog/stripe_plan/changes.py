"""What Stripe has to be told of the catalog: the difference between what is and what was told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from shop.catalog.models import (
    Price,
    Variant,
)
from shop.catalog.stripe_plan.baseline import Kind, Told, WorkKey
from shop.catalog.stripe_plan.mapping import (
    CLEARABLE,
    marks_of,
    options_of,
    price_parameters,
    product_parameters,
)
from shop.catalog.stripe_plan.taxed import without_behavior
from shop.models import Installation

CHUNK = 500


@dataclass(frozen=True)
class Change:
    """One call to Stripe that would bring a variant or a price in step."""

    kind: Kind
    variant: Variant
    parameters: dict[str, Any]
    price: Price | None = None

    @property
    def work(self) -> WorkKey:
        return self.kind, self.variant.pk, self.price.pk if self.price else None

    @property
    def action(self) -> str:
        """create, update or archive."""
        if self.kind == Kind.UPDATE_PRODUCT and self.parameters.get("active") is False:
            return "archive"
        return self.kind.partition("_")[0]

    def __str__(self) -> str:
        about = f"price {self.price}" if self.price else "product"
        return f"{self.action} {about} of {self.variant.sku} ({self.variant})"


def plan(account: str) -> Iterator[Change]:
    """Every change that Stripe has not been told yet."""
    shop = Installation.current()
    variants = []
    for variant in with_all_parts(Variant.objects.order_by("pk")).iterator(chunk_size=CHUNK):
        variants.append(variant)
        if len(variants) == CHUNK:
            yield from _changes_of_all(variants, account, shop)
            variants = []
    yield from _changes_of_all(variants, account, shop)


def with_all_parts(variants: "QuerySet[Variant]") -> "QuerySet[Variant]":
    """The variants with all that `changes` reads."""
    return variants.select_related("product", "image").prefetch_related("prices", "product__images")


def _changes_of_all(variants: list[Variant], account: str, shop: str) -> Iterator[Change]:
    told = Told.about(variants, account)
    for variant in variants:
        yield from changes(variant, told, shop)


def changes(variant: Variant, told: Told, shop: str) -> Iterator[Change]:
    """What Stripe has to be told of this variant, in the order of the calls."""
    wanted = product_parameters(variant, shop)
    if told.knows(variant):
        if update := _update(variant, wanted, told):
            yield Change(Kind.UPDATE_PRODUCT, variant, update)
    elif wanted["active"]:
        yield Change(Kind.CREATE_PRODUCT, variant, wanted)
    else:
        return
    if not told.disputes_a_price(variant):
        yield from _changes_of_prices(variant, told, shop, is_sold=wanted["active"])


def _update(variant: Variant, wanted: dict[str, Any], told: Told) -> dict[str, Any]:
    """All undisputed fields if one of them is not as it was told, else nothing."""
    empty = dict.fromkeys(CLEARABLE, "")
    before = {**empty, **told.products.get(variant.pk, {})}
    disputed = told.disputed.get(variant.pk, set())
    update = {name: value for name, value in {**empty, **wanted}.items() if name not in disputed}
    return update if any(before.get(name) != value for name, value in update.items()) else {}


def _changes_of_prices(
    variant: Variant, told: Told, shop: str, *, is_sold: bool
) -> Iterator[Change]:
    prices = sorted(variant.prices.all(), key=lambda price: price.pk)
    for price in prices if is_sold else []:
        if not price.is_active or price in options_of(variant):
            continue
        wanted = price_parameters(variant, price, shop)
        if not told.knows(price):
            yield Change(Kind.CREATE_PRICE, variant, wanted, price)
            continue
        before = told.terms(price)
        if not _says_all(before, marks := _without_fixed(before, marks_of(wanted))):
            yield Change(Kind.UPDATE_PRICE, variant, marks, price)
    for price in prices:
        # The old price goes after the new one has come: there is always one to pay.
        if not price.is_active and told.knows(price) and price.pk not in told.archived:
            yield Change(Kind.ARCHIVE_PRICE, variant, {"active": False}, price)


def _without_fixed(told: dict[str, Any], marks: dict[str, Any]) -> dict[str, Any]:
    """What may still be told: how a Price is taxed is told once, and stays so at Stripe."""
    if told.get("tax_behavior"):
        marks = without_behavior(marks)
    options = told.get("currency_options", {})
    left = {
        currency: without_behavior(option)
        if options.get(currency, {}).get("tax_behavior")
        else option
        for currency, option in marks.get("currency_options", {}).items()
    }
    return {**marks, "currency_options": left} if left else marks


def _says_all(told: dict[str, Any], marks: dict[str, Any]) -> bool:
    # Stripe keeps the currencies that it was told of; one that we no longer sell in is not used.
    options = told.get("currency_options", {})
    names = [name for name in ("lookup_key", "metadata", "tax_behavior") if name in marks]
    return all(told.get(name) == marks[name] for name in names) and all(
        _says(options.get(currency), option)
        for currency, option in marks.get("currency_options", {}).items()
    )


def _says(told: dict[str, Any] | None, option: dict[str, Any]) -> bool:
    return told is not None and option in (told, without_behavior(told))
