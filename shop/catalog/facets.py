"""Narrowing a list: what the address asks for, and how many products each further choice leaves.

Values of one facet widen each other, facets narrow each other; the counts of a facet leave its own
choice out, so that they say what choosing another value would show.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.translation import gettext as _

from shop.catalog.models import ProductQuerySet, Variant
from shop.money import Money, decimals
from shop.templatetags.money import money

# Of more products than this only the newest so many are counted, and that is said.
COUNTED = 10_000
# Longer lists of values help nobody to choose.
MOST_VALUES = 14
MOST_CHOSEN = 30
LONGEST_VALUE = 200
# In major units of a currency with cents; a hundredfold where there are none.
BREAKS = (25, 50, 100, 250)


@dataclass(frozen=True)
class Choice:
    """One value of a facet."""

    name: str
    value: str
    label: str
    count: int
    is_chosen: bool

    @property
    def is_empty(self) -> bool:
        return self.count == 0


@dataclass(frozen=True)
class Facet:
    """A way to narrow the list; `parameter` is its name in the address."""

    title: str
    parameter: str
    choices: list[Choice]


@dataclass(frozen=True)
class Asked:
    """What the address asks for, as far as it means something."""

    currency: str
    options: dict[str, list[str]] = field(default_factory=dict)
    vendors: list[str] = field(default_factory=list)
    prices: list[tuple[int, int | None]] = field(default_factory=list)
    categories: list[int] = field(default_factory=list)
    available: bool = False

    @classmethod
    def of(cls, query: QueryDict, currency: str) -> "Asked":
        """Read the address; what it does not know means nothing."""
        options: dict[str, list[str]] = {}
        for text in _values(query, "o"):
            name, colon, value = text.partition(":")
            if name and colon and value:
                options.setdefault(name, []).append(value)
        return cls(
            currency,
            options,
            _values(query, "vendor"),
            [bounds for text in _values(query, "price") if (bounds := _bounds(text))],
            [
                int(text)
                for text in _values(query, "category")
                if text.isdecimal() and len(text) < 9
            ],
            query.get("available") == "yes",
        )

    def __bool__(self) -> bool:
        return bool(
            self.options or self.vendors or self.prices or self.categories or self.available
        )

    def pairs(self) -> list[tuple[str, str]]:
        """As parameters of an address, in one order."""
        return [
            *(
                ("o", f"{name}:{value}")
                for name, values in self.options.items()
                for value in values
            ),
            *(("vendor", vendor) for vendor in self.vendors),
            *(("price", price_value(*bounds)) for bounds in self.prices),
            *(("category", str(pk)) for pk in self.categories),
            *([("available", "yes")] if self.available else []),
        ]

    def without(self, name: str, value: str) -> str:
        """The address's query without this choice."""
        return urlencode([pair for pair in self.pairs() if pair != (name, value)])


def narrowed(products: ProductQuerySet, asked: Asked) -> ProductQuerySet:
    """Only the products that the address asks for."""
    for name, values in asked.options.items():
        products = products.filter(facets__overlap=[f"{name}:{value}" for value in values])
    if asked.vendors:
        products = products.filter(vendor__in=asked.vendors)
    if asked.categories:
        products = products.filter(category__in=asked.categories)
    if asked.prices:
        within = Q()
        for low, high in asked.prices:
            within |= Q(lowest_now__gte=low, **({} if high is None else {"lowest_now__lt": high}))
        products = with_lowest(products, asked.currency).filter(within)
    if asked.available:
        left = Variant.objects.filter(product=OuterRef("pk"), is_active=True).alias(
            left=F("stock__on_hand") + F("stock__backorder") - F("stock__reserved")
        )
        products = products.filter(Exists(left.filter(left__gt=0)))
    return products


def with_lowest(products: ProductQuerySet, currency: str) -> ProductQuerySet:
    """Annotate `lowest_now`: the lowest price in minor units; None where there is none."""
    return products.annotate(lowest_now=Cast(KT(f"lowest__{currency}"), BigIntegerField()))


@dataclass(frozen=True)
class Counted:
    """How many products there are, and each facet with its counts."""

    total: int
    facets: list[Facet]
    is_capped: bool


def counted(
    asked: Asked,
    *,
    categories: Sequence[int] | None = None,
    ids: Sequence[int] | None = None,
    names: dict[int, tuple[int, str]] | None = None,
) -> Counted:
    """Count among the products of these categories, or those with these ids.

    `names` maps a category to the one that it counts as, with its name.
    """
    if not ids and not categories:
        return Counted(0, [], is_capped=False)
    scope, values = _scope(categories, ids)
    counting = _Counting(asked)
    with connection.cursor() as cursor:
        cursor.execute(*counting.statement(scope, values))
        rows: list[tuple[str, str, int]] = cursor.fetchall()
    found: dict[str, dict[str, int]] = {}
    for group, value, count in rows:
        found.setdefault(group, {})[value] = count
    size = found.get("size", {}).get("", 0)
    return Counted(found.get("total", {}).get("", 0), _facets(asked, found, names), size >= COUNTED)


class _Counting:
    """Builds the one statement that counts everything."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.conditions: dict[str, tuple[str, list[Any]]] = {}
        for name, chosen in asked.options.items():
            pairs = [f"{name}:{value}" for value in chosen]
            self.conditions[f"o:{name}"] = ("facets && %s::text[]", [pairs])
        if asked.vendors:
            self.conditions["vendor"] = ("vendor = ANY(%s)", [asked.vendors])
        if asked.categories:
            self.conditions["category"] = ("category_id = ANY(%s)", [asked.categories])
        if asked.prices:
            parts, bounds = [], []
            for low, high in asked.prices:
                parts.append("(lowest >= %s AND (%s::bigint IS NULL OR lowest < %s))")
                bounds += [low, high, high]
            self.conditions["price"] = (" OR ".join(parts), bounds)
        if asked.available:
            self.conditions["available"] = ("available", [])

    def statement(self, scope: str, values: list[Any]) -> tuple[str, list[Any]]:
        parts: list[str] = []
        parameters: list[Any] = [self.asked.currency, *values, COUNTED]

        def add(select: str, source: str, grouped: str, but: str = "", *more: Any) -> None:
            where, bound = self._where(but)
            # Only texts of this module are put together; values are bound.
            parts.append(f"SELECT {select}, count(*) FROM {source} WHERE {where} {grouped}")  # noqa: S608
            parameters.extend([*bound, *more])

        add("'size', ''", "base", "", "*")
        add("'total', ''", "base", "")
        add("'vendor', vendor", "base", "GROUP BY vendor", "vendor")
        add("'category', category_id::text", "base", "GROUP BY category_id", "category")
        breaks = ", ".join(map(str, breaks_of(self.asked.currency)))
        bucket = f"width_bucket(lowest, ARRAY[{breaks}]::bigint[])"
        add(
            f"'price', {bucket}::text", "base", f"AND lowest IS NOT NULL GROUP BY {bucket}", "price"
        )
        add("'available', available::text", "base", "GROUP BY available", "available")
        source = "base, unnest(facets) AS facet"
        chosen = [f"{name}:%" for name in self.asked.options]
        add("'o', facet", source, "AND NOT facet LIKE ANY(%s) GROUP BY facet", "", chosen)
        for name in self.asked.options:
            like = "AND facet LIKE %s GROUP BY facet"
            add("'o', facet", source, like, f"o:{name}", f"{name}:%")
        # Values that nothing is left of are shown all the same, and cannot be chosen.
        parts.append("SELECT DISTINCT 'every', facet, 0 FROM base, unnest(facets) AS facet")
        return BASE.format(scope=scope) + " UNION ALL ".join(parts), parameters

    def _where(self, but: str) -> tuple[str, list[Any]]:
        """All conditions but that of one facet; of none with `*`."""
        kept = [found for group, found in self.conditions.items() if but not in {group, "*"}]
        where = " AND ".join(f"({sql})" for sql, _ in kept) or "true"
        return where, [value for _, bound in kept for value in bound]


# Everything that is counted, read once.
BASE = """
    WITH base AS MATERIALIZED (
        SELECT product.id, product.facets, product.vendor, product.category_id,
            (product.lowest ->> %s)::bigint AS lowest, had.available IS NOT NULL AS available
        FROM catalog_product product LEFT JOIN LATERAL (
            -- One by one: the planner would else read the stock of the whole shop.
            SELECT true AS available FROM catalog_variant variant
            JOIN catalog_stock stock ON stock.variant_id = variant.id
            WHERE variant.product_id = product.id AND variant.is_active
                AND stock.on_hand + stock.backorder > stock.reserved
            LIMIT 1
        ) AS had ON true
        WHERE product.status = 'active' AND {scope}
        ORDER BY product.id DESC LIMIT %s
    )
"""


def _scope(categories: Sequence[int] | None, ids: Sequence[int] | None) -> tuple[str, list[Any]]:
    if ids is not None:
        return "product.id = ANY(%s)", [list(ids)]
    return "product.category_id = ANY(%s)", [list(categories or [])]


def _facets(
    asked: Asked, found: dict[str, dict[str, int]], names: dict[int, tuple[int, str]] | None
) -> list[Facet]:
    facets = []
    if names:
        facets.append(_categories(asked, found.get("category", {}), names))
    facets.append(_prices(asked, found.get("price", {})))
    facets.extend(_options(asked, found))
    vendors = {name: count for name, count in found.get("vendor", {}).items() if name}
    vendors |= {name: vendors.get(name, 0) for name in asked.vendors}
    facets.append(Facet(_("Brand"), "vendor", _top("vendor", vendors, chosen=asked.vendors)))
    left = found.get("available", {}).get("true", 0)
    facets.append(
        Facet(
            _("Availability"),
            "available",
            [Choice("available", "yes", _("In stock"), left, asked.available)],
        )
    )
    return [facet for facet in facets if len(facet.choices) > 1 or facet.parameter == "available"]


def _options(asked: Asked, found: dict[str, dict[str, int]]) -> list[Facet]:
    counts = {**found.get("every", {}), **found.get("o", {})}
    by_name: dict[str, dict[str, int]] = {}
    for pair, count in counts.items():
        name, _, value = pair.partition(":")
        by_name.setdefault(name, {})[value] = count
    for name, values in asked.options.items():
        for value in values:
            by_name.setdefault(name, {}).setdefault(value, 0)
    return [
        Facet(name, "o", _top("o", values, prefix=f"{name}:", chosen=asked.options.get(name, [])))
        for name, values in sorted(by_name.items())
    ]


def _top(
    parameter: str, counts: dict[str, int], *, chosen: Iterable[str], prefix: str = ""
) -> list[Choice]:
    """The most frequent values and the chosen ones, in the order of the alphabet."""
    chosen = list(chosen)
    ranked = sorted(counts, key=lambda value: (value not in chosen, -counts[value], value))
    return [
        Choice(parameter, f"{prefix}{value}", value, counts[value], value in chosen)
        for value in sorted(ranked[:MOST_VALUES], key=str.lower)
    ]


def _prices(asked: Asked, counts: dict[str, int]) -> Facet:
    breaks = breaks_of(asked.currency)
    ends: list[int | None] = [*breaks, None]
    choices = []
    for number, (low, high) in enumerate(zip([0, *breaks], ends, strict=True)):
        value = price_value(low, high)
        is_chosen = (low, high) in asked.prices
        label = price_label(low, high, asked.currency)
        choices.append(Choice("price", value, label, counts.get(str(number), 0), is_chosen))
    known = {choice.value for choice in choices}
    for low, high in asked.prices:
        if (value := price_value(low, high)) not in known:
            label = price_label(low, high, asked.currency)
            choices.append(Choice("price", value, label, 0, is_chosen=True))
    return Facet(_("Price"), "price", choices)


def _categories(asked: Asked, counts: dict[str, int], names: dict[int, tuple[int, str]]) -> Facet:
    sums: dict[int, int] = {}
    labels = dict(names.values())
    for pk, count in counts.items():
        if int(pk) in names:
            top = names[int(pk)][0]
            sums[top] = sums.get(top, 0) + count
    chosen = {names[pk][0] for pk in asked.categories if pk in names}
    return Facet(
        "Category",
        "category",
        [
            Choice("category", str(pk), labels[pk], sums.get(pk, 0), pk in chosen)
            for pk in labels
            if pk in sums or pk in chosen
        ],
    )


def breaks_of(currency: str) -> list[int]:
    """Where one range of prices ends and the next begins, in minor units."""
    factor = 100 if decimals(currency) == 0 else 10 ** decimals(currency)
    return [number * factor for number in BREAKS]


def price_value(low: int, high: int | None) -> str:
    return f"{low}-{'' if high is None else high}"


def price_label(low: int, high: int | None, currency: str) -> str:
    if high is None:
        return _("%(low)s and more") % {"low": money(Money(low, currency))}
    if low == 0:
        return _("below %(high)s") % {"high": money(Money(high, currency))}
    return _("%(low)s to %(high)s") % {
        "low": money(Money(low, currency)),
        "high": money(Money(high, currency)),
    }


def _values(query: QueryDict, name: str) -> list[str]:
    found = (text.strip() for text in query.getlist(name)[:MOST_CHOSEN])
    return list(dict.fromkeys(text[:LONGEST_VALUE] for text in found if text and "\0" not in text))


def _bounds(text: str) -> tuple[int, int | None] | None:
    low, dash, high = text.partition("-")
    numbers = [part for part in (low, high) if part]
    if not dash or not low or not all(part.isdecimal() and len(part) < 13 for part in numbers):
        return None
    return int(low), int(high) if high else None


def chosen(facets: Iterable[Facet], asked: Asked, kept: str) -> list[tuple[str, str]]:
    """What was chosen, each with the query without it; `kept` is what else stands there."""
    return [
        (
            f"{facet.title}: {choice.label}",
            "&".join(filter(None, [kept, asked.without(choice.name, choice.value)])),
        )
        for facet in facets
        for choice in facet.choices
        if choice.is_chosen
    ]
