"""Pictures of drafts into the database; a worker fetches what is new."""

from collections.abc import Callable, Sequence
from typing import Any

from shop.catalog.files.drafts import ImageDraft, ProductDraft
from shop.catalog.files.writing.batch import Batch
from shop.catalog.files.writing.words import alts_of
from shop.catalog.models import Image, PictureFetch, Product, Variant
from shop.catalog.pictures.files import UPLOADED

Warn = Callable[[ImageDraft, str, str], None]


def write(drafts: Sequence[ProductDraft], batch: Batch, warn: Warn) -> None:
    """Keep the pictures of these products, and let those be fetched that are new."""
    products = [batch.products[draft.slug] for draft in drafts]
    known = {
        (image.product_id, image.source): image
        for image in Image.objects.filter(product__in=products)
    }
    rows = []
    again: list[Image] = []
    for draft in drafts:
        product = batch.products[draft.slug]
        _readdress(product, draft, known, again)
        for number, image in enumerate(pictures_of(draft), start=1):
            row = known.setdefault(
                (product.pk, image.source), Image(product=product, source=image.source)
            )
            wanted: dict[str, Any] = {"translations": alts_of(row, image)}
            if image.alt is not None:
                wanted["alt"] = image.alt
            if image.is_placed or row.pk is None:
                wanted["position"] = image.position or number
            rows.append((row, wanted))
            if not row.name:
                warn(image, "images", later(image.source))
    new = [row for row, _ in rows if row.pk is None and row.source.startswith("https://")]
    batch.save(Image, rows)
    new += [row for row in again if row.source.startswith("https://")]
    PictureFetch.objects.bulk_create(PictureFetch(image=row) for row in new)
    batch.counts["pictures to fetch"] += len(new)
    _show_variants(drafts, batch, known)


def _readdress(
    product: Product,
    draft: ProductDraft,
    known: dict[tuple[int, str], Image],
    again: list[Image],
) -> None:
    """A picture that the file names no more, where it names a new one at the same place, has a new
    address: that is fetched, and the old one is shown until then. Uploads stay."""
    named = {image.source for image in pictures_of(draft)}
    left = {
        image.position: image
        for (pk, source), image in known.items()
        if pk == product.pk and source not in named and not source.startswith(UPLOADED)
    }
    for number, image in enumerate(draft.images, start=1):
        row = left.pop(image.position or number, None)
        if row is None or (product.pk, image.source) in known:
            continue
        del known[product.pk, row.source]
        row.source = image.source
        known[product.pk, image.source] = row
        Image.objects.filter(pk=row.pk).update(source=image.source)
        again.append(row)


def _show_variants(
    drafts: Sequence[ProductDraft], batch: Batch, pictures: dict[tuple[int, str], Image]
) -> None:
    changed = []
    for draft in drafts:
        for variant in draft.variants:
            if variant.image is None:
                continue
            picture = pictures.get((batch.products[draft.slug].pk, variant.image))
            row = batch.variants[variant.sku]
            if row.image_id != (picture.pk if picture else None):
                row.image = picture
                changed.append(row)
    Variant.objects.bulk_update(changed, ["image"])


def later(source: str) -> str:
    """What becomes of a picture that is not here."""
    if source.startswith("https://"):
        return "is fetched later; until then there is no picture."
    return f"{source[:80]} is not here, and only https addresses are fetched; there is no picture."


def pictures_of(draft: ProductDraft) -> list[ImageDraft]:
    """The product's pictures, and those that only a variant names."""
    found = {image.source: image for image in draft.images}
    for variant in draft.variants:
        if variant.image:
            only = ImageDraft(variant.image, variant.line, is_placed=False)
            found.setdefault(variant.image, only)
    return list(found.values())
