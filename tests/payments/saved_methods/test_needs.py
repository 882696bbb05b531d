"""A card that pays a subscription stays until something else does, or it has ended."""

import pytest
from django.test import Client

from payments.saved_methods import needs
from payments.settlement.customers.settle import settle_customer
from payments.subscriptions import changes
from tests.payments.subscriptions.test_pages import hers
from tests.support.customers import log_in, new_address
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada() -> Client:
    return log_in(new_address())


def test_it_stays_while_the_subscription_is_live(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    assert row.customer is not None
    settle_customer(row.customer)
    card = row.customer.methods.get()
    address = f"/account/payment-methods/{card.pk}/remove/"

    asked = ada.get(address).content.decode()
    told = ada.post(address, follow=True).content.decode()

    assert f"It pays your subscription: {row.items.get().title}." in asked
    assert "Choose something else to pay the subscription with, or end it, first." in asked
    assert "or end it, first." in told
    assert stand_in.requests_made("/detach") == []

    changes.end_now(row)

    assert needs.needs([card]) == {}


def test_what_names_none_takes_the_default(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    assert row.customer is not None
    settle_customer(row.customer)
    card = row.customer.methods.get()
    row.customer.stripe_default_method_id = card.stripe_payment_method_id
    row.customer.save()
    row.stripe_payment_method_id = ""
    row.save()

    with pytest.raises(needs.StillNeeded):
        needs.check(card)


def test_back_from_the_portal_it_is_read_anew(ada: Client, stand_in: StandIn) -> None:
    row = hers(stand_in, ada)
    stand_in.call(f"subscriptions/{row.stripe_subscription_id}", cancel_at_period_end="true")

    answer = ada.post("/account/portal/")
    page = ada.get("/account/subscriptions/?portal").content.decode()

    (opened,) = stand_in.requests_made("billing_portal/sessions")
    assert answer.status_code == 303
    assert opened["params"]["return_url"].endswith("/account/subscriptions/?portal")
    assert "This is how it stands after your visit at Stripe." in page
    assert "Ends soon" in page


def test_without_an_answer_it_says_that_it_comes(ada: Client, stand_in: StandIn) -> None:
    hers(stand_in, ada)
    stand_in.fail("/v1/subscriptions/", method="GET", when="before", reset=True, times=1)

    page = ada.get("/account/subscriptions/?portal").content.decode()

    assert "What you changed at Stripe shows here in a moment." in page
