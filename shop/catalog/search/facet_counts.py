"""How many products each further choice would leave, counted in one statement.

The counts of a facet leave its own choices out, so that they say what another value would show.
Of a long list only the newest so many are counted: then a count says that there are at least so
many, and is shown so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.db import connection

from shop.catalog.search.filters import NO_COLON, ListFilters, price_value
from shop.catalog.search.matching import (
    AMOUNT,
    IS_AVAILABLE,
    IS_REDUCED,
    MOST_COUNTED,
    VARIANTS,
    Condition,
    Selection,
    every,
)
from shop.money import decimals
from shop.translation.translated import present_language

COUNTED = 1_000
# Those that every list has; options are named as "o:Color".
FACETS = ["vendor", "category", "price", "available", "reduced"]
# What the statement calls the translation of a word.
WORD = "word:"
# In major units of a currency with cents; a hundredfold where there are none.
BREAKS = (25, 50, 100, 250)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted, by facet (an option is "o:Color") and value."""

    total: int = 0
    is_capped: bool = False
    by_facet: dict[str, dict[str, int]] = field(default_factory=dict)
    # The facets whose counts are of the newest so many only.
    capped: frozenset[str] = frozenset()
    # Options and their values in the present language, each as most of the products say it.
    words: dict[str, str] = field(default_factory=dict)

    @property
    def are_few(self) -> bool:
        return not self.is_capped and self.total <= COUNTED

    def of(self, facet: str) -> dict[str, int]:
        return self.by_facet.get(facet, {})


def count(selection: Selection) -> Counts:
    """Count the selection, and for each facet what its values would leave."""
    statement = counting(selection)
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        rows: list[tuple[str, str, int]] = cursor.fetchall()
    found: dict[str, dict[str, int]] = {}
    for facet, value, number in rows:
        numbers = found.setdefault(facet, {})
        numbers[value] = max(number, numbers.get(value, 0))
    words = {
        facet.removeprefix(WORD): max(found.pop(facet).items(), key=lambda one: one[::-1])[0]
        for facet in [facet for facet in found if facet.startswith(WORD)]
    }
    sizes, total = found.pop("size"), found.pop("total")[""]
    most = _share(selection.filters)
    # Facets without a choice share one count.
    facets = {*FACETS, *found}
    capped = {facet for facet in facets if sizes.get(facet, sizes[""]) >= most}
    is_capped = total > MOST_COUNTED if selection.is_sure else sizes[""] >= most
    return Counts(min(total, MOST_COUNTED), is_capped, found, frozenset(capped), words)


def _share(filters: ListFilters) -> int:
    """How many are counted for each facet with a choice, and for all others together."""
    return COUNTED // (1 + len(filters.facets()))


def counting(selection: Selection) -> Condition:
    """The statement; each of its parts answers with facet, value and number."""
    filters, parts = selection.filters, [_total(selection)]
    language = present_language()
    bases, fitting = _Bases(language), []
    if filters or language:
        everything = bases.of(replace(selection, filters=ListFilters(filters.currency)), COUNTED)
    if language:
        parts.append(_words(everything))
    if filters:
        parts += [Condition(known.format(base=everything)) for known in KNOWN]
    for number, facet in enumerate(["", *filters.facets()]):
        left = selection.but(facet) if facet else selection
        base, name = bases.of(left, _share(filters)), f"fitting_{number}"
        fitting.append(_fitting(name, base, left, _share(filters)))
        parts.append(Condition(f"SELECT 'size', %s, count(*) FROM {base}", (facet,)))  # noqa: S608
        for one in [facet] if facet else _without_choice(filters):
            parts += _counts(name, filters, one)
    tables = [*bases.tables, *fitting]
    statement = f"WITH {', '.join(one.sql for one in tables)}\n"
    statement += "\nUNION ALL ".join(one.sql for one in parts)
    return Condition(statement, tuple(value for one in [*tables, *parts] for value in one.values))


class _Bases:
    """The newest so many that may fit, read once for selections that differ in variants only."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.known: list[Condition] = []
        self.tables: list[Condition] = []

    def of(self, selection: Selection, most: int) -> str:
        """The name of the table, which holds as many or more."""
        where = selection.plausible()
        if where not in self.known:
            self.known.append(where)
            self.tables.append(self._table(where, selection, most))
        return f"base_{self.known.index(where)}"

    def _table(self, where: Condition, selection: Selection, most: int) -> Condition:
        name = f"base_{len(self.tables)}"
        words = ""
        values: tuple[str, ...] = ()
        if self.language:
            words = ", product.translations #> ARRAY[%s, 'options'] AS words"
            values = (self.language,)
        return Condition(
            f"{name} AS MATERIALIZED (SELECT product.id, product.vendor, product.facets,"  # noqa: S608
            f" product.category_id, product.option_names, product.fact_pairs{words}"
            " FROM catalog_product product"
            f" WHERE {where.sql} ORDER BY {selection.newest_first} LIMIT %s)",
            (*values, *where.values, most),
        )


# The name and the value of a pair as "Color:Sand".
PAIRED = (
    f"replace(split_part(pair, ':', 1), '{NO_COLON}', ':')",
    "substr(pair, strpos(pair, ':') + 1)",
)
# Values that nothing is left of are shown all the same, and cannot be chosen.
KNOWN = [
    "SELECT DISTINCT 'vendor', vendor, 0 FROM {base}",
    f"""SELECT DISTINCT 'o:' || {PAIRED[0]}, {PAIRED[1]}, 0
    FROM {{base}}, unnest(facets) AS pair""",  # noqa: S608
]


def _without_choice(filters: ListFilters) -> list[str]:
    """All facets in which nothing was chosen; `o` is every such option."""
    chosen = filters.facets()
    return [facet for facet in [*FACETS, "o"] if facet not in chosen]


def _words(base: str) -> Condition:
    """How often an option or value is translated so; for all of them in the statement at hand."""
    return Condition(
        f"SELECT '{WORD}' || word.key, word.value, count(*) FROM {base},"  # noqa: S608
        " jsonb_each_text(CASE jsonb_typeof(words) WHEN 'object' THEN words END) AS word"
        " GROUP BY 1, 2"
    )


def _total(selection: Selection) -> Condition:
    """How many there are; where variants have to be looked into, among those looked into."""
    if not selection.is_sure:
        return Condition("SELECT 'total', '', count(DISTINCT id) FROM fitting_0")
    if not selection.filters:
        return Condition("SELECT 'total', '', %s", (selection.scope.size,))
    where = selection.where()
    return Condition(
        "SELECT 'total', '', count(*) FROM (SELECT FROM catalog_product product"  # noqa: S608
        f" WHERE {where.sql} LIMIT %s) AS counted",
        (*where.values, MOST_COUNTED + 1),
    )


def _fitting(name: str, base: str, selection: Selection, most: int) -> Condition:
    """Those that do fit, with the variants that make it so, looked up one product after another.

    The planner would else read all variants, prices and stock of the shop.
    """
    filters, fits = selection.filters, every([Condition("variant.is_active"), *selection.fits()])
    # Without a choice that variants must fit, a product without any variant fits too.
    join, on = ("CROSS JOIN", "") if selection.fits() else ("LEFT JOIN", " ON true")
    return Condition(
        f"""{name} AS MATERIALIZED (
            SELECT product.id, product.vendor, product.category_id, product.option_names,
                product.fact_pairs, fit.*
            FROM (SELECT * FROM {base} ORDER BY id DESC LIMIT %s) AS product {join} LATERAL (
                SELECT variant.option_values, {AMOUNT} AS amount, {IS_AVAILABLE} AS available,
                    {IS_REDUCED} AS reduced
                FROM {VARIANTS} WHERE variant.product_id = product.id AND {fits.sql} OFFSET 0
            ) AS fit{on}
        )""",  # noqa: S608
        (most, filters.currency, *fits.values),
    )


def _counts(fitting: str, filters: ListFilters, facet: str) -> Iterator[Condition]:
    """The counts of one facet, of what fits without its own choices."""
    if facet in {"vendor", "category"}:
        column = {"vendor": "vendor", "category": "category_id::text"}[facet]
        yield _each(f"'{facet}'", column, fitting, Condition("true"))
    elif facet == "price":
        yield from _prices(fitting, filters)
    elif facet in {"available", "reduced"}:
        yield _each(f"'{facet}'", "'yes'", fitting, Condition(facet))
    else:
        yield _options(fitting, filters, facet)


def _prices(fitting: str, filters: ListFilters) -> Iterator[Condition]:
    """By the number of the range, and for a range of somebody's own by its value."""
    breaks = ", ".join(map(str, breaks_of(filters.currency)))
    bucket = f"width_bucket(amount, ARRAY[{breaks}]::bigint[])::text"
    yield _each("'price'", bucket, fitting, Condition("amount IS NOT NULL"))
    for low, high in filters.prices:
        within = Condition("amount >= %s AND (%s::bigint IS NULL OR amount < %s)")
        values = (price_value(low, high), low, high, high)
        yield _each("'price'", "%s::text", fitting, within._replace(values=values))


def _options(fitting: str, filters: ListFilters, facet: str) -> Condition:
    source = f"""{fitting}, LATERAL (
        SELECT * FROM unnest(option_names, option_values)
        UNION ALL SELECT {PAIRED[0]}, {PAIRED[1]} FROM unnest(fact_pairs) AS pair
    ) AS option (name, value)"""  # noqa: S608
    whole = "name IS NOT NULL AND value IS NOT NULL"
    if facet == "o":
        others = Condition(f"{whole} AND NOT name = ANY(%s)", (list(filters.options),))
    else:
        others = Condition(f"{whole} AND name = %s", (facet.removeprefix("o:"),))
    return _each("'o:' || name", "value", source, others)


def _each(facet: str, value: str, source: str, where: Condition) -> Condition:
    """Products, not variants, are counted."""
    each = f"SELECT DISTINCT id, {facet} AS facet, {value} AS value FROM {source} WHERE {where.sql}"  # noqa: S608
    sql = f"SELECT facet, value, count(*) FROM ({each}) AS each GROUP BY 1, 2"  # noqa: S608
    return Condition(sql, where.values)


def breaks_of(currency: str) -> list[int]:
    """Where one range of prices ends and the next begins, in minor units."""
    factor = 100 if decimals(currency) == 0 else 10 ** decimals(currency)
    return [number * factor for number in BREAKS]
