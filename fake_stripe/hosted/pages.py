"""Jinja templates, and the small words that they use."""

import re
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from fake_stripe import presentment
from fake_stripe.hosted import wording
from fake_stripe.money import formatted

templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
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


templates.filters["day"] = day
templates.filters["grouped"] = grouped
templates.filters["money"] = money
templates.filters["moment"] = moment
templates.globals["_"] = wording.translated
templates.globals["language"] = wording.language
