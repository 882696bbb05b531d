"""Which country a visitor's things go to, before the payment page asks for an address."""

from babel.core import get_global
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from shop.accounts.addresses.book import default_of
from shop.orders.delivery.terms import Terms
from shop.orders.models import Order
from shop.orders.visitor import known_visitor


def destination(request: HttpRequest, terms: Terms) -> str:
    """The country that was chosen, else one to be proposed; empty where nothing is sent at all.

    A guess from an earlier order of this browser or log-in, then from the browser's languages;
    never from the network address.
    """
    # One that is served no more stays chosen: that is said, not passed over.
    if chosen := request.session.get("country"):
        return str(chosen)
    guesses = [_earlier(request), *_from_languages(request), *terms.countries]
    return next((code for code in guesses if code in terms.countries), "")


def choose(request: HttpRequest, country: str) -> None:
    """From now on this browser's things go there."""
    request.session["country"] = country


def _earlier(request: HttpRequest) -> str:
    """The first address of the log-in's book, else where its or this browser's last order went; no
    query for who never ordered.
    """
    visitor, user = known_visitor(request), getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        if first := default_of(user):
            return first.country
        orders = Order.objects.filter(user=user)
    elif visitor is not None:
        orders = Order.objects.filter(visitor=visitor)
    else:
        return ""
    last = orders.exclude(country="").order_by("-created_at").values_list("country", flat=True)
    return last.first() or ""


def _from_languages(request: HttpRequest) -> list[str]:
    """The countries that the browser's languages name, else where most people speak them."""
    likely = get_global("likely_subtags")
    countries = []
    for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500]):
        language, _, region = tag.partition("-")
        named = region.upper() if len(region) == 2 else likely.get(language, "")[-2:]
        countries.append(named)
    return countries
