"""Tax ids of customers."""

from typing import Any

from stripe.params import (
    CustomerTaxIdCreateParams,
    CustomerTaxIdDeleteParams,
    CustomerTaxIdListParams,
    CustomerTaxIdRetrieveParams,
)

from fake_stripe.engine.errors import StripeError, missing_resource
from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object

PATH = "/v1/customers/{id}/tax_ids"
# European numbers begin with one of these.
EUROPEAN = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()
)


@operation("POST", PATH, CustomerTaxIdCreateParams)
def create(tx: Transaction, params: dict[str, Any], customer_id: str) -> Object:
    """Give a customer a tax id."""
    tx.at_path("customer", customer_id, "customer")
    return create_tax_id(tx, customer_id, params["type"], params["value"])


def create_tax_id(tx: Transaction, customer_id: str, kind: str, value: str) -> Object:
    """Write a tax id and announce it."""
    country = value[:2].upper() if kind == "eu_vat" else kind[:2].upper()
    if kind == "eu_vat" and (country not in EUROPEAN or len(value) < 8):
        message = f"Invalid value for {kind}."
        raise StripeError(message, code="tax_id_invalid", param="value")
    tax_id = tx.create(
        "tax_id",
        country="GR" if country == "EL" else country,
        customer=customer_id,
        owner={"type": "customer", "customer": customer_id},
        type=kind,
        value=value,
        verification={"status": "pending", "verified_address": None, "verified_name": None},
    )
    tx.emit("customer.tax_id.created", tax_id)
    return tax_id


@operation("GET", PATH + "/{id}", CustomerTaxIdRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], customer_id: str, tax_id: str) -> Object:
    """One tax id of a customer."""
    entry = tx.at_path("tax_id", tax_id)
    if entry["customer"] != customer_id:
        raise missing_resource("tax_id", tax_id, "id", status=404)
    return entry


@operation("GET", PATH, CustomerTaxIdListParams)
def list_tax_ids(tx: Transaction, params: dict[str, Any], customer_id: str) -> Object:
    """A customer's tax ids."""
    tx.at_path("customer", customer_id, "customer")
    url = f"/v1/customers/{customer_id}/tax_ids"
    return listing(tx, "tax_id", url, params, {"customer": customer_id})


@operation("DELETE", PATH + "/{id}", CustomerTaxIdDeleteParams)
def delete(tx: Transaction, params: dict[str, Any], customer_id: str, tax_id: str) -> Object:
    """Take a tax id from a customer."""
    entry = retrieve(tx, {}, customer_id, tax_id)
    tx.store.delete("tax_id", tax_id)
    tx.emit("customer.tax_id.deleted", entry)
    return {"id": tax_id, "object": "tax_id", "deleted": True}
