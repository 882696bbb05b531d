"""Search: an exact SKU first, then full text, then words that are nearly right.

`search_vector` and `search_words` of a product are written by `index` whenever something that is
searched has changed. Accents are taken off both what is stored and what is asked for.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import add, or_
from typing import Any

from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    TrigramWordSimilarity,
)
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from shop.catalog.models import Product, ProductQuerySet

# Stems words, so that "lanterns" finds a lantern.
LANGUAGE = "english"
INDEXED_AT_ONCE = 1000
WRITE_INDEX = f"""
    UPDATE catalog_product SET
        search_vector = setweight(to_tsvector('{LANGUAGE}', new.title), 'A')
            || setweight(to_tsvector('{LANGUAGE}', new.about), 'B')
            || setweight(to_tsvector('{LANGUAGE}', new.description), 'C')
            || setweight(to_tsvector('german', new.german), 'B'),
        search_words = new.words,
        facets = ARRAY(
            SELECT DISTINCT option.name || ':' || option.value
            FROM catalog_variant variant,
                unnest(catalog_product.option_names, variant.option_values) AS option (name, value)
            WHERE variant.product_id = catalog_product.id AND variant.is_active
                AND option.name IS NOT NULL AND option.value IS NOT NULL
            ORDER BY 1
        )
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
        AS new (id, title, about, description, german, words)
    WHERE catalog_product.id = new.id
"""  # noqa: S608
NEAREST_WORDS = """
    SELECT asked, known FROM unnest(%s::text[]) AS asked, LATERAL (
        SELECT known FROM catalog_product, regexp_split_to_table(search_words, ' ') AS known
        WHERE catalog_product.id = ANY(%s) AND similarity(known, asked) >= %s
        ORDER BY similarity(known, asked) DESC, known LIMIT 1
    ) AS best
"""
# A letter left out of a short word, or two changed about, are as near as this.
SPELT_ALIKE = 0.3
SUGGESTED_FROM = 50
# Longer questions are cut: nobody types them, and each word costs time.
LONGEST_QUERY = 100
MOST_WORDS = 8
# One very common word among a million products would otherwise rank them all.
CANDIDATES = 1000
# "lantren" is as near to "lantern" as 0.5, "swetaer" to "sweater" as 0.375; what is below is noise.
NEAR_ENOUGH = 0.36
# A trigram of two letters is in every other word.
SHORTEST_NEAR_WORD = 3
# Of products that are nearly right, those this much worse than the best are left out.
SHARE_OF_BEST = 0.7


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of products on sale, the best first; `is_near` when nothing was found as written."""

    query: str
    ids: list[int]
    is_near: bool = False
    words: tuple[str, ...] = ()

    @property
    def is_capped(self) -> bool:
        return len(self.ids) >= CANDIDATES


def find(query: str) -> Found:
    """Search for whatever a customer may type."""
    query = cleaned(query)
    words = folded(query)
    if not words:
        return Found(query, [])
    exact = _by_sku(query)
    listed = [pk for pk in _by_full_text(words) if pk not in exact]
    if exact or listed:
        return Found(query, exact + listed)
    return Found(query, _by_near_words(words), is_near=True, words=tuple(words))


def index(product: Product) -> None:
    """Write what `product` is found by. To be called after it, its variants or category changed."""
    index_many([product.pk])


def index_many(product_ids: Iterable[int]) -> None:
    """Write what these products are found by, in a few statements for each thousand."""
    ids = sorted(product_ids)
    for first in range(0, len(ids), INDEXED_AT_ONCE):
        found = Product.objects.filter(pk__in=ids[first : first + INDEXED_AT_ONCE])
        products = list(found.select_related("category").prefetch_related("variants"))
        texts = [(_title(one), _about(one), one.description, _german(one)) for one in products]
        plain = _unaccented(*chain.from_iterable(texts))
        # Cut into words as questions are, since PostgreSQL would read "and/or" as a path.
        words = [" ".join(_words(text)) for text in plain]
        columns = [words[start::4] for start in range(4)]
        near = [
            " ".join(dict.fromkeys(f"{title} {about} {german}".split()))
            for title, about, _, german in zip(*columns, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(WRITE_INDEX, [[one.pk for one in products], *columns, near])


def reindex() -> int:
    """Index every product; returns how many."""
    ids = list(Product.objects.values_list("pk", flat=True))
    index_many(ids)
    return len(ids)


def cleaned(query: str) -> str:
    """The question in one plain line, without what cannot be stored or shown."""
    text = unicodedata.normalize("NFKC", query[: LONGEST_QUERY * 4])
    text = "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text)
    return " ".join(text.split())[:LONGEST_QUERY]


def folded(query: str) -> list[str]:
    """The words asked for, in small letters without accents."""
    return _words(_unaccented(query)[0])[:MOST_WORDS]


def _by_sku(query: str) -> list[int]:
    """The one with this SKU; SKUs that begin so are found by full text like words."""
    found = Product.objects.on_sale().filter(variants__sku__iexact=query, variants__is_active=True)
    return list(found.values_list("pk", flat=True)[:1])


def suggestion(found: Found) -> str:
    """The words asked for, each as the nearest one that the shop knows; empty if none is near."""
    words = list(found.words)
    with connection.cursor() as cursor:
        cursor.execute(NEAREST_WORDS, [words, found.ids[:SUGGESTED_FROM], SPELT_ALIKE])
        known = dict(cursor.fetchall())
    better = " ".join(known.get(word, word) for word in words)
    return better if better != " ".join(words) else ""


def _by_full_text(words: list[str]) -> list[int]:
    """Products that have all the words; the last may be the beginning of one."""
    asked = " & ".join([*words[:-1], f"{words[-1]}:*"])
    query = SearchQuery(asked, config=LANGUAGE, search_type="raw") | SearchQuery(
        asked, config="german", search_type="raw"
    )
    candidates = _candidates(Product.objects.filter(search_vector=query))
    ranked = Product.objects.filter(pk__in=candidates).order_by(
        SearchRank(F("search_vector"), query).desc(), "title", "pk"
    )
    return list(ranked.values_list("pk", flat=True))


def _by_near_words(words: list[str]) -> list[int]:
    """Products with words that look like those asked for."""
    words = [word for word in words if len(word) >= SHORTEST_NEAR_WORD]
    if not words:
        return []
    any_word = reduce(or_, (Q(search_words__trigram_word_similar=word) for word in words))
    nearness = reduce(add, (TrigramWordSimilarity(word, "search_words") for word in words))
    with transaction.atomic():
        _set_nearness(NEAR_ENOUGH)
        near = (
            Product.objects.filter(pk__in=_candidates(Product.objects.filter(any_word)))
            .annotate(nearness=nearness)
            .order_by("-nearness", "title", "pk")
        )
        rows = list(near.values_list("pk", "nearness"))
    return [pk for pk, value in rows if value >= rows[0][1] * SHARE_OF_BEST]


def _candidates(products: ProductQuerySet) -> "QuerySet[Product, Any]":
    return products.on_sale().order_by().values("pk")[:CANDIDATES]


def _set_nearness(least: float) -> None:
    """For this transaction: what the index of trigrams calls similar."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(least)]
        )


def _title(product: Product) -> str:
    return " ".join([product.title, *(variant.sku for variant in product.variants.all())])


def _about(product: Product) -> str:
    choices = (value for variant in product.variants.all() for value in variant.option_values)
    return " ".join([product.category.name, product.vendor, *product.tags, *choices])


def _german(product: Product) -> str:
    """The title and text in German, for those who ask in German."""
    own, shelf = product.translations.get("de", {}), product.category.translations.get("de", {})
    return " ".join([own.get("title", ""), shelf.get("name", ""), own.get("description", "")])


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[^\W_]+", text.lower())


def _unaccented(*texts: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT unaccent(text) FROM unnest(%s::text[]) AS text", [list(texts)])
        return [row[0] for row in cursor.fetchall()]
