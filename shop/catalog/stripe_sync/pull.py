"""What was changed at Stripe comes into the catalog; what both sides changed becomes a conflict.

Lists at Stripe may lag, and a call of ours may be under way: nothing is taken over that was not
read singly, after all that we told.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop import stripe_client, work
from shop.catalog.models import CatalogSync, Price, Product, SyncConflict, Variant
from shop.catalog.search import index
from shop.catalog.stripe_plan import changes, mapping, queue
from shop.catalog.stripe_plan.baseline import Told
from shop.catalog.stripe_sync import api, take_over, unclaimed
from shop.catalog.stripe_sync.compare import FIELDS, differences, same
from shop.catalog.stripe_sync.difference import Difference, Kind, Seen
from shop.catalog.stripe_sync.listed import Listed
from shop.catalog.stripe_sync.prices import last_told
from shop.models import Installation

Status = CatalogSync.Status
CHUNK = 100
# A call of ours takes seconds; then the change at Stripe is read again.
UNDER_WAY = timedelta(seconds=5)


def drift() -> Iterator[Difference]:
    """What Stripe holds otherwise than was agreed; changes nothing. Raises Unreachable."""
    for variant in suspects():
        yield from look(variant)[0]


def pull(progress: Callable[[int, int], None] = lambda _done, _total: None) -> list[Difference]:
    """Take over all that only Stripe has changed, and open conflicts; returns both.

    Offers unmarked products for adoption. Raises Unreachable.
    """
    # Their numbers alone: each is read anew.
    suspected = [variant.pk for variant in suspects(offering=True)]
    done = []
    for number, variant_id in enumerate(suspected, start=1):
        # What is being told right now is compared by the event that follows.
        with suppress(work.TryLater):
            done += take(variant_id)
        progress(number, len(suspected))
    return done


def suspects(*, offering: bool = False) -> Iterator[Variant]:
    """The variants that differ by Stripe's lists, which may lag."""
    account, shop = api.account(), Installation.current()
    with Listed() as listed:
        listed.keep_prices(api.active_prices())
        for products in listed.keeping_products(api.all_products()):
            if offering:
                unclaimed.offer_products(account, shop, products)
        ours = Variant.objects.filter(stripe_account=account).exclude(stripe_product_id="")
        for chunk in _chunks(changes.with_all_parts(ours.order_by("pk"))):
            told = Told.about(chunk, account)
            seen = listed.seen([variant.stripe_product_id for variant in chunk])
            for variant in chunk:
                at_stripe = seen.get(variant.stripe_product_id)
                if at_stripe is None or any(differences(variant, at_stripe, told, shop)):
                    yield variant
                elif offering:
                    unclaimed.offer_prices(account, shop, variant, at_stripe)


def look(variant: Variant) -> tuple[list[Difference], Seen | None]:
    """Read the variant's product and prices one by one, and compare."""
    account, shop = stripe_client.account(), Installation.current()
    product = api.product_at(variant.stripe_product_id)
    if product is None:
        return [Difference(Kind.GONE, variant, "product", None, None, None)], None
    seen = Seen(product, list(api.active_prices(product["id"])))
    told = Told.about([variant], account)
    listed = {one["id"] for one in seen.prices}
    for last in last_told(variant, told):
        # A list may lag behind a price that was just made.
        if last.stripe_price_id not in listed:
            single = api.price_at(last.stripe_price_id)
            if single and single["active"]:
                seen.prices.append(single)
    return list(differences(variant, seen, told, shop)), seen


def take(variant_id: int, *, own: CatalogSync | None = None) -> list[Difference]:
    """Take over what only Stripe changed of this variant, and open conflicts.

    `own` is the row that asks before it tells. Raises TryLater while another is under way.
    """
    variant = changes.with_all_parts(Variant.objects.filter(pk=variant_id)).get()
    read_at = _now()
    _, seen = look(variant)
    with transaction.atomic():
        list(Variant.objects.select_for_update(of=["self"], no_key=True).filter(pk=variant_id))
        variant = changes.with_all_parts(Variant.objects.filter(pk=variant_id)).get()
        _refuse_if_under_way(variant, read_at, own)
        if seen is None:
            forget(variant)
            queue.queue(variant)
            return [Difference(Kind.GONE, variant, "product", None, None, None)]
        account, shop = stripe_client.known_account(), Installation.current()
        told = Told.about([variant], account)
        found = list(differences(variant, seen, told, shop))
        _agree(variant, seen, told, account, shop)
        _close_settled(variant, found, account)
        for difference in found:
            if difference.kind == Kind.TAKE:
                take_over.take_over(difference, account)
            else:
                _open(difference, account)
        is_changed = any(one.kind == Kind.TAKE for one in found)
        if is_changed:
            # What was taken over is ours by now.
            variant = changes.with_all_parts(Variant.objects.filter(pk=variant_id)).get()
        unclaimed.offer_prices(account, shop, variant, seen)
        if is_changed:
            index.index(Product.objects.get(pk=variant.product_id))
            queue.queue_many(
                Variant.objects.filter(product=variant.product_id).values_list("pk", flat=True)
            )
    return found


def take_event(event: dict[str, Any]) -> str:
    """What a `product.*` or `price.*` event tells of: its product is read and compared.

    Returns what came of it, in words.
    """
    account, shop = stripe_client.account(), Installation.current()
    kind, told = event["type"], event["data"]["object"]
    if is_echo(event, shop):
        return "ignored: our own change"
    product_id = told["product"] if told["object"] == "price" else told["id"]
    variant = Variant.objects.filter(stripe_account=account, stripe_product_id=product_id).first()
    if variant is not None:
        found = take(variant.pk)
        return "; ".join(str(one) for one in found) or "in step"
    if (told["metadata"] or {}).get("shop") == shop:
        return "ignored: our own"
    if unclaimed.is_anothers(told, shop):
        unclaimed.withdraw(account, [told["id"]])
        return "ignored: another installation's"
    if kind.startswith("product.") and kind != "product.deleted" and told["active"]:
        unclaimed.offer_products(account, shop, [told])
        return "offered for adoption"
    return "ignored: not ours"


def is_echo(event: dict[str, Any], shop: str) -> bool:
    """Whether a call of ours made the event, so that nothing needs to be asked.

    What it tells cannot say so: an event about a price holds none of its further currencies.
    """
    key = (event.get("request") or {}).get("idempotency_key") or ""
    return bool(key.startswith(f"{shop}:"))


def forget(variant: Variant) -> None:
    """Somebody deleted the product at Stripe: our ids are void."""
    account = variant.stripe_account
    Price.objects.filter(variant=variant, stripe_account=account).update(
        stripe_account="", stripe_price_id=""
    )
    Variant.objects.filter(pk=variant.pk).update(stripe_account="", stripe_product_id="")
    _conflicts(variant, account).update(status=SyncConflict.Status.OVER, closed_at=_now())


def _agree(variant: Variant, seen: Seen, told: Told, account: str, shop: str) -> None:
    """Where both sides made the same change, that is agreed now."""
    base = told.products.get(variant.pk, {})
    ours = mapping.product_parameters(variant, shop)
    agreed = {
        field: ours.get(field, "")
        for field in FIELDS
        if same(field, ours, seen.product) and not same(field, base, ours)
    }
    take_over.note_agreement(variant, agreed, account)


def _open(difference: Difference, account: str) -> None:
    values = {"base": difference.base, "ours": difference.ours, "theirs": difference.theirs}
    conflict, is_new = SyncConflict.objects.get_or_create(
        variant=difference.variant,
        stripe_account=account,
        field=difference.field,
        status=SyncConflict.Status.OPEN,
        defaults=values,
    )
    if not is_new:
        SyncConflict.objects.filter(pk=conflict.pk).update(**values)


def _close_settled(variant: Variant, found: list[Difference], account: str) -> None:
    """A conflict that one side has given up is over."""
    still = [one.field for one in found if one.kind == Kind.CONFLICT]
    _conflicts(variant, account).exclude(field__in=still).update(
        status=SyncConflict.Status.OVER, closed_at=_now()
    )


def _conflicts(variant: Variant, account: str) -> Any:
    return SyncConflict.objects.filter(
        variant=variant, stripe_account=account, status=SyncConflict.Status.OPEN
    )


def _refuse_if_under_way(variant: Variant, read_at: datetime, own: CatalogSync | None) -> None:
    """What was read before a call of ours ended may be older than what that call told."""
    rows = CatalogSync.objects.filter(variant=variant)
    if own is not None:
        rows = rows.exclude(pk=own.pk)
    under_way = rows.filter(status=Status.LEASED).exists()
    if under_way or rows.filter(finished_at__gte=read_at).exists():
        raise work.TryLater(f"{variant.sku} is being told to Stripe right now.", after=UNDER_WAY)


def _chunks(variants: Any) -> Iterator[list[Variant]]:
    chunk: list[Variant] = []
    for variant in variants.iterator(chunk_size=CHUNK):
        chunk.append(variant)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _now() -> datetime:
    return timezone.now()
