"""Shopify files for tests: one good row, changed as a test wants it."""

import csv
import io
from pathlib import Path

COLUMNS = [
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Product Category",
    "Type",
    "Tags",
    "Published",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Variant SKU",
    "Variant Grams",
    "Variant Inventory Qty",
    "Variant Inventory Policy",
    "Variant Price",
    "Variant Requires Shipping",
    "Image Src",
    "Image Position",
    "Image Alt Text",
    "Gift Card",
    "Variant Image",
    "Variant Tax Code",
    "Status",
]
LANTERN = {
    "Handle": "storm-lantern",
    "Title": "Storm Lantern",
    "Body (HTML)": "<p>Burns in <b>wind</b>.</p><p>Glass &amp; brass.</p>",
    "Vendor": "Skerry Ironworks",
    "Type": "Light",
    "Tags": "brass, gift",
    "Published": "TRUE",
    "Option1 Name": "Title",
    "Option1 Value": "Default Title",
    "Variant SKU": "LANTERN-STORM",
    "Variant Grams": "900",
    "Variant Inventory Qty": "12",
    "Variant Price": "64.00",
    "Variant Requires Shipping": "TRUE",
    "Status": "active",
}


def row(**changes: str) -> dict[str, str]:
    """The lantern's row with changes; `variant_price` means the column Variant Price."""
    named = {column.lower().replace(" ", "_"): column for column in COLUMNS}
    return {**LANTERN, **{named[name]: value for name, value in changes.items()}}


def further(handle: str = "storm-lantern", **changes: str) -> dict[str, str]:
    """A row below the product's own: a variant or a picture more."""
    filled = row(handle=handle, **changes)
    kept = {"Handle", *(column for column in COLUMNS if column not in LANTERN)}
    named = {column.lower().replace(" ", "_"): column for column in COLUMNS}
    kept |= {named[name] for name in changes}
    return {column: value for column, value in filled.items() if column in kept}


def text_of(*rows: dict[str, str], delimiter: str = ",") -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def file_of(directory: Path, *rows: dict[str, str]) -> Path:
    path = directory / "products.csv"
    path.write_text(text_of(*rows), encoding="utf-8")
    return path
