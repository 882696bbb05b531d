"""The products of a list as SQL: those of a scope that fit what the address asks for.

What is asked of options, price and availability must hold for one and the same variant. The
database is asked for one page, for a number, or for the newest so many, never for the whole list.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import connection

from shop.catalog.search.filters import ListFilters, option_pair

# Of more products than this it is only said that there are more.
MOST_COUNTED = 10_000
# To be joined by what binds `variant.product_id`; the currency is bound.
VARIANTS = """catalog_variant variant
    LEFT JOIN catalog_price price ON price.variant_id = variant.id AND price.is_active
        AND price.interval = '' AND price.currency = %s
    LEFT JOIN catalog_stock stock ON stock.variant_id = variant.id"""
# Where customers choose, the least that they may: as on its card.
AMOUNT = "coalesce(price.minimum_amount, price.unit_amount)"
# What can be bought: as on the product's page, that needs a price in this currency too.
IS_AVAILABLE = """(price.unit_amount IS NOT NULL
    AND stock.on_hand + stock.backorder > stock.reserved)"""
IS_REDUCED = "(price.regular_amount IS NOT NULL)"


class Condition(NamedTuple):
    """SQL that says yes or no, and the values bound in it."""

    sql: str
    values: tuple[Any, ...] = ()


def every(conditions: Iterable[Condition]) -> Condition:
    """All of them; of none, the truth."""
    kept = list(conditions)
    sql = " AND ".join(f"({one.sql})" for one in kept) or "true"
    return Condition(sql, tuple(value for one in kept for value in one.values))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a list is about before it is narrowed: a condition on `product`.

    `size` is how many on sale fulfill it, at most one more than are counted.
    """

    condition: Condition
    size: int

    @classmethod
    def of_categories(cls, ids: Iterable[int]) -> "Scope":
        condition = in_categories(ids)
        return cls(condition, number_of(every([ON_SALE, condition])))

    @property
    def is_large(self) -> bool:
        return self.size > MOST_COUNTED


ON_SALE = Condition("product.status = 'active' AND product.kind <> 'tip'")


def in_categories(ids: Iterable[int]) -> Condition:
    """Products that lie in one of these categories; their subtrees are the caller's to name."""
    return Condition("product.category_id = ANY(%s::bigint[])", (list(ids),))


@dataclass(frozen=True, slots=True)
class Selection:
    """Products on sale."""

    scope: Scope
    filters: ListFilters

    def but(self, facet: str) -> "Selection":
        return replace(self, filters=self.filters.but(facet))

    @property
    def newest_first(self) -> str:
        """How to sort by id where many are wanted.

        In a large list an index leads there soon. In a small one it would lead past many products
        of other lists; the planner does not see that, and a sum is not in its index.
        """
        return "product.id DESC" if self.scope.is_large else "product.id + 0 DESC"

    def where(self) -> Condition:
        """What a row `product` of catalog_product must fulfill."""
        return every([self.plausible(), self.has_variant()])

    def plausible(self, *, but_for_spans: bool = False) -> Condition:
        """As far as indexes know: they do not know what goes together in one variant."""
        filters = self.filters
        conditions = [ON_SALE, self.scope.condition]
        for name, values in filters.options.items():
            pairs = [option_pair(name, value) for value in values]
            conditions.append(Condition("product.facets && %s::text[]", (pairs,)))
        if filters.vendors:
            conditions.append(Condition("product.vendor = ANY(%s)", (filters.vendors,)))
        if filters.categories:
            conditions.append(in_categories(filters.categories))
        if self.spans() and not but_for_spans:
            conditions.append(self._has_span())
        return every(conditions)

    @property
    def is_sure(self) -> bool:
        """Whether what is plausible fits: of variants one thing at most is asked, and indexed."""
        filters = self.filters
        several = len(filters.options) + filters.reduced > 1
        return not (several or filters.prices or filters.available)

    def fits(self) -> list[Condition]:
        """What one variant must fulfill, with its price and stock, beside its `product`."""
        filters = self.filters
        value = "variant.option_values[array_position(product.option_names, %s::varchar)]"
        conditions = [
            # A fact is true of all variants.
            Condition(
                f"({value} = ANY(%s) OR product.fact_pairs && %s::text[])",
                (name, values, [option_pair(name, one) for one in values]),
            )
            for name, values in filters.options.items()
        ]
        if filters.prices:
            within = f"{AMOUNT} >= %s AND (%s::bigint IS NULL OR {AMOUNT} < %s)"
            conditions.append(_any_range(within, filters.prices))
        if filters.available:
            conditions.append(Condition(IS_AVAILABLE))
        if filters.reduced:
            conditions.append(Condition(IS_REDUCED))
        return conditions

    def has_variant(self) -> Condition:
        """That of what is plausible there is a variant that fits."""
        if self.is_sure:
            return Condition("true")
        fits = every([Condition("variant.is_active"), *self.fits()])
        # Without OFFSET the planner would gladly read all variants, prices and stock of the shop.
        return Condition(
            f"EXISTS (SELECT FROM {VARIANTS}"
            f" WHERE variant.product_id = product.id AND {fits.sql} OFFSET 0)",
            (self.filters.currency, *fits.values),
        )

    def spans(self) -> list[Condition]:
        """What must be true of the prices of a product, a row `span` of catalog_pricespan."""
        spans = []
        if self.filters.prices:
            within = "span.highest >= %s AND (%s::bigint IS NULL OR span.lowest < %s)"
            spans.append(_any_range(within, self.filters.prices))
            ends = [high for _, high in self.filters.prices if high is not None]
            if len(ends) == len(self.filters.prices):
                # Follows from the above; for an index that leads down from the dearest.
                spans.append(Condition("span.lowest < %s", (max(ends),)))
        if self.filters.reduced:
            spans.append(Condition("span.is_reduced"))
        return spans

    def _has_span(self) -> Condition:
        found = every([Condition("span.currency = %s", (self.filters.currency,)), *self.spans()])
        # In a large list few may cost so much, and an index knows which; so it does of the reduced.
        one_by_one = "" if self.scope.is_large or self.filters.reduced else " OFFSET 0"
        return Condition(
            "EXISTS (SELECT FROM catalog_pricespan span"
            f" WHERE span.product_id = product.id AND {found.sql}{one_by_one})",
            found.values,
        )

    def newest(self, limit: int, *, after: int = 0, but: Iterable[int] = ()) -> list[int]:
        """So many ids from one place on, the newest first; without some."""
        where = self.where()
        return ids(
            f"SELECT product.id FROM catalog_product product WHERE {where.sql}"  # noqa: S608
            " AND product.id <> ALL(%s::bigint[]) ORDER BY product.id DESC LIMIT %s OFFSET %s",
            [*where.values, list(but), limit, after],
        )


def _any_range(within: str, prices: Iterable[tuple[int, int | None]]) -> Condition:
    bounds = [(low, high, high) for low, high in prices]
    return Condition(
        " OR ".join(f"({within})" for _ in bounds),
        tuple(value for bound in bounds for value in bound),
    )


def number_of(where: Condition) -> int:
    """How many products there are, at most one more than are counted."""
    counted = f"SELECT FROM catalog_product product WHERE {where.sql} LIMIT %s"
    sql = f"SELECT count(*) FROM ({counted}) AS counted"  # noqa: S608
    return ids(sql, [*where.values, MOST_COUNTED + 1])[0]


def ids(sql: str, values: Iterable[Any]) -> list[int]:
    """The first column of what this finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return [row[0] for row in cursor.fetchall()]
