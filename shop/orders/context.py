"""What every page of the storefront shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def storefront(request: HttpRequest) -> dict[str, Any]:
    return {"shop_name": settings.SHOP_NAME, "rehearsal": not settings.STRIPE_LIVE}
