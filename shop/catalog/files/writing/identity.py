"""Which product a draft is: by its address, or by what its SKUs are sold as already."""

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.db.models.functions import Upper

from shop.catalog.files.drafts import NAMELESS_CATEGORY, ProductDraft
from shop.catalog.models import Product, Variant

# Room for a number, within the 255 characters of a slug.
LONGEST_SLUG = 245
LONGEST_SKU = 64


def keep_addresses(drafts: Sequence[ProductDraft]) -> None:
    """A slug made from a title gives way to the one that the product of these SKUs has.

    Where the SKU is made from the title as well, the title itself tells products apart. A new
    product's slug is one that no other has.
    """
    made = [draft for draft in drafts if not draft.has_own_slug]
    if not made:
        return
    owners = _owners(variant.sku for draft in made for variant in draft.variants)
    by_title = _by_title(draft.title for draft in made if not _has_own_skus(draft))
    new = [draft for draft in made if not _is_kept(draft, owners, by_title)]
    ids = {id(draft) for draft in new}
    _make_distinct(new, {draft.slug for draft in drafts if id(draft) not in ids})


def keep_spelling(drafts: Iterable[ProductDraft]) -> None:
    """A SKU that is here in another case is that SKU."""
    variants = [variant for draft in drafts for variant in draft.variants]
    rows = Variant.objects.annotate(any_case=Upper("sku"))
    rows = rows.filter(any_case__in={variant.sku.upper() for variant in variants})
    known = dict(rows.values_list("any_case", "sku"))
    for variant in variants:
        variant.sku = known.get(variant.sku.upper(), variant.sku)


def _owners(skus: Iterable[str]) -> dict[str, tuple[str, str]]:
    """{SKU in capitals: (slug, title) of the product that it belongs to}."""
    rows = Variant.objects.annotate(any_case=Upper("sku"))
    rows = rows.filter(any_case__in={sku.upper() for sku in skus})
    return {
        sku: (slug, title)
        for sku, slug, title in rows.values_list("any_case", "product__slug", "product__title")
    }


def _by_title(titles: Iterable[str]) -> dict[str, list[str]]:
    """{title: slugs of the products that have it}."""
    found: dict[str, list[str]] = {}
    if wanted := set(titles):
        rows = Product.objects.filter(title__in=wanted).order_by("pk")
        for title, slug in rows.values_list("title", "slug"):
            found.setdefault(title, []).append(slug)
    return found


def _is_kept(
    draft: ProductDraft, owners: dict[str, tuple[str, str]], by_title: dict[str, list[str]]
) -> bool:
    """Whether the product is here already; then its slug is the draft's."""
    known = next((owners[sku] for sku in _upper_skus(draft) if sku in owners), None)
    if known and (_has_own_skus(draft) or known[1] == draft.title):
        draft.slug = known[0]
        if draft.slug in by_title.get(draft.title, []):
            by_title[draft.title].remove(draft.slug)
        return True
    if _has_own_skus(draft):
        return False
    if slugs := by_title.get(draft.title):
        draft.slug = slugs.pop(0)
        rows = Variant.objects.filter(product__slug=draft.slug)
        skus = {tuple(row.option_values): row.sku for row in rows}
        for variant in draft.variants:
            variant.sku = skus.get(tuple(variant.option_values), variant.sku)
        return True
    for variant in draft.variants:
        variant.sku = _free_sku(variant.sku, owners)
    return False


def _free_sku(sku: str, owners: dict[str, tuple[str, str]]) -> str:
    """The SKU, or one with a number where a product of another title has it."""
    number, free = 1, sku
    while free.upper() in owners or (number > 1 and Variant.objects.filter(sku=free).exists()):
        number += 1
        free = f"{sku[: LONGEST_SKU - 6]}-{number}"
    owners[free.upper()] = ("", "")
    return free


def _make_distinct(drafts: Sequence[ProductDraft], taken: set[str]) -> None:
    """Give each a slug that no product here and no other draft has."""
    if not drafts:
        return
    slugs = {draft.slug for draft in drafts}
    here = set(Product.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    if here:
        # Those with a number after it, for the few that are taken only: it costs a look at each.
        similar = Q()
        for slug in here:
            similar |= Q(slug__startswith=f"{slug[:LONGEST_SLUG]}-")
        here |= set(Product.objects.filter(similar).values_list("slug", flat=True))
    taken |= here
    for draft in drafts:
        number, free = 1, draft.slug
        while free in taken:
            number += 1
            free = f"{draft.slug[:LONGEST_SLUG]}-{number}"
        draft.slug = free
        taken.add(free)


def _has_own_skus(draft: ProductDraft) -> bool:
    return all(variant.has_own_sku for variant in draft.variants)


def _upper_skus(draft: ProductDraft) -> list[str]:
    return [variant.sku.upper() for variant in draft.variants]


def merged(drafts: Sequence[ProductDraft]) -> list[ProductDraft]:
    """Rows of one product need not stand together where its address is made from its title, or
    where no options are said: what turns out to be one product is one draft."""
    found: dict[object, ProductDraft] = {}
    for draft in drafts:
        alone: object = draft.slug if not draft.says_options else id(draft)
        if not draft.has_own_slug:
            alone = draft.slug, draft.says_options and tuple(draft.option_names)
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
