"""What is asked of Stripe about customers: what is true now, and what is to be changed."""

from typing import Any

from payments.models import Customer, StripeRequest
from payments.stripe.customers.facts import (
    CustomerFacts,
    MandateFacts,
    MethodFacts,
    mandate_facts,
    method_facts,
)
from payments.stripe.errors import Refused, translated
from shop.models import Installation
from shop.stripe_client import client, plain

Kind = StripeRequest.Kind


def read_customer(customer: Customer) -> CustomerFacts:
    """The customer and all that is kept for them, as it is now. Raises Refused, OutcomeUnknown."""
    try:
        with translated():
            default = _default_method(customer)
            wanted: Any = {**customer.named, "limit": 100}
            page = client().v1.payment_methods.list(wanted)
            methods = [method_facts(plain(method)) for method in page.auto_paging_iter()]
    except _Deleted:
        return CustomerFacts(is_gone=True)
    except Refused as error:
        # An Account that nobody knows was mistyped; that says nothing of what is kept.
        if error.code != "resource_missing" or customer.stripe_account_id:
            raise
        return CustomerFacts(is_gone=True)
    return CustomerFacts(default_method=default, methods=methods)


class _Deleted(Exception):
    """A stub is all that Stripe has left of the customer."""


def _default_method(customer: Customer) -> str:
    """What pays invoices. Of an Account (Accounts v2) this is not read: the shop sets none there.

    Raises _Deleted.
    """
    if customer.stripe_account_id:
        return ""
    found = plain(client().v1.customers.retrieve(customer.stripe_customer_id))
    if found.get("deleted"):
        raise _Deleted
    return str((found.get("invoice_settings") or {}).get("default_payment_method") or "")


def read_method(stripe_payment_method_id: str) -> MethodFacts | None:
    """One payment method as it is now; None when Stripe knows none. Raises OutcomeUnknown."""
    try:
        with translated():
            return method_facts(
                plain(client().v1.payment_methods.retrieve(stripe_payment_method_id))
            )
    except Refused as error:
        if error.code != "resource_missing":
            raise
        return None


def read_mandate(mandate_id: str) -> MandateFacts | None:
    """A mandate as it is now; None when Stripe knows none. Raises OutcomeUnknown."""
    try:
        with translated():
            return mandate_facts(plain(client().v1.mandates.retrieve(mandate_id)))
    except Refused as error:
        if error.code != "resource_missing":
            raise
        return None


def change(request: StripeRequest, options: Any) -> Any:
    """Make the call of a row that is about a customer, as its kind says; Stripe's answer."""
    api: Any = client().v1
    match request.kind:
        case Kind.DETACH_METHOD if request.saved_method is not None:
            method_id = request.saved_method.stripe_payment_method_id
            return api.payment_methods.detach(method_id, {}, options)
        case Kind.SET_DEFAULT | Kind.SET_ADDRESS if request.customer is not None:
            customer_id = request.customer.stripe_customer_id
            return api.customers.update(customer_id, request.parameters, options)
        case Kind.MAKE_PORTAL:
            return api.billing_portal.configurations.create(request.parameters, options)
    raise ValueError(f"No call changes a customer by a {request.kind} request for nobody.")


def open_portal(request: StripeRequest) -> str:
    """Open the portal for the customer of a row: the page's address. Raises Refused,
    OutcomeUnknown.
    """
    parameters: Any = request.parameters
    with translated():
        session = client().v1.billing_portal.sessions.create(
            parameters, {"idempotency_key": request.key}
        )
    return session.url


def portal_configuration() -> str:
    """The portal's configuration that this shop has made and that is in use; empty for none."""
    with translated():
        page = client().v1.billing_portal.configurations.list({"active": True, "limit": 100})
        for configuration in page.auto_paging_iter():
            marks = plain(configuration).get("metadata") or {}
            if marks.get("shop") == Installation.current():
                return configuration.id
    return ""


def default_portal_configuration() -> bool:
    """Whether the account has one of its own, saved in the Dashboard."""
    with translated():
        page = client().v1.billing_portal.configurations.list({"is_default": True, "limit": 1})
        return bool(page.data and page.data[0].active)
