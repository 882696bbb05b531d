"""What products are found by, and the words of a question.

`search_vector` and `search_words` of a product are written by `index` whenever something that is
searched has changed. Accents are taken off both what is stored and what is asked for.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain

from django.db import connection

from shop.catalog import spelling
from shop.catalog.models import Product

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
# Longer questions are cut: nobody types them, and each word costs time.
LONGEST_QUERY = 100
MOST_WORDS = 8


def index(product: Product) -> None:
    """Write what `product` is found by. To be called after it, its variants or category changed."""
    index_many([product.pk])


def index_many(product_ids: Iterable[int]) -> None:
    """Write what these products are found by, in a few statements for each thousand."""
    todo = sorted(product_ids)
    for first in range(0, len(todo), INDEXED_AT_ONCE):
        found = Product.objects.filter(pk__in=todo[first : first + INDEXED_AT_ONCE])
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
        spelling.know(near)


def reindex() -> int:
    """Index every product, and forget words that none has any more; returns how many."""
    everything = list(Product.objects.values_list("pk", flat=True))
    spelling.forget()
    index_many(everything)
    return len(everything)


def cleaned(query: str) -> str:
    """The question in one plain line, without what cannot be stored or shown."""
    text = unicodedata.normalize("NFKC", query[: LONGEST_QUERY * 4])
    text = "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text)
    return " ".join(text.split())[:LONGEST_QUERY]


def folded(query: str) -> list[str]:
    """The words asked for, in small letters without accents."""
    return _words(_unaccented(query)[0])[:MOST_WORDS]


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
