"""The categories that products name by their path, as "Home > Light"."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.text import slugify

from shop.catalog.files.drafts import ProductDraft
from shop.catalog.models import Category

LONGEST_SLUG = 100


def found(drafts: Iterable[ProductDraft], counts: Counter[str]) -> "Shelves":
    """The categories of the drafts' paths; what is missing of them is made."""
    shelves = Shelves(counts)
    for draft in drafts:
        if draft.category is not None:
            _translate(draft, shelves.walk(steps_of(draft.category)))
    return shelves


class Shelves:
    """All categories. Names tell them apart, in whatever case; slugs are made distinct.

    One that was renamed here is still known by the slug that its first name made.
    """

    def __init__(self, counts: Counter[str]) -> None:
        self._counts = counts
        self._by_slug: dict[str, Category] = {}
        self._by_name: dict[tuple[int | None, str], Category] = {}
        self._renamed: dict[str, Category] = {}
        for row in Category.objects.order_by("pk"):
            self._add(row)
            if not row.slug.endswith(category_slug(row.name)):
                self._renamed[row.slug] = row

    def walk(self, steps: Sequence[str]) -> list[Category]:
        """The categories of these steps, from the outermost; each is made where it is missing."""
        path: list[Category] = []
        for depth, name in enumerate(steps, start=1):
            parent = path[-1] if path else None
            slug = path_slug(steps[:depth])
            key = parent.pk if parent else None, name.casefold()
            row = self._by_name.get(key)
            path.append(row or self._of_old_name(slug, parent) or self._make(name, slug, parent))
        return path

    def _of_old_name(self, slug: str, parent: Category | None) -> Category | None:
        row = self._renamed.get(slug)
        return row if row and row.parent_id == (parent.pk if parent else None) else None

    def _make(self, name: str, slug: str, parent: Category | None) -> Category:
        number, free = 1, slug
        while free in self._by_slug:
            number += 1
            free = f"{slug[: LONGEST_SLUG - 6]}-{number}"
        position = max((row.position for row in self._by_slug.values()), default=0) + 1
        row = Category.objects.create(name=name, slug=free, position=position, parent=parent)
        self._counts["categories created"] += 1
        self._add(row)
        return row

    def _add(self, row: Category) -> None:
        self._by_slug[row.slug] = row
        self._by_name.setdefault((row.parent_id, row.name.casefold()), row)


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
    return "-".join(map(category_slug, steps))[:LONGEST_SLUG]


def category_slug(name: str) -> str:
    """A name without Latin letters has no slug of its own; its code points make one."""
    return slugify(name) or "-".join(f"{ord(letter):x}" for letter in name[:12])
