"""What every page of the storefront needs of the catalog, read where a template asks for it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from shop.catalog import currencies
from shop.catalog.tree import tree_of
from shop.languages import locale


def catalog(request: HttpRequest) -> dict[str, Any]:
    return {
        "categories": lambda: tree_of(request).top,
        "countries": country_names,
        "currency": lambda: currencies.of(request),
        "currencies": settings.CURRENCIES_OFFERED if len(settings.CURRENCIES_OFFERED) > 1 else [],
    }


def country_names() -> list[str]:
    """Where we send to, in the order of the alphabet."""
    names = locale().territories
    return sorted(names.get(code, code) for code in settings.SHIP_TO_COUNTRIES)
