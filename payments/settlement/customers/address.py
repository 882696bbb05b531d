"""The default address of a log-in, as Stripe was told of it: the request that did it is finished.

An address is written as a whole, so nothing has to be looked up before it is written once more.
"""

from django.db import transaction

from payments import stripe_requests
from payments.models import Customer, StripeRequest
from payments.settlement.customers.settle import settle_customer
from shop import work
from shop.work import Outcome


def settle_address(request: StripeRequest, outcome: Outcome, detail: str = "") -> None:
    """After the call. Refused, it may be that the customer is gone: that is asked.

    Raises OutcomeUnknown when that has no answer; then the request is tried again.
    """
    customer = Customer.objects.get(requests=request)
    if outcome == Outcome.REFUSED:
        settle_customer(customer)
    with transaction.atomic(durable=True):
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        work.finish(request, outcome, detail)
        stripe_requests.ask_address_again(request)


def write_anew(request: StripeRequest) -> None:
    """What a new generation is to say: the address of today."""
    customer = Customer.objects.get(requests=request)
    request.parameters = stripe_requests.address_told(customer)
