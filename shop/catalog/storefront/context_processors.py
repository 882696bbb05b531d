"""What every page of the storefront needs of the catalog, read where a template asks for it."""

from typing import Any

from babel.core import get_global
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from shop.catalog.category_tree import tree_of
from shop.catalog.storefront import currency


def catalog(request: HttpRequest) -> dict[str, Any]:
    """What every page may show of the catalog; a query is made only where a page shows it."""
    return {
        "categories": lambda: tree_of(request).top,
        "share_locale": share_locale,
        "currency": lambda: currency.of(request),
        "currencies": settings.CURRENCIES_OFFERED if len(settings.CURRENCIES_OFFERED) > 1 else [],
    }


def share_locale() -> str:
    """The present language as Open Graph names it: with the country where most people speak it."""
    language = get_language() or settings.LANGUAGE_CODE
    country = get_global("likely_subtags").get(language, "").rpartition("_")[2]
    return f"{language}_{country}" if country.isalpha() else language
