"""Tax ids of customers."""

from typing import Any

from stripe.params import (
    CustomerTaxIdCreateParams,
    CustomerTaxIdDeleteParams,
    CustomerTaxIdListParams,
    CustomerTaxIdRetrieveParams,
)

from fake_stripe.billing.tax_ids import create_tax_id
from fake_stripe.engine.errors import missing_resource
from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object

PATH = "/v1/customers/{id}/tax_ids"


@operation("POST", PATH, CustomerTaxIdCreateParams)
def create(tx: Transaction, params: dict[str, Any], customer_id: str) -> Object:
    """Give a customer a tax id."""
    tx.at_path("customer", customer_id, "customer")
    return create_tax_id(tx, customer_id, params["type"], params["value"])


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
