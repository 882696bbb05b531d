"""What the customer's bank says of a payment: merged so that it only grows, entered in the ledger.

Called by payments.settlement.merge alone, inside settle's transaction, with the order locked.
"""

from payments.models import Dispute, MoneyEntry, Payment
from payments.settlement.ledger import enter
from payments.stripe.objections import DisputeFacts
from shop.orders.models import Order, OrderHold

# A dispute only goes up: an inquiry may become a dispute, even after it was closed, and a lost one
# may be won on appeal. While an appeal is under way the money is with the customer, so it stays
# lost. What Stripe does not say today counts as undecided.
RANK = {
    "warning_needs_response": 0,
    "warning_under_review": 1,
    "warning_closed": 2,
    "needs_response": 3,
    "under_review": 4,
    "appeal_needs_response": 4,
    "appeal_under_review": 4,
    "lost": 5,
    "won": 6,
    "prevented": 6,
}
UNDECIDED = 3
# What staff, who have the order in review, are told of its way. A lost one ends the order.
WORDS = {
    "needs_response": "The bank no longer only asks: it has taken the money",
    "warning_closed": "The bank has asked, and leaves it at that",
    "won": "The bank has decided for the shop, and the money is back",
    "prevented": "It was prevented",
}
DECIDED = {"lost": MoneyEntry.Kind.DISPUTE_LOST, "won": MoneyEntry.Kind.DISPUTE_WON}


def is_newer(before: str, told: str) -> bool:
    """Whether `told` can only have come after `before`; else it may be an early read."""
    return RANK.get(told, UNDECIDED) > RANK.get(before, UNDECIDED)


def merge(order: Order | None, payment: Payment, facts: list[DisputeFacts]) -> list[str]:
    """The rows and entries of the payment's disputes; tells what changed."""
    changes = []
    for told in facts:
        row, made = Dispute.objects.get_or_create(
            account=payment.account,
            stripe_dispute_id=told.id,
            defaults={
                "payment": payment,
                "amount": told.amount,
                "currency": told.currency,
                "status": told.status,
                "is_refundable": told.is_refundable,
                "reason": told.reason,
                "due_by": told.due_by,
                "created_at": told.created_at,
            },
        )
        if made:
            changes.append("disputed")
            if order is not None:
                order.hold(OrderHold.Reason.DISPUTE, _opened(told))
        elif _grow(row, told) and order is not None and told.status in WORDS:
            order.holds.tell(OrderHold.Reason.DISPUTE, f"{WORDS[told.status]} ({told.id}).")
        changes += _enter_money(payment, row, told)
    return changes


def _opened(told: DisputeFacts) -> str:
    asked = "The bank only asks so far: " if told.status.startswith("warning_") else ""
    return f"{asked}{told.reason or 'disputed'} ({told.id})"


def _grow(row: Dispute, told: DisputeFacts) -> bool:
    """What is as far as the row, or further; of what is refundable the stricter answer stays.

    Tells whether it has gone further.
    """
    if is_newer(told.status, row.status):
        return False
    further = is_newer(row.status, told.status)
    if further:
        row.status, row.is_refundable = told.status, told.is_refundable
    row.is_refundable = row.is_refundable and told.is_refundable
    row.amount, row.due_by = told.amount, told.due_by
    row.save(update_fields=["status", "is_refundable", "amount", "due_by"])
    return further


def _enter_money(payment: Payment, row: Dispute, told: DisputeFacts) -> list[str]:
    """What the bank took, gave back and charged for it, and how it decided."""
    kind = MoneyEntry.Kind
    for move in told.moves:
        # The balance may be in another currency; the entry says what it means for this payment.
        moved = move.amount
        if move.currency != told.currency:
            moved = told.amount if move.amount > 0 else -told.amount
        if moved:
            what = kind.REINSTATED if moved > 0 else kind.WITHDRAWN
            enter(payment, what, move.id, moved, currency=told.currency)
        if move.fee:
            enter(payment, kind.DISPUTE_FEE, move.id, -move.fee, currency=move.currency)
    decision = DECIDED.get(row.status)
    if decision is None or not enter(payment, decision, row.stripe_dispute_id, 0):
        return []
    return [str(decision.value)]
