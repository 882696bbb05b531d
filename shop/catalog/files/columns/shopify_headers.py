"""Shopify's product CSV under its present names: the template that its help pages offer."""

import re
from collections.abc import Sequence

# {as the template writes it, in small letters: as exports write it}.
TEMPLATE = {
    "url handle": "Handle",
    "description": "Body (HTML)",
    "product category": "Product Category",
    "published on online store": "Published",
    "sku": "Variant SKU",
    "barcode": "Variant Barcode",
    "price": "Variant Price",
    "compare-at price": "Variant Compare At Price",
    "tax code": "Variant Tax Code",
    "inventory quantity": "Variant Inventory Qty",
    "continue selling when out of stock": "Variant Inventory Policy",
    "weight value (grams)": "Variant Grams",
    "requires shipping": "Variant Requires Shipping",
    "product image url": "Image Src",
    "image position": "Image Position",
    "image alt text": "Image Alt Text",
    "variant image url": "Variant Image",
    "gift card": "Gift Card",
}
OPTION = re.compile(r"option ?(\d+) (name|value)", re.IGNORECASE)


def known_as(columns: Sequence[str]) -> dict[str, str]:
    """{the export's name: the file's column} where they differ; empty where it is no such file."""
    names = {column.lower() for column in columns}
    is_export = {"Handle", "Variant Price"} <= set(columns)
    if not ({"url handle", "title"} <= names or is_export):
        return {}
    found = {}
    for column in columns:
        name = None if is_export else TEMPLATE.get(column.lower())
        if option := OPTION.fullmatch(column):
            name = f"Option{option[1]} {option[2].capitalize()}"
        if name and name not in columns:
            found[name] = column
    return found
