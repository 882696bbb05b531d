"""What products are found by, and the words of a question.

`search_vector` and `search_words` of a product are written by `index` whenever something that is
searched has changed. Accents are taken off both what is stored and what is asked for.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import connection

from shop.catalog.models import Product
from shop.catalog.search import spelling
from shop.catalog.search.filters import NO_COLON
from shop.translation.translated import further_languages

# Which of PostgreSQL's text search configurations stems the words of a language, so that "lanterns"
# finds a lantern. Words of any other language are found as they are written.
CONFIGURATIONS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
STEMS_NOTHING = "simple"
INDEXED_AT_ONCE = 1000
OWN_TEXTS = ("title", "about", "description")
# What stands for a further language counts like what is said about a product in the shop's own.
WRITE_INDEX = """
    UPDATE catalog_product SET
        search_vector = setweight(to_tsvector('{own}', new.title), 'A')
            || setweight(to_tsvector('{own}', new.about), 'B')
            || setweight(to_tsvector('{own}', new.description), 'C')
            {further},
        search_words = new.words,
        facets = ARRAY(
            SELECT DISTINCT replace(option.name, ':', '{no_colon}') || ':' || option.value
            FROM catalog_variant variant,
                unnest(catalog_product.option_names, variant.option_values) AS option (name, value)
            WHERE variant.product_id = catalog_product.id AND variant.is_active
                AND option.name IS NOT NULL AND option.value IS NOT NULL
            ORDER BY 1
        )
    FROM unnest(%s::bigint[], %s::text[]{arrays}) AS new (id, words, {names})
    WHERE catalog_product.id = new.id
"""
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
        languages = further_languages()
        texts = [text for product in products for text in _texts(product, languages)]
        # Cut into words as questions are, since PostgreSQL would read "and/or" as a path.
        words = [" ".join(_words(text)) for text in _unaccented(*texts)]
        kinds = len(OWN_TEXTS) + len(languages)
        columns = [words[start::kinds] for start in range(kinds)]
        near = [
            " ".join(dict.fromkeys(" ".join([title, about, *further]).split()))
            for title, about, _, *further in zip(*columns, strict=True)
        ]
        with connection.cursor() as cursor:
            ids = [one.pk for one in products]
            cursor.execute(_write_index(languages), [ids, near, *columns])
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


def configuration(language: str) -> str:
    """The text search configuration for a language: as "pt-br" for one that is spoken there."""
    return CONFIGURATIONS.get(language.partition("-")[0], STEMS_NOTHING)


def configurations() -> list[str]:
    """Those of all languages of the shop, its own first."""
    return list(dict.fromkeys(map(configuration, [settings.LANGUAGE_CODE, *further_languages()])))


def _write_index(languages: Sequence[str]) -> str:
    further = [f"text_{number}" for number, _ in enumerate(languages)]
    names = [*OWN_TEXTS, *further]
    return WRITE_INDEX.format(
        own=configuration(settings.LANGUAGE_CODE),
        no_colon=NO_COLON,
        further="".join(
            f" || setweight(to_tsvector('{configuration(language)}', new.{name}), 'B')"
            for language, name in zip(languages, further, strict=True)
        ),
        arrays=", %s::text[]" * len(names),
        names=", ".join(names),
    )


def _texts(product: Product, languages: Iterable[str]) -> list[str]:
    further = [_further(product, language) for language in languages]
    return [_title(product), _about(product), product.description, *further]


def _title(product: Product) -> str:
    return " ".join([product.title, *(variant.sku for variant in product.variants.all())])


def _about(product: Product) -> str:
    return " ".join([product.category.name, product.vendor, *product.tags, *_choices(product)])


def _further(product: Product, language: str) -> str:
    """The title, category, choices and text for those who ask in a further language."""
    words = product.glossary(language, "options")
    return " ".join(
        [
            product.translation(language, "title"),
            product.category.translation(language, "name"),
            *dict.fromkeys(words[value] for value in _choices(product) if value in words),
            product.translation(language, "description"),
        ]
    )


def _choices(product: Product) -> list[str]:
    return [value for variant in product.variants.all() for value in variant.option_values]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[^\W_]+", text.lower())


def _unaccented(*texts: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT unaccent(text) FROM unnest(%s::text[]) AS text", [list(texts)])
        return [row[0] for row in cursor.fetchall()]
