"""Looking before telling: what somebody changed at Stripe is never overwritten unseen."""

from shop import stripe_client
from shop.catalog.models import CatalogSync, Variant
from shop.catalog.stripe_plan import baseline, changes
from shop.catalog.stripe_plan.baseline import Kind, Told
from shop.catalog.stripe_sync import api, pull
from shop.catalog.stripe_sync.prices import Slot
from shop.models import Installation
from shop.work import Outcome


def push(row: CatalogSync, *, ring: bool = True) -> None:
    """Do the row's call if it is still wanted after a look at Stripe; the body of the work."""
    if row.stripe_account == stripe_client.account() and _may_overwrite(row):
        pull.take(row.variant_id, own=row)
        if not _is_wanted(row):
            api.end(row, Outcome.OVERTAKEN, ring=ring)
            return
        row.variant.refresh_from_db()
    api.push(row, ring=ring)


def _may_overwrite(row: CatalogSync) -> bool:
    """Whether Stripe has something that the call would change or replace."""
    if row.kind == Kind.CREATE_PRICE and row.price:
        told = Told.about([row.variant], row.stripe_account)
        return Slot.of(row.price).last_told(row.variant, told) is not None
    return row.kind in {Kind.UPDATE_PRODUCT, Kind.UPDATE_PRICE}


def _is_wanted(row: CatalogSync) -> bool:
    variant = changes.with_all_parts(Variant.objects.filter(pk=row.variant_id)).get()
    told = Told.about([variant], row.stripe_account)
    left = changes.changes(variant, told, Installation.current())
    return any(
        (change.work, change.parameters) == (baseline.work_of(row), row.parameters)
        for change in left
    )
