"""Disputes: customers who ask their bank for the money back."""

from fake_stripe.engine.transaction import JOBS, Transaction, due
from fake_stripe.payments import fraud_warnings, reviews
from fake_stripe.payments.refunds import create_transaction
from fake_stripe.schema import Object

ANSWER_WITHIN = 7 * 24 * 60 * 60
FEE = 1500
REASONS = (
    "bank_cannot_process", "check_returned", "credit_not_processed", "customer_initiated",
    "debit_not_authorized", "duplicate", "fraudulent", "general", "incorrect_account_details",
    "insufficient_funds", "noncompliant", "product_not_received", "product_unacceptable",
    "subscription_canceled", "unrecognized",
)  # fmt: skip


def follow_up(tx: Transaction, charge: Object, afterwards: str) -> None:
    """Do what a special card brings about with its payment."""
    if afterwards:
        JOBS[afterwards](tx, charge["id"])


@due("dispute:fraudulent")
def dispute_as_fraud(tx: Transaction, charge_id: str) -> None:
    """The customer says that it was not they who paid."""
    dispute(tx, tx.get("charge", charge_id), reason="fraudulent")


@due("dispute:product_not_received")
def dispute_as_not_received(tx: Transaction, charge_id: str) -> None:
    """The customer says that nothing came."""
    dispute(tx, tx.get("charge", charge_id), reason="product_not_received")


@due("inquiry:fraudulent")
def inquire(tx: Transaction, charge_id: str) -> None:
    """The bank only asks."""
    dispute(tx, tx.get("charge", charge_id), reason="fraudulent", inquiry=True)


def dispute(
    tx: Transaction, charge: Object, *, reason: str, amount: int | None = None,
    inquiry: bool = False,
) -> Object:  # fmt: skip
    """Open a dispute of `amount` minor units, or of all that was captured, and answer it.

    The money is withdrawn, unless the bank only asks (`inquiry`). `reason` is one of Stripe's, such
    as `fraudulent` (docs.stripe.com/disputes/categories).
    """
    details = (charge["payment_method_details"] or {}).get("card") or {}
    entry = tx.create(
        "dispute",
        amount=amount or charge["amount_captured"],
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={"enhanced_evidence": {}},
        evidence_details={
            "due_by": tx.now + ANSWER_WITHIN,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "manual",
        },
        is_charge_refundable=inquiry,
        metadata={},
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="warning_needs_response" if inquiry else "needs_response",
    )
    if details:
        card = {
            "brand": details["brand"],
            "case_type": "inquiry" if inquiry else "chargeback",
            "network": details["brand"],
            "network_reason_code": "10.4" if reason == "fraudulent" else "13.1",
        }
        tx.change(entry, payment_method_details={"type": "card", "card": card})
    previous = tx.change(charge, disputed=True)
    tx.emit("charge.dispute.created", entry)
    tx.emit("charge.updated", charge, previous)
    tx.schedule("dispute_overdue", entry["id"], tx.now + ANSWER_WITHIN)
    fraud_warnings.follow(tx, charge)
    reviews.follow(tx, charge, "disputed")
    if not inquiry:
        withdraw(tx, entry)
    return entry


def withdraw(tx: Transaction, entry: Object) -> None:
    """Take the disputed money, and a fee, from the balance."""
    booked = create_transaction(tx, entry, -entry["amount"], FEE, "adjustment", category="dispute")
    tx.change(entry, balance_transactions=[booked])
    tx.emit("charge.dispute.funds_withdrawn", entry)
