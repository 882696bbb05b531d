"""The second table of checks: lengths, ranges and formats, which the SDK's types do not tell."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.money import CURRENCIES, MAXIMUM

Rule = Callable[[Any, str], None]
Rules = dict[str, Rule]


def apply(rules: Rules, params: dict[str, Any]) -> None:
    """Hold the parameters against a table of rules, keyed by path (`a[].b` is b in each of a)."""
    for path, rule in rules.items():
        for value, name in values_at(params, path):
            rule(value, name)


def values_at(params: dict[str, Any], path: str) -> Iterator[tuple[Any, str]]:
    """Every value that stands at a path such as `a[].b`, with its parameter name: `a[0][b]`."""
    yield from below(params, path.replace("[]", ".*").split("."), "")


def below(value: Any, path: list[str], name: str) -> Iterator[tuple[Any, str]]:
    """What stands at the rest of a path below a value."""
    if not path:
        yield value, name
    elif path[0] == "*" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from below(item, path[1:], f"{name}[{index}]")
    elif isinstance(value, dict) and path[0] in value:
        inner = f"{name}[{path[0]}]" if name else path[0]
        yield from below(value[path[0]], path[1:], inner)


def at_least(least: int) -> Rule:
    """A number that must not be smaller."""

    def rule(value: Any, name: str) -> None:
        if value != "" and float(value) < least:
            message = f"This value must be greater than or equal to {least}."
            raise StripeError(message, code="parameter_invalid_integer", param=name)

    return rule


def between(least: int, most: int) -> Rule:
    """A number within bounds."""

    def rule(value: Any, name: str) -> None:
        at_least(least)(value, name)
        if value != "" and float(value) > most:
            message = f"This value must be less than or equal to {most}."
            raise StripeError(message, code="parameter_invalid_integer", param=name)

    return rule


def longest(limit: int) -> Rule:
    """A text of at most so many characters."""

    def rule(value: Any, name: str) -> None:
        if len(value) > limit:
            message = (
                f"Invalid string: {value[:20]}...; must be at most {limit} characters"
            )  # fmt: skip
            raise StripeError(message, code="parameter_invalid_string", param=name)

    return rule


def most_items(limit: int) -> Rule:
    """An array of at most so many elements."""

    def rule(value: Any, name: str) -> None:
        if value and len(value) > limit:
            raise StripeError(
                f"Array {name} exceeded maximum {limit} allowed elements.", param=name
            )

    return rule


def currency(value: Any, name: str) -> None:
    """A three-letter currency that Stripe supports."""
    if value.lower() not in CURRENCIES:
        listed = ", ".join(sorted(CURRENCIES))
        message = f"Invalid currency: {value}. Stripe currently supports these currencies: {listed}"
        raise StripeError(message, param=name)


def url(value: Any, name: str) -> None:
    """An absolute web address; an empty one unsets it."""
    if value == "":
        return
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in value:
        raise StripeError("Not a valid URL", code="url_invalid", param=name)
    if len(value) > 5000:
        longest(5000)(value, name)


def email(value: Any, name: str) -> None:
    """An e-mail address, by the look of it."""
    if value and not is_email(value):
        raise StripeError(f"Invalid email address: {value}", code="email_invalid", param=name)


def is_email(text: str) -> bool:
    """Whether a text looks like an e-mail address."""
    return bool(re.fullmatch(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", text)) and len(text) <= 512


def metadata(value: Any, name: str) -> None:
    """At most 50 keys of 40 characters, values of 500."""
    if not isinstance(value, dict):
        return
    if len(value) > 50:
        raise StripeError("Metadata can have up to 50 keys.", param=name)
    for key, text in value.items():
        if len(key) > 40:
            message = f"Metadata keys can have up to 40 characters, but you passed '{key[:60]}'."
            raise StripeError(message, param=f"{name}[{key}]")
        if len(text) > 500:
            message = "Metadata values can have up to 500 characters."
            raise StripeError(message, param=f"{name}[{key}]")


# What holds wherever the parameter stands.
EVERYWHERE: Rules = {
    "metadata": metadata,
    "limit": at_least(0),
    "email": email,
    "unit_amount": between(0, MAXIMUM),
    "currency": currency,
}
