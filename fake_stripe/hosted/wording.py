"""The payment page in the customer's language: English, or German where they ask for it.

The German stands in `locale/de/LC_MESSAGES/stand_in.po`; `python -m local.checks.translations`
gathers what is new into it and compiles it.
"""

import gettext
import re
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from fake_stripe.engine.messages import Message

LOCALE = Path(__file__).parent / "locale"
CATALOGS = {
    "en": gettext.NullTranslations(),
    "de": gettext.translation("stand_in", LOCALE, languages=["de"]),
}
# The payment page, and where a payment method leads.
PAGES = ("/c/", "/redirects/", "/vouchers/")
# The languages of the request's browser, until a session says otherwise.
_language: ContextVar[str] = ContextVar("language", default="en")


@web.middleware
async def language_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note the language that a customer's browser asks for; all other pages are English."""
    theirs = request.path.startswith(PAGES)
    _language.set(preferred(request.headers.get("Accept-Language", "")) if theirs else "en")
    return await handler(request)


def preferred(header: str) -> str:
    """The first of our languages that an Accept-Language header names; English if it names none.

    Weights are taken in the order of RFC 9110, section 12.5.4: the highest first.
    """
    wanted = []
    for place, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";q=")
        quality = float(weight) if re.fullmatch(r"[01](\.\d{0,3})?", weight) else 1.0
        if quality:
            wanted.append((-quality, place, tag.lower().split("-")[0]))
    return next((tag for _, _, tag in sorted(wanted) if tag in CATALOGS), "en")


def use_locale(locale: str | None) -> None:
    """Speak the language of a session's `locale` for the rest of this request.

    None and `auto` leave it to the browser; a language that we have no catalog of is English.
    """
    if locale and locale != "auto":
        tag = locale.lower().split("-")[0]
        _language.set(tag if tag in CATALOGS else "en")


def language() -> str:
    """The language that is spoken on the page."""
    return _language.get()


def catalog() -> gettext.NullTranslations:
    """The sentences of the language that is spoken on the page."""
    return CATALOGS[language()]


def translated(text: Any) -> Any:
    """A text in the language of the page; one that nobody has translated stays as it is.

    Of a `Message` the sentence is translated and filled in anew, with amounts as the language
    writes them. Whatever is no text, such as a missing value in a template, is handed back.
    """
    if isinstance(text, Message) and text.values:
        values = {
            name: amount(value) if isinstance(value, str) else value
            for name, value in text.values.items()
        }
        return catalog().gettext(text.msgid) % values
    # The empty text would find the catalog's header.
    return catalog().gettext(text) if isinstance(text, str) and text else text


def amount(text: str) -> str:
    """An amount such as €1,234.50 as the language writes it: 1.234,50 €."""
    parts = re.fullmatch(r"(-?)([$€£¥₹₩]|zł )?([\d,]*\d)((?:\.\d+)?)( [A-Z]{3})?", text)
    if language() != "de" or not parts:
        return text
    sign, symbol, whole, rest, code = parts.groups()
    unit = (code or symbol or "").strip()
    number = whole.replace(",", ".") + rest.replace(".", ",")
    return f"{sign}{number}\N{NO-BREAK SPACE}{unit}" if unit else f"{sign}{number}"
