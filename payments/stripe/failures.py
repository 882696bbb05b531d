"""Why the last try to pay failed, as Stripe says it."""

from typing import Any


def failure_of(intent: dict[str, Any]) -> str:
    """The sentence for staff, with its code; empty where nothing failed."""
    error = intent.get("last_payment_error") or {}
    return f"{error.get('message') or ''} ({failure_code_of(intent)})"[:300] if error else ""


def failure_code_of(intent: dict[str, Any]) -> str:
    """The bank's word where it has one, else Stripe's; empty where nothing failed."""
    error = intent.get("last_payment_error") or {}
    return str(error.get("decline_code") or error.get("code") or "")


def advice_of(intent: dict[str, Any]) -> str:
    """What the bank advises, as `do_not_try_again`; empty where it says nothing."""
    error = intent.get("last_payment_error") or {}
    return str(error.get("advice_code") or "")
