"""Which product a draft is: by its address, or by what its SKUs are sold as already."""

from collections.abc import Sequence

from django.utils.text import slugify

from shop.catalog.files.drafts import NAMELESS_CATEGORY, ProductDraft
from shop.catalog.models import Variant


def keep_addresses(drafts: Sequence[ProductDraft]) -> None:
    """A slug made from a title gives way to the one that the product of these SKUs has."""
    made = {
        variant.sku: draft
        for draft in drafts
        if not draft.has_own_slug
        for variant in draft.variants
    }
    known = Variant.objects.filter(sku__in=made).values_list("sku", "product__slug")
    for sku, slug in known:
        made[sku].slug = slug
    taken = {
        slug: sku
        for slug, sku in Variant.objects.filter(
            product__slug__in=[draft.slug for draft in made.values()]
        ).values_list("product__slug", "sku")
        if sku not in made
    }
    for draft in drafts:
        if not draft.has_own_slug and draft.slug in taken:
            draft.slug = f"{draft.slug}-{slugify(draft.variants[0].sku)}"[:255]


def merged(drafts: Sequence[ProductDraft]) -> list[ProductDraft]:
    """Lists without options have a row for each variant: those of one product are one draft."""
    found: dict[object, ProductDraft] = {}
    for draft in drafts:
        alone = draft.slug if not draft.says_options else id(draft)
        first = found.setdefault(alone, draft)
        if first is not draft:
            first.variants += draft.variants
            first.images += draft.images
    return list(found.values())


def fill(draft: ProductDraft) -> None:
    """Of a new product that is said which the file does not say."""
    draft.description = draft.description or ""
    draft.vendor = draft.vendor or ""
    draft.tags = draft.tags or []
    draft.category = draft.category or NAMELESS_CATEGORY
    draft.status = draft.status or draft.status_when_new
