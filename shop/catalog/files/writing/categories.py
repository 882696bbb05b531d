"""The categories that products name by their path, as "Home > Light"."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.text import slugify

from shop.catalog.files.drafts import ProductDraft
from shop.catalog.models import Category


def found(drafts: Iterable[ProductDraft], counts: Counter[str]) -> dict[str, Category]:
    """{slug: category} of the drafts' paths; what is missing of them is made."""
    known = {category.slug: category for category in Category.objects.all()}
    for draft in drafts:
        if draft.category is None:
            continue
        steps = steps_of(draft.category)
        for depth in range(1, len(steps) + 1):
            slug, parent = path_slug(steps[:depth]), path_slug(steps[: depth - 1])
            if slug in known:
                continue
            position = max((row.position for row in known.values()), default=0) + 1
            known[slug] = Category.objects.create(
                name=steps[depth - 1],
                slug=slug,
                position=position,
                parent=known.get(parent),
            )
            counts["categories created"] += 1
        _translate(draft, [known[path_slug(steps[: n + 1])] for n in range(len(steps))])
    return known


def _translate(draft: ProductDraft, shelves: Sequence[Category]) -> None:
    """Give each step its name in further languages, where as many steps are named."""
    for language, said in draft.translations.items():
        names = steps_of(said.get("category", ""))
        if len(names) != len(shelves):
            continue
        for shelf, name in zip(shelves, names, strict=True):
            if name and (shelf.translation(language, "name") or shelf.name) != name:
                shelf.translate(language, "name", name)
                shelf.save(update_fields=["translations"])


def steps_of(category: str) -> list[str]:
    """The steps of "Home > Light"; a name is cut to what a category's holds."""
    return [step.strip()[:100] for step in category.split(" > ") if step.strip()] or [category]


def path_slug(steps: Sequence[str]) -> str:
    """The address of a category by the names above it and its own, 100 characters at most."""
    return "-".join(map(category_slug, steps))[:100]


def category_slug(name: str) -> str:
    """A name without Latin letters has no slug of its own; its code points make one."""
    return slugify(name) or "-".join(f"{ord(letter):x}" for letter in name[:12])
