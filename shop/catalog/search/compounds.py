"""Compounds: which words that the shop knows are put together of one that is asked for.

A Wolldecke is a "Decke": the rest, too, is a word of the shop ("Wolle"), or might be, since another
begins with it. It is no "Ecke", although that ends it: nothing begins with "wolld".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from shop.catalog.search.words import configuration, is_unbroken
from shop.translation.translated import further_languages


class Joints(NamedTuple):
    """What stands between two parts of a compound, and what the first loses before the second."""

    between: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


# The languages that write compounds as one word. Words of any other are found as they are written.
COMPOUNDING = {
    "da": Joints(("s", "e", "er")),
    "de": Joints(("s", "es", "n", "en", "ns", "ens", "e", "er"), ("e", "en", "n")),
    "et": Joints(),
    "fi": Joints(("n",)),
    "hu": Joints(),
    "is": Joints(("s", "a", "ar", "u", "ur")),
    "nb": Joints(("s", "e")),
    "nl": Joints(("s", "e", "en", "n", "er"), ("e",)),
    "nn": Joints(("s", "e")),
    "no": Joints(("s", "e")),
    "sv": Joints(("s", "e", "o", "u"), ("a", "e")),
}
# What is shorter is an ending more often than a part.
SHORTEST_PART = 3
# So many words of the shop are looked at for each word asked for, the shortest first.
COMPARED = 200
# More alternatives than this make a search slow.
MOST_OF_A_KIND = 30
# So long a word ends another by chance so seldom that the rest need not be known.
SURELY_A_PART = 5
VOWEL = re.compile("[aeiouy]")
HOLDING = """
    SELECT asked.word, stemmed.stem, known.text, known.stem
    FROM unnest(%s::text[]) AS asked (word), LATERAL (
        SELECT coalesce((ts_lexize(%s::regdictionary, asked.word))[1], '') AS stem OFFSET 0
    ) AS stemmed, LATERAL (
        SELECT DISTINCT text, (ts_lexize(%s::regdictionary, text))[1] AS stem, length(text)
        FROM catalog_word
        WHERE (text LIKE '%%' || stemmed.stem || '%%' OR text LIKE '%%' || asked.word || '%%')
            AND text <> asked.word
            AND length(text) >= length(stemmed.stem) + %s
        ORDER BY length(text), text LIMIT %s
    ) AS known
    WHERE length(stemmed.stem) >= %s
"""
# Which of the first are words of the shop; and which of the second begin any but those that go on
# as is said beside them.
KNOWN = """
    SELECT DISTINCT text, '' FROM catalog_word WHERE text = ANY(%s::text[])
    UNION ALL
    SELECT '', asked.start FROM unnest(%s::text[], %s::text[]) AS asked (start, whole)
    WHERE EXISTS (
        SELECT FROM catalog_word
        WHERE text LIKE asked.start || '%%' AND text NOT LIKE asked.whole || '%%'
    )
"""


@dataclass(slots=True)
class Compounds:
    """Of one word: those that end with it, and those that it stands elsewhere in."""

    ending: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Split:
    """One way to see a word of the shop as put together of the word asked for and others."""

    word: str
    text: str
    stem: str
    before: str
    after: str
    joints: Joints

    @property
    def parts(self) -> list[str]:
        return [part for part in (self.before, self.after) if part]

    @property
    def may_begin_others(self) -> bool:
        """Whether its first part is enough of a word to be told by others that begin so."""
        long_enough = len(self.before) > SHORTEST_PART and VOWEL.search(self.before)
        return not self.after and bool(long_enough)

    def is_sure(self, known: set[str], starts: set[str]) -> bool:
        """Whether the other parts are words of the shop, or may well be."""
        if all(known.intersection(_forms(part, self.joints)) for part in self.parts):
            return True
        is_long = self.word in known and len(self.word) >= SURELY_A_PART
        return not self.after and (is_long or (self.may_begin_others and self.before in starts))


def compounds_of(words: Iterable[str]) -> dict[str, Compounds]:
    """By each of the words, the compounds of it that the shop knows."""
    asked = [word for word in words if len(word) >= SHORTEST_PART and not is_unbroken(word)]
    splits = [split for one in _compounding() for split in _splits(asked, one)]
    known, starts = _known(asked, splits) if splits else (set(), set())
    found: dict[str, Compounds] = {}
    for split in splits:
        if split.is_sure(known, starts):
            kinds = found.setdefault(split.word, Compounds())
            _add(split, kinds.others if split.after else kinds.ending)
    return found


def _compounding() -> list[str]:
    codes = [settings.LANGUAGE_CODE, *further_languages()]
    bases = dict.fromkeys(code.partition("-")[0] for code in codes)
    return [base for base in bases if base in COMPOUNDING]


def _splits(asked: list[str], language: str) -> Iterator[Split]:
    rules = configuration(language)
    stems = rules if rules == "simple" else f"{rules}_stem"
    with connection.cursor() as cursor:
        cursor.execute(HOLDING, [asked, stems, stems, SHORTEST_PART, COMPARED, SHORTEST_PART])
        rows: list[tuple[str, str, str, str | None]] = cursor.fetchall()
    joints = COMPOUNDING[language]
    for word, stem, text, text_stem in rows:
        before = (text_stem or "").removesuffix(stem)
        if before != text_stem and len(before) >= SHORTEST_PART:
            yield Split(word, text, text_stem or text, before, "", joints)
        at = text.find(stem)
        if at == 0 or at >= SHORTEST_PART:
            for after in _without_joints(text[at + len(stem) :], word[len(stem) :], joints):
                yield Split(word, text, text_stem or text, text[:at], after, joints)


def _without_joints(rest: str, ending: str, joints: Joints) -> set[str]:
    """What may follow, once what binds it to the part before is taken off."""
    tails = {"", ending, *joints.between}
    found = {rest.removeprefix(tail) for tail in tails if rest.startswith(tail)}
    return {one for one in found if len(one) >= SHORTEST_PART}


def _known(asked: list[str], splits: list[Split]) -> tuple[set[str], set[str]]:
    """Which of all that might be parts are words of the shop, or asked for beside others.

    And which begin other words of the shop.
    """
    forms = {form for one in splits for part in one.parts for form in _forms(part, one.joints)}
    begun = [one for one in splits if one.may_begin_others]
    values = [[one.before for one in begun], [one.stem for one in begun]]
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [sorted(forms | set(asked)), *values])
        rows = cursor.fetchall()
    known, starts = {text for text, _ in rows}, {start for _, start in rows}
    return known | (set(asked) if len(asked) > 1 else set()), starts


def _forms(part: str, joints: Joints) -> set[str]:
    """The words that may stand in a compound as this part does."""
    forms = {part}
    if len(part) > SHORTEST_PART:
        forms |= {part + lost for lost in joints.lost}
        forms |= {part.removesuffix(end) for end in joints.between}
    return {form for form in forms if len(form) >= SHORTEST_PART}


def _add(split: Split, kind: list[str]) -> None:
    if len(kind) < MOST_OF_A_KIND and split.text not in kind:
        kind.append(split.text)
