"""What every page of the storefront shows of the shop and of this visitor's cart."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from shop.catalog.storefront import currency
from shop.configuration.payment_methods import in_words
from shop.http.languages import by_country_name
from shop.orders import cart
from shop.orders.delivery.terms import Terms
from shop.orders.models.delivery import span_of_days
from shop.orders.tax import mode


def storefront(request: HttpRequest) -> dict[str, Any]:
    """What every page may show of the shop; a query is made only where a page shows it."""
    terms = cache(Terms.now)
    return {
        "shop_name": settings.SHOP_NAME,
        "site_url": settings.SITE_URL,
        "support_email": settings.SUPPORT_EMAIL,
        "payment_means": in_words(settings.PAYMENT_METHODS_SHOWN),
        "rehearsal": not settings.STRIPE_LIVE,
        # The cart's own page has counted already.
        "cart_count": lambda: getattr(request, "cart_count", None) or cart.count(request),
        "prices_exclude_tax": lambda: (
            mode.is_told() and not mode.is_inclusive(currency.of(request))
        ),
        "tax_at_payment": mode.is_by_stripe,
        "tax_note": lambda: tax_note(request),
        "countries": lambda: country_names(terms()),
        # Sentences for translation want text, and call nothing.
        "delivery_days": lazy(lambda: all_days(terms()), str)(),
        "delivery_is_free": lambda: is_free(terms()),
    }


def tax_note(request: HttpRequest) -> str:
    """What is said beside prices; empty where the shop reckons with no taxes."""
    if not mode.is_told():
        return ""
    return _("incl. VAT") if mode.is_inclusive(currency.of(request)) else _("plus tax")


def country_names(terms: Terms) -> list[str]:
    """Where we send to, in the order of the alphabet."""
    return [name for _code, name in by_country_name(terms.countries)]


def is_free(terms: Terms) -> bool:
    """Whether delivery costs nothing, whichever method is chosen; false where there is none."""
    methods = [method.row for method in terms.methods]
    return bool(methods) and all(method.is_free for method in methods)


def all_days(terms: Terms) -> str:
    """Working days from the order to the door, whichever method is chosen; empty without any."""
    methods = [method.row for method in terms.methods]
    if not methods:
        return ""
    fewest = min(method.min_days for method in methods)
    return span_of_days(fewest, max(method.max_days for method in methods))
