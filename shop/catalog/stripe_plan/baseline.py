"""What Stripe was told of the catalog, and what both sides last agreed on.

It is stored for each variant; ids that belong to another account count as absent.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from shop.catalog.models import (
    CatalogSync,
    Price,
    StripeBaseline,
    SyncConflict,
    UnclaimedStripeObject,
    Variant,
)
from shop.catalog.stripe_plan.mapping import filled
from shop.catalog.stripe_plan.taxed import without_behavior
from shop.work import Outcome

Kind = CatalogSync.Kind


# The outcomes of a sync row: Stripe has it, we took it over from Stripe, or Stripe has refused it.
TOLD = Outcome.TOLD


TAKEN = Outcome.TAKEN_OVER


REFUSED = Outcome.REFUSED


NOT_IN_BASELINE = Q(status=CatalogSync.Status.DONE, outcome__in=[TOLD, TAKEN], in_baseline=False)


# Kind, variant and price: what a row is about, whatever its parameters.
WorkKey = tuple[str, int, int | None]


@dataclass(frozen=True)
class Told:
    """What this account was told, what it refused and what is disputed about some variants."""

    account: str
    products: dict[int, dict[str, Any]]
    prices: dict[int, dict[str, Any]]
    archived: set[int]
    refused: dict[WorkKey, dict[str, Any]]
    # The fields that were changed on both sides; nobody is told of them until a person decides.
    disputed: dict[int, set[str]]
    # Prices that somebody made at Stripe, and that staff do not want.
    declined: set[str]

    @classmethod
    def about(cls, variants: Iterable[Variant], account: str) -> Self:
        variants = list(variants)
        rows = CatalogSync.objects.filter(variant__in=variants, stripe_account=account)
        told = cls(account, {}, {}, set(), {}, {}, set())
        for kept in StripeBaseline.objects.filter(variant__in=variants, stripe_account=account):
            told._start_from(kept)
        # What a process of the release before has told since, while this one already runs.
        for row in rows.filter(NOT_IN_BASELINE).order_by("finished_at"):
            told._add(row)
        for row in rows.filter(status=CatalogSync.Status.DEAD, outcome=REFUSED):
            told.refused[work_of(row)] = row.parameters
        for variant_id, field in SyncConflict.objects.filter(
            variant__in=variants, stripe_account=account, status=SyncConflict.Status.OPEN
        ).values_list("variant_id", "field"):
            told.disputed.setdefault(variant_id, set()).add(field)
        declined = UnclaimedStripeObject.objects.filter(
            variant__in=variants,
            stripe_account=account,
            status=UnclaimedStripeObject.Status.DECLINED,
        )
        told.declined.update(declined.values_list("stripe_id", flat=True))
        return told

    @classmethod
    def at_rest(cls, variants: Iterable[Variant], accounts: "QuerySet[Any, str]") -> Self:
        """The same in one query, of those alone about which nothing is open: no conflict, and
        nothing that was told since their baseline was stored. Others count as unknown.

        `accounts` finds one at most, as shop.stripe_client.known_accounts does.
        """
        mine = {"variant": OuterRef("variant"), "stripe_account": OuterRef("stripe_account")}
        conflicts = SyncConflict.objects.filter(status=SyncConflict.Status.OPEN, **mine)
        baselines = StripeBaseline.objects.filter(
            ~Exists(CatalogSync.objects.filter(NOT_IN_BASELINE, **mine)),
            ~Exists(conflicts),
            variant__in=list(variants),
            stripe_account__in=accounts,
        )
        told = cls("", {}, {}, set(), {}, {}, set())
        for kept in baselines:
            told = replace(told, account=kept.stripe_account)
            told._start_from(kept)
        return told

    def _start_from(self, kept: StripeBaseline) -> None:
        if kept.product:
            self.products[kept.variant_id] = kept.product
        self.prices.update({int(price_id): told for price_id, told in kept.prices.items()})
        self.archived.update(kept.archived)

    def _add(self, row: CatalogSync) -> None:
        match row.kind:
            case Kind.CREATE_PRODUCT:
                self.products[row.variant_id] = filled(row.parameters)
            case Kind.UPDATE_PRODUCT:
                before = self.products.get(row.variant_id, {})
                self.products[row.variant_id] = filled({**before, **row.parameters})
            case Kind.CREATE_PRICE | Kind.UPDATE_PRICE if row.price_id:
                before = self.prices.get(row.price_id, {})
                options = _merged(
                    before.get("currency_options", {}), row.parameters.get("currency_options", {})
                )
                self.prices[row.price_id] = {
                    **before,
                    **row.parameters,
                    "currency_options": options,
                }
            case Kind.ARCHIVE_PRICE if row.price_id:
                self.archived.add(row.price_id)

    def options(self, price: Price) -> dict[str, dict[str, Any]]:
        """{currency: amount} that both sides last agreed on for this Price."""
        return {
            currency: without_behavior(option)
            for currency, option in self.terms(price).get("currency_options", {}).items()
        }

    def terms(self, price: Price) -> dict[str, Any]:
        """All that it was told of this Price."""
        return self.prices.get(price.pk, {})

    def behavior(self, price: Price, currency: str) -> str:
        """Whether this Price includes tax in a currency, as far as Stripe was told."""
        terms = self.terms(price)
        own = terms if currency == price.currency else terms.get("currency_options", {})
        told = own if currency == price.currency else own.get(currency, {})
        return str(told.get("tax_behavior", ""))

    def disputes_a_price(self, variant: Variant) -> bool:
        """None of its prices is told until all are decided."""
        return any(field.startswith("price") for field in self.disputed.get(variant.pk, ()))

    def knows(self, thing: Variant | Price) -> bool:
        """Whether the stored Stripe id was made in this account."""
        number = thing.stripe_price_id if isinstance(thing, Price) else thing.stripe_product_id
        return bool(number) and thing.stripe_account == self.account

    def has_refused(self, work: WorkKey, parameters: dict[str, Any]) -> bool:
        """Whether just this was refused: the same call would get the same answer."""
        refused = self.refused.get(work)
        return refused is not None and {**refused, "id": ""} == {**parameters, "id": ""}


def _merged(
    before: dict[str, dict[str, Any]], told: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The options after a call; how one is taxed stays, whatever its amount is."""
    merged = dict(before)
    for currency, option in told.items():
        behavior = before.get(currency, {}).get("tax_behavior")
        merged[currency] = {**({"tax_behavior": behavior} if behavior else {}), **option}
    return merged


def sum_up(variant_id: int, account: str) -> None:
    """Store what the finished rows of a variant say, in the transaction that finishes one.

    The caller holds the variant's lock, as whoever finishes a row does.
    """
    variant = Variant.objects.only("pk").get(pk=variant_id)
    rows = CatalogSync.objects.filter(NOT_IN_BASELINE, variant=variant, stripe_account=account)
    if not rows.exists():
        return
    told = Told.about([variant], account)
    StripeBaseline.objects.update_or_create(
        variant=variant,
        stripe_account=account,
        defaults={
            "product": told.products.get(variant_id, {}),
            "prices": told.prices,
            "archived": sorted(told.archived),
        },
    )
    rows.update(in_baseline=True)


def work_of(row: CatalogSync) -> WorkKey:
    """What a row is about; two rows about the same are one piece of work."""
    return row.kind, row.variant_id, row.price_id
