"""Customers."""

from typing import Any

from stripe.params import (
    CustomerCreateParams,
    CustomerDeleteParams,
    CustomerListParams,
    CustomerRetrieveParams,
    CustomerUpdateParams,
)

from fake_stripe.billing import collection
from fake_stripe.billing.customers import address, create_customer, shipping
from fake_stripe.billing.tax_ids import create_tax_id
from fake_stripe.engine.errors import missing_resource, not_offered, not_the_customers
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes
from fake_stripe.methods import methods
from fake_stripe.protocol.expansion import includable
from fake_stripe.protocol.lists import as_list, listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, email, longest
from fake_stripe.schema import Object

RULES: Rules = {
    "email": email,
    "name": longest(256),
    "business_name": longest(150),
    "individual_name": longest(150),
    "phone": longest(20),
}
NOT_OFFERED = ("source", "test_clock", "cash_balance", "tax")


def refuse(params: dict[str, Any]) -> None:
    """What a customer cannot be given here."""
    for name in NOT_OFFERED:
        if name in params:
            raise not_offered(name)


@operation("POST", "/v1/customers", CustomerCreateParams, rules=RULES, refuse=refuse)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A customer, perhaps with tax ids."""
    settings = params.pop("invoice_settings", {})
    customer = create_customer(tx, params)
    if method_id := params.get("payment_method"):
        method = methods.named(tx, method_id)
        methods.attach(tx, method, customer["id"])
        if settings.get("default_payment_method") == method_id:
            settings = {**settings, "default_payment_method": method["id"]}
    if settings:
        refuse_method(tx, settings.get("default_payment_method"), customer["id"])
        tx.change(customer, invoice_settings=settings)
    for datum in params.get("tax_id_data", []):
        create_tax_id(tx, customer["id"], datum["type"], datum["value"])
    return customer


@operation("GET", "/v1/customers/{id}", CustomerRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], customer_id: str) -> Object:
    """One customer; of a deleted one a stub remains."""
    return tx.at_path("customer", customer_id)


@operation("POST", "/v1/customers/{id}", CustomerUpdateParams, rules=RULES, refuse=refuse)
def update(tx: Transaction, params: dict[str, Any], customer_id: str) -> Object:
    """Change a customer."""
    customer = living(tx, customer_id)
    changed = changes(customer, params)
    for name, make in (("address", address), ("shipping", shipping)):
        if name in changed:
            changed[name] = make(changed[name])
    if "invoice_settings" in changed:
        sent = params["invoice_settings"]
        refuse_method(tx, sent.get("default_payment_method"), customer_id)
        changed["invoice_settings"] = {**customer["invoice_settings"], **sent}
    previous = tx.change(customer, **changed)
    tx.emit("customer.updated", customer, previous)
    return customer


def refuse_method(tx: Transaction, method_id: str | None, customer_id: str) -> None:
    """Invoices are paid with a method of the customer's own."""
    param = "invoice_settings[default_payment_method]"
    if method_id and tx.get("payment_method", method_id, param)["customer"] != customer_id:
        raise not_the_customers(method_id, param)


def living(tx: Transaction, customer_id: str) -> Object:
    """A customer that has not been deleted, else a 404."""
    customer = tx.at_path("customer", customer_id)
    if customer.get("deleted"):
        raise missing_resource("customer", customer_id, "id", status=404)
    return customer


@operation("GET", "/v1/customers", CustomerListParams, refuse=refuse)
def list_customers(tx: Transaction, params: dict[str, Any]) -> Object:
    """Customers, newest first, without the deleted ones."""
    where = {"email": params.get("email")}
    present = ("json_extract(body, '$.deleted') IS NULL", list[Any]())
    return listing(tx, "customer", "/v1/customers", params, where, present)


@operation("DELETE", "/v1/customers/{id}", CustomerDeleteParams)
def delete(tx: Transaction, params: dict[str, Any], customer_id: str) -> Object:
    """Delete a customer for good; its subscriptions end, its methods are detached."""
    customer = living(tx, customer_id)
    for subscription in tx.store.select("subscription", {"customer": customer_id}):
        if subscription["status"] in collection.LIVING:
            collection.end(tx, subscription, "cancellation_requested")
    stub = {"id": customer_id, "object": "customer", "deleted": True}
    for method in tx.store.select("payment_method", {"customer": customer_id}):
        tx.change(method, customer=None, _={**method["_"], "detached": True})
    tx.save(stub)
    tx.emit("customer.deleted", customer)
    return stub


@includable("customer", "tax_ids")
def tax_ids(tx: Transaction, customer: Object) -> Object:
    """The customer's tax ids."""
    url = f"/v1/customers/{customer['id']}/tax_ids"
    return as_list(url, tx.store.select("tax_id", {"customer": customer["id"]}, limit=10))
