"""What the text of a variable must look like for its kind, and what is made of it.

Each reader takes the text without white space around it and raises Odd with a sentence that says
what to give instead. Addresses of services hold passwords, so no sentence repeats them.
"""

import difflib
import zoneinfo
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

TRUE, FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}
DATABASES = {"postgres", "postgresql", "psql", "pgsql"}


class Odd(ValueError):
    """The text is none of its kind; the message says what to give instead."""


def text(given: str) -> str:
    """Any words."""
    return given


def listed(given: str) -> list[str]:
    """What stands between the commas; white space and empty places count for nothing."""
    return [element for part in given.split(",") if (element := part.strip())]


def truth(given: str) -> bool:
    """Yes or no, in any of the usual words."""
    if given.lower() not in TRUE | FALSE:
        raise Odd(f"is {given!r}. Use true or false.")
    return given.lower() in TRUE


def time_zone(given: str) -> str:
    """A place whose clock counts, by its name in the tz database."""
    known = zoneinfo.available_timezones()
    if given not in known:
        named = {name.lower(): name for name in known}
        close = difflib.get_close_matches(given.lower(), named, 1, 0.85)
        mend = f"Did you mean {named[close[0]]}?" if close else "Use a name like Europe/Vienna."
        raise Odd(f"is {given!r}, no time zone. {mend}")
    return given


def share(given: str) -> float:
    """A part of the whole."""
    try:
        part = float(given)
    except ValueError:
        part = 0.0
    if not 0 < part <= 1:
        raise Odd(f"is {given!r}, no share. Use a number above 0 and at most 1, such as 0.5.")
    return part


def web_address(given: str) -> str:
    """Scheme, host and port of a site, without a slash at its end."""
    parts = _split(given.rstrip("/"))
    if (
        parts is None
        or parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.path
        or parts.query
        or parts.fragment
    ):
        raise Odd(f"is {given!r}. Use an address like https://shop.example, without a path.")
    return given.rstrip("/")


def error_address(given: str) -> str:
    """Where Sentry takes errors: the key stands before the host, the project behind it."""
    parts = _split(given)
    if (
        parts is None
        or parts.scheme not in {"http", "https"}
        or not (parts.hostname and parts.username)
        or not parts.path.rpartition("/")[2].isdigit()
    ):
        raise Odd("is no address of Sentry's. Use the DSN that the project's settings show.")
    return given


def database(given: str) -> dict[str, Any]:
    """A PostgreSQL database as Django wants to be told of it."""
    mend = "Use postgres://user:password@host:5432/name."
    parts = _split(given)
    if parts is None:
        raise Odd(f"cannot be read. {mend}")
    if parts.scheme not in DATABASES:
        raise Odd(f"begins with {_scheme(given)!r}: the shop needs PostgreSQL. {mend}")
    if not parts.path.strip("/"):
        raise Odd(f"names no database. {mend}")
    return dict(environ.Env.db_url_config(given))


def broker(given: str) -> str:
    """A Redis or Valkey server, with the number of its database."""
    mend = "Use redis://host:6379/0, or rediss:// with TLS."
    parts = _split(given)
    if parts is None:
        raise Odd(f"cannot be read. {mend}")
    if parts.scheme not in {"redis", "rediss"}:
        raise Odd(f"begins with {_scheme(given)!r}: the shop needs Redis or Valkey. {mend}")
    number = parts.path.strip("/")
    if not parts.hostname or (number and not number.isdigit()):
        raise Odd(f"names no server, or its database is no number. {mend}")
    return given


def beside(given: str) -> str:
    """Another database of the same server: 1, or 2 where that is the one given."""
    if not given:
        return ""
    parts = urlsplit(given)
    return parts._replace(path="/2" if parts.path.strip("/") == "1" else "/1").geturl()


def mail_server(given: str) -> dict[str, Any]:
    """Where mails go, in Django's words."""
    mend = "Use smtp+tls://user:password@host:587, filemail:///directory or consolemail://."
    parts = _split(given)
    if parts is None:
        raise Odd(f"cannot be read. {mend}")
    if parts.scheme not in environ.Env.EMAIL_SCHEMES:
        raise Odd(f"begins with {_scheme(given)!r}. {mend}")
    if parts.scheme.startswith("smtp") and not parts.hostname:
        raise Odd(f"names no server. {mend}")
    return dict(environ.Env.email_url_config(given))


def person(given: str) -> str:
    """Somebody with a mail address: `Name <name@host>`, or the address alone."""
    name, address = parseaddr(given)
    if name and f"<{address}>" not in given:
        address = ""
    _must_be_mail(address, given, "Holdfast <shop@shop.example>")
    return given


def mail_address(given: str) -> str:
    """A mail address without a name."""
    _must_be_mail(given, given, "help@shop.example")
    return given


def mail_addresses(given: str) -> list[str]:
    """Several of them, between commas."""
    return [mail_address(element) for element in listed(given)]


def _must_be_mail(address: str, given: str, example: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise Odd(f"holds {given!r}, which is no mail address. Use {example}.") from None


def _split(given: str) -> Any:
    """The parts of an address; None where it has none, or its port is no port."""
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 or "://" not in given else parts


def _scheme(given: str) -> str:
    return f"{given.partition('://')[0]}://"
