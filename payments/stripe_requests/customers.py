"""Asking for changes of what is kept at Stripe for a customer, and for the portal's pages."""

from typing import Any

from django.db import transaction

from payments.models import Customer, SavedMethod, StripeRequest
from payments.stripe_requests.rows import request_row

Kind = StripeRequest.Kind


@transaction.atomic
def ask_detachment(method: SavedMethod) -> StripeRequest | None:
    """Ask Stripe to let go of a method, once however often it is asked; None when it has."""
    Customer.objects.select_for_update().get(pk=method.customer_id)
    method = SavedMethod.objects.select_related("customer").get(pk=method.pk)
    if method.status == SavedMethod.Status.DETACHED:
        return None
    asked: StripeRequest | None = method.requests.open().filter(kind=Kind.DETACH_METHOD).first()
    return asked or request_row(
        Kind.DETACH_METHOD, customer=method.customer, saved_method=method, ring=False
    )


@transaction.atomic
def ask_default(method: SavedMethod) -> StripeRequest | None:
    """Ask for a method to pay what names no other.

    None when it does so already. While another is being made the default, that one's request is
    answered: the later wish is made again once it is done.
    """
    customer = Customer.objects.select_for_update().get(pk=method.customer_id)
    asked: StripeRequest | None = customer.requests.open().filter(kind=Kind.SET_DEFAULT).first()
    if asked is not None:
        return asked
    if customer.stripe_default_method_id == method.stripe_payment_method_id:
        return None
    chosen = {"default_payment_method": method.stripe_payment_method_id}
    return request_row(
        Kind.SET_DEFAULT,
        customer=customer,
        saved_method=method,
        parameters={"invoice_settings": chosen},
        ring=False,
    )


def portal_request(customer: Customer, parameters: dict[str, Any]) -> StripeRequest:
    """The row that opens the portal; the page that waits for it makes the call itself."""
    return request_row(Kind.OPEN_PORTAL, customer=customer, parameters=parameters, ring=False)


def portal_configuration_request(account: str, parameters: dict[str, Any]) -> StripeRequest:
    """The row that makes the portal's configuration."""
    return request_row(Kind.MAKE_PORTAL, account=account, parameters=parameters, ring=False)
