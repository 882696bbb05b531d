"""What becomes of a dispute: answered or not, escalated, won, lost."""

from typing import Any

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction, due
from fake_stripe.payments import disputes
from fake_stripe.payments.refunds import create_transaction
from fake_stripe.schema import Object

# How long banks take to judge, on the account's clock: the three test texts are judged quickly.
JUDGED_AFTER = 60
JUDGED_UNTOLD_AFTER = 60 * 24 * 60 * 60
OPEN = ("needs_response", "warning_needs_response")
REVIEWED = {
    "needs_response": "under_review",
    "warning_needs_response": "warning_under_review",
}
UNDECIDED = (*REVIEWED, *REVIEWED.values())
TOLD = ("winning_evidence", "losing_evidence", "escalate_inquiry_evidence")


def refuse_closed(entry: Object) -> None:
    """Refuse to answer what is answered or decided already."""
    if entry["status"] not in OPEN:
        message = (
            f"This dispute's evidence cannot be changed because its status is {entry['status']}."
        )
        raise StripeError(message)


def answer(tx: Transaction, entry: Object, evidence: Object, *, submit: bool) -> None:
    """Stage evidence for a dispute, or hand all of it in, which can be done once."""
    refuse_closed(entry)
    kept = {**entry["evidence"], **evidence}
    has_evidence = any(value for name, value in kept.items() if name != "enhanced_evidence")
    details: dict[str, Any] = {**entry["evidence_details"], "has_evidence": has_evidence}
    changed: Object = {"evidence": kept, "evidence_details": details}
    if submit:
        details["submission_count"] += 1
        changed["status"] = REVIEWED[entry["status"]]
        tx.unschedule("dispute_overdue", entry["id"])
        quick = kept.get("uncategorized_text") in TOLD
        wait = JUDGED_AFTER if quick else JUDGED_UNTOLD_AFTER
        tx.schedule("judge_dispute", entry["id"], tx.now + wait)
    previous = tx.change(entry, **changed)
    tx.emit("charge.dispute.updated", entry, previous)


@due("judge_dispute")
def judge(tx: Transaction, dispute_id: str) -> None:
    """The bank decides, as the test text says; with other evidence the shop loses."""
    entry = tx.get("dispute", dispute_id)
    if entry["status"] not in REVIEWED.values():
        return
    text = entry["evidence"].get("uncategorized_text")
    if text == "winning_evidence":
        win(tx, entry)
    elif text == "escalate_inquiry_evidence" and entry["status"] == "warning_under_review":
        escalate(tx, entry)
    else:
        lose(tx, entry)


@due("dispute_overdue")
def overdue(tx: Transaction, dispute_id: str) -> None:
    """Nobody answered in time: the dispute is lost, the inquiry closed."""
    entry = tx.get("dispute", dispute_id)
    if entry["status"] in OPEN:
        tx.change(entry, evidence_details={**entry["evidence_details"], "past_due": True})
        lose(tx, entry)


def win(tx: Transaction, entry: Object) -> None:
    """The bank sides with the shop: the money comes back, the fee does not."""
    finish(tx, entry, "won")
    if entry["status"] == "won":
        booked = create_transaction(
            tx, entry, entry["amount"], 0, "adjustment", category="dispute_reversal"
        )
        tx.change(entry, balance_transactions=[*entry["balance_transactions"], booked])
        tx.emit("charge.dispute.funds_reinstated", entry)


def lose(tx: Transaction, entry: Object) -> None:
    """The bank sides with its customer, who keeps the money."""
    finish(tx, entry, "lost")


def finish(tx: Transaction, entry: Object, status: str) -> None:
    """Close a dispute, once; an inquiry closes without a winner."""
    if entry["status"] not in UNDECIDED:
        raise StripeError(f"This dispute is already closed: its status is {entry['status']}.")
    inquiry = entry["status"].startswith("warning")
    for job in ("judge_dispute", "dispute_overdue"):
        tx.unschedule(job, entry["id"])
    # Of a payment that was disputed in vain, the money can be given back again.
    refundable = entry["is_charge_refundable"] or status == "won"
    previous = tx.change(
        entry,
        status="warning_closed" if inquiry else status,
        is_charge_refundable=refundable,
    )
    tx.emit("charge.dispute.closed", entry, previous)


def escalate(tx: Transaction, entry: Object) -> None:
    """An inquiry becomes a dispute, which wants an answer of its own."""
    until = tx.now + disputes.ANSWER_WITHIN
    changed: Object = {
        "status": "needs_response",
        "is_charge_refundable": False,
        "evidence_details": {
            **entry["evidence_details"], "due_by": until, "submission_count": 0,
        },
    }  # fmt: skip
    if details := entry.get("payment_method_details"):
        card = {**details["card"], "case_type": "chargeback"}
        changed["payment_method_details"] = {**details, "card": card}
    previous = tx.change(entry, **changed)
    tx.schedule("dispute_overdue", entry["id"], until)
    tx.emit("charge.dispute.updated", entry, previous)
    disputes.withdraw(tx, entry)
