"""What was asked, as full text is asked for it: in ever wider circles, the narrowest best."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shop.catalog.search import spelling
from shop.catalog.search.compounds import Compounds, compounds_of
from shop.catalog.search.matching import Condition
from shop.catalog.search.words import configurations, is_unbroken, pairs

# The weights of what full text keeps: a title's, and those of what a product is called besides.
TITLE = "A"
NAMES = "AB"
ANY = ""


@dataclass(frozen=True, slots=True)
class Question:
    """The words of a question, and the compounds of each that the shop knows."""

    words: tuple[str, ...]
    compounds: Mapping[str, Compounds] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Iterable[str]) -> "Question":
        words = tuple(words)
        return cls(words, compounds_of(words))

    def whole(self, where: str = ANY) -> str:
        """All the words, as they are."""
        return " & ".join(self._group([word], where) for word in self.words)

    def ended(self, where: str = ANY) -> str:
        """All the words, each as it is or as what a compound is."""
        return " & ".join(self._group([word, *self._of(word).ending], where) for word in self.words)

    def wide(self, where: str = ANY) -> str:
        """All the words, each as it is or in a compound; the last may be the beginning of one."""
        *groups, last = self._anywhere(where)
        begun = _one(self.words[-1], where, is_begun=True)
        return " & ".join([*groups, f"({begun} | {last})"])

    def any(self, where: str = ANY) -> str:
        """One of the words at least, as it is or in a compound."""
        return " | ".join(self._anywhere(where))

    def circles(self) -> list[str]:
        """From what is surely meant outward: what has the words in its title comes first."""
        asked = [self.whole(TITLE), self.ended(TITLE), self.ended(NAMES)]
        asked += [" & ".join(self._anywhere(TITLE)), self.ended(), self.wide(TITLE)]
        return list(dict.fromkeys(asked))

    def _anywhere(self, where: str) -> list[str]:
        found = [(word, self._of(word)) for word in self.words]
        return [self._group([word, *of.ending, *of.others], where) for word, of in found]

    def nearly(self) -> Iterator[tuple[list[str], str]]:
        """What is asked for with words that look like those: for all of them, or else for any.

        The alternatives, and the inner circle. A word that the shop knows is taken as it is.
        """
        near = spelling.near(self.words)
        groups, titles = self._nearly(near, ANY), self._nearly(near, TITLE)
        if groups:
            yield [" & ".join(groups)], " & ".join(titles)
        if len(groups) > 1:
            yield groups, " | ".join(titles)

    def besides(self) -> str:
        """What may have been meant by all the words, though they are found; empty if nothing."""
        near = spelling.near(self.words, besides=True)
        return " & ".join(self._nearly(near, ANY)) if len(near) == len(self.words) else ""

    def _nearly(self, near: Mapping[str, Sequence[str]], where: str) -> list[str]:
        groups = []
        for word in self.words:
            known, like = self._of(word), near.get(word, ())
            if word in like or known.ending:
                more = known.ending + (known.others if where == ANY else [])
                groups.append(self._group([word, *more], where))
            elif like:
                groups.append(self._group(like, where))
        return groups

    def _of(self, word: str) -> Compounds:
        return self.compounds.get(word) or Compounds()

    @staticmethod
    def _group(words: Iterable[str], where: str) -> str:
        return f"({' | '.join(_one(word, where) for word in words)})"


def matching(asked: str) -> Condition:
    """What is asked, stemmed in each language of the shop: constants, so that an index is used."""
    stemmed = [f"to_tsquery('{one}', %s)" for one in configurations()]
    return Condition(f"({' || '.join(stemmed)})", (asked,) * len(stemmed))


def _one(word: str, where: str, *, is_begun: bool = False) -> str:
    """A word with the weights that it is looked for in; `is_begun` if more may follow it."""
    if is_unbroken(word):
        sides = pairs(word)
        # A single letter stands at the beginning of each two that it is the first of.
        begun = len(sides) == 1
        return f"({' <-> '.join(_labelled(side, where, is_begun=begun) for side in sides)})"
    return _labelled(word, where, is_begun=is_begun)


def _labelled(word: str, where: str, *, is_begun: bool) -> str:
    labels = f"{'*' if is_begun else ''}{where}"
    return f"{word}:{labels}" if labels else word
