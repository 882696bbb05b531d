"""Search: an exact SKU or title first, then full text, then words that are nearly right."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from shop.catalog.search.matching import MOST_COUNTED, Condition, Scope, Selection, ids
from shop.catalog.search.question import NAMES, Question, matching
from shop.catalog.search.sorting import Rows
from shop.catalog.search.words import asked_in, cleaned

# So many are kept by their ids. The planner knows how many ids there are; it guesses how many
# products have a word, and guesses ill what begins like one.
FEW = 1000
# One very common word among a million products would otherwise rank them all. Of a large list the
# newest, the newest by title unless enough are among them, and the exact ones are ranked; the
# others come after them.
RANKED = 1000
ENOUGH_TITLED = 100
MOST_EXACT = 24
# With the question in small letters without accents: one way to the database less.
EXACT = """
    SELECT unaccent(%s), ARRAY((SELECT product.id FROM catalog_product product
        JOIN catalog_variant variant ON variant.product_id = product.id AND variant.is_active
        WHERE product.status = 'active' AND upper(variant.sku) = upper(%s))
    UNION ALL
    (SELECT id FROM catalog_product WHERE status = 'active' AND upper(title) = upper(%s)
        ORDER BY id DESC LIMIT %s))
"""
BY_FULL_TEXT = """
    WITH matching AS MATERIALIZED (
        {matching}
    ), found AS MATERIALIZED (SELECT * FROM matching LIMIT %s)
    SELECT count(*), CASE WHEN count(*) <= %s THEN array_agg(id ORDER BY id) END,
        EXISTS (SELECT FROM found WHERE {is_named})
    FROM found
"""
# Each of several words that any may be found by is looked up by itself: for all together, and where
# it sees the limit above, the planner takes so many for found that it reads the table for them.
MATCHING = """
    SELECT {columns} FROM catalog_product
    WHERE search_vector @@ {match} AND status = 'active'
"""
ANY_MATCHING = """(
    SELECT id FROM catalog_product WHERE search_vector @@ {match} AND status = 'active' LIMIT %s
)"""
# Their variants are looked into last, and only as far as the page goes.
RANKED_ALL = """
    SELECT id FROM (
        SELECT product.id, product.title, product.option_names, product.fact_pairs,
            array_position(%s::bigint[], product.id) AS exact,
            {circle} AS circle, ts_rank(product.search_vector, {match}) AS rank
        FROM catalog_product product WHERE {plausible}
        ORDER BY exact, circle, rank DESC, product.title, product.id OFFSET 0
    ) AS product WHERE {fits}
    ORDER BY exact, circle, rank DESC, title, id LIMIT %s OFFSET %s
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
    SELECT product.id FROM catalog_product product
    WHERE product.id = ANY(ARRAY(SELECT id FROM best))
    ORDER BY array_position(%s::bigint[], product.id), {circle},
        ts_rank(product.search_vector, {match}) DESC, product.title, product.id
"""
NOTHING = Scope(Condition("false"), 0)


@dataclass(frozen=True, slots=True)
class Found:
    """What a question has found; `is_near` when nothing was found as written.

    `asked` is the question as full text asks it, `circles` the same in narrower words, whose finds
    come first; `scope` what it finds, by ids where these are few; `exact` the ids that stand before
    all, by SKU and then by title.
    """

    query: str
    asked: str = ""
    circles: tuple[str, ...] = ()
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
        plausible, fits, match = (
            selection.plausible(),
            selection.has_variant(),
            matching(self.asked),
        )
        circle = self._circle()
        sql = RANKED_ALL.format(
            plausible=plausible.sql, fits=fits.sql, match=match.sql, circle=circle.sql
        )
        values = [list(self.exact), *circle.values, *match.values, *plausible.values, *fits.values]
        return lambda first, limit: ids(sql, [*values, limit, first])

    def _ranked_newest(self, selection: Selection) -> Rows:
        where, match, circle = selection.where(), matching(self.asked), self._circle()
        exact = list(self.exact)
        values = [*match.values, *where.values, RANKED]
        values += [ENOUGH_TITLED, *where.values, *match.values, RANKED]
        values += [exact, *where.values, exact, *circle.values, *match.values]
        sql = RANKED_NEWEST.format(where=where.sql, match=match.sql, circle=circle.sql)
        best = ids(sql, values)

        def rows(first: int, limit: int) -> list[int]:
            found = best[first : first + limit]
            if len(found) < limit and len(best) >= RANKED:
                after = max(first - len(best), 0)
                found += selection.newest(limit - len(found), after=after, but=best)
            return found

        return rows

    def _circle(self) -> Condition:
        """The number of the first circle that a product stands in."""
        matches = [matching(asked) for asked in self.circles]
        if not matches:
            return Condition("0")
        whens = " ".join(
            f"WHEN product.search_vector @@ {match.sql} THEN {number}"
            for number, match in enumerate(matches)
        )
        values = tuple(value for match in matches for value in match.values)
        return Condition(f"CASE {whens} ELSE {len(matches)} END", values)


def find(query: str) -> Found:
    """Search for whatever a customer may type."""
    query = cleaned(query)
    plain, exact = _exact(query)
    words = asked_in(plain)
    if not words:
        return Found(query)
    question = Question.of(words)
    asked, circles = question.wide(), question.circles()
    scope, is_named = _by_full_text(asked, exact, named=question.any(NAMES))
    if not scope.size:
        return _nearly(query, question)
    # Where nothing is called so, but some description has the words, somebody may have slipped.
    if not is_named and not exact and (near := question.besides()):
        circles, asked = [*circles, asked], f"{asked} | {near}"
        scope, _ = _by_full_text(asked)
    return Found(query, asked, tuple(circles), scope, exact)


def _exact(query: str) -> tuple[str, tuple[int, ...]]:
    """The question without accents; the one with this SKU, then the newest with this title."""
    with connection.cursor() as cursor:
        cursor.execute(EXACT, [query, query, query, MOST_EXACT])
        plain, found = cursor.fetchone()
    return plain, tuple(dict.fromkeys(found))


def _nearly(query: str, question: Question) -> Found:
    """What is found by words that are nearly right."""
    for alternatives, circle in question.nearly():
        asked = " | ".join(alternatives)
        scope, _ = _by_full_text(asked, alternatives=alternatives)
        if scope.size:
            return Found(query, asked, (circle,), scope, is_near=True, words=question.words)
    return Found(query, is_near=True, words=question.words)


def _by_full_text(
    asked: str,
    exact: tuple[int, ...] = (),
    *,
    named: str = "",
    alternatives: Sequence[str] = (),
) -> tuple[Scope, bool]:
    """What full text finds, and what is found without it; and whether any of it is called so.

    `alternatives`: the same in parts, where any of them will do.
    """
    match, name = matching(asked), matching(named)
    called = Condition(f"search_vector @@ {name.sql}", name.values) if named else Condition("false")
    if len(alternatives) > 1:
        parts = [matching(one) for one in alternatives]
        sql = " UNION ".join(ANY_MATCHING.format(match=one.sql) for one in parts)
        values = [value for one in parts for value in (*one.values, MOST_COUNTED + 1)]
    else:
        columns = "id, search_vector" if named else "id"
        sql, values = MATCHING.format(columns=columns, match=match.sql), list(match.values)
    with connection.cursor() as cursor:
        cursor.execute(
            BY_FULL_TEXT.format(matching=sql, is_named=called.sql),
            [*values, MOST_COUNTED + 1, FEW, *called.values],
        )
        size, few, is_named = cursor.fetchone()
    if size <= FEW:
        known = sorted({*(few or []), *exact})
        return Scope(Condition("product.id = ANY(%s::bigint[])", (known,)), len(known)), is_named
    if size <= MOST_COUNTED:
        matches = f"product.search_vector @@ {match.sql}"
        return Scope(Condition(matches, match.values), size), is_named
    # Every tenth product or so: looking at one after another is faster than gathering them all,
    # which is what the planner would do where it has guessed them to be few.
    one_by_one = f"coalesce(product.search_vector @@ {match.sql}, false)"
    return Scope(Condition(one_by_one, match.values), size), is_named
