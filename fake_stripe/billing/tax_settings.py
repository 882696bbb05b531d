"""Whether automatic tax can be worked out at all: the head office has to be known."""

from typing import Any

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction
from fake_stripe.schema import Object

NAME = "tax_settings"
VIENNA = {
    "city": "Wien", "country": "AT", "line1": "Hauptplatz 1", "line2": None,
    "postal_code": "1010", "state": None,
}  # fmt: skip
DEFAULTS = {
    "provider": "stripe",
    "tax_behavior": "inferred_by_currency",
    "tax_code": "txcd_99999999",
}


def settings(tx: Transaction) -> Object:
    """As the API answers them; an account begins with all that is needed."""
    kept = tx.store.setting(NAME, {})
    office = kept.get("head_office", {"address": VIENNA})
    status = "active" if office else "pending"
    details: Object = {"active": None, "pending": None}
    details[status] = {} if office else {"missing_fields": ["head_office"]}
    return {
        "object": "tax.settings",
        "defaults": {**DEFAULTS, **kept.get("defaults", {})},
        "head_office": office,
        "livemode": False,
        "status": status,
        "status_details": details,
    }


def change(tx: Transaction, sent: dict[str, Any]) -> None:
    """Keep what is sent: defaults, or a head office; None for the office is that it is unknown."""
    kept = tx.store.setting(NAME, {})
    if "head_office" in sent:
        office = sent["head_office"]
        kept["head_office"] = office and {"address": {**VIENNA, **office["address"]}}
    kept["defaults"] = {**kept.get("defaults", {}), **sent.get("defaults", {})}
    tx.store.set_setting(NAME, kept)


def refuse_inactive(tx: Transaction, params: dict[str, Any]) -> None:
    """No session with automatic tax before the account says where it is."""
    if not params.get("automatic_tax", {}).get("enabled"):
        return
    if settings(tx)["status"] == "pending":
        message = (
            "You must have a valid head office address to enable automatic tax calculation in test"
            " mode. Visit https://dashboard.stripe.com/test/settings/tax to update it."
        )
        raise StripeError(message, code="stripe_tax_inactive", param="automatic_tax[enabled]")
