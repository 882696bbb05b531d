"""Payment methods: those saved for customers, and those used once."""

from typing import Any

from stripe.params import (
    CustomerPaymentMethodListParams,
    CustomerPaymentMethodRetrieveParams,
    PaymentMethodAttachParams,
    PaymentMethodCreateParams,
    PaymentMethodDetachParams,
    PaymentMethodListParams,
    PaymentMethodRetrieveParams,
    PaymentMethodUpdateParams,
)

from fake_stripe.checkout.customers import ACCOUNT
from fake_stripe.engine.errors import CardError, missing_parameter, missing_resource, not_offered
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes, merged_metadata
from fake_stripe.methods import methods, test_cards
from fake_stripe.methods.types import TABLE
from fake_stripe.payments import confirmation
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object


def refuse_create(params: dict[str, Any]) -> None:
    """A server makes methods of test tokens and test accounts; card numbers are for the page."""
    for name in ("customer", "payment_method", "radar_options"):
        if name in params:
            raise not_offered(name)
    kind = params.get("type")
    if kind is None:
        raise missing_parameter("type")
    if kind not in TABLE:
        raise not_offered("type")
    if kind == "card" and "token" not in params.get("card", {}):
        raise not_offered("card[number]")
    if kind == "card" and params["card"]["token"].removeprefix("tok_") not in test_cards.NAMED:
        raise missing_resource("token", params["card"]["token"], "card[token]")
    if kind == "sepa_debit" and not params.get(kind):
        raise missing_parameter("sepa_debit[iban]")


@operation("POST", "/v1/payment_methods", PaymentMethodCreateParams, refuse=refuse_create)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A payment method that is nobody's yet."""
    method = confirmation.method_described(tx, params)
    kept = merged_metadata({}, params.get("metadata"))
    shown = params.get("allow_redisplay", "unspecified")
    tx.change(method, metadata=kept, allow_redisplay=shown)
    return method


@operation("GET", "/v1/payment_methods/{id}", PaymentMethodRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], method_id: str) -> Object:
    """One payment method."""
    return methods.named(tx, method_id, status=404)


@operation("GET", "/v1/payment_methods", PaymentMethodListParams)
def list_methods(tx: Transaction, params: dict[str, Any]) -> Object:
    """A customer's payment methods, newest first."""
    if customer := params.get("customer"):
        tx.get("customer", customer, "customer")
    if account := params.get("customer_account"):
        tx.get(ACCOUNT, account, "customer_account")
    named = ("customer", "customer_account", "type", "allow_redisplay")
    where = {name: params.get(name) for name in named}
    return listing(tx, "payment_method", "/v1/payment_methods", params, where)


@operation("GET", "/v1/customers/{id}/payment_methods", CustomerPaymentMethodListParams)
def list_of_customer(tx: Transaction, params: dict[str, Any], customer_id: str) -> Object:
    """A customer's payment methods, newest first."""
    tx.at_path("customer", customer_id, "customer")
    where = {name: params.get(name) for name in ("type", "allow_redisplay")}
    url = f"/v1/customers/{customer_id}/payment_methods"
    return listing(tx, "payment_method", url, params, {**where, "customer": customer_id})


@operation("GET", "/v1/customers/{id}/payment_methods/{id}", CustomerPaymentMethodRetrieveParams)
def retrieve_of_customer(
    tx: Transaction, params: dict[str, Any], customer_id: str, method_id: str
) -> Object:
    """One payment method of a customer."""
    method = tx.at_path("payment_method", method_id, "payment_method")
    if method["customer"] != customer_id:
        raise missing_resource("payment_method", method_id, "payment_method", status=404)
    return method


def refuse_update(params: dict[str, Any]) -> None:
    """What cannot be changed."""
    if "us_bank_account" in params:
        raise not_offered("us_bank_account")
    refuse_expiry(params.get("card") or {})


def refuse_expiry(card: dict[str, Any]) -> None:
    """A card's month is one of twelve, and its year is not long ago or far away."""
    if not 1 <= int(card.get("exp_month", 1)) <= 12:
        message = "Your card's expiration month is invalid."
        raise CardError(message, code="invalid_expiry_month", param="card[exp_month]")
    if "exp_year" in card and not 2020 <= int(card["exp_year"]) <= 2100:
        message = "Your card's expiration year is invalid."
        raise CardError(message, code="invalid_expiry_year", param="card[exp_year]")


@operation(
    "POST", "/v1/payment_methods/{id}", PaymentMethodUpdateParams, refuse=refuse_update
)  # fmt: skip
def update(tx: Transaction, params: dict[str, Any], method_id: str) -> Object:
    """Change a saved method: whether it is shown again, its billing details, its expiry."""
    method = methods.named(tx, method_id, status=404)
    changed = changes(method, params)
    for name in ("billing_details", "card"):
        if name in changed:
            changed[name] = {**method[name], **changed[name]}
    previous = tx.change(method, **changed)
    if method["customer"]:
        tx.emit("payment_method.updated", method, previous)
    return method


@operation("POST", "/v1/payment_methods/{id}/attach", PaymentMethodAttachParams)
def attach(tx: Transaction, params: dict[str, Any], method_id: str) -> Object:
    """Keep a method for a customer."""
    method = methods.named(tx, method_id, status=404)
    if "customer" not in params:
        raise missing_parameter("customer")
    tx.get("customer", params["customer"], "customer")
    methods.refuse_declining(method)
    methods.attach(tx, method, params["customer"])
    return method


@operation("POST", "/v1/payment_methods/{id}/detach", PaymentMethodDetachParams)
def detach(tx: Transaction, params: dict[str, Any], method_id: str) -> Object:
    """Take a method from its customer, for good."""
    method = tx.at_path("payment_method", method_id, "payment_method")
    methods.detach(tx, method)
    return method
