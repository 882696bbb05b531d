"""Early fraud warnings: the card's network says that a payment was reported as fraud."""

from fake_stripe.engine.transaction import Transaction, due
from fake_stripe.schema import Object


@due("warning:fraudulent")
def warn(tx: Transaction, charge_id: str) -> None:
    """The bank reports a payment; there is something to do while the shop has the money."""
    charge = tx.get("charge", charge_id)
    if tx.store.select("radar.early_fraud_warning", {"charge": charge_id}, limit=1):
        return
    entry = tx.create(
        "radar.early_fraud_warning",
        actionable=is_actionable(charge),
        charge=charge_id,
        fraud_type="made_with_stolen_card",
        payment_intent=charge["payment_intent"],
    )
    tx.emit("radar.early_fraud_warning.created", entry)


def is_actionable(charge: Object) -> bool:
    """Whether refunding the charge could still prevent a dispute."""
    return not (charge["disputed"] or charge["refunded"])


def follow(tx: Transaction, charge: Object) -> None:
    """Note that nothing can be done any more, once a charge is disputed or refunded in full."""
    if is_actionable(charge):
        return
    for entry in tx.store.select("radar.early_fraud_warning", {"charge": charge["id"]}):
        if entry["actionable"]:
            previous = tx.change(entry, actionable=False)
            tx.emit("radar.early_fraud_warning.updated", entry, previous)
