"""The catalog as a file that `import_products` reads back."""

import csv
import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any, TextIO
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch

from shop.catalog.files.export_columns import Further
from shop.catalog.files.reading.csv_rows import quoted
from shop.catalog.models import Image, Price, Product, ProductFact, Variant
from shop.catalog.pictures.files import UPLOADED
from shop.catalog.pictures.renditions import Picture

CHUNK = 500
SHOPIFY = [
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published",
    "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name",
    "Option3 Value", "Variant SKU", "Variant Grams", "Variant Inventory Qty", "Variant Price",
    "Variant Compare At Price", "Variant Requires Shipping", "Variant Tax Code", "Variant Barcode",
    "Image Src",
    "Image Position", "Image Alt Text", "Variant Image", "Status",
]  # fmt: skip


def write_shopify(file: TextIO) -> int:
    """A Shopify product CSV, safe to open in a spreadsheet; returns how many products."""
    further = Further.in_use()
    columns = [*SHOPIFY, *further.columns, *further.columns_of_parts]
    place = columns.index("Variant SKU")
    columns[place:place] = [
        f"Option{n} {part}" for n in further.options() if n > 3 for part in ("Name", "Value")
    ]
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    count = 0
    for product in products():
        for row in shopify_rows(product, further):
            writer.writerow({name: quoted(str(value)) for name, value in row.items()})
        count += 1
    return count


def write_json(file: TextIO) -> int:
    """One JSON list."""
    count, further = 0, Further.in_use()
    for product in products():
        told = json.dumps(record(product, further), ensure_ascii=False)
        file.write(("[\n" if not count else ",\n") + told)
        count += 1
    file.write("\n]\n" if count else "[]\n")
    return count


def write_json_lines(file: TextIO) -> int:
    """One JSON object in each line."""
    count, further = 0, Further.in_use()
    for product in products():
        file.write(json.dumps(record(product, further), ensure_ascii=False) + "\n")
        count += 1
    return count


WRITERS = {"shopify": write_shopify, "json": write_json, "jsonl": write_json_lines}


def products() -> Iterator[Product]:
    """Every product in the order in which it came, with all its parts; some hundred at a time.

    One without any variant is only begun; the import would not know what to make of it.
    """
    prices = Price.objects.filter(is_active=True)
    variants = Variant.objects.select_related("stock", "image").prefetch_related(
        Prefetch("prices", prices, to_attr="current_prices")
    )
    found = Product.objects.filter(Exists(Variant.objects.filter(product=OuterRef("pk"))))
    return (
        found.order_by("pk")
        .select_related("category__parent__parent")
        .prefetch_related(
            Prefetch("variants", variants),
            Prefetch("facts", ProductFact.objects.select_related("fact")),
            Prefetch("images", Image.objects.order_by("position", "id")),
        )
        .iterator(chunk_size=CHUNK)
    )


def record(product: Product, further: Further) -> dict[str, Any]:
    """A product as JSON; `import_products` needs no mapping for it."""
    return {
        "slug": product.slug,
        "title": product.title,
        "description": escape(product.description, quote=False),
        "vendor": product.vendor,
        "category": product.category_path(),
        "tags": product.tags,
        "status": product.status,
        **further.of_product(product),
        "option_names": product.option_names,
        **named("option_names", further.words(product, product.option_names)),
        "images": [
            {"source": source(one), "alt": one.alt, **further.of_image(one)}
            for one in product.images.all()
        ],
        "variants": [variant_record(one, further) for one in product.variants.all()],
    }


def variant_record(variant: Variant, further: Further) -> dict[str, Any]:
    """A variant as an entry of `variants` in the JSON export, which the import reads back."""
    return {
        "sku": variant.sku,
        **further.of_variant(variant),
        "stock": counted(variant),
        "option_values": variant.option_values,
        **named("option_values", further.words(variant.product, variant.option_values)),
        "grams": variant.grams,
        "requires_shipping": variant.requires_shipping,
        "tax_code": variant.tax_code,
        "barcode": variant.barcode,
        "variant_image": source(variant.image) if variant.image else "",
    }


def named(field: str, words: dict[str, list[str]]) -> dict[str, list[str]]:
    """Words by language as fields: `{"de": […]}` becomes `{"option_names:de": […]}`."""
    return {f"{field}:{language}": some for language, some in words.items()}


def shopify_rows(product: Product, further: Further) -> Iterator[dict[str, Any]]:
    """A row for each variant, then for each further picture; the first describes the product."""
    variants, images = product.variants.all(), product.images.all()
    for number in range(max(len(variants), len(images))):
        row: dict[str, Any] = {"Handle": product.slug}
        if number == 0:
            row |= product_cells(product) | further.of_product(product)
            row |= further.cells_of_words(product, "name", product.option_names)
        if number < len(variants):
            row |= variant_cells(variants[number], further)
            row |= further.cells_of_words(product, "value", variants[number].option_values)
        if number < len(images):
            image = images[number]
            row |= {
                "Image Src": source(image),
                "Image Position": image.position,
                "Image Alt Text": image.alt,
                **further.of_image(image),
            }
        yield row


def product_cells(product: Product) -> dict[str, Any]:
    """What the first row of a product says in a Shopify CSV, by column."""
    names = product.option_names or ["Title"]
    return {
        "Title": product.title,
        "Body (HTML)": html(product.description),
        "Vendor": product.vendor,
        "Type": product.category_path(),
        "Tags": ", ".join(re.sub(r"([\\,])", r"\\\1", tag) for tag in product.tags),
        "Published": "TRUE" if product.status == Product.Status.ACTIVE else "FALSE",
        "Status": product.status,
        **{f"Option{n} Name": name for n, name in enumerate(names, start=1)},
    }


def variant_cells(variant: Variant, further: Further) -> dict[str, Any]:
    """What each row of a variant says in a Shopify CSV, by column."""
    told = further.of_variant(variant)
    values = variant.option_values or ["Default Title"]
    return {
        **{f"Option{n} Value": value for n, value in enumerate(values, start=1)},
        "Variant SKU": variant.sku,
        "Variant Grams": variant.grams,
        "Variant Inventory Qty": counted(variant),
        "Variant Price": told.pop("price"),
        "Variant Compare At Price": told.pop("regular_price"),
        "Variant Requires Shipping": str(variant.requires_shipping).upper(),
        "Variant Tax Code": variant.tax_code,
        "Variant Barcode": variant.barcode,
        "Variant Image": source(variant.image) if variant.image else "",
        **told,
    }


def counted(variant: Variant) -> int:
    """What is on hand; what was sold beyond it is no count."""
    stock = getattr(variant, "stock", None)
    return max(stock.on_hand, 0) if stock else 0


def source(image: Image) -> str:
    """Where a picture came from; what was uploaded is named by its own address."""
    found = Picture.of(image) if image.source.startswith(UPLOADED) else None
    return urljoin(settings.SITE_URL, found.large) if found else image.source


def html(text: str) -> str:
    """Paragraphs and line breaks, so that reading it gives the text again."""
    parts = (escape(part, quote=False).replace("\n", "<br>") for part in text.split("\n\n"))
    return "".join(f"<p>{part}</p>" for part in parts if part)
