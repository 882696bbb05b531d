"""Charges: each attempt to move money."""

from typing import Any

from stripe.params import ChargeListParams, ChargeRetrieveParams, ChargeUpdateParams

from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes
from fake_stripe.protocol.expansion import includable
from fake_stripe.protocol.lists import as_list, listing
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object


@operation("GET", "/v1/charges/{id}", ChargeRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], charge_id: str) -> Object:
    """One charge."""
    return tx.at_path("charge", charge_id)


@operation("POST", "/v1/charges/{id}", ChargeUpdateParams)
def update(tx: Transaction, params: dict[str, Any], charge_id: str) -> Object:
    """Change a charge's description, metadata, receipt e-mail or shipping."""
    charge = tx.at_path("charge", charge_id)
    previous = tx.change(charge, **changes(charge, params))
    tx.emit("charge.updated", charge, previous)
    return charge


@operation("GET", "/v1/charges", ChargeListParams)
def list_charges(tx: Transaction, params: dict[str, Any]) -> Object:
    """Charges, newest first."""
    where = {name: params.get(name) for name in ("customer", "payment_intent", "transfer_group")}
    return listing(tx, "charge", "/v1/charges", params, where)


@includable("charge", "refunds")
def refunds(tx: Transaction, charge: Object) -> Object:
    """The charge's refunds, newest first; a list that may lag like any other."""
    late = [("created <= ?", [tx.now - tx.lag])] if tx.lag else []
    refunds = tx.store.select("refund", {"charge": charge["id"]}, *late, limit=11)
    url = f"/v1/charges/{charge['id']}/refunds"
    return as_list(url, refunds[:10], has_more=len(refunds) > 10)
