"""In which language a page speaks: as its address says, else as chosen in the footer, else as the
browser asks.
"""

from collections.abc import Iterable
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from shop.http.same_origin import require_same_origin

# English where the euro is at home; every other dollar and pound is told apart by its name.
AT_HOME = {"en": "en_IE"}


class LanguageMiddleware(LocaleMiddleware):
    """Django's, except that an address may name the language, and that staff pages are in the
    shop's own for everybody.
    """

    def process_request(self, request: HttpRequest) -> None:
        fixed = named(request)
        if request.path.startswith("/admin/"):
            fixed = settings.LANGUAGE_CODE
        if fixed:
            translation.activate(fixed)
            request.LANGUAGE_CODE = fixed
        else:
            super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response = super().process_response(request, response)
        # The choice is kept in a cookie, which Django's own middleware does not tell caches.
        patch_vary_headers(response, ["Cookie"])
        return response


def named(request: HttpRequest) -> str:
    """The language in the address, as /?language=de: for search engines, and to pass on a page.

    It sets no cookie. Empty where the address names none of ours.
    """
    language = request.GET.get("language", "")
    return language if language in dict(settings.LANGUAGES) else ""


# No token in the form: it would set a cookie on each page, for visitors who only look around.
@require_POST
@require_same_origin
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie, and go back to the page; its address must name no other."""
    response: HttpResponse = set_language(request)
    if "Location" in response:
        response["Location"] = _without_language(response["Location"])
    return response


def _without_language(address: str) -> str:
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True)
    left = [(name, value) for name, value in query if name != "language"]
    return parts._replace(query=urlencode(left)).geturl()


def locale() -> Locale:
    """How numbers, amounts and countries are written in the present language."""
    return _locale(translation.get_language() or settings.LANGUAGE_CODE)


def country_name(code: str) -> str:
    """A country in the present language; a code that has no name stays a code."""
    return str(locale().territories.get(code, code))


def by_country_name(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes and names, in the order of the alphabet."""
    return sorted(((code, country_name(code)) for code in codes), key=lambda named: named[1])


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(AT_HOME.get(language, language).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(AT_HOME[settings.LANGUAGE_CODE])
