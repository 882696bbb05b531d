"""What the address of a list asks for, as far as it means something."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict

MOST_CHOSEN = 30
LONGEST_VALUE = 200
# Stands for a colon in an option's name: the mathematical sign of a ratio.
NO_COLON = "\N{RATIO}"


@dataclass(frozen=True)
class ListFilters:
    """The choices made: values of one facet widen each other, facets narrow each other."""

    currency: str
    options: dict[str, list[str]] = field(default_factory=dict)
    vendors: list[str] = field(default_factory=list)
    prices: list[tuple[int, int | None]] = field(default_factory=list)
    categories: list[int] = field(default_factory=list)
    available: bool = False
    reduced: bool = False

    @classmethod
    def of(cls, query: QueryDict, currency: str) -> "ListFilters":
        """Read the address; what it does not know means nothing."""
        options: dict[str, list[str]] = {}
        for text in _values(query, "o"):
            name, value = option_of(text)
            if name and value:
                options.setdefault(name, []).append(value)
        return cls(
            currency,
            options,
            _values(query, "vendor"),
            [bounds for text in _values(query, "price") if (bounds := _bounds(text))],
            [
                int(text)
                for text in _values(query, "category")
                if text.isdecimal() and len(text) < 9
            ],
            query.get("available") == "yes",
            query.get("reduced") == "yes",
        )

    def __bool__(self) -> bool:
        return bool(self.facets())

    def facets(self) -> list[str]:
        """The facets in which something was chosen; an option is named as "o:Color"."""
        single = {
            "vendor": self.vendors,
            "category": self.categories,
            "price": self.prices,
            "available": self.available,
            "reduced": self.reduced,
        }
        return [*(f"o:{name}" for name in self.options), *(one for one in single if single[one])]

    def but(self, facet: str) -> "ListFilters":
        """The same without what was chosen in this facet."""
        if facet.startswith("o:"):
            kept = {name: values for name, values in self.options.items() if f"o:{name}" != facet}
            return replace(self, options=kept)
        blank = {
            "vendor": {"vendors": []},
            "category": {"categories": []},
            "price": {"prices": []},
            "available": {"available": False},
            "reduced": {"reduced": False},
        }
        return replace(self, **blank[facet])  # type: ignore[arg-type]

    def pairs(self) -> list[tuple[str, str]]:
        """As parameters of an address, in one order."""
        return [
            *(
                ("o", option_pair(name, value))
                for name, values in self.options.items()
                for value in values
            ),
            *(("vendor", vendor) for vendor in self.vendors),
            *(("price", price_value(*bounds)) for bounds in self.prices),
            *(("category", str(pk)) for pk in self.categories),
            *([("available", "yes")] if self.available else []),
            *([("reduced", "yes")] if self.reduced else []),
        ]

    def without(self, name: str, value: str) -> str:
        """The address's query without this choice."""
        return urlencode([pair for pair in self.pairs() if pair != (name, value)])


def option_pair(name: str, value: str) -> str:
    """As "Color:Sand", in addresses and in `Product.facets`; the first colon parts the two."""
    return f"{name.replace(':', NO_COLON)}:{value}"


def option_of(pair: str) -> tuple[str, str]:
    """The name and value of what `option_pair` wrote; both empty for what is no such pair."""
    name, colon, value = pair.partition(":")
    return (name.replace(NO_COLON, ":"), value) if colon else ("", "")


def price_value(low: int, high: int | None) -> str:
    """A range of prices as an address says it: `1000-2500`, in minor units, or `2500-`."""
    return f"{low}-{'' if high is None else high}"


def _values(query: QueryDict, name: str) -> list[str]:
    found = (text.strip() for text in query.getlist(name)[:MOST_CHOSEN])
    return list(dict.fromkeys(text[:LONGEST_VALUE] for text in found if text and "\0" not in text))


def _bounds(text: str) -> tuple[int, int | None] | None:
    low, dash, high = text.partition("-")
    numbers = [part for part in (low, high) if part]
    if not dash or not low or not all(part.isdecimal() and len(part) < 13 for part in numbers):
        return None
    return int(low), int(high) if high else None
