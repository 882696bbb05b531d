"""What a customer needs to pay later: the voucher's numbers, where it is shown, and when it ends.

The PaymentIntent tells of it as its next action (docs.stripe.com/api/payment_intents/object,
`next_action`), by a name of each method's own.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from payments.stripe.objections import moment

# Who forgets is reminded so long before the end; not where the voucher itself lasts hardly longer.
REMINDED_BEFORE = timedelta(days=1)
LONG_ENOUGH = timedelta(days=2)
ACTIONS = {
    "boleto_display_details",
    "display_bank_transfer_instructions",
    "konbini_display_details",
    "multibanco_display_details",
    "oxxo_display_details",
    "pix_display_qr_code",
}


def voucher_of(intent: dict[str, Any]) -> dict[str, Any]:
    """As Payment.voucher keeps it; empty where nothing of the kind waits for the customer."""
    action = intent.get("next_action") or {}
    name = action.get("type")
    if intent["status"] != "requires_action" or name not in ACTIONS:
        return {}
    details = action.get(name) or {}
    url = str(details.get("hosted_voucher_url") or details.get("hosted_instructions_url") or "")
    voucher: dict[str, Any] = {
        "url": url if url.startswith(("https://", "http://")) else "",
        "numbers": [list(number) for number in _numbers(details)],
    }
    ends = details.get("expires_at") or details.get("expires_after")
    if ends:
        end, made = moment(ends), moment(intent["created"])
        voucher["ends_at"] = end.isoformat()
        if end - made >= LONG_ENOUGH:
            voucher["remind_at"] = (end - REMINDED_BEFORE).isoformat()
    return voucher


def _numbers(details: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is told or typed where it is paid, each with a word for it; one alone has none."""
    for name in ("entity", "reference", "number", "data"):
        if details.get(name):
            yield (name if name in {"entity", "reference"} else "", str(details[name]))
    for store, codes in (details.get("stores") or {}).items():
        code = (codes or {}).get("payment_code")
        confirmation = (codes or {}).get("confirmation_number")
        if code:
            yield (store, " / ".join(filter(None, [str(code), confirmation])))
