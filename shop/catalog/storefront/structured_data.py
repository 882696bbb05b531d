"""What search engines are told (schema.org), in words equal to those on the page."""

import json
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shop.catalog.models import Category, Price, Product, Unit, Variant
from shop.catalog.pictures.renditions import Picture
from shop.catalog.storefront.offers import Offer
from shop.catalog.unit_prices import base_of

# A product's own text may hold `</script>`; written like this it cannot end the block.
UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
# The options for which schema.org has a property, by the names that merchants give them.
PROPERTIES = {
    "color": "color",
    "colour": "color",
    "size": "size",
    "material": "material",
    "pattern": "pattern",
}
# Of UN/CEFACT, as schema.org names units.
UNIT_CODES = {
    Unit.GRAM: "GRM",
    Unit.KILOGRAM: "KGM",
    Unit.MILLILITER: "MLT",
    Unit.LITER: "LTR",
    Unit.CENTIMETER: "CMT",
    Unit.METER: "MTR",
    Unit.SQUARE_METER: "MTK",
    Unit.PIECE: "C62",
}


def product_data(product: Product, found: list[Offer], way: list[Category]) -> SafeString:
    """The product with its offers, and the way to it, as JSON-LD."""
    sold = [(offer, offer.price) for offer in found if offer.price]
    data = _group(product, sold) if len(found) > 1 else _single(product, sold)
    return _script([{"@context": "https://schema.org", **data}, _breadcrumbs(product, way)])


def _single(product: Product, sold: list[tuple[Offer, Price]]) -> dict[str, Any]:
    offers = {"offers": [_offer(product, *one) for one in sold]} if sold else {}
    return {"@type": "Product", **_described(product), **offers}


def _group(product: Product, sold: list[tuple[Offer, Price]]) -> dict[str, Any]:
    """A product in several variants, each a product of its own with one offer."""
    varies_by = [f"https://schema.org/{key}" for key in _properties(product).values()]
    variants = {"hasVariant": [_variant(product, *one) for one in sold]} if sold else {}
    return {
        "@type": "ProductGroup",
        "productGroupID": product.slug,
        **_described(product),
        **({"variesBy": varies_by} if varies_by else {}),
        **variants,
    }


def _described(product: Product) -> dict[str, Any]:
    pictures = (Picture.of(image) for image in product.images.all())
    return {
        "name": product.translated("title"),
        "description": product.translated("description"),
        "category": product.category.translated("name"),
        **({"brand": {"@type": "Brand", "name": product.vendor}} if product.vendor else {}),
        "url": _absolute(product.get_absolute_url()),
        "image": [_absolute(picture.large) for picture in pictures if picture],
    }


def _variant(product: Product, offer: Offer, price: Price) -> dict[str, Any]:
    picture = Picture.of(offer.image)
    values = offer.variant.translated_values
    known = _properties(product)
    return {
        "@type": "Product",
        "name": offer.variant.name,
        "sku": offer.variant.sku,
        **({"image": _absolute(picture.large)} if picture else {}),
        **{known[number]: value for number, value in enumerate(values) if number in known},
        "offers": _offer(product, offer, price),
    }


def _properties(product: Product) -> dict[int, str]:
    """{place of an option: the property of schema.org for it}, where there is one."""
    return {
        number: PROPERTIES[name.lower()]
        for number, name in enumerate(product.option_names)
        if name.lower() in PROPERTIES
    }


def _offer(product: Product, offer: Offer, price: Price) -> dict[str, Any]:
    available = "InStock" if offer.is_available else "OutOfStock"
    if offer.is_on_backorder:
        available = "BackOrder"
    address = f"{product.get_absolute_url()}?variant={quote(offer.variant.sku, safe='')}"
    return {
        "@type": "Offer",
        "sku": offer.variant.sku,
        "url": _absolute(address),
        "price": str(price.least.decimal),
        "priceCurrency": price.currency.upper(),
        **_specified(offer, price),
        "availability": f"https://schema.org/{available}",
    }


def _specified(offer: Offer, price: Price) -> dict[str, Any]:
    """Between what the customer chooses; or for how much of what it is the price."""
    if price.is_chosen:
        return {"priceSpecification": _bounds(price)}
    if offer.per_unit is None:
        return {}
    return {
        "priceSpecification": {
            "@type": "UnitPriceSpecification",
            "price": str(price.money.decimal),
            "priceCurrency": price.currency.upper(),
            "referenceQuantity": _reference(offer.variant),
        }
    }


def _reference(variant: Variant) -> dict[str, Any]:
    """How much is in it, and of how much of that prices are said."""
    product = variant.product
    unit = Unit(product.content_unit)
    per, base = base_of(product.unit_price_per or 1, unit)
    return {
        "@type": "QuantitativeValue",
        "value": f"{variant.content.normalize():f}" if variant.content else "",
        "unitCode": UNIT_CODES[unit],
        "valueReference": {
            "@type": "QuantitativeValue",
            "value": str(per),
            "unitCode": UNIT_CODES[base],
        },
    }


def _bounds(price: Price) -> dict[str, str]:
    """Between what the customer chooses."""
    return {
        "@type": "PriceSpecification",
        "minPrice": str(price.least.decimal),
        "maxPrice": str(price.most.decimal),
        "priceCurrency": price.currency.upper(),
    }


def _breadcrumbs(product: Product, way: list[Category]) -> dict[str, Any]:
    steps = [
        (_("Home"), "/"),
        *((category.translated("name"), category.get_absolute_url()) for category in way),
        (product.translated("title"), product.get_absolute_url()),
    ]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": _absolute(path)}
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def _absolute(path: str) -> str:
    return path if path.startswith("http") else f"{settings.SITE_URL}{path}"


def _script(data: list[dict[str, Any]]) -> SafeString:
    text = json.dumps(data, ensure_ascii=False).translate(UNSAFE)
    return SafeString(f'<script type="application/ld+json">{text}</script>')
