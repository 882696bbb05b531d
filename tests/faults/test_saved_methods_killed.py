"""A worker is killed while Stripe is asked to change what is kept for a customer."""

import uuid

from django.test import override_settings
from django.utils import timezone

from payments import stripe_requests
from payments.models import CheckoutSession, Customer, SavedMethod, StripeRequest
from payments.saved_methods import adding
from payments.settlement.customers.settle import settle_customer
from shop import stripe_client
from shop.accounts.addresses import book
from tests.faults.test_killed import HELD, MOMENTS, SESSIONS, kill_worker, widen_worker
from tests.support.factories import UserFactory
from tests.support.house import House
from tests.support.waiting import eventually


@MOMENTS
def test_killed_in_each_call_each_is_carried_out_once(shop: House, moment: str) -> None:
    """Guards: the row and its key before the call, one open request of each, leases."""
    widen_worker(shop)
    moved = Moved(shop, moment)
    customer = known(shop)
    leaving, staying = customer.methods.order_by("created_at", "pk")
    default = f"/v1/customers/{customer.stripe_customer_id}$"
    # The page gets no answer, so that the worker repeats its call.
    shop.stand_in.fail(SESSIONS, method="POST", when="before", reset=True)
    for path in (SESSIONS, "/detach$", default):
        shop.stand_in.fail(path, method="POST", when=moment, **HELD)

    with override_settings(STRIPE_API_BASE=shop.stand_in.url):
        session = adding.start(customer.user, language="en", network="")
    asked = [stripe_requests.ask_detachment(leaving), stripe_requests.ask_default(staying)]
    for request in asked:
        assert request is not None
        request.ring()
    for path in ("/detach", default.strip("$"), "/v1/checkout/sessions"):
        shop.stand_in.wait_for_held(path)
    kill_worker(shop)

    moved.is_written_once()
    eventually(lambda: CheckoutSession.objects.filter(pk=session.pk).exclude(url="").exists())
    open_rows = StripeRequest.objects.open().filter(customer=customer)
    eventually(lambda: not open_rows.exists())
    customer.refresh_from_db()
    rows = dict(customer.methods.values_list("stripe_payment_method_id", "status"))
    assert rows == {
        leaving.stripe_payment_method_id: SavedMethod.Status.DETACHED,
        staying.stripe_payment_method_id: SavedMethod.Status.ATTACHED,
    }
    assert customer.stripe_default_method_id == staying.stripe_payment_method_id
    made = [f"/{leaving.stripe_payment_method_id}/detach", default.removesuffix("$")]
    assert [len(shop.stand_in.executed(path)) for path in made] == [1, 1]
    pages = [
        call
        for call in shop.stand_in.executed("/v1/checkout/sessions")
        if str(session.pk) in str(call["params"])
    ]
    assert len(pages) == 1


class Moved:
    """Somebody whose address changes once more while Stripe is told of it.

    Guards: the row beside the address, its key before the call, and what changed meanwhile.
    """

    def __init__(self, shop: House, moment: str) -> None:
        self.shop, self.customer = shop, known(shop)
        assert self.customer.user is not None
        self.path = f"/v1/customers/{self.customer.stripe_customer_id}"
        shop.stand_in.fail(f"{self.path}$", method="POST", when=moment, **HELD)
        with override_settings(STRIPE_API_BASE=shop.stand_in.url):
            address = book.add(
                self.customer.user, name="Ada", line1="Ring 1", city="Vienna", country="AT"
            )
        shop.stand_in.wait_for_held(self.path)
        with override_settings(STRIPE_API_BASE=shop.stand_in.url):
            book.change(address, is_default=True, line1="Ring 2")

    def is_written_once(self) -> None:
        rows = StripeRequest.objects.filter(
            customer=self.customer, kind=StripeRequest.Kind.SET_ADDRESS
        )
        eventually(lambda: rows.exists() and not rows.open().exists())
        assert [row.outcome for row in rows] == ["carried out", "carried out"]
        at_stripe = self.shop.stand_in.api(self.path[4:])
        assert at_stripe["shipping"]["address"]["line1"] == "Ring 2"
        assert len(self.shop.stand_in.executed(self.path)) == 2


def known(shop: House) -> Customer:
    """Somebody for whom two cards are kept."""
    email = f"{uuid.uuid4().hex[:12]}@example.com"
    stripe_id = shop.stand_in.call("customers", email=email)["id"]
    for card in ("pm_card_visa", "pm_card_mastercard"):
        shop.stand_in.call(f"payment_methods/{card}/attach", customer=stripe_id)
    with override_settings(STRIPE_API_BASE=shop.stand_in.url):
        customer = Customer.objects.create(
            account=stripe_client.account(),
            stripe_customer_id=stripe_id,
            user=UserFactory(email=email),
            saved_at=timezone.now(),
        )
        settle_customer(customer)
    return customer
