"""Words that are nearly right: which of those that the shop knows somebody may have meant.

A word is looked for among words, not among texts: that takes a hundredth of the time.
"""

from collections.abc import Iterable
from difflib import SequenceMatcher

from django.db import connection

from shop.catalog.models import Word
from shop.catalog.search.words import is_unbroken

KNOW_WORDS = """
    INSERT INTO catalog_word (text) SELECT new FROM unnest(%s::text[]) AS new
    WHERE NOT EXISTS (SELECT FROM catalog_word known WHERE known.text = new) ORDER BY new
"""
# What the index of trigrams calls similar is a setting, here for this statement: that is set first,
# since what is looked for hangs on it. Two letters changed about in a short word leave hardly a
# trigram as it was, so words with two letters changed back are looked for as they are.
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
    UNION
    SELECT changed.word, known.text FROM unnest(%s::text[], %s::text[]) AS changed (word, text)
        JOIN catalog_word known USING (text)
"""
NEAREST_WORDS = """
    SELECT asked, known FROM unnest(%s::text[]) AS asked, LATERAL (
        SELECT known FROM catalog_product, regexp_split_to_table(search_words, ' ') AS known
        WHERE catalog_product.id = ANY(%s)
            AND (similarity(known, asked) >= %s OR known = ANY(%s))
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
# Beside a word that is found as it is, only what differs by less counts as a slip: "gale" is no
# "galley".
SLIP = 0.8


def know(texts: Iterable[str]) -> None:
    """Keep the words of these texts that somebody may misspell."""
    known = sorted(filter(_may_be_misspelt, {word for text in texts for word in text.split()}))
    with connection.cursor() as cursor:
        cursor.execute(KNOW_WORDS, [known])


def forget() -> None:
    """Know no words, before all are made known anew."""
    Word.objects.all().delete()


def near(words: Iterable[str], *, besides: bool = False) -> dict[str, list[str]]:
    """For each word that is near to some: the nearest, and none much worse than the best.

    `besides`: what somebody may have meant who has typed a word that is known.
    """
    found: dict[str, list[str]] = {}
    asked = [word for word in words if _may_be_misspelt(word)]
    changed = [(word, other) for word in asked for other in _changed_about(word)]
    values = [[word for word, _ in changed], [other for _, other in changed]]
    with connection.cursor() as cursor:
        cursor.execute(NEAR_WORDS, [str(NEAR_ENOUGH), asked, COMPARED, *values])
        for word, text in cursor.fetchall():
            found.setdefault(word, []).append(text)
    if besides:
        found = {
            word: others
            for word, texts in found.items()
            if (others := [text for text in texts if text != word and _likeness(word, text) > SLIP])
        }
    return {word: _best(word, texts) for word, texts in found.items()}


def suggestion(words: Iterable[str], shown: list[int]) -> str:
    """The words, each as the nearest one of these products; empty if none is near."""
    words = list(words)
    changed = [other for word in words for other in _changed_about(word)]
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(NEAREST_WORDS, [words, shown, SPELT_ALIKE, changed, COMPARED])
        for word, text in cursor.fetchall():
            found.setdefault(word, []).append(text)
    better = " ".join(_best(word, found.get(word, [word]))[0] for word in words)
    return better if better != " ".join(words) else ""


def _may_be_misspelt(word: str) -> bool:
    """Numbers and short words are not, nor parts of what is written without blanks."""
    fits = SHORTEST_WORD <= len(word) <= LONGEST_WORD
    return fits and not word.isdigit() and not is_unbroken(word)


def _changed_about(word: str) -> list[str]:
    """The word with each two letters that stand side by side changed about."""
    each = range(len(word) - 1)
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in each]


def _best(word: str, texts: list[str]) -> list[str]:
    """The nearest first, letter by letter, without those that are much worse."""
    rated = {text: _likeness(word, text) for text in texts}
    best = max(rated.values())
    ranked = sorted(rated, key=lambda text: (-rated[text], text))
    return [text for text in ranked if rated[text] >= best * SHARE_OF_BEST][:MOST_NEAR]


def _likeness(word: str, text: str) -> float:
    """How far two words agree, at most 1; two letters changed about are one slip, not two."""
    if text in _changed_about(word):
        return 1 - 1 / (2 * len(word))
    return SequenceMatcher(None, word, text).ratio()
