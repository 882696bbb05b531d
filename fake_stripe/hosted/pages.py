"""Jinja templates, and the small words that they use."""

import re
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from fake_stripe import presentment
from fake_stripe.hosted import countries, wording
from fake_stripe.money import formatted

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
templates.filters["money"] = money
templates.filters["moment"] = moment
templates.filters["translated"] = wording.translated
templates.globals["country_names"] = countries.names
templates.globals["language"] = wording.language
