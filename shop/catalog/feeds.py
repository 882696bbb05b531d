"""The feed that Google Merchant Center reads (support.google.com/merchants/answer/7052112)."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from shop.catalog.export_columns import category_path
from shop.catalog.feed_state import changed_at, fingerprint
from shop.catalog.models import Image, Price, Product, Variant
from shop.catalog.pictures import Picture
from shop.money import Money

CHUNK = 500
LONGEST_TITLE = 150
LONGEST_TEXT = 5000


@require_safe
def google(request: HttpRequest) -> HttpResponseBase:
    """All published variants that have a fixed price, as RSS 2.0, written while it is read.

    Whoever has what it says already is told just that.
    """
    tag = fingerprint()
    since = changed_at(tag)
    seconds = int(since.timestamp()) if since else None
    unchanged = get_conditional_response(request, etag=tag, last_modified=seconds)
    answer = unchanged or StreamingHttpResponse(
        _feed(), content_type="application/xml; charset=utf-8"
    )
    answer.headers["ETag"] = tag
    if seconds is not None:
        answer.headers["Last-Modified"] = http_date(seconds)
    return answer


def _feed() -> Iterator[str]:
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
        f"{tag('title', settings.SHOP_NAME)}{tag('link', settings.SITE_URL + '/')}"
        f"{tag('description', settings.SHOP_NAME)}\n"
    )
    for product in _products():
        for variant in product.variants.all():
            if prices := getattr(variant, "current_prices", []):
                yield item(product, variant, prices[0])
    yield "</channel></rss>\n"


def _products() -> Iterator[Product]:
    # Google holds a price against that of the page, and has no word for one that customers name.
    prices = Price.objects.current().filter(currency=settings.DEFAULT_CURRENCY, is_chosen=False)
    variants = Variant.objects.filter(is_active=True).select_related("stock", "image")
    found = Product.objects.on_sale().order_by("pk").select_related("category__parent__parent")
    return found.prefetch_related(
        Prefetch(
            "variants",
            variants.prefetch_related(Prefetch("prices", prices, to_attr="current_prices")),
        ),
        Prefetch("images", Image.objects.order_by("position", "id")),
    ).iterator(chunk_size=CHUNK)


def item(product: Product, variant: Variant, price: Price) -> str:
    """One variant, in Google's words."""
    address = f"{settings.SITE_URL}{product.get_absolute_url()}?variant={variant.sku}"
    images = [variant.image] if variant.image else list(product.images.all()[:1])
    picture = Picture.of(images[0]) if images else None
    stock = getattr(variant, "stock", None)
    regular = price.regular or price.money
    told = {
        "g:id": variant.sku[:50],
        "g:title": str(variant)[:LONGEST_TITLE],
        "g:description": (product.description or product.title)[:LONGEST_TEXT],
        "g:link": address,
        "g:image_link": f"{settings.SITE_URL}{picture.large}" if picture else "",
        "g:availability": "in_stock" if stock and stock.available else "out_of_stock",
        "g:price": amount(regular),
        "g:sale_price": amount(price.money) if price.regular else "",
        "g:brand": product.vendor,
        "g:condition": "new",
        "g:identifier_exists": "no",
        "g:product_type": category_path(product),
        "g:item_group_id": product.slug[:50] if product.option_names else "",
    }
    return f"<item>{''.join(tag(name, text) for name, text in told.items() if text)}</item>\n"


def amount(price: Money) -> str:
    """As "18.00 EUR"."""
    return f"{price.decimal:f} {price.currency.upper()}"


def tag(name: str, text: str) -> str:
    # XML has no way at all to say control characters.
    plain = "".join(sign for sign in text if sign >= " " or sign in "\n\t")
    return f"<{name}>{escape(plain)}</{name}>"
