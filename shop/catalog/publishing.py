"""What staff and imports do to the catalog: set prices, publish, archive, show pictures, and tell
of a change.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from shop import clock, work
from shop.catalog.models import Category, OldSlug, PictureFetch, Price, Product, Variant
from shop.catalog.pictures import download, files
from shop.catalog.search import index
from shop.catalog.stripe_plan import queue
from shop.money import Money

# Directive 98/6/EC, Article 6a: a reduction names the lowest price of at least 30 days before it.
REDUCTION_LOOKS_BACK = timedelta(days=30)
PUBLISHED_AT_ONCE = 100
# A server that does not give a picture may give it later: after this, then twice this, and so on.
FETCHED_AGAIN_AFTER = timedelta(minutes=10)
# Products that are written, indexed and queued with one set of statements.
CHUNK = 500


class NotReduced(ValueError):
    """A regular price that is not above what is asked now."""


@transaction.atomic
def set_price(variant: Variant, money: Money, *, regular: Money | None = None) -> Price:
    """Make this the variant's price in its currency: a new row, and the old one ended.

    With `regular`, which must be higher, it is a reduced price: the lowest price of the 30 days
    before is kept with it. The same amounts again change nothing.
    """
    # Two people setting a price at once wait here for one another.
    Variant.objects.select_for_update(of=["self"], no_key=True).get(pk=variant.pk)
    current = variant.prices.current().filter(currency=money.currency).first()
    if current and (current.money, current.regular, current.is_chosen) == (money, regular, False):
        return current
    if regular is not None and regular <= money:
        raise NotReduced(f"{money} is not below the regular price of {regular}.")
    lowest = _lowest_recent(variant, money.currency) if regular else None
    return replace(
        variant,
        Price(
            unit_amount=money.amount,
            currency=money.currency,
            regular_amount=regular.amount if regular else None,
            lowest_recent_amount=lowest if lowest is not None or not regular else regular.amount,
        ),
    )


@transaction.atomic
def replace(variant: Variant, price: Price) -> Price:
    """End the current price of this currency and interval, and save `price` in its place."""
    now = clock.now()
    variant.prices.filter(
        is_active=True,
        currency=price.currency,
        interval=price.interval,
        interval_count=price.interval_count,
    ).update(is_active=False, ended_at=now)
    price.variant, price.created_at = variant, now
    price.save()
    return price


def end_price(price: Price) -> None:
    """Ask this price no longer; nothing comes in its place."""
    Price.objects.filter(pk=price.pk, is_active=True).update(is_active=False, ended_at=clock.now())


def _lowest_recent(variant: Variant, currency: str) -> int | None:
    """The lowest price that was asked in the last 30 days."""
    since = clock.now() - REDUCTION_LOOKS_BACK
    asked = variant.prices.filter(currency=currency, interval="", is_chosen=False).filter(
        Q(ended_at=None, is_active=True) | Q(ended_at__gt=since)
    )
    lowest: int | None = asked.aggregate(lowest=Min("unit_amount"))["lowest"]
    return lowest


@transaction.atomic
def publish_due() -> int:
    """Put drafts on sale whose time has come; returns how many."""
    due = Product.objects.filter(status=Product.Status.DRAFT, publish_at__lte=clock.now())
    products = list(due.select_for_update(skip_locked=True).order_by("pk")[:PUBLISHED_AT_ONCE])
    publish(*products)
    return len(products)


def publish(*products: Product) -> None:
    """Put the products on sale."""
    _set_status(products, Product.Status.ACTIVE)


def archive(*products: Product) -> None:
    """Take the products off sale; what was bought keeps pointing to them."""
    _set_status(products, Product.Status.ARCHIVED)


@transaction.atomic
def _set_status(products: Sequence[Product], status: Product.Status) -> None:
    for first in range(0, len(products), CHUNK):
        some = products[first : first + CHUNK]
        for product in some:
            product.status, product.updated_at = status, timezone.now()
        Product.objects.bulk_update(some, ["status", "updated_at"])
        tell(*some)


@transaction.atomic
def tell(*products: Product) -> None:
    """After a change: the search finds them by their new words, and Stripe will be told."""
    ids = [product.pk for product in products]
    index.index_many(ids)
    queue.queue_many(Variant.objects.filter(product__in=ids).values_list("pk", flat=True))


class AddressTaken(ValueError):
    """Another product, or another category, has this address."""


@transaction.atomic
def rename(thing: Product | Category, slug: str) -> None:
    """Give a product or category another address; the one it had leads to it from now on.

    Raises AddressTaken.
    """
    kind = "product" if isinstance(thing, Product) else "category"
    rows = type(thing)._default_manager
    before = rows.select_for_update(of=("self",)).values_list("slug", flat=True).get(pk=thing.pk)
    if slug == before:
        return
    if rows.filter(slug=slug).exists():
        raise AddressTaken(f"Another {kind} has the address {slug}.")
    # An address leads to whoever has it, else to whoever had it last.
    OldSlug.objects.filter(**{f"{kind}__isnull": False}, slug__in=[before, slug]).delete()
    OldSlug.objects.create(slug=before, **{kind: thing})
    rows.filter(pk=thing.pk).update(slug=slug)
    thing.slug = slug


def fetch_picture(row: PictureFetch) -> None:
    """The body of the work row: fetch, write anew, show."""
    image = row.image
    try:
        written = files.write(download.read(image.source))
    except (download.NotPublic, files.NotAPicture) as error:
        raise work.Impossible(str(error)) from error
    except download.CannotBeFetched as error:
        raise work.TryLater(str(error), after=FETCHED_AGAIN_AFTER * row.attempts) from error
    with transaction.atomic():
        files.show(image, written)
        work.finish(row, work.Outcome.FETCHED)
        queue.queue_many(image.product.variants.values_list("pk", flat=True))
