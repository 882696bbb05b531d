"""The configuration of Stripe's customer portal: looked for, and made once."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from fulfillment.doctor import portal
from payments.models import CheckoutSession, PortalConfiguration, StripeRequest
from tests.support.customers import log_in, new_address
from tests.support.factories import OrderFactory, PriceFactory
from tests.support.purchases import do_what_waits, paid
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def made(stand_in: StandIn) -> list[dict[str, Any]]:
    listed = stand_in.api("billing_portal/configurations")["data"]
    return [one for one in listed if not one["is_default"]]


def test_the_accounts_own_is_enough(stand_in: StandIn) -> None:
    assert portal.configured() == "the customer portal opens as it is set up in the Dashboard"


def test_the_settings_one_is_named(stand_in: StandIn, settings: Any) -> None:
    settings.PORTAL_CONFIGURATION = "bpc_1"

    assert "bpc_1" in portal.configured()
    assert "nothing was made" in portal.fix()
    assert made(stand_in) == []


def test_it_is_made_once_and_the_portal_opens_by_it(stand_in: StandIn, settings: Any) -> None:
    settings.PAYMENT_METHOD_SAVE = True
    said = [portal.fix(), portal.fix()]

    (configuration,) = made(stand_in)
    assert PortalConfiguration.objects.get().stripe_configuration_id == configuration["id"]
    assert all(configuration["id"] in one for one in said)
    assert configuration["id"] in portal.configured()
    ada = log_in(new_address())
    ada.post("/create-checkout-session", {"price": PriceFactory().key})
    paid(stand_in, CheckoutSession.objects.get(), save=True)
    assert ada.post("/account/portal/").status_code == 303
    (call,) = stand_in.executed("/v1/billing_portal/sessions")
    assert call["params"]["configuration"] == configuration["id"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_answer_that_is_lost_makes_no_second_one(stand_in: StandIn, when: str) -> None:
    stand_in.fail("/v1/billing_portal/configurations$", method="POST", when=when, reset=True)

    first = portal.fix()
    second = portal.fix()
    do_what_waits()

    assert "a worker goes on" in first
    assert second
    assert len(made(stand_in)) == 1
    assert PortalConfiguration.objects.get().stripe_configuration_id == made(stand_in)[0]["id"]
    assert StripeRequest.objects.get(kind="make_portal").status == "done"


def test_the_command_says_what_it_made(stand_in: StandIn) -> None:
    told = StringIO()

    with pytest.raises(SystemExit):  # of a shop without workers
        call_command("doctor", "--fix", stdout=StringIO(), stderr=told)

    assert f"the customer portal has the configuration {made(stand_in)[0]['id']}" in told.getvalue()


def test_guests_find_stripes_log_in_page_at_their_order(client: Client, settings: Any) -> None:
    order = OrderFactory(status="confirmed")
    before = client.get(f"/orders/{order.token}/").content.decode()
    settings.PORTAL_LOGIN_PAGE = "https://billing.stripe.com/p/login/abc"

    after = client.get(f"/orders/{order.token}/").content.decode()

    assert "billing.stripe.com" not in before
    assert 'href="https://billing.stripe.com/p/login/abc"' in after
