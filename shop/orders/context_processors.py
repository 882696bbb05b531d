"""What every page of the storefront shows of the shop and of this visitor's cart."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from shop.orders import cart


def storefront(request: HttpRequest) -> dict[str, Any]:
    """What every page may show of the shop; the cart is counted only where a page shows it."""
    return {
        "shop_name": settings.SHOP_NAME,
        "site_url": settings.SITE_URL,
        "support_email": settings.SUPPORT_EMAIL,
        "rehearsal": not settings.STRIPE_LIVE,
        "cart_count": lambda: cart.count(request),
    }
