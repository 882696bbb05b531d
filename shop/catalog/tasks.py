"""The workers' doorbells for the catalog."""

from celery import shared_task

from shop import work
from shop.catalog import publishing, sync_apply, sync_push
from shop.catalog.models import CatalogSync


@shared_task(name=CatalogSync.TASK)
def sync_one(*, row_id: str) -> None:
    work.run(CatalogSync, row_id, sync_push.push)


@shared_task(name=CatalogSync.DRAIN_TASK)
def drain_syncs() -> None:
    sync_apply.drain()


@shared_task(name="catalog.publish_due")
def publish_due() -> None:
    publishing.publish_due()
