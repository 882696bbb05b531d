"""Search: an exact SKU or title first, then full text, then words that are nearly right."""

from dataclasses import dataclass

from django.db import connection

from shop.catalog.search import spelling
from shop.catalog.search.index import cleaned, configurations, folded
from shop.catalog.search.matching import MOST_COUNTED, Condition, Scope, Selection, ids
from shop.catalog.search.sorting import Rows

# So many are kept by their ids. The planner knows how many ids there are; it guesses how many
# products have a word, and guesses ill what begins like one.
FEW = 1000
# One very common word among a million products would otherwise rank them all. Of a large list the
# newest, the newest by title unless enough are among them, and the exact ones are ranked; the
# others come after them.
RANKED = 1000
ENOUGH_TITLED = 100
MOST_EXACT = 24
EXACT = """
    (SELECT product.id FROM catalog_product product
        JOIN catalog_variant variant ON variant.product_id = product.id AND variant.is_active
        WHERE product.status = 'active' AND upper(variant.sku) = upper(%s))
    UNION ALL
    (SELECT id FROM catalog_product WHERE status = 'active' AND upper(title) = upper(%s)
        ORDER BY id DESC LIMIT %s)
"""
BY_FULL_TEXT = """
    WITH found AS MATERIALIZED (
        SELECT id FROM catalog_product WHERE search_vector @@ {match} AND status = 'active' LIMIT %s
    )
    SELECT count(*), CASE WHEN count(*) <= %s THEN array_agg(id ORDER BY id) END FROM found
"""
# Their variants are looked into last, and only as far as the page goes.
RANKED_ALL = """
    SELECT id FROM (
        SELECT product.id, product.title, product.option_names,
            array_position(%s::bigint[], product.id) AS exact,
            ts_rank(product.search_vector, {match}) AS rank
        FROM catalog_product product WHERE {plausible}
        ORDER BY exact, rank DESC, product.title, product.id OFFSET 0
    ) AS product WHERE {fits}
    ORDER BY exact, rank DESC, title, id LIMIT %s OFFSET %s
"""
RANKED_NEWEST = """
    WITH newest AS MATERIALIZED (
        SELECT product.id, ts_filter(product.search_vector, '{{a}}') @@ {match} AS is_titled
        FROM catalog_product product WHERE {where} ORDER BY product.id DESC LIMIT %s
    ), titled AS MATERIALIZED (
        SELECT product.id FROM catalog_product product
        WHERE (SELECT count(*) FROM newest WHERE is_titled) < %s
            AND {where} AND ts_filter(product.search_vector, '{{a}}') @@ {match}
        ORDER BY product.id DESC LIMIT %s
    ), best AS (
        SELECT id FROM newest UNION SELECT id FROM titled
        UNION SELECT product.id FROM catalog_product product
        WHERE product.id = ANY(%s::bigint[]) AND {where}
    )
    SELECT product.id FROM catalog_product product JOIN best USING (id)
    ORDER BY array_position(%s::bigint[], product.id),
        ts_rank(product.search_vector, {match}) DESC, product.title, product.id
"""
NOTHING = Scope(Condition("false"), 0)


@dataclass(frozen=True, slots=True)
class Found:
    """What a question has found; `is_near` when nothing was found as written.

    `asked` is the question as full text asks it; `scope` what it finds, by ids where these are few;
    `exact` the ids that stand first, by SKU and then by title.
    """

    query: str
    asked: str = ""
    scope: Scope = NOTHING
    exact: tuple[int, ...] = ()
    is_near: bool = False
    words: tuple[str, ...] = ()

    def ranked(self, selection: Selection) -> Rows:
        """The ids of the selection from any place on, the best match first."""
        return (
            self._ranked_newest(selection) if self.scope.is_large else self._ranked_all(selection)
        )

    def _ranked_all(self, selection: Selection) -> Rows:
        plausible, fits, match = selection.plausible(), selection.has_variant(), _match(self.asked)
        sql = RANKED_ALL.format(plausible=plausible.sql, fits=fits.sql, match=match.sql)
        values = [list(self.exact), *match.values, *plausible.values, *fits.values]
        return lambda first, limit: ids(sql, [*values, limit, first])

    def _ranked_newest(self, selection: Selection) -> Rows:
        where, match, exact = selection.where(), _match(self.asked), list(self.exact)
        values = [*match.values, *where.values, RANKED]
        values += [ENOUGH_TITLED, *where.values, *match.values, RANKED]
        values += [exact, *where.values, exact, *match.values]
        best = ids(RANKED_NEWEST.format(where=where.sql, match=match.sql), values)

        def rows(first: int, limit: int) -> list[int]:
            found = best[first : first + limit]
            if len(found) < limit and len(best) >= RANKED:
                after = max(first - len(best), 0)
                found += selection.newest(limit - len(found), after=after, but=best)
            return found

        return rows


def find(query: str) -> Found:
    """Search for whatever a customer may type."""
    query = cleaned(query)
    words = folded(query)
    if not words:
        return Found(query)
    # All the words; the last may be the beginning of one.
    exact, asked = _exact(query), " & ".join([*words[:-1], f"{words[-1]}:*"])
    scope = _by_full_text(asked, exact)
    if scope.size:
        return Found(query, asked, scope, exact)
    asked, scope = _by_near_words(words)
    return Found(query, asked, scope, is_near=True, words=tuple(words))


def _exact(query: str) -> tuple[int, ...]:
    """The one with this SKU, then those with this title, the newest first."""
    return tuple(dict.fromkeys(ids(EXACT, [query, query, MOST_EXACT])))


def _by_full_text(asked: str, exact: tuple[int, ...] = ()) -> Scope:
    """What full text finds, and what is found without it."""
    match = _match(asked)
    with connection.cursor() as cursor:
        cursor.execute(BY_FULL_TEXT.format(match=match.sql), [*match.values, MOST_COUNTED + 1, FEW])
        size, few = cursor.fetchone()
    if size <= FEW:
        known = sorted({*(few or []), *exact})
        return Scope(Condition("product.id = ANY(%s::bigint[])", (known,)), len(known))
    if size <= MOST_COUNTED:
        return Scope(Condition(f"product.search_vector @@ {match.sql}", match.values), size)
    # Every tenth product or so: looking at one after another is faster than gathering them all,
    # which is what the planner would do where it has guessed them to be few.
    one_by_one = f"coalesce(product.search_vector @@ {match.sql}, false)"
    return Scope(Condition(one_by_one, match.values), size)


def _by_near_words(words: list[str]) -> tuple[str, Scope]:
    """What is asked with words that look like those, for all of them or else for any; and found."""
    groups = [f"({' | '.join(near)})" for near in spelling.near(words)]
    for sign in (" & ", " | ")[: len(groups)]:
        asked = sign.join(groups)
        scope = _by_full_text(asked)
        if scope.size:
            return asked, scope
    return "", NOTHING


def _match(asked: str) -> Condition:
    """What is asked, stemmed in each language of the shop: constants, so that an index is used."""
    stemmed = [f"to_tsquery('{one}', %s)" for one in configurations()]
    return Condition(f"({' || '.join(stemmed)})", (asked,) * len(stemmed))
