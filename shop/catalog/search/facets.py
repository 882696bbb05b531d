"""The ways to narrow a list, as the page shows them, and what was chosen of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from shop.catalog.category_tree import Tree
from shop.catalog.models import Category
from shop.catalog.search.facet_counts import Counts, breaks_of
from shop.catalog.search.filters import ListFilters, option_pair, price_value
from shop.catalog.sizes import size_key
from shop.money import Money
from shop.templatetags.money import money

# Longer lists of values help nobody to choose; the others are a press away.
MOST_VALUES = 14
NO_WORDS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Choice:
    """One value of a facet; `is_least` where not all were counted: there are at least so many."""

    name: str
    value: str
    label: str
    count: int
    is_chosen: bool
    is_least: bool = False

    @property
    def is_empty(self) -> bool:
        return self.count == 0 and not self.is_least


@dataclass(frozen=True)
class Facet:
    """A way to narrow the list; `parameter` is its name in the address."""

    title: str
    parameter: str
    choices: list[Choice]
    more: list[Choice] = field(default_factory=list)

    @property
    def helps(self) -> bool:
        """With one value there is nothing to choose, unless it was chosen."""
        return len(self.choices) > 1 or any(choice.is_chosen for choice in self.choices)


def facets(
    filters: ListFilters, counts: Counts, tree: Tree, shown: Iterable[Category]
) -> list[Facet]:
    """All that help to narrow the list; `shown` are the categories that it may be narrowed to."""
    several = [
        _categories(filters, counts, tree, shown),
        _prices(filters, counts),
        *_options(filters, counts),
        _brands(filters, counts),
    ]
    return [
        *(facet for facet in several if facet.helps),
        _single(_("Availability"), "available", _("In stock"), counts, is_chosen=filters.available),
        _single(_("Offers"), "reduced", _("Sale"), counts, is_chosen=filters.reduced),
    ]


def chips(filters: ListFilters, counts: Counts, tree: Tree, kept: str) -> list[tuple[str, str]]:
    """What was chosen, each with the query without it; `kept` is what else stands there."""
    return [
        (words, "&".join(filter(None, [kept, filters.without(name, value)])))
        for (name, value), words in zip(
            filters.pairs(), _in_words(filters, counts.words, tree), strict=True
        )
    ]


def _in_words(filters: ListFilters, words: dict[str, str], tree: Tree) -> list[str]:
    """Each choice in words, in the order of `ListFilters.pairs`."""
    return [
        *(
            f"{words.get(name, name)}: {words.get(value, value)}"
            for name, values in filters.options.items()
            for value in values
        ),
        *(f"{_('Brand')}: {vendor}" for vendor in filters.vendors),
        *(f"{_('Price')}: {price_label(*bounds, filters.currency)}" for bounds in filters.prices),
        *(f"{_('Category')}: {tree.by_id[pk].translated('name')}" for pk in filters.categories),
        *([f"{_('Availability')}: {_('In stock')}"] if filters.available else []),
        *([f"{_('Offers')}: {_('Sale')}"] if filters.reduced else []),
    ]


def _categories(
    filters: ListFilters, counts: Counts, tree: Tree, shown: Iterable[Category]
) -> Facet:
    """Each with all below it; a chosen one that is not among those shown stands there too."""
    chosen = [tree.by_id[pk] for pk in filters.categories]
    found = counts.of("category")
    choices = [
        Choice(
            "category",
            str(one.pk),
            one.translated("name"),
            sum(found.get(str(below.pk), 0) for below in tree.branch(one)),
            one in chosen,
            "category" in counts.capped,
        )
        for one in dict.fromkeys([*shown, *chosen])
    ]
    return _facet(_("Category"), "category", choices, order=lambda _one: 0)


def _prices(filters: ListFilters, counts: Counts) -> Facet:
    found, breaks = counts.of("price"), breaks_of(filters.currency)
    ends: list[int | None] = [*breaks, None]
    ranges = list(zip([0, *breaks], ends, strict=True))
    known = {bounds: found.get(str(number), 0) for number, bounds in enumerate(ranges)}
    known |= {one: found.get(price_value(*one), 0) for one in filters.prices if one not in known}
    return Facet(
        _("Price"),
        "price",
        [
            Choice(
                "price",
                price_value(*bounds),
                price_label(*bounds, filters.currency),
                count,
                bounds in filters.prices,
                "price" in counts.capped,
            )
            for bounds, count in known.items()
        ],
    )


def _options(filters: ListFilters, counts: Counts) -> list[Facet]:
    names = {facet.removeprefix("o:") for facet in counts.by_facet if facet.startswith("o:")}
    return [
        _values(
            counts.words.get(name, name),
            "o",
            f"o:{name}",
            counts,
            filters.options.get(name, []),
            prefix=option_pair(name, ""),
            words=counts.words,
        )
        for name in sorted(names | set(filters.options))
    ]


def _brands(filters: ListFilters, counts: Counts) -> Facet:
    return _values(_("Brand"), "vendor", "vendor", counts, filters.vendors)


def _values(
    title: str,
    parameter: str,
    facet: str,
    counts: Counts,
    chosen: list[str],
    prefix: str = "",
    words: Mapping[str, str] = NO_WORDS,
) -> Facet:
    """The values that were found and those chosen, in the present language if `words` has them."""
    found = {value: count for value, count in counts.of(facet).items() if value}
    found = dict.fromkeys(chosen, 0) | found
    choices = [
        Choice(
            parameter,
            prefix + value,
            words.get(value, value),
            count,
            value in chosen,
            facet in counts.capped,
        )
        for value, count in found.items()
    ]
    return _facet(title, parameter, choices, order=lambda one: size_key(one.label))


def _facet(
    title: str, parameter: str, choices: list[Choice], order: Callable[[Choice], Any]
) -> Facet:
    """The most frequent and the chosen ones first, the others further down, both in order."""
    ranked = sorted(choices, key=lambda one: (not one.is_chosen, -one.count, one.label))
    first = set(ranked[:MOST_VALUES])
    in_order = sorted(choices, key=order)
    return Facet(
        title,
        parameter,
        [one for one in in_order if one in first],
        [one for one in in_order if one not in first],
    )


def _single(title: str, facet: str, label: str, counts: Counts, *, is_chosen: bool) -> Facet:
    count = counts.of(facet).get("yes", 0)
    is_least = facet in counts.capped
    return Facet(title, facet, [Choice(facet, "yes", label, count, is_chosen, is_least)])


def price_label(low: int, high: int | None, currency: str) -> str:
    """A range of prices in the filter's words; in minor units, and open where `high` is None."""
    if high is None:
        return _("%(low)s and more") % {"low": money(Money(low, currency))}
    if low == 0:
        return _("below %(high)s") % {"high": money(Money(high, currency))}
    return _("%(low)s to %(high)s") % {
        "low": money(Money(low, currency)),
        "high": money(Money(high, currency)),
    }
