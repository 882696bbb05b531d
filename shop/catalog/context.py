"""What every page of the storefront needs of the catalog, read where a template asks for it."""

from functools import cache
from typing import Any

from babel import Locale
from django.conf import settings
from django.http import HttpRequest

from shop.catalog.models import Category


def catalog(_request: HttpRequest) -> dict[str, Any]:
    return {
        "categories": cache(lambda: list(Category.objects.only("name", "slug"))),
        "countries": country_names,
    }


def country_names() -> list[str]:
    """Where we send to, in the order of the alphabet."""
    names = Locale("en").territories
    return sorted(names.get(code, code) for code in settings.SHIP_TO_COUNTRIES)
