"""What a product file says, in our words and checked, before anything touches the database."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from shop.catalog.models import Product
from shop.money import Money


@dataclass(frozen=True)
class Problem:
    """What is wrong, in which line or record (the file's own count, from 1) and which column."""

    line: int
    column: str
    sentence: str
    unit: str = "line"

    def __str__(self) -> str:
        return f"{self.unit} {self.line}, {self.column}: {self.sentence}"


class BadRow(Exception):
    """A row cannot be read as it stands."""

    def __init__(self, line: int, column: str, sentence: str) -> None:
        self.problem = Problem(line, column, sentence)
        super().__init__(str(self.problem))


# What a conversion raises that nobody thought of.
UNFORESEEN = (ArithmeticError, LookupError, RecursionError, TypeError, ValueError)


@contextmanager
def noted(problems: list[Problem], line: int) -> Iterator[None]:
    """What is wrong with a row becomes a problem; so does what a conversion raises unforeseen."""
    try:
        yield
    except BadRow as error:
        problems.append(error.problem)
    except UNFORESEEN as error:
        said = ascii(str(error) or type(error).__name__)[:200]
        problems.append(Problem(line, "whole row", f"cannot be read: {said}."))


# Where a product stands of which no file says anything.
NAMELESS_CATEGORY = "Other things"


def name_the_rest(problems: list[Problem], before: int, lines: Iterable[int], on: int) -> None:
    """Name the rows of a product that is left out which have no problem of their own.

    `before` is how many problems there were before this product, `on` its first line.
    """
    named = {problem.line for problem in problems[before:]}
    for line in lines:
        if line not in named:
            sentence = f"hangs on line {on}, which has a problem."
            if line == on:
                sentence = "is left out with the rows that hang on it."
            problems.append(Problem(line, "whole row", sentence))


@dataclass
class ImageDraft:
    """A picture; its place is `position` or else its number in the draft, unless the file has no
    column for it: then a picture that is here already stays where it is."""

    source: str
    line: int
    # None where the file does not say.
    alt: str | None = None
    position: int | None = None
    is_placed: bool = True
    # {language: alt}; an empty text takes one away.
    alts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PriceKind:
    """A variant has one price of each: in a currency, asked once or each interval."""

    currency: str
    interval: str = ""
    interval_count: int = 1

    def __str__(self) -> str:
        """As "eur", "eur:month", "eur:3-month"."""
        count = f"{self.interval_count}-" if self.interval_count > 1 else ""
        return f"{self.currency}:{count}{self.interval}" if self.interval else self.currency


@dataclass(frozen=True)
class PriceDraft:
    """What is asked; without `money` nothing is. `regular` is what a reduced price was, `lowest`
    the lowest of the 30 days before; a customer chooses between `minimum` and `maximum`. What the
    file has no columns for is kept as it is, as long as it goes with the price."""

    kind: PriceKind
    money: Money | None = None
    regular: Money | None = None
    lowest: Money | None = None
    minimum: Money | None = None
    maximum: Money | None = None
    trial_days: int | None = None
    keeps_regular: bool = False
    keeps_bounds: bool = False
    keeps_trial: bool = False


@dataclass
class VariantDraft:
    """One variant; None stands for what the file has no column for."""

    sku: str
    line: int
    prices: list[PriceDraft]
    quantity: int | None
    option_values: list[str]
    position: int
    grams: int | None = None
    requires_shipping: bool | None = None
    tax_code: str | None = None
    barcode: str | None = None
    # An empty address takes the variant's own picture away.
    image: str | None = None
    is_active: bool | None = None
    # Made of the title, which is all that the file knows the product by.
    has_own_sku: bool = True
    # What few files say of a variant; a field that is not here is left as it is.
    further: dict[str, Any] = field(default_factory=dict)


@dataclass
class FactDraft:
    """What a product says of a fact; an empty text takes it away. `is_filter` is what a fact
    becomes that the shop does not know yet."""

    name: str
    text: str
    is_filter: bool = False
    # {language: text}; an empty one takes one away.
    translations: dict[str, str] = field(default_factory=dict)


@dataclass
class ProductDraft:
    """A product; its category may be a path, "Home > Light". A slug that was made from the title
    gives way to the one that the product has already. None stands for what the file has no column
    for: a product that is here keeps it. Where `says_options` is false that holds for options, and
    the file may name some variants only."""

    slug: str
    line: int
    title: str
    description: str | None
    vendor: str | None
    category: str | None
    tags: list[str] | None
    option_names: list[str]
    status: Product.Status | None
    status_when_new: Product.Status = Product.Status.ACTIVE
    says_options: bool = True
    # Other rows of it have a problem, or may stand where the file could not be read any more.
    is_partial: bool = False
    variants: list[VariantDraft] = field(default_factory=list)
    images: list[ImageDraft] = field(default_factory=list)
    has_own_slug: bool = True
    # {language: {field: text}}; an empty text takes one away.
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    # {language: {name or value of an option: what it is there}}, likewise.
    option_words: dict[str, dict[str, str]] = field(default_factory=dict)
    # {language: path} of the category.
    shelf_names: dict[str, str] = field(default_factory=dict)
    # Those that the file says; others are left as they are.
    facts: list[FactDraft] = field(default_factory=list)
    # What few files say of a product; a field that is not here is left as it is.
    further: dict[str, Any] = field(default_factory=dict)

    def add_option_words(self, language: str, own: Iterable[str], further: Iterable[str]) -> None:
        """What these names or values are in a further language; an empty one overrides none."""
        words = self.option_words.setdefault(language, {})
        for word, text in zip(own, further, strict=False):
            words[word] = text or words.get(word, "")
