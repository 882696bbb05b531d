"""Single cells of Shopify's product CSV, and what its rows say of options."""

import re
from collections.abc import Iterator
from itertools import count, takewhile

from shop.catalog.files.addresses import of_handle
from shop.catalog.files.drafts import NAMELESS_CATEGORY, BadRow, ProductDraft
from shop.catalog.files.reading import cells
from shop.catalog.files.reading.csv_rows import Row
from shop.catalog.models import Product

# Shopify's way to say that a product has no options.
NO_OPTION = ("Title", "Default Title")
# On sale for those who know the address.
UNLISTED = "unlisted"
WEB_ADDRESS = re.compile(r"https?://[^\s/]+", re.IGNORECASE)


def options(row: Row) -> Iterator[int]:
    """The numbers of the options that the file has columns for; Shopify's own has three."""
    return takewhile(lambda n: n < 4 or row.has(f"Option{n} Name"), count(1))


def category(row: Row) -> str:
    """The Type; without one the last part of Shopify's own taxonomy."""
    if row["Type"]:
        return cells.text(row, "Type", longest=300)
    return row["Product Category"].rpartition(">")[2].strip()[:100] or NAMELESS_CATEGORY


def option_names(row: Row) -> list[str]:
    """The product's options; none for Shopify's "Default Title". Raises `BadRow` for a gap."""
    if (row["Option1 Name"], row["Option1 Value"]) == NO_OPTION:
        return []
    names = [cells.text(row, f"Option{number} Name", longest=100) for number in options(row)]
    if "" in names and any(names[names.index("") :]):
        column = f"Option{names.index('') + 1} Name"
        raise BadRow(row.line, column, "is empty, while a later option has a name.")
    return [name for name in names if name]


def option_values(row: Row, draft: ProductDraft) -> list[str]:
    """One value for each of the product's options, and none beyond."""
    values = [cells.text(row, f"Option{number} Value", longest=100) for number in options(row)]
    names = draft.option_names
    if not names and values[0] == NO_OPTION[1]:
        values[0] = ""
    for number, value in enumerate(values):
        column = f"Option{number + 1} Value"
        if value and number >= len(names):
            raise BadRow(row.line, column, f"{value!r} belongs to no option of {draft.slug}.")
        if number < len(names) and not value:
            raise BadRow(row.line, column, f"is empty; {draft.slug} comes in {names[number]}.")
    return values[: len(names)]


def status(row: Row) -> Product.Status:
    """The Status, else what Published says; unpublished products are drafts."""
    is_published = cells.boolean(row, "Published", default=True)
    word = row["Status"].lower() or ("active" if row["Published"] else "draft")
    word = "draft" if word == UNLISTED else word
    if word not in Product.Status.values:
        raise BadRow(row.line, "Status", f"{word[:40]!r} is not active, draft or archived.")
    status = Product.Status(word)
    return status if is_published or status != Product.Status.ACTIVE else Product.Status.DRAFT


def picture(row: Row, column: str) -> str:
    """The web address of a picture; empty for none."""
    source = cells.text(row, column, longest=1000)
    if source and not WEB_ADDRESS.match(source):
        raise BadRow(row.line, column, f"{source[:60]!r} is no web address.")
    return source


def nobody(row: Row) -> ProductDraft:
    """Stands in for a product whose own row is bad, so that its other rows are read as well."""
    names = [row[f"Option{number} Name"] for number in options(row)]
    while names and not names[-1]:
        names.pop()
    if row["Option1 Value"] == NO_OPTION[1]:
        names = []
    return ProductDraft(
        slug=of_handle(row["Handle"]),
        line=row.line,
        title="",
        description=None,
        vendor=None,
        category=None,
        tags=None,
        option_names=names,
        status=None,
    )
