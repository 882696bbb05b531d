"""Syncing in tests: until the catalog is at rest, and what Stripe then has."""

from typing import Any

from django.utils import timezone

from shop import work
from shop.catalog.models import CatalogSync, Variant
from shop.catalog.stripe_plan import queue
from shop.catalog.stripe_sync import push
from tests.support.stand_in import StandIn


def sync(variant: Variant) -> None:
    queue.queue(variant)
    for _ in range(50):
        CatalogSync.objects.filter(status="ready").update(run_at=timezone.now())
        if not work.do_next(CatalogSync, push.push):
            return
    raise AssertionError("the catalog never comes to rest")


def told_of(stand_in: StandIn, kind: str = "product.updated") -> dict[str, Any]:
    """The newest event of this type, as a webhook brings it."""
    found: dict[str, Any] = stand_in.api("events", type=kind)["data"][0]
    return found


def product_of(stand_in: StandIn, variant: Variant) -> dict[str, Any]:
    found: dict[str, Any] = stand_in.api(f"products/{variant.stripe_product_id}")
    return found
