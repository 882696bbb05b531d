"""Invoices: whether they name who sells, and whether each capture has one."""

from typing import Any

from django.conf import settings
from django.core import checks

from fulfillment.doctor.amiss import Amiss
from fulfillment.documents import missing

MEND_HELD = "Set CAPTURE_POLICY=automatic, or INVOICE_CREATION=false: the shop makes its own then."
NAMES = ["SELLER_ADDRESS", "SELLER_TAX_NUMBER"]
MEND = "Set it; documents that were made before stay as they are."


def made() -> str:
    """Whether each capture and refund since the first document has its own, with the seller's data
    on it.
    """
    if found := _unnamed():
        raise Amiss(found, mend=MEND)
    if contradiction := _held_at_stripe():
        raise Amiss(contradiction, mend=MEND_HELD)
    if failed := missing.failed():
        raise Amiss(
            f"{failed} payments lack an invoice or a credit note.",
            mend="Run manage.py make_documents; the log says why they were not made at once.",
        )
    if waiting := missing.not_made_by_stripe():
        raise Amiss(
            f"For {waiting} payments Stripe was asked for an invoice and has not told of one.",
            mend="Look at the payments in Stripe's Dashboard.",
        )
    return "invoices name the seller, and each capture has one"


def check_documents(**_: Any) -> list[checks.CheckMessage]:
    """What invoices would not name, for `manage.py check --deploy`."""
    found = [
        (_unnamed(), MEND, "fulfillment.W003"),
        (_held_at_stripe(), MEND_HELD, "fulfillment.W004"),
    ]
    return [checks.Warning(said, hint=mend, id=name) for said, mend, name in found if said]


def _unnamed() -> str:
    lacks = [name for name in NAMES if not getattr(settings, name)]
    return f"Invoices do not say who sells: {', '.join(lacks)} is empty." if lacks else ""


def _held_at_stripe() -> str:
    """Stripe makes no invoice of money that is held first."""
    policy = settings.CAPTURE_POLICY
    if not settings.INVOICE_CREATION or policy == "automatic":
        return ""
    return (
        f"INVOICE_CREATION is on, and CAPTURE_POLICY={policy} has every page ask for a hold: Stripe"
        " makes no invoice of these."
    )
