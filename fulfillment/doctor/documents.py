"""Invoices: whether they name who sells, and whether each capture has one."""

from typing import Any

from django.conf import settings
from django.core import checks

from fulfillment.doctor.amiss import Amiss
from fulfillment.documents import missing

NAMES = ["SELLER_ADDRESS", "SELLER_TAX_NUMBER"]
MEND = "Set it; documents that were made before stay as they are."


def made() -> str:
    """Whether each capture and refund since the first document has its own, with the seller's data
    on it.
    """
    if found := _unnamed():
        raise Amiss(found, mend=MEND)
    if failed := missing.failed():
        raise Amiss(
            f"{failed} payments lack an invoice or a credit note.",
            mend="Run manage.py make_documents; the log says why they were not made at once.",
        )
    return "invoices name the seller, and each capture has one"


def check_documents(**_: Any) -> list[checks.CheckMessage]:
    """What invoices would not name, for `manage.py check --deploy`."""
    found = _unnamed()
    return [checks.Warning(found, hint=MEND, id="fulfillment.W003")] if found else []


def _unnamed() -> str:
    lacks = [name for name in NAMES if not getattr(settings, name)]
    return f"Invoices do not say who sells: {', '.join(lacks)} is empty." if lacks else ""
