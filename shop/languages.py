"""In which language a page speaks: as chosen in the footer, else as the browser asks."""

from functools import cache

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from shop.origin import require_same_origin

# English where the euro is at home; every other dollar and pound is told apart by its name.
AT_HOME = {"en": "en_IE"}


class LanguageMiddleware(LocaleMiddleware):
    """Django's, except that staff pages are in the shop's own language for everybody."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith("/admin/"):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
        else:
            super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response = super().process_response(request, response)
        # The choice is kept in a cookie, which Django's own middleware does not tell caches.
        patch_vary_headers(response, ["Cookie"])
        return response


# No token in the form: it would set a cookie on each page, for visitors who only look around.
choose = require_POST(require_same_origin(set_language))


def locale() -> Locale:
    """How numbers, amounts and countries are written in the present language."""
    return _locale(translation.get_language() or settings.LANGUAGE_CODE)


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(AT_HOME.get(language, language).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(AT_HOME[settings.LANGUAGE_CODE])
