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
            || setweight(to_tsvector('{LANGUAGE}', new.description), 'C'),
        search_words = new.words
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
        AS new (id, title, about, description, words)
    WHERE catalog_product.id = new.id
"""  # noqa: S608
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
    return Found(query, _by_near_words(words), is_near=True)


def index(product: Product) -> None:
    """Write what `product` is found by. To be called after it, its variants or category changed."""
    index_many([product.pk])


def index_many(product_ids: Iterable[int]) -> None:
    """Write what these products are found by, in a few statements for each thousand."""
    ids = sorted(product_ids)
    for first in range(0, len(ids), INDEXED_AT_ONCE):
        found = Product.objects.filter(pk__in=ids[first : first + INDEXED_AT_ONCE])
        products = list(found.select_related("category").prefetch_related("variants"))
        texts = [(_title(one), _about(one), one.description) for one in products]
        plain = _unaccented(*chain.from_iterable(texts))
        # Cut into words as questions are, since PostgreSQL would read "and/or" as a path.
        words = [" ".join(_words(text)) for text in plain]
        titles, abouts, descriptions = words[::3], words[1::3], words[2::3]
        near = [
            " ".join(dict.fromkeys(f"{title} {about}".split()))
            for title, about in zip(titles, abouts, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                WRITE_INDEX, [[one.pk for one in products], titles, abouts, descriptions, near]
            )


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
    found = Product.objects.on_sale().filter(variants__sku__iexact=query, variants__is_active=True)
    return list(found.values_list("pk", flat=True)[:1])


def _by_full_text(words: list[str]) -> list[int]:
    """Products that have all the words; the last may be the beginning of one."""
    query = SearchQuery(
        " & ".join([*words[:-1], f"{words[-1]}:*"]), config=LANGUAGE, search_type="raw"
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


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[^\W_]+", text.lower())


def _unaccented(*texts: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT unaccent(text) FROM unnest(%s::text[]) AS text", [list(texts)])
        return [row[0] for row in cursor.fetchall()]
