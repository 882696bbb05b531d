"""Refunds."""

from typing import Any

from stripe.params import (
    RefundCancelParams,
    RefundCreateParams,
    RefundListParams,
    RefundRetrieveParams,
    RefundUpdateParams,
)

from fake_stripe.engine.errors import StripeError, missing_parameter, not_offered
from fake_stripe.engine.money import formatted
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes, merged_metadata
from fake_stripe.payments.refunds import on_its_way, refund
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, at_least
from fake_stripe.schema import Object

RULES: Rules = {"amount": at_least(1)}
NOT_OFFERED = (
    "currency", "customer", "origin", "refund_application_fee", "reverse_transfer",
    "instructions_email",
)  # fmt: skip


def refuse(params: dict[str, Any]) -> None:
    """A refund is of a charge or of a PaymentIntent."""
    for name in NOT_OFFERED:
        if name in params:
            raise not_offered(name)
    if "charge" not in params and "payment_intent" not in params:
        raise missing_parameter("charge")


@operation("POST", "/v1/refunds", RefundCreateParams, rules=RULES, refuse=refuse)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """Give back all that is left of a captured charge, or a part of it."""
    charge = charge_meant(tx, params)
    refuse_state(tx, charge)
    left = charge["amount"] - charge["amount_refunded"] - on_its_way(tx, charge)
    if left == 0:
        raise already_refunded(charge)
    amount = params.get("amount", left)
    if amount > left:
        wanted, there = (formatted(value, charge["currency"]) for value in (amount, left))
        what = "unrefunded amount on charge" if left < charge["amount"] else "charge amount"
        message = f"Refund amount ({wanted}) is greater than {what} ({there})"
        raise StripeError(message, param="amount")
    metadata = merged_metadata({}, params.get("metadata"))
    return refund(tx, charge, amount, reason=params.get("reason"), metadata=metadata)


def charge_meant(tx: Transaction, params: dict[str, Any]) -> Object:
    """The charge to refund, which must fit the PaymentIntent if both are named."""
    if "charge" in params:
        charge = tx.get("charge", params["charge"], "charge")
        if params.get("payment_intent", charge["payment_intent"]) != charge["payment_intent"]:
            message = "The charge does not belong to this PaymentIntent."
            raise StripeError(message, param="payment_intent")
        return charge
    intent = tx.get("payment_intent", params["payment_intent"], "payment_intent")
    if not intent["latest_charge"]:
        message = (
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        )
        raise StripeError(message, param="payment_intent")
    return tx.get("charge", intent["latest_charge"])


def already_refunded(charge: Object) -> StripeError:
    """The error where nothing is left to give back."""
    message = f"Charge {charge['id']} has already been refunded."
    return StripeError(message, code="charge_already_refunded")


def refuse_state(tx: Transaction, charge: Object) -> None:
    """Refuse what is disputed, refunded, or was never captured."""
    if charge["refunded"]:
        raise already_refunded(charge)
    disputes = tx.store.select("dispute", {"charge": charge["id"]})
    if any(not dispute["is_charge_refundable"] for dispute in disputes):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise StripeError(message, code="charge_disputed")
    if charge["status"] != "succeeded" or not charge["captured"]:
        message = (
            f"Charge {charge['id']} cannot be refunded because it has not been captured. Cancel"
            f" the PaymentIntent {charge['payment_intent']} instead."
        )
        raise StripeError(message, code="charge_not_refundable")


@operation("GET", "/v1/refunds/{id}", RefundRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], refund_id: str) -> Object:
    """One refund."""
    return tx.at_path("refund", refund_id)


@operation("POST", "/v1/refunds/{id}", RefundUpdateParams)
def update(tx: Transaction, params: dict[str, Any], refund_id: str) -> Object:
    """Change a refund's metadata."""
    entry = tx.at_path("refund", refund_id)
    previous = tx.change(entry, **changes(entry, params))
    tx.emit("refund.updated", entry, previous)
    tx.emit("charge.refund.updated", entry, previous)
    return entry


@operation("POST", "/v1/refunds/{id}/cancel", RefundCancelParams)
def cancel(tx: Transaction, params: dict[str, Any], refund_id: str) -> Object:
    """Only a refund that waits for its customer can be canceled, and none here does."""
    entry = tx.at_path("refund", refund_id)
    message = (
        f"This refund cannot be canceled because its status is {entry['status']}; only one in"
        " `requires_action` can."
    )
    raise StripeError(message)


@operation("GET", "/v1/refunds", RefundListParams)
def list_refunds(tx: Transaction, params: dict[str, Any]) -> Object:
    """Refunds, newest first."""
    where = {name: params.get(name) for name in ("charge", "payment_intent")}
    return listing(tx, "refund", "/v1/refunds", params, where)
