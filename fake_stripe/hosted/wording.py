"""The payment page in the customer's language: English, or German where they ask for it."""

import re
from contextvars import ContextVar
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from fake_stripe.hosted.german import GERMAN, GERMAN_PATTERNS

LANGUAGES = ("en", "de")
# The payment page, and where a payment method leads.
PAGES = ("/c/", "/redirects/", "/vouchers/")
# The languages of the request's browser, until a session says otherwise.
_language: ContextVar[str] = ContextVar("language", default="en")


@web.middleware
async def listening(request: web.Request, handler: Handler) -> web.StreamResponse:
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
    return next((tag for _, _, tag in sorted(wanted) if tag in LANGUAGES), "en")


def speak(locale: str | None) -> None:
    """Take up the language of a session, where it names one."""
    if locale and locale != "auto":
        tag = locale.lower().split("-")[0]
        _language.set(tag if tag in LANGUAGES else "en")


def language() -> str:
    """The language that is spoken on the page."""
    return _language.get()


def translated(text: Any) -> Any:
    """A text in the language of the page; one that nobody has translated stays as it is."""
    if language() != "de" or not isinstance(text, str):
        return text
    if text in GERMAN:
        return GERMAN[text]
    for pattern, words in GERMAN_PATTERNS:
        if found := re.fullmatch(pattern, text):
            return words.format(*(amount(part) for part in found.groups()))
    return text


def amount(text: str) -> str:
    """An amount such as €1,234.50 as the language writes it: 1.234,50 €."""
    found = re.fullmatch(r"(-?)([$€£¥₹₩]|zł )?([\d,]*\d)((?:\.\d+)?)( [A-Z]{3})?", text)
    if language() != "de" or not found:
        return text
    sign, symbol, whole, rest, code = found.groups()
    unit = (code or symbol or "").strip()
    number = whole.replace(",", ".") + rest.replace(".", ",")
    return f"{sign}{number}\N{NO-BREAK SPACE}{unit}" if unit else f"{sign}{number}"
