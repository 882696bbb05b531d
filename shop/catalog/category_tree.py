"""The tree of categories, read once for each page."""

from dataclasses import dataclass, field

from django.http import HttpRequest

from shop.catalog.models import Category


@dataclass
class Tree:
    """All categories with what lies above and below each; one query, whatever is asked of it."""

    by_id: dict[int, Category] = field(default_factory=dict)
    below: dict[int | None, list[Category]] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Tree":
        tree = cls()
        for category in Category.objects.defer("description"):
            tree.by_id[category.pk] = category
            tree.below.setdefault(category.parent_id, []).append(category)
        return tree

    @property
    def top(self) -> list[Category]:
        return self.below.get(None, [])

    def children(self, category: Category) -> list[Category]:
        return self.below.get(category.pk, [])

    def branch(self, category: Category) -> list[Category]:
        """The category and all below it."""
        found = [category]
        for one in found:
            found.extend(self.below.get(one.pk, []))
        return found

    def way(self, category: Category) -> list[Category]:
        """From the top down to the category itself."""
        steps: list[Category] = []
        here: Category | None = self.by_id.get(category.pk, category)
        while here is not None and here not in steps:
            steps.append(here)
            here = self.by_id.get(here.parent_id) if here.parent_id else None
        return steps[::-1]


def tree_of(request: HttpRequest) -> Tree:
    """The tree for this page, read when it is first asked for."""
    known: Tree | None = getattr(request, "category_tree", None)
    if known is None:
        known = Tree.read()
        setattr(request, "category_tree", known)  # noqa: B010
    return known
