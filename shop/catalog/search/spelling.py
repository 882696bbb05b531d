"""Words that are nearly right: which of those that the shop knows somebody may have meant.

A word is looked for among words, not among texts: that takes a hundredth of the time.
"""

from collections.abc import Iterable
from difflib import SequenceMatcher

from django.db import connection

from shop.catalog.models import Word

KNOW_WORDS = """
    INSERT INTO catalog_word (text) SELECT new FROM unnest(%s::text[]) AS new
    WHERE NOT EXISTS (SELECT FROM catalog_word known WHERE known.text = new) ORDER BY new
"""
# What the index of trigrams calls similar is a setting, here for this statement: that is set first,
# since what is looked for hangs on it.
NEAR_WORDS = """
    SELECT asked.word, near.text
    FROM (
        SELECT set_config('pg_trgm.word_similarity_threshold', %s, true) AS least OFFSET 0
    ) AS here, unnest(%s::text[]) AS asked (word), LATERAL (
        SELECT DISTINCT text, word_similarity(asked.word, text) AS nearness,
            similarity(asked.word, text) AS likeness
        FROM catalog_word WHERE text %%> asked.word AND here.least IS NOT NULL
        ORDER BY nearness DESC, likeness DESC, text LIMIT %s
    ) AS near
"""
NEAREST_WORDS = """
    SELECT asked, known FROM unnest(%s::text[]) AS asked, LATERAL (
        SELECT known FROM catalog_product, regexp_split_to_table(search_words, ' ') AS known
        WHERE catalog_product.id = ANY(%s) AND similarity(known, asked) >= %s
        GROUP BY known ORDER BY similarity(known, asked) DESC, known LIMIT %s
    ) AS best
"""
# A letter left out of a short word, or two changed about, are as near as this.
SPELT_ALIKE = 0.3
# "lantren" is as near to "lantern" as 0.5, "swetaer" to "sweater" as 0.375; what is below is noise.
NEAR_ENOUGH = 0.36
# A trigram of two letters is in every other word.
SHORTEST_WORD = 3
LONGEST_WORD = 40
# Trigrams find words that are near; letter by letter those are compared in which they agree: to
# trigrams "lantren" is nearer to "langen" than to "lantern".
COMPARED = 20
# Of words that are nearly right, those this much worse than the best are left out.
SHARE_OF_BEST = 0.9
MOST_NEAR = 5


def know(texts: Iterable[str]) -> None:
    """Keep the words of these texts that somebody may misspell: numbers and short ones are none."""
    words = {word for text in texts for word in text.split() if not word.isdigit()}
    known = sorted(word for word in words if SHORTEST_WORD <= len(word) <= LONGEST_WORD)
    with connection.cursor() as cursor:
        cursor.execute(KNOW_WORDS, [known])


def forget() -> None:
    """Know no words, before all are made known anew."""
    Word.objects.all().delete()


def near(words: list[str]) -> list[list[str]]:
    """For each word that is near to some: the nearest, and none much worse than the best."""
    found: dict[str, list[str]] = {}
    long_enough = [word for word in words if len(word) >= SHORTEST_WORD]
    with connection.cursor() as cursor:
        cursor.execute(NEAR_WORDS, [str(NEAR_ENOUGH), long_enough, COMPARED])
        for word, text in cursor.fetchall():
            found.setdefault(word, []).append(text)
    return [_best(word, texts) for word, texts in found.items()]


def suggestion(words: Iterable[str], shown: list[int]) -> str:
    """The words, each as the nearest one of these products; empty if none is near."""
    words = list(words)
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(NEAREST_WORDS, [words, shown, SPELT_ALIKE, COMPARED])
        for word, text in cursor.fetchall():
            found.setdefault(word, []).append(text)
    better = " ".join(_best(word, found.get(word, [word]))[0] for word in words)
    return better if better != " ".join(words) else ""


def _best(word: str, texts: list[str]) -> list[str]:
    """The nearest first, letter by letter, without those that are much worse."""
    rated = {text: SequenceMatcher(None, word, text).ratio() for text in texts}
    best = max(rated.values())
    ranked = sorted(rated, key=lambda text: (-rated[text], text))
    return [text for text in ranked if rated[text] >= best * SHARE_OF_BEST][:MOST_NEAR]
