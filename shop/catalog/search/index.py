"""What products are found by.

`search_vector` and `search_words` of a product are written by `index` whenever something that is
searched has changed.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle
from time import monotonic

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from shop.catalog.models import Product
from shop.catalog.models.products import BLANKS, MOST_LETTERS_OF_RULES
from shop.catalog.search import spelling
from shop.catalog.search.filters import NO_COLON
from shop.catalog.search.words import configuration, cut
from shop.translation.translated import further_languages

INDEXED_AT_ONCE = 1000
# To be counted up with what is written by other rules than before: all products are then indexed
# anew, in the background.
RULES = 2
# Seconds; a task may take longer, but others wait behind it.
RENEWED_FOR = 30
# What a product says in one language, each with the weight that full text knows it by.
WEIGHTS = {"title": "A", "about": "B", "description": "C", "besides": "D"}
WRITE_INDEX = """
    UPDATE catalog_product SET
        search_vector = {vector},
        search_words = new.words,
        indexed_as = %s,
        fact_pairs = said.pairs,
        facets = ARRAY(
            SELECT DISTINCT replace(option.name, ':', '{no_colon}') || ':' || option.value
            FROM catalog_variant variant,
                unnest(catalog_product.option_names, variant.option_values) AS option (name, value)
            WHERE variant.product_id = catalog_product.id AND variant.is_active
                AND option.name IS NOT NULL AND option.value IS NOT NULL
            UNION SELECT unnest(said.pairs)
            ORDER BY 1
        )
    FROM unnest(%s::bigint[], %s::text[]{arrays}) AS new (id, words, {names}), LATERAL (
        SELECT ARRAY(
            SELECT DISTINCT fact.name || ':' || value
            FROM catalog_productfact one JOIN catalog_fact fact ON fact.id = one.fact_id,
                regexp_split_to_table(one.text, ',') AS part, btrim(part, '{blanks}') AS value
            WHERE one.product_id = new.id AND fact.is_filter AND value <> ''
            ORDER BY 1
        ) AS pairs
    ) AS said
    WHERE catalog_product.id = new.id
"""


def index(product: Product) -> None:
    """Write what `product` is found by. To be called after it, its variants or category changed."""
    index_many([product.pk])


def index_many(product_ids: Iterable[int]) -> None:
    """Write what these products are found by, in a few statements for each thousand."""
    todo = sorted(product_ids)
    for first in range(0, len(todo), INDEXED_AT_ONCE):
        found = Product.objects.filter(pk__in=todo[first : first + INDEXED_AT_ONCE])
        products = list(
            found.select_related("category").prefetch_related("variants", "facts__fact")
        )
        languages = [settings.LANGUAGE_CODE, *further_languages()]
        texts = [text for one in products for text in _texts(one, languages)]
        # As many for each product: those of each language, in the order of WEIGHTS.
        words, kinds = cut(texts), len(WEIGHTS) * len(languages)
        columns = [[" ".join(one) for one in words[start::kinds]] for start in range(kinds)]
        near = [
            " ".join(dict.fromkeys(_may_be_meant(words[start : start + kinds])))
            for start in range(0, len(words), kinds)
        ]
        with connection.cursor() as cursor:
            ids = [one.pk for one in products]
            cursor.execute(_write_index(languages), [rules(), ids, near, *columns])
        spelling.know(near)


def reindex() -> int:
    """Index every product, and forget words that none has any more; returns how many."""
    everything = list(Product.objects.values_list("pk", flat=True))
    spelling.forget()
    index_many(everything)
    return len(everything)


def renew() -> int:
    """Index what was by other rules, or never, as far as it goes in a while; returns how many."""
    end, renewed, found = monotonic() + RENEWED_FOR, 0, INDEXED_AT_ONCE
    while found == INDEXED_AT_ONCE and monotonic() < end:
        with transaction.atomic():
            # An index leads to these, not to what is merely different.
            stale = Product.objects.filter(Q(indexed_as__lt=rules()) | Q(indexed_as__gt=rules()))
            rows = stale.select_for_update(skip_locked=True, no_key=True).order_by()
            todo = list(rows.values_list("pk", flat=True)[:INDEXED_AT_ONCE])
            index_many(todo)
        found = len(todo)
        renewed += found
    return renewed


def rules() -> str:
    """How products are indexed now, in short: by which rules, and for which languages."""
    languages = [settings.LANGUAGE_CODE, *further_languages()]
    return f"{RULES} {' '.join(languages)}"[:MOST_LETTERS_OF_RULES]


def option_words(product: Product, language: str) -> tuple[list[str], list[str]]:
    """How customers call the options of a product and what can be chosen, in a language.

    Among the latter are the values of facts that lists are narrowed by.

    In a further language only what is said in other words than the shop's own.
    """
    values = [value for variant in product.variants.all() for value in variant.option_values]
    values += [word for one in product.facts.all() for word in one.words]
    names, values = list(product.option_names), list(dict.fromkeys(values))
    if language == settings.LANGUAGE_CODE:
        return names, values
    words = product.glossary(language, "options")
    return [words[one] for one in names if one in words], [
        words[one] for one in values if one in words
    ]


def _may_be_meant(words: list[list[str]]) -> Iterator[str]:
    """The words of a product that somebody may misspell; numbers in descriptions are endless."""
    for kind, some in zip(cycle(WEIGHTS), words, strict=False):
        yield from some if kind != "description" else filter(str.isalpha, some)


def _write_index(languages: Sequence[str]) -> str:
    parts = [
        (f"{name}_{number}", configuration(language), weight)
        for number, language in enumerate(languages)
        for name, weight in WEIGHTS.items()
    ]
    return WRITE_INDEX.format(
        vector=" || ".join(
            f"setweight(to_tsvector('{rules}', new.{name}), '{weight}')"
            for name, rules, weight in parts
        ),
        no_colon=NO_COLON,
        blanks=BLANKS,
        arrays=", %s::text[]" * len(parts),
        names=", ".join(name for name, _, _ in parts),
    )


def _texts(product: Product, languages: Iterable[str]) -> list[str]:
    """What it says in each language, in the order of WEIGHTS."""
    return [" ".join(words) for language in languages for words in _said_in(product, language)]


def _said_in(product: Product, language: str) -> list[list[str]]:
    names, values = option_words(product, language)
    if language != settings.LANGUAGE_CODE:
        title, text = (product.translation(language, one) for one in ("title", "description"))
        category = product.category.translation(language, "name")
        return [[title], [category, *values], [text], names]
    about = [product.category.name, product.vendor, *product.tags, *values]
    # A SKU as a whole is looked for by itself. Its parts are words too, though hardly a name.
    skus = [variant.sku for variant in product.variants.all()]
    return [[product.title], about, [product.description], [*names, *skus]]
