"""How a text is cut into words, and by which rules of which language they are told alike.

What is stored and what is asked for is cut here in the same way, in small letters without accents.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from django.conf import settings
from django.db import connection

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
# Thai, Lao, Burmese and Khmer, Japanese syllables, Chinese characters: no blank parts their words.
UNBROKEN = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Vowels and tones of these scripts that stand above or below a letter belong to it.
MARKS = "".join(
    chr(code)
    for first, last in ((0x0E01, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3099, 0x309A))
    for code in range(first, last + 1)
    if unicodedata.category(chr(code)).startswith("M")
)
LETTER = re.compile(f"(?=[{UNBROKEN}])[^\\W_][{MARKS}]*")
WORD = re.compile(f"[a-z0-9]+|(?:{LETTER.pattern})+|(?:(?![{UNBROKEN}])[^\\W_])+")
# Longer questions are cut: nobody types them, and each word costs time.
LONGEST_QUERY = 100
MOST_WORDS = 8


def configuration(language: str) -> str:
    """The text search configuration for a language: as "pt-br" for one that is spoken there."""
    return CONFIGURATIONS.get(language.partition("-")[0], STEMS_NOTHING)


def configurations() -> list[str]:
    """Those of all languages of the shop, its own first."""
    return list(dict.fromkeys(map(configuration, [settings.LANGUAGE_CODE, *further_languages()])))


def cleaned(query: str) -> str:
    """The question in one plain line, without what cannot be stored or shown."""
    text = unicodedata.normalize("NFKC", query[: LONGEST_QUERY * 4])
    text = "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text)
    return " ".join(text.split())[:LONGEST_QUERY]


def asked_in(plain: str) -> list[str]:
    """The words asked for, of a question without accents; one without blanks stays whole."""
    return WORD.findall(plain.lower())[:MOST_WORDS]


def cut(texts: Iterable[str]) -> list[list[str]]:
    """The words of each text as they are indexed: PostgreSQL would read "and/or" as a path.

    What is written without blanks becomes each two letters that stand side by side, and the last
    alone, so that any part of it is found.
    """
    return [
        [part for word in WORD.findall(text) for part in _parts(word)] for text in _folded(texts)
    ]


def is_unbroken(word: str) -> bool:
    """Whether it is of a script that puts no blanks between words."""
    return LETTER.match(word) is not None


def pairs(word: str) -> list[str]:
    """Each two letters that stand side by side; of a single one itself."""
    letters = LETTER.findall(word)
    return [first + second for first, second in pairwise(letters)] or letters


def _parts(word: str) -> list[str]:
    if not is_unbroken(word):
        return [word]
    letters = LETTER.findall(word)
    return [*pairs(word), letters[-1]] if len(letters) > 1 else letters


def _folded(texts: Iterable[str]) -> list[str]:
    plain = [unicodedata.normalize("NFKC", text) for text in texts]
    with connection.cursor() as cursor:
        cursor.execute("SELECT unaccent(text) FROM unnest(%s::text[]) AS text", [plain])
        return [row[0].lower() for row in cursor.fetchall()]
