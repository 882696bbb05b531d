"""Which rows of WooCommerce's export are one product: a parent and its variations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from shop.catalog.files.drafts import Problem
from shop.catalog.files.formats.woocommerce_cells import kind, parent_of, references
from shop.catalog.files.reading.csv_rows import Row, Unreadable
from shop.catalog.files.reading.records import Record

Items = Iterable[Record | tuple[Problem, str]]


@dataclass
class Group:
    parent: Row
    variations: list[Row] = field(default_factory=list)


def groups(file: Items, problems: list[Problem]) -> Iterator[Group]:
    """The products of a file, which is read twice: variations may stand anywhere in it.

    Memory holds those that do not follow their parent. What is wrong is added to `problems`.
    """
    strays, parents = _strays(file)
    group: Group | None = None
    try:
        for item in file:
            if not isinstance(item, Record):
                problems.append(item[0])
            elif kind(item) != "variation":
                if group:
                    yield _whole(group, strays)
                group = Group(item)
            elif group and _follows(item, group.parent):
                group.variations.append(item)
            elif parent_of(item) not in parents:
                sentence = f"{item['Parent']!r} is no variable product of this file."
                problems.append(Problem(item.line, "Parent", sentence))
    except Unreadable as error:
        problems.append(error.problem)
    if group:
        yield _whole(group, strays)


def _strays(file: Items) -> tuple[dict[str, list[Row]], set[str]]:
    """Variations that do not follow their parent, by how they name it; and all such names."""
    strays: dict[str, list[Row]] = {}
    parents: set[str] = set()
    current: Row | None = None
    try:
        for item in file:
            if not isinstance(item, Record):
                continue
            if kind(item) != "variation":
                current = item
                if kind(item) == "variable":
                    parents |= references(item)
            elif not (current and _follows(item, current)):
                strays.setdefault(parent_of(item), []).append(item)
    except Unreadable:
        # Reading it again says so.
        pass
    return strays, parents


def _follows(variation: Row, parent: Row) -> bool:
    named = parent_of(variation)
    is_named = named in references(parent) if named else True
    return is_named and kind(parent) == "variable"


def _whole(group: Group, strays: dict[str, list[Row]]) -> Group:
    if kind(group.parent) == "variable":
        for reference in references(group.parent):
            group.variations += strays.pop(reference, [])
    group.variations.sort(key=lambda row: row.line)
    return group
