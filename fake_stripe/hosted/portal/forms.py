"""What customers type about themselves in the billing portal."""

from fake_stripe.hosted import countries
from fake_stripe.hosted.form_values import Errors, Typed, text
from fake_stripe.protocol.rules import is_email
from fake_stripe.schema import Object

PARTS = ("line1", "line2", "postal_code", "city", "state", "country")
LENGTHS = {
    "name": (256, "Use at most 256 characters."),
    "phone": (20, "Use at most 20 characters."),
}


def of_customer(customer: Object) -> dict[str, str]:
    """The form as it stands before anything is typed."""
    typed = {name: customer[name] or "" for name in ("name", "email", "phone")}
    address = customer["address"] or {}
    return typed | {part: address.get(part) or "" for part in PARTS}


def check(typed: Typed, customer: Object, allowed: list[str]) -> tuple[Object, Errors]:
    """The changes that were typed, of those allowed, and what is wrong with them."""
    changes: Object = {
        name: text(typed, name) or None for name in allowed if name != "address"
    }  # fmt: skip
    errors = {
        name: message
        for name, (most, message) in LENGTHS.items()
        if len(changes.get(name) or "") > most
    }
    if "email" in allowed and (message := wrong_email(changes["email"], customer)):
        errors["email"] = message
    if "address" in allowed:
        changes["address"] = {part: text(typed, part) or None for part in PARTS}
        errors |= wrong_address(changes["address"])
        if not any(changes["address"].values()):
            changes["address"] = None
    return changes, errors


def wrong_email(typed: str | None, customer: Object) -> str:
    """Why an e-mail address cannot be taken, if it cannot."""
    if typed is None:
        return "Enter your e-mail address." if customer["email"] else ""
    return "" if is_email(typed) else "Enter an e-mail address like jane@example.com."


def wrong_address(typed: Object) -> Errors:
    """What is wrong with an address; none at all is fine."""
    errors: Errors = {}
    if any(typed.values()) and not typed["line1"]:
        errors["line1"] = "Enter street and number."
    if any(typed.values()) and typed["country"] not in countries.CODES:
        errors["country"] = "Choose a country."
    return errors
