"""Entries of the money ledger: one for each fact about money, however often it is told.

Called by payments.settlement.merge and its parts alone, inside settle's transaction.
"""

from payments.models import MoneyEntry, Payment


def enter(
    payment: Payment,
    kind: MoneyEntry.Kind,
    object_id: str,
    amount: int,
    *,
    sequence: int = 0,
    currency: str = "",
) -> bool:
    """Enter it, once; whether this call did. The currency is the payment's unless named."""
    return MoneyEntry.objects.get_or_create(
        payment=payment,
        kind=kind,
        stripe_object_id=object_id,
        sequence=sequence,
        defaults={"amount": amount, "currency": currency or payment.currency},
    )[1]
