"""The words of options in further languages: translated once, known to each product that has them.

A product whose glossary says a word otherwise keeps it so; what its glossary lacks is taken from
the shop's words, and what these lack from it.
"""

from collections.abc import Iterable

from django.db import connection, transaction

from shop.catalog.models import OptionWord
from shop.catalog.models.products import BLANKS
from shop.translation.translated import further_languages

SHARED_AT_ONCE = 1000
# The words of the options of some products, each once for each product.
USED = f"""
    used AS (
        SELECT product.id, word FROM catalog_product product, LATERAL (
            SELECT unnest(product.option_names)
            UNION SELECT unnest(variant.option_values) FROM catalog_variant variant
            WHERE variant.product_id = product.id
            UNION SELECT word FROM catalog_productfact said
            JOIN catalog_fact fact ON fact.id = said.fact_id, LATERAL (
                SELECT fact.name
                UNION SELECT btrim(regexp_split_to_table(said.text, ','), '{BLANKS}')
                WHERE fact.is_filter
            ) AS of_fact (word)
            WHERE said.product_id = product.id
        ) AS words (word)
        WHERE product.id = ANY(%s) AND word <> '' AND length(word) <= 100
    )
"""  # noqa: S608
KNOW = f"""
    WITH {USED}
    INSERT INTO catalog_optionword (word)
    SELECT DISTINCT word FROM used
    WHERE NOT EXISTS (SELECT FROM catalog_optionword known WHERE known.word = used.word)
    ORDER BY word
    ON CONFLICT (word) DO NOTHING
"""  # noqa: S608
# Locked in one order, and only what changes: an import, whose lot takes seconds, holds up nobody
# who saves a product with words that are known.
LEARN = f"""
    WITH {USED}, said AS (
        SELECT DISTINCT ON (word, language) word, language,
            texts -> 'options' ->> word AS text
        FROM used JOIN catalog_product product USING (id),
            jsonb_each(product.translations) AS known (language, texts)
        WHERE language = ANY(%s) AND coalesce(texts -> 'options' ->> word, '') <> ''
        ORDER BY word, language, product.id
    ), gathered AS (
        SELECT word, jsonb_object_agg(language, jsonb_build_object('word', text)) AS texts
        FROM said GROUP BY word
    ), changing AS (
        SELECT known.id, texts FROM catalog_optionword known JOIN gathered USING (word)
        WHERE texts || known.translations <> known.translations
        ORDER BY known.id FOR NO KEY UPDATE OF known
    )
    UPDATE catalog_optionword known SET translations = texts || translations
    FROM changing WHERE known.id = changing.id
"""  # noqa: S608
FILL = f"""
    WITH {USED}, said AS (
        SELECT used.id, language, jsonb_object_agg(used.word, texts ->> 'word') AS words
        FROM used JOIN catalog_optionword known USING (word),
            jsonb_each(known.translations) AS text (language, texts)
        WHERE language = ANY(%s)
        GROUP BY used.id, language
    ), filled AS (
        SELECT product.id, translations AS before, translations || jsonb_object_agg(
            language,
            coalesce(translations -> language, '{{}}') || jsonb_build_object(
                'options', words || coalesce(translations -> language -> 'options', '{{}}')
            )
        ) AS after
        FROM said JOIN catalog_product product USING (id)
        GROUP BY product.id
    )
    UPDATE catalog_product product SET translations = after
    FROM filled
    WHERE product.id = filled.id AND before <> after AND product.translations = before
"""  # noqa: S608
HAVE = f"""
    SELECT product.id FROM catalog_product product
    WHERE %(word)s = ANY(product.option_names)
    UNION SELECT variant.product_id FROM catalog_variant variant
    WHERE %(word)s = ANY(variant.option_values)
    UNION SELECT said.product_id FROM catalog_productfact said
    JOIN catalog_fact fact ON fact.id = said.fact_id
    WHERE fact.name = %(word)s OR (fact.is_filter AND EXISTS (
        SELECT FROM regexp_split_to_table(said.text, ',') AS value
        WHERE btrim(value, '{BLANKS}') = %(word)s
    ))
"""  # noqa: S608
SAY = f"""
    UPDATE catalog_product SET translations = jsonb_set(
        jsonb_set(
            translations, ARRAY[%(language)s], coalesce(translations -> %(language)s, '{{}}')
        ),
        ARRAY[%(language)s, 'options'],
        coalesce(translations #> ARRAY[%(language)s, 'options'], '{{}}') - %(word)s
            || CASE %(after)s WHEN '' THEN '{{}}'
                ELSE jsonb_build_object(%(word)s::text, %(after)s::text) END
    )
    WHERE id IN ({HAVE})
        AND coalesce(translations #>> ARRAY[%(language)s, 'options', %(word)s], '') IN
            ('', %(before)s)
    RETURNING id
"""  # noqa: S608


def translations_of(words: Iterable[str]) -> dict[str, dict[str, str]]:
    """{word: {language: what it is called there}}, in the shop's further languages; one query."""
    languages = further_languages()
    found: dict[str, dict[str, str]] = {word: {} for word in words}
    for known in OptionWord.objects.filter(word__in=found):
        texts = {one: known.translation(one, "word") for one in languages}
        found[known.word] = {one: text for one, text in texts.items() if text}
    return found


@transaction.atomic
def share(product_ids: Iterable[int]) -> None:
    """Let these products and the shop know each other's words.

    To be called after they or their variants changed, before they are indexed.
    """
    todo, languages = sorted(product_ids), further_languages()
    with connection.cursor() as cursor:
        for first in range(0, len(todo), SHARED_AT_ONCE):
            some = todo[first : first + SHARED_AT_ONCE]
            cursor.execute(KNOW, [some])
            cursor.execute(LEARN, [some, languages])
            cursor.execute(FILL, [some, languages])


def say_anew(word: str, language: str, *, before: str, after: str) -> list[int]:
    """Tell the products that say a word as the shop did what it is called now; returns their ids.

    With an empty text it is shown as it is. They have to be indexed then.
    """
    values = {"word": word, "language": language, "before": before, "after": after}
    with connection.cursor() as cursor:
        cursor.execute(SAY, values)
        return [row[0] for row in cursor.fetchall()]
