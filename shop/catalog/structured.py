"""What search engines are told (schema.org), in words equal to those on the page."""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from shop.catalog.models import Category, Price, Product
from shop.catalog.offers import Offer
from shop.catalog.pictures import Picture

# A product's own text may hold `</script>`; written like this it cannot end the block.
UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def product_data(product: Product, found: list[Offer], way: list[Category]) -> SafeString:
    """The product with its offers, and the way to it, as JSON-LD."""
    return _script([_product(product, found), _breadcrumbs(product, way)])


def _product(product: Product, found: list[Offer]) -> dict[str, Any]:
    pictures = (Picture.of(image) for image in product.images.all())
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.said("title"),
        "description": product.said("description"),
        "category": product.category.name,
        **({"brand": {"@type": "Brand", "name": product.vendor}} if product.vendor else {}),
        "url": _absolute(product.get_absolute_url()),
        "image": [_absolute(picture.large) for picture in pictures if picture],
        "offers": [_offer(product, offer, offer.price) for offer in found if offer.price],
    }


def _offer(product: Product, offer: Offer, price: Price) -> dict[str, Any]:
    available = "InStock" if offer.is_available else "OutOfStock"
    if offer.is_on_backorder:
        available = "BackOrder"
    return {
        "@type": "Offer",
        "sku": offer.variant.sku,
        "url": _absolute(f"{product.get_absolute_url()}?variant={offer.variant.sku}"),
        "price": str(price.least.decimal),
        "priceCurrency": price.currency.upper(),
        **({"priceSpecification": _bounds(price)} if price.is_chosen else {}),
        "availability": f"https://schema.org/{available}",
        **({"name": offer.variant.name} if offer.variant.choice else {}),
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
        ("Home", "/"),
        *((category.name, category.get_absolute_url()) for category in way),
        (product.title, product.get_absolute_url()),
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
