"""Money that goes back: refunds, releases of holds, and the balance transactions of it all."""

from typing import Any

from fake_stripe.engine.transaction import Transaction, due
from fake_stripe.methods import methods, presentment
from fake_stripe.payments import fraud_warnings, reviews
from fake_stripe.payments.charges import charge_id
from fake_stripe.schema import Object

# How long a refund of the two special cards stays in its first state, on the account's clock.
SETTLES_AFTER = 60
# How long money stays pending in the balance.
AVAILABLE_AFTER = 7 * 24 * 60 * 60


def book(tx: Transaction, charge: Object, amount: int) -> None:
    """Book what a charge has brought to the balance, less a fee of 2.9 % and 30 minor units.

    The charge names its balance transaction some moments after it succeeded (`automatic_async`),
    which is an update of its own.
    """
    fee = round(amount * 0.029) + 30
    method = tx.get("payment_method", charge["payment_method"])
    at_once = method["type"] == "card" and methods.behavior(method).available
    entry = create_transaction(
        tx, charge, amount, fee, "charge", wait=0 if at_once else AVAILABLE_AFTER
    )
    previous = tx.change(charge, balance_transaction=entry["id"])
    tx.emit("charge.updated", charge, previous)


def create_transaction(
    tx: Transaction, source: Object, amount: int, fee: int, kind: str, *, category: str = "",
    wait: int = AVAILABLE_AFTER,
) -> Object:  # fmt: skip
    """Write the balance transaction of a charge, refund or dispute, and answer it.

    `amount` and `fee` are minor units of the source's currency, negative where money leaves; `kind`
    is its `type`, `category` its `reporting_category` where that differs. The money is available
    after `wait` seconds; 0 makes it available at once.
    """
    currency = source["currency"]
    fees = [
        {"amount": fee, "currency": currency, "description": "Stripe processing fees",
         "type": "stripe_fee", "application": None}
    ]  # fmt: skip
    return tx.create(
        "balance_transaction",
        amount=amount,
        available_on=tx.now + wait,
        balance_type="payments",
        currency=currency,
        description=source.get("description"),
        fee=fee,
        fee_details=fees if fee else [],
        net=amount - fee,
        reporting_category=category or kind,
        source=source["id"],
        status="pending" if wait else "available",
        type=kind,
    )


def refund(tx: Transaction, charge: Object, amount: int, **values: Any) -> Object:
    """Give `amount` minor units of a charge back: at once, later or never, as its card says.

    The refund is answered; `values` are further fields of it. What may be given back is the
    caller's to check. Test cards for refunds: docs.stripe.com/testing#refunds.
    """
    method = tx.get("payment_method", charge["payment_method"])
    goes = methods.behavior(method).refund if method["type"] == "card" else "pending"
    pending = goes == "pending"
    entry = create_refund(
        tx, charge, amount, status="pending" if pending else "succeeded", kind="refund", **values
    )
    if pending:
        tx.change(entry, pending_reason="processing")
    if goes:
        job = "settle_refund" if pending else "fail_refund"
        tx.schedule(job, entry["id"], tx.now + SETTLES_AFTER)
    if pending:
        tx.emit("refund.created", entry)
        return entry
    previous = move(tx, entry, charge)
    tx.emit("refund.created", entry)
    follow(tx, entry, charge, previous)
    return entry


def move(tx: Transaction, entry: Object, charge: Object) -> Object:
    """The money of a refund leaves; answers the earlier values of its charge."""
    booked = create_transaction(tx, entry, -entry["amount"], 0, "refund")
    tx.change(entry, balance_transaction=booked["id"])
    return give_back(tx, charge, entry["amount"])


def follow(tx: Transaction, entry: Object, charge: Object, previous: Object) -> None:
    """What comes of a charge whose money has gone back."""
    tx.emit("charge.refunded", charge, previous)
    fraud_warnings.follow(tx, charge)
    if charge["refunded"]:
        fraud = entry["reason"] == "fraudulent"
        reviews.follow(tx, charge, "refunded_as_fraud" if fraud else "refunded")


def on_its_way(tx: Transaction, charge: Object) -> int:
    """What pending refunds will take of a charge, in minor units."""
    refunds = tx.store.select("refund", {"charge": charge["id"]})
    return sum(entry["amount"] for entry in refunds if entry["status"] == "pending")


def release(tx: Transaction, charge: Object, amount: int, *, reason: str | None = None) -> Object:
    """Let go of held money that is not captured: it shows as a refund, but no money moved.

    Answers the earlier values of what that has changed on the charge.
    """
    create_refund(tx, charge, amount, status="succeeded", kind="reversal", reason=reason)
    return give_back(tx, charge, amount)


def create_refund(
    tx: Transaction, charge: Object, amount: int, *, status: str, kind: str, **values: Any
) -> Object:
    """Write a refund."""
    details = None
    if (charge["payment_method_details"] or {}).get("type") == "card":
        card = {"type": kind}
        if kind == "refund":
            card |= {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
            }
        details = {"type": "card", "card": card}
    optional = {"destination_details": details} if details else {}
    return tx.create(
        "refund",
        id=charge_id(tx, "refund", tx.get("payment_method", charge["payment_method"])),
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        customer=charge["customer"],
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        status=status,
        **{"metadata": {}, **values},
        **optional,
        **presentment.share(charge, amount),
    )


def give_back(tx: Transaction, charge: Object, amount: int) -> Object:
    """Add minor units to what a charge has given back, and answer the fields' earlier values.

    A negative amount takes a refund back that has failed.
    """
    total = charge["amount_refunded"] + amount
    return tx.change(charge, amount_refunded=total, refunded=total == charge["amount"])


@due("settle_refund")
def settle_refund(tx: Transaction, refund_id: str) -> None:
    """A pending refund has arrived."""
    entry = tx.get("refund", refund_id)
    if entry["status"] != "pending":
        return
    pending = {"pending_reason": entry.pop("pending_reason", None), "balance_transaction": None}
    charge = tx.get("charge", entry["charge"])
    before = move(tx, entry, charge)
    previous = pending | tx.change(entry, status="succeeded")
    tx.emit("refund.updated", entry, previous)
    tx.emit("charge.refund.updated", entry, previous)
    follow(tx, entry, charge, before)


@due("fail_refund")
def fail_refund(tx: Transaction, refund_id: str) -> None:
    """A refund has come back: the customer's bank did not take it."""
    entry = tx.get("refund", refund_id)
    if entry["status"] != "succeeded":
        return
    booked = create_transaction(tx, entry, entry["amount"], 0, "refund_failure")
    previous = tx.change(
        entry, status="failed", failure_reason="expired_or_canceled_card",
        failure_balance_transaction=booked["id"],
    )  # fmt: skip
    give_back(tx, tx.get("charge", entry["charge"]), -entry["amount"])
    tx.emit("refund.updated", entry, previous)
    tx.emit("refund.failed", entry)
    tx.emit("charge.refund.updated", entry, previous)
