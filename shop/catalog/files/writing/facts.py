"""Facts of drafts into the database; what a file does not say of is left as it is."""

from collections.abc import Iterable, Sequence

from shop.catalog.files.drafts import FactDraft, ProductDraft
from shop.catalog.files.writing.batch import Batch
from shop.catalog.models import Fact, ProductFact


def write(drafts: Sequence[ProductDraft], batch: Batch) -> None:
    """Say these facts of the products, which are saved already."""
    said = {name: draft for one in drafts for draft in one.facts if (name := draft.name)}
    if not said:
        return
    facts = _facts(said.values())
    products = [batch.products[draft.slug] for draft in drafts]
    known = {
        (row.product_id, row.fact_id): row
        for row in ProductFact.objects.filter(product__in=products).select_related("fact")
    }
    new: list[ProductFact] = []
    changed: list[ProductFact] = []
    gone: list[ProductFact] = []
    for draft in drafts:
        product = batch.products[draft.slug]
        for one in draft.facts:
            fact = facts[one.name]
            row = known.get((product.pk, fact.pk))
            if not one.text:
                gone += [row] if row else []
                continue
            wanted = ProductFact(
                product=product,
                fact=fact,
                text=one.text,
                translations=row.translations if row else {},
            )
            # Words that narrow lists are translated with those of options.
            for language, text in ({} if fact.is_filter else one.translations).items():
                wanted.translate(language, "text", text)
            if row is None:
                new.append(wanted)
            elif (row.text, row.translations) != (wanted.text, wanted.translations):
                row.text, row.translations = wanted.text, wanted.translations
                changed.append(row)
    ProductFact.objects.bulk_create(new)
    ProductFact.objects.bulk_update(changed, ["text", "translations"])
    ProductFact.objects.filter(pk__in=[row.pk for row in gone]).delete()
    batch.touch(row.product_id for row in (*new, *changed, *gone))


def _facts(drafts: Iterable[FactDraft]) -> dict[str, Fact]:
    """Those of these names; what the shop does not know yet is new."""
    wanted = {draft.name: draft for draft in drafts}
    known = set(Fact.objects.filter(name__in=wanted).values_list("name", flat=True))
    Fact.objects.bulk_create(
        [
            Fact(name=name, is_filter=draft.is_filter)
            for name, draft in wanted.items()
            if name not in known and draft.text
        ],
        ignore_conflicts=True,
    )
    found = {fact.name: fact for fact in Fact.objects.filter(name__in=wanted)}
    return {name: found.get(name, Fact(name=name)) for name in wanted}
