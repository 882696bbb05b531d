"""Exports that hold no products, known by columns that only they have."""

from collections.abc import Sequence

# What it is, by columns in small letters of which all are there.
KNOWN: tuple[tuple[str, frozenset[str]], ...] = (
    ("These are orders", frozenset({"financial status", "lineitem name"})),
    ("These are orders", frozenset({"order number", "order status"})),
    ("These are orders", frozenset({"order_id", "customer_email"})),
    ("This is stock", frozenset({"handle", "sku", "hs code", "coo"})),
    ("This is stock", frozenset({"handle", "sku", "location", "on hand (current)"})),
    ("These are customers", frozenset({"first name", "last name", "email"})),
    ("These are customers", frozenset({"first_name", "last_name", "email"})),
    ("These are discount codes", frozenset({"discount code", "discount value"})),
)


def what(columns: Sequence[str]) -> str | None:
    """What the file is, as a sentence without its end; None for one that may hold products."""
    names = {column.strip().lower() for column in columns}
    return next((said for said, needed in KNOWN if needed <= names), None)
