"""What Stripe shows a customer of its own: an invoice, and a sum in another currency."""

from typing import Any


def invoice_of(invoice: Any) -> dict[str, str]:
    """Empty before it has its number, and where it was not expanded."""
    if not isinstance(invoice, dict) or not invoice.get("number"):
        return {}
    told = {
        "id": invoice["id"],
        "number": invoice["number"],
        "url": invoice.get("hosted_invoice_url"),
        "pdf": invoice.get("invoice_pdf"),
    }
    return {name: str(value) for name, value in told.items() if value}


def presentment_of(intent: dict[str, Any]) -> dict[str, Any]:
    """As Payment.presentment keeps it; empty where nothing was converted."""
    details = intent.get("presentment_details")
    if not details:
        return {}
    return {"amount": details["presentment_amount"], "currency": details["presentment_currency"]}
