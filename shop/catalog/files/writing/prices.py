"""Price drafts into the database: what is asked already stays, what changed is replaced."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from shop.catalog import publishing
from shop.catalog.files.drafts import PriceDraft, PriceKind, VariantDraft
from shop.catalog.models import Price, Variant
from shop.money import Money

# What makes a price another one.
ASKED = (
    "unit_amount", "regular_amount", "is_chosen", "minimum_amount", "maximum_amount", "trial_days",
)  # fmt: skip


def write(
    drafts: Iterable[VariantDraft], variants: Mapping[str, Variant], counts: Counter[str]
) -> None:
    """Ask what the drafts say; `variants` are the rows by SKU."""
    wanted = [(variants[one.sku], price) for one in drafts for price in one.prices]
    found = Price.objects.filter(variant__in={row.pk for row, _ in wanted}, is_active=True)
    current = {(price.variant_id, kind_of(price)): price for price in found}
    new = []
    for variant, draft in wanted:
        before = current.get((variant.pk, draft.kind))
        if before is not None:
            _change(before, variant, draft, counts)
        elif draft.money is not None:
            new.append(price_of(variant, draft, draft.money))
    Price.objects.bulk_create(new)
    counts["prices created"] += len(new)


def _change(before: Price, variant: Variant, draft: PriceDraft, counts: Counter[str]) -> None:
    if draft.money is None:
        publishing.end_price(before)
        counts["prices ended"] += 1
        return
    money, draft = draft.money, _kept(before, draft, draft.money)
    new = price_of(variant, draft, money)
    if all(getattr(before, name) == getattr(new, name) for name in ASKED):
        return
    if new.interval or new.is_chosen:
        publishing.replace(variant, new)
    else:
        publishing.set_price(variant, money, regular=draft.regular)
    counts["prices replaced"] += 1


def _kept(before: Price, draft: PriceDraft, money: Money) -> PriceDraft:
    """The draft with what the file has no columns for: a trial, a reduction, or bounds."""
    if draft.keeps_trial:
        draft = replace(draft, trial_days=before.trial_days)
    regular, least, most = before.regular, before.minimum_amount, before.maximum_amount
    if draft.keeps_regular and regular is not None and regular > money:
        return replace(draft, regular=regular, lowest=before.lowest_recent)
    if draft.keeps_bounds and least is not None and most is not None:
        bounds = Money(least, money.currency), Money(most, money.currency)
        if bounds[0] <= money <= bounds[1]:
            return replace(draft, minimum=bounds[0], maximum=bounds[1])
    return draft


def kind_of(price: Price) -> PriceKind:
    """Which price this is among a variant's: its currency, and how often it is paid."""
    return PriceKind(price.currency, price.interval, price.interval_count)


def price_of(variant: Variant, draft: PriceDraft, money: Money) -> Price:
    """The price that the draft means. What a new one asked in the days before only the file can
    know; where it says nothing, that was the regular price."""
    return Price(
        variant=variant,
        unit_amount=money.amount,
        currency=draft.kind.currency,
        interval=draft.kind.interval,
        interval_count=draft.kind.interval_count,
        regular_amount=_amount(draft.regular),
        lowest_recent_amount=_amount(draft.regular if draft.lowest is None else draft.lowest),
        is_chosen=draft.minimum is not None,
        minimum_amount=_amount(draft.minimum),
        maximum_amount=_amount(draft.maximum),
        trial_days=draft.trial_days,
    )


def _amount(money: Money | None) -> int | None:
    return None if money is None else money.amount
