"""A list of products in pages of 24, whose page and order stand in the address."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_noop

from shop.catalog.search.facet_counts import Counts
from shop.catalog.search.matching import Condition, Selection, every, ids

PER_PAGE = 24
# The ids from one place in the list on, so many.
Rows = Callable[[int, int], list[int]]


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort; the tie-break by id keeps page 2 from repeating page 1."""

    key: str
    # Translated where it is shown.
    name: str
    by: str = ""
    # The same, as no index has it.
    by_gathering: str = ""


NEWEST = Order(
    "newest",
    gettext_noop("Newest"),
    "product.created_at DESC, product.id DESC",
    "product.created_at + interval '0' DESC, product.id DESC",
)
PRICE_UP = Order("price", gettext_noop("Price, low to high"), "span.lowest, span.product_id")
PRICE_DOWN = Order(
    "price-down",
    gettext_noop("Price, high to low"),
    "span.lowest DESC, span.product_id DESC",
)
TITLE = Order(
    "title", gettext_noop("Name"), "product.title, product.id", "product.title || '', product.id"
)
ORDERS = [NEWEST, PRICE_UP, PRICE_DOWN, TITLE]
# How the search ranks what it has found.
RELEVANCE = Order("relevance", gettext_noop("Best match"))


def order_asked(request: HttpRequest, orders: list[Order] = ORDERS) -> Order:
    """The order named in the address; the first one when that is unknown."""
    asked = request.GET.get("sort")
    return next((order for order in orders if order.key == asked), orders[0])


def sorted_rows(selection: Selection, order: Order, *, few: bool = False) -> Rows:
    """The ids of the selection in this order, from any place on; an index leads through it.

    Where there are but a few, the index would lead past all others: they are gathered, then sorted.
    """

    def rows(first: int, limit: int) -> list[int]:
        if order in {PRICE_UP, PRICE_DOWN}:
            return _by_price(selection, order, first, limit)
        where = selection.where()
        return ids(
            f"SELECT product.id FROM catalog_product product WHERE {where.sql}"  # noqa: S608
            f" ORDER BY {order.by_gathering if few else order.by} LIMIT %s OFFSET %s",
            [*where.values, limit, first],
        )

    return rows


def _by_price(selection: Selection, order: Order, first: int, limit: int) -> list[int]:
    """By the lowest price of each; those without a price in this currency come last."""
    priced = _priced(selection)
    found = ids(
        f"SELECT product.id {priced.sql} ORDER BY {order.by} LIMIT %s OFFSET %s",
        [*priced.values, limit, first],
    )
    if len(found) == limit or selection.spans():
        return found
    before = 0
    if first and not found:
        before = first - ids(f"SELECT count(*) {priced.sql}", priced.values)[0]
    where = selection.where()
    return found + ids(
        f"SELECT product.id FROM catalog_product product WHERE {where.sql}"  # noqa: S608
        " AND NOT EXISTS (SELECT FROM catalog_pricespan span"
        " WHERE span.product_id = product.id AND span.currency = %s)"
        " ORDER BY product.id LIMIT %s OFFSET %s",
        [*where.values, selection.filters.currency, limit - len(found), before],
    )


def _priced(selection: Selection) -> Condition:
    """Products beside their prices, as far as both fit."""
    costs = every(
        [Condition("span.currency = %s", (selection.filters.currency,)), *selection.spans()]
    )
    fits = every([selection.plausible(but_for_spans=True), selection.has_variant()])
    if selection.filters.prices and not selection.scope.is_large:
        # An index by price would lead past all other products that cost so much.
        sql = f"""FROM catalog_product product, LATERAL (
            SELECT * FROM catalog_pricespan span
            WHERE span.product_id = product.id AND {costs.sql} OFFSET 0
        ) AS span WHERE {fits.sql}"""  # noqa: S608
    else:
        sql = f"""FROM catalog_pricespan span
            JOIN catalog_product product ON product.id = span.product_id
            WHERE {costs.sql} AND {fits.sql}"""
    return Condition(sql, costs.values + fits.values)


@dataclass(frozen=True, slots=True)
class Page:
    """The ids on one page of `total` in all; `is_capped` when there are more than were counted."""

    number: int
    ids: list[int]
    has_next: bool
    total: int
    is_capped: bool

    @property
    def last(self) -> int:
        return last_page(self.total)

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1


def last_page(total: int) -> int:
    """The number of the last page of a list of `total`; an empty list has one page, too."""
    return max(1, -(-total // PER_PAGE))


def page_asked(request: HttpRequest, rows: Rows, counts: Counts) -> Page | None:
    """The page named in the address, None when there is no such page."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 8 and int(asked)):
        return None
    number, first = int(asked), (int(asked) - 1) * PER_PAGE
    if not counts.is_capped and number > last_page(counts.total):
        return None
    # One more than is shown says whether there is a further page.
    found = rows(first, PER_PAGE + 1) if counts.total or counts.is_capped else []
    if not found and number > 1:
        return None
    has_next = len(found) > PER_PAGE
    # Where not all were counted, the end of the list still tells how long it is.
    total = max(counts.total, first + len(found)) if has_next else first + len(found)
    return Page(number, found[:PER_PAGE], has_next, total, counts.is_capped and has_next)
