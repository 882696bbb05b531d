"""The workers' doorbells for the catalog."""

from celery import shared_task

from shop import work
from shop.catalog import publishing
from shop.catalog.google_feed import file
from shop.catalog.models import CatalogSync, PictureFetch
from shop.catalog.search import index
from shop.catalog.stripe_sync import push, run


@shared_task(name=CatalogSync.TASK)
def sync_one(*, row_id: str) -> None:
    work.run(CatalogSync, row_id, push.push)


@shared_task(name=CatalogSync.DRAIN_TASK)
def drain_syncs() -> None:
    run.drain()


@shared_task(name="catalog.publish_due")
def publish_due() -> None:
    publishing.publish_due()


# A beginning of what a long change leaves to do; the next round goes on.
@shared_task(name="catalog.renew_index")
def renew_index() -> None:
    index.renew()


# A hundred thousand items take longer than a task usually may; they still end before the broker
# would give the message to another worker.
@shared_task(name="catalog.write_feed", soft_time_limit=240, time_limit=270)
def write_feed() -> None:
    file.write(file.path())


@shared_task(name=PictureFetch.TASK)
def fetch_picture(*, row_id: str) -> None:
    work.run(PictureFetch, row_id, publishing.fetch_picture)


@shared_task(name=PictureFetch.DRAIN_TASK)
def drain_picture_fetches() -> None:
    work.drain(PictureFetch, publishing.fetch_picture)
