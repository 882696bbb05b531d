"""What a product file says, in our words and checked, before anything touches the database."""

from dataclasses import dataclass, field

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


@dataclass
class ImageDraft:
    source: str
    line: int
    alt: str = ""
    position: int | None = None


@dataclass
class VariantDraft:
    sku: str
    line: int
    price: Money
    quantity: int | None
    option_values: list[str]
    position: int
    grams: int = 0
    requires_shipping: bool = True
    tax_code: str = ""
    image: str = ""
    regular: Money | None = None


@dataclass
class ProductDraft:
    """A product; its category may be a path, "Home > Light". A slug that was made from the title
    gives way to the one that the product has already."""

    slug: str
    line: int
    title: str
    description: str
    vendor: str
    category: str
    tags: list[str]
    option_names: list[str]
    status: Product.Status
    variants: list[VariantDraft] = field(default_factory=list)
    images: list[ImageDraft] = field(default_factory=list)
    has_own_slug: bool = True
