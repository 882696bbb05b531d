"""Trouble with automatic tax: it cannot be worked out, or the account is not ready for it."""

from typing import Any

from fake_stripe.billing import tax_settings
from fake_stripe.controls.answers import Refused
from fake_stripe.engine.transaction import Transaction
from fake_stripe.pricing import totals
from fake_stripe.schema import Object

STATUSES = ("failed", "requires_location_inputs", None)


def leave_at(tx: Transaction, session: Object, status: Any) -> None:
    """Let the tax of a session stay at a status, and come to nothing."""
    if status not in STATUSES:
        raise Refused("status must be failed, requires_location_inputs or null")
    if not session["automatic_tax"]["enabled"]:
        raise Refused("this session asks for no automatic tax")
    session["_"]["tax_status"] = status
    totals.recount(tx, session)


def set_status(tx: Transaction, status: Any) -> Object:
    """Make the account ready for automatic tax, or not."""
    if status not in ("active", "pending"):
        raise Refused("status must be active or pending")
    office: Object | None = {"address": {}} if status == "active" else None
    tax_settings.change(tx, {"head_office": office})
    return tax_settings.settings(tx)
