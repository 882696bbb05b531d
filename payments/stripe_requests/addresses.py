"""Asking Stripe to know a customer's default address, so that its page has it typed in already.

One request of it is open at a time. What has not been sent yet is written anew when the address
changes; what has been, or is being sent, is followed by another request once it is done.
"""

from typing import Any

from django.db import transaction

from payments.models import Customer, StripeRequest
from payments.stripe_requests.rows import request_row
from shop.accounts.addresses import book
from shop.accounts.addresses.book import PARTS

Kind = StripeRequest.Kind
# What is sent for no address: it empties the field.
NONE = ""


def address_told(customer: Customer) -> dict[str, Any]:
    """What Stripe is to know now: where their log-in has things sent to, or nothing.

    Of the billing address nothing is said: it is that of the card which is used.
    """
    address = book.default_of(customer.user) if customer.user is not None else None
    if address is None:
        return {"shipping": NONE}
    # Stripe takes no empty part; with its name and address it is written as a whole.
    parts = {part: value for part in PARTS if (value := getattr(address, part))}
    return {"shipping": {"name": address.name, "address": parts}}


@transaction.atomic
def ask_address(customer: Customer) -> StripeRequest | None:
    """Have Stripe told of it. None where Stripe knows nobody, or an Account (Accounts v2)."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if customer.gone_at is not None or customer.stripe_account_id:
        return None
    told = address_told(customer)
    waiting = customer.requests.filter(kind=Kind.SET_ADDRESS)
    unsent = waiting.filter(status=StripeRequest.Status.READY, first_sent_at=None)
    unsent.update(parameters=told)
    asked: StripeRequest | None = waiting.open().first()
    return asked or request_row(Kind.SET_ADDRESS, customer=customer, parameters=told)


@transaction.atomic
def ask_address_again(request: StripeRequest) -> None:
    """After one is done: once more, if the address has changed since it was frozen.

    What a finished request said of a person is not kept.
    """
    StripeRequest.objects.filter(pk=request.pk).update(parameters={})
    customer = Customer.objects.get(requests=request)
    if address_told(customer) != request.parameters:
        ask_address(customer)
