"""Which call to Stripe comes next for a variant: it has at most one row under way.

When that is told, the transaction that stores the result queues what then comes next. So a price
follows its product, an old price goes after the new one has come, and a change made meanwhile is
told afterwards.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shop import stripe_client, work
from shop.catalog.models import CatalogSync, Variant
from shop.catalog.stripe_plan import changes
from shop.catalog.stripe_plan.baseline import REFUSED, Kind, Told, WorkKey, work_of
from shop.catalog.stripe_plan.changes import Change
from shop.models import Installation

Status = CatalogSync.Status


def queue(variant: Variant, *, ring: bool = True) -> CatalogSync | None:
    """Queue the next change of this variant; the row that is under way, or None if there is none.

    Belongs into the transaction of the change. What Stripe has refused is not sent again as it
    stands.
    """
    return next(iter(queue_many([variant.pk], ring=ring)), None)


@transaction.atomic
def queue_many(
    variant_ids: Iterable[int], *, ring: bool = True, again: bool = False
) -> list[CatalogSync]:
    """Queue the next change of each variant, with `again` refused ones too; returns the rows."""
    variants = Variant.objects.filter(pk__in=list(variant_ids)).order_by("pk")
    # Whoever changes a variant and whoever finishes its row decide one after the other. Not as if
    # its key were changed: an order that names the variant does not wait for them.
    list(variants.select_for_update(no_key=True).values_list("pk"))
    rows = CatalogSync.objects.filter(variant__in=variants)
    # A row that was never tried has told nobody; the present state is read anew.
    rows.filter(status=Status.READY, attempts=0, last_error="").delete()
    under_way = list(rows.open())
    queued = _decide(variants.exclude(pk__in=[row.variant_id for row in under_way]), again=again)
    if ring:
        work.ring(queued)
    return [*under_way, *queued]


def _decide(variants: QuerySet[Variant], *, again: bool) -> list[CatalogSync]:
    """A row for the next change of each variant that has one."""
    account, shop = stripe_client.known_account(), Installation.current()
    told = Told.about(variants, account)
    dead = {
        work_of(row): row
        for row in CatalogSync.objects.filter(variant__in=variants, status=Status.DEAD)
        if row.stripe_account == account
    }
    new: list[CatalogSync] = []
    revived: list[CatalogSync] = []
    for variant in changes.with_all_parts(variants):
        left = list(changes.changes(variant, told, shop))
        _close_dead(variant, left, dead)
        if change := next((change for change in left if _is_next(change, told, again=again)), None):
            row = _row_for(change, account, shop, dead.get(change.work))
            (revived if change.work in dead else new).append(row)
    CatalogSync.objects.bulk_create(new)
    for row in revived:
        row.save()
    return [*new, *revived]


def _is_next(change: Change, told: Told, *, again: bool) -> bool:
    is_possible = change.kind != Kind.CREATE_PRICE or told.knows(change.variant)
    return is_possible and (again or not told.has_refused(change.work, change.parameters))


def _close_dead(variant: Variant, left: list[Change], dead: dict[WorkKey, CatalogSync]) -> None:
    """Dead rows over something that is in step by now need nobody's eyes."""
    wanted = {change.work for change in left}
    over = [
        row.pk for work, row in dead.items() if row.variant_id == variant.pk and work not in wanted
    ]
    if over:
        CatalogSync.objects.filter(pk__in=over).update(
            status=Status.DONE, outcome=work.Outcome.OVERTAKEN, finished_at=timezone.now()
        )


def _row_for(change: Change, account: str, shop: str, dead: CatalogSync | None) -> CatalogSync:
    """A row for this change: the dead one of the same work if there is one, else a new one."""
    row = dead or CatalogSync(
        kind=change.kind, variant=change.variant, price=change.price, stripe_account=account
    )
    if dead and dead.outcome == REFUSED:
        # A definite answer: another call of its own may be made.
        row.generation += 1
    if not dead or dead.outcome == REFUSED:
        row.parameters = change.parameters
        if change.kind == Kind.CREATE_PRODUCT:
            # An id of ours cannot be made twice, even when Stripe has forgotten the key.
            row.parameters = {"id": f"shop_{row.pk.hex}", **change.parameters}
        row.key = key_of(row, shop)
    row.status, row.outcome, row.attempts, row.crashes = Status.READY, "", 0, 0
    # The host's clock: at worst it waits for as long as that one is ahead.
    row.run_at = timezone.now()
    return row


def key_of(row: CatalogSync, shop: str) -> str:
    """The idempotency key of a row's call: the same until it is certain that nothing was done."""
    return f"{shop}:{row.kind}:{row.pk}:g{row.generation}"
