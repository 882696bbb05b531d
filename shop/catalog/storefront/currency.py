"""Which currency a visitor sees prices in and pays in."""

from django.conf import settings
from django.http import HttpRequest


def of(request: HttpRequest) -> str:
    """The currency this browser session has chosen; else the shop's own."""
    chosen = request.session.get("currency")
    return chosen if chosen in settings.CURRENCIES_OFFERED else settings.DEFAULT_CURRENCY


def choose(request: HttpRequest, currency: str) -> None:
    """Show this browser session prices in that currency, which must be one that is offered."""
    request.session["currency"] = currency
