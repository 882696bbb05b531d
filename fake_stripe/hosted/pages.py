"""The pages that people see: Jinja templates, their filters, and answers made of them."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from fake_stripe.engine.money import formatted
from fake_stripe.hosted import countries, wording
from fake_stripe.methods import presentment
from fake_stripe.schema import Object

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src * data:; style-src 'self'; script-src 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

# A shop's own text may lead to its pages: [words](address), as Stripe takes it.
LINK = re.compile(r"\[([^\[\]]+)\]\((https?://[^\s()]+)\)")

templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    extensions=["jinja2.ext.i18n"],
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def moment(seconds: int) -> str:
    """A point in time, for people."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %b %Y, %H:%M:%S UTC")


def day(seconds: int) -> str:
    """A day, for people."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %b %Y")


@pass_context
def money(context: Context, amount: int, currency: str) -> str:
    """An amount for people; on the page of a session in local currency, in that."""
    session = context.get("presents")
    if session and currency == session["currency"]:
        local, amount = presentment.paid_in(session, amount)
        return wording.amount(formatted(amount, local))
    return wording.amount(formatted(amount, currency))


def linked(text: str) -> Markup:
    """A text of the shop's, with its links."""
    anchor = r'<a href="\2" rel="noreferrer" target="_blank">\1</a>'
    return Markup(LINK.sub(anchor, str(escape(text))))  # noqa: S704 - escaped before


def grouped(number: str) -> str:
    """A card or account number in groups of four."""
    return " ".join(re.findall(".{1,4}", number))


# Sentences that stand in a template say `_("Pay %(merchant)s", merchant=name)`. Texts that come
# from elsewhere, such as complaints, go through the filter `translated`, and are escaped.
templates.install_gettext_callables(  # type: ignore[attr-defined]
    lambda text: wording.catalog().gettext(text),
    lambda one, many, count: wording.catalog().ngettext(one, many, count),
    newstyle=True,
)
templates.filters["day"] = day
templates.filters["grouped"] = grouped
templates.filters["linked"] = linked
templates.filters["money"] = money
templates.filters["moment"] = moment
templates.filters["translated"] = wording.translated
templates.globals["country_names"] = countries.names
templates.globals["language"] = wording.language


def page(template: str, *, status: int = 200, **context: Any) -> web.Response:
    """A template as an answer, in the language of its `session` if it has one."""
    session = context.get("session")
    if session and session["object"] == "checkout.session":
        wording.use_locale(session["locale"])
    presents = session if session and presentment.presented(session) else None
    body = templates.get_template(template).render(presents=presents, **context)
    return web.Response(text=body, status=status, content_type="text/html", headers=SECURITY)


def missing() -> web.Response:
    """The page of an address that stands for nothing."""
    return page("message.html", status=404, kind="missing", session=None)


def merchant(session: Object) -> str:
    """The name that the customer pays to."""
    return str((session.get("branding_settings") or {}).get("display_name") or "Test shop")


def return_address(session: Object) -> str:
    """The `success_url` of a session with its id filled in."""
    address: str = session["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session["id"])
