"""A customer's saved payment methods: what they see, add, make the default and remove."""

import uuid
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from payments import webhooks
from payments.models import CheckoutSession, Customer, SavedMethod, StripeRequest
from payments.saved_methods.shown import described
from shop import clock
from shop.accounts.models import User
from tests.support.concurrency import at_once
from tests.support.customers import log_in, new_address
from tests.support.factories import PriceFactory
from tests.support.purchases import do_what_waits, paid, pay, read
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/account/payment-methods/"


@pytest.fixture(autouse=True)
def saving(settings: Any) -> None:
    settings.PAYMENT_METHOD_SAVE = True


@pytest.fixture
def ada() -> Client:
    return log_in(new_address())


def begun(client: Client) -> CheckoutSession:
    answer = client.post("/create-checkout-session", {"price": PriceFactory().key})
    assert answer.status_code == 303, answer.content
    return CheckoutSession.objects.get(stripe_session_id=session_id_in(answer["Location"]))


def kept(stand_in: StandIn, client: Client, **how: Any) -> SavedMethod:
    """A card that this customer ticked the box for."""
    session = paid(stand_in, begun(client), save=True, **how)
    assert session.customer is not None
    return session.customer.methods.latest("created_at")


def text(client: Client, path: str = LIST) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def now(method: SavedMethod) -> SavedMethod:
    return SavedMethod.objects.select_related("customer").get(pk=method.pk)


def detachments(stand_in: StandIn) -> int:
    return len(stand_in.executed("/detach"))


# -- the list --------------------------------------------------------------------------------------


def test_who_is_not_logged_in_is_sent_to_the_log_in(client: Client) -> None:
    assert client.get(LIST)["Location"] == f"/account/login/?next={LIST}"
    assert client.post("/account/portal/")["Location"] == "/account/login/"


def test_without_any_the_page_says_so(ada: Client) -> None:
    page = text(ada)

    assert "You have not saved a payment method yet." in page
    assert "Manage billing at Stripe" not in page


def test_one_is_shown_with_brand_digits_and_expiry(ada: Client, stand_in: StandIn) -> None:
    kept(stand_in, ada)

    page = text(ada)

    assert "Visa" in page
    assert "4242" in page
    assert "valid until 12/2040" in page
    assert "expire" not in page


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2040-11-01", ""),
        ("2040-12-10", "It expires soon."),
        ("2040-12-31 23:00", "It expires soon."),
        ("2041-01-01 01:00", "It has expired."),
    ],
)
def test_what_expires_is_said_in_time(ada: Client, stand_in: StandIn, at: str, said: str) -> None:
    method = now(kept(stand_in, ada))

    with time_machine.travel(f"{at}+00:00", tick=False):
        row = described(method, clock.now())

    expected = {
        "": (False, False),
        "It expires soon.": (False, True),
        "It has expired.": (True, False),
    }
    assert (row.has_expired, row.expires_soon) == expected[said]


def test_the_list_asks_as_often_for_one_as_for_three(ada: Client, stand_in: StandIn) -> None:
    method = kept(stand_in, ada)
    ada.get(LIST)
    with CaptureQueriesContext(connection) as for_one:
        ada.get(LIST)
    for number in range(2):
        SavedMethod.objects.create(
            account=method.account,
            stripe_payment_method_id=f"pm_{number}",
            customer=method.customer,
            type="card",
        )

    with CaptureQueriesContext(connection) as for_three:
        ada.get(LIST)

    assert [q["sql"][:90] for q in for_three] == [q["sql"][:90] for q in for_one]


# -- removed ---------------------------------------------------------------------------------------


def captured(stand_in: StandIn, client: Client) -> SavedMethod:
    """One whose order is paid, so that nothing needs it any more."""
    method = kept(stand_in, client)
    do_what_waits()
    return now(method)


def test_removing_asks_first_and_then_lets_go(ada: Client, stand_in: StandIn) -> None:
    method = captured(stand_in, ada)
    address = f"{LIST}{method.pk}/remove/"

    asked = text(ada, address)
    answer = ada.post(address, follow=True)

    assert "cannot be used here again" in asked
    assert "The payment method is removed." in answer.content.decode()
    assert now(method).status == "detached"
    assert stand_in.api(f"payment_methods/{method.stripe_payment_method_id}")["customer"] is None
    assert "4242" not in text(ada)


def test_two_tabs_remove_it_once(ada: Client, stand_in: StandIn) -> None:
    method = captured(stand_in, ada)
    address = f"{LIST}{method.pk}/remove/"

    answers = [ada.post(address, follow=True) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "This payment method is removed." in answers[1].content.decode()
    assert detachments(stand_in) == 1


def test_one_that_pays_an_order_under_way_stays(ada: Client, stand_in: StandIn) -> None:
    method = kept(stand_in, ada)

    answer = ada.post(f"{LIST}{method.pk}/remove/", follow=True)

    assert "which is under way" in answer.content.decode()
    assert (now(method).status, detachments(stand_in)) == ("attached", 0)
    assert "which is under way" in text(ada, f"{LIST}{method.pk}/remove/")


def test_while_stripe_is_away_it_is_being_removed_and_then_gone(
    ada: Client, stand_in: StandIn
) -> None:
    method = captured(stand_in, ada)
    stand_in.fail("/detach$", method="POST", status=503, times=1)

    answer = ada.post(f"{LIST}{method.pk}/remove/", follow=True)
    again = ada.post(f"{LIST}{method.pk}/remove/", follow=True)
    do_what_waits()

    assert "is being removed" in answer.content.decode()
    assert again.status_code == 200
    assert StripeRequest.objects.filter(kind="detach_method").count() == 1
    assert (now(method).status, detachments(stand_in)) == ("detached", 1)


def test_one_removed_in_the_dashboard_meanwhile_is_gone_here(
    ada: Client, stand_in: StandIn
) -> None:
    method = captured(stand_in, ada)
    stand_in.call(f"payment_methods/{method.stripe_payment_method_id}/detach")

    answer = ada.post(f"{LIST}{method.pk}/remove/", follow=True)

    assert "The payment method is removed." in answer.content.decode()
    assert now(method).status == "detached"


# -- the default -----------------------------------------------------------------------------------


def test_one_is_made_the_default(ada: Client, stand_in: StandIn) -> None:
    method = kept(stand_in, ada)

    answer = ada.post(f"{LIST}{method.pk}/default/", follow=True)

    page = " ".join(answer.content.decode().split())
    assert "This is your default payment method now." in page
    assert "Make it the default" not in page
    there = stand_in.api(f"customers/{method.customer.stripe_customer_id}")
    assert there["invoice_settings"]["default_payment_method"] == method.stripe_payment_method_id


def test_of_a_customer_deleted_there_nothing_is_shown(ada: Client, stand_in: StandIn) -> None:
    method = kept(stand_in, ada)
    stand_in.http.delete(
        f"{stand_in.url}/v1/customers/{method.customer.stripe_customer_id}",
        headers={"Authorization": "Bearer sk_test_holdfast_tests"},
        timeout=60,
    )

    default = ada.post(f"{LIST}{method.pk}/default/", follow=True)
    portal = ada.post("/account/portal/", follow=True)

    assert "That could not be done." in default.content.decode()
    assert "nothing of yours is saved" in portal.content.decode()
    assert now(method).status == "detached"


# -- added -----------------------------------------------------------------------------------------


def setup_of(client: Client) -> CheckoutSession:
    answer = client.post(f"{LIST}add/")
    assert answer.status_code == 303, answer.content
    return CheckoutSession.objects.get(stripe_session_id=session_id_in(answer["Location"]))


def test_one_is_added_with_the_terms_shown_and_kept(ada: Client, stand_in: StandIn) -> None:
    terms = "By saving this payment method you agree"
    assert terms in text(ada, f"{LIST}add/")
    session = setup_of(ada)
    at_stripe = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")
    pay(stand_in, session, card="5555555555554444")

    answer = ada.get(at_stripe["success_url"].partition("//")[2].partition("/")[2].join(["/", ""]))
    page = text(ada)

    assert (at_stripe["mode"], terms in at_stripe["custom_text"]["submit"]["message"]) == (
        "setup",
        True,
    )
    assert answer["Location"] == LIST
    assert "Mastercard" in page
    method = SavedMethod.objects.get()
    assert (method.set_up_by, method.may_be_charged_later) == ("setup", True)
    assert method.consent_text.startswith(terms)
    assert method.consent_version == session.saving["version"]


def test_a_second_press_leads_to_the_same_page(ada: Client, stand_in: StandIn) -> None:
    first, second = setup_of(ada), setup_of(ada)

    assert first == second
    assert len(stand_in.executed("/v1/checkout/sessions")) == 1


def test_the_next_one_is_added_to_the_same_customer(ada: Client, stand_in: StandIn) -> None:
    method = kept(stand_in, ada)

    read_session = setup_of(ada)
    pay(stand_in, read_session, card="5555555555554444")
    read(read_session)

    assert Customer.objects.count() == 1
    assert now(method).customer.methods.count() == 2


def test_a_setup_that_is_told_by_its_own_event_is_filed(ada: Client, stand_in: StandIn) -> None:
    pay(stand_in, setup_of(ada))

    webhooks.pull(livemode=False)
    do_what_waits()

    assert SavedMethod.objects.get().set_up_by == "setup"


def test_without_an_answer_the_page_waits_and_goes_on(ada: Client, stand_in: StandIn) -> None:
    stand_in.fail("^/v1/checkout/sessions$", method="POST", status=503, times=1)

    waiting = ada.post(f"{LIST}add/")
    do_what_waits()
    onward = ada.get(waiting["Refresh"].partition("url=")[2])

    assert (waiting.status_code, onward.status_code) == (200, 303)
    assert session_id_in(onward["Location"])


def test_a_refused_page_is_said_and_nothing_stays_open(
    ada: Client, stand_in: StandIn, settings: Any
) -> None:
    settings.DEFAULT_CURRENCY = "xxx"

    answer = ada.post(f"{LIST}add/")

    assert answer.status_code == 502
    assert CheckoutSession.objects.get().status == "expired"


# -- answers that are lost -------------------------------------------------------------------------

LOST = pytest.mark.parametrize("when", ["before", "after"])


@LOST
def test_a_removal_whose_answer_is_lost_is_carried_out_once(
    ada: Client, stand_in: StandIn, when: str
) -> None:
    method = captured(stand_in, ada)
    stand_in.fail("/detach$", method="POST", when=when, reset=True, times=1)

    ada.post(f"{LIST}{method.pk}/remove/")
    do_what_waits()

    assert (now(method).status, detachments(stand_in)) == ("detached", 1)
    assert StripeRequest.objects.get(kind="detach_method").outcome == "carried out"


@LOST
def test_a_default_whose_answer_is_lost_is_set_once(
    ada: Client, stand_in: StandIn, when: str
) -> None:
    method = kept(stand_in, ada)
    customer = method.customer.stripe_customer_id
    stand_in.fail(f"/v1/customers/{customer}$", method="POST", when=when, reset=True, times=1)

    ada.post(f"{LIST}{method.pk}/default/")
    do_what_waits()

    assert now(method).customer.stripe_default_method_id == method.stripe_payment_method_id
    made = stand_in.executed(f"/v1/customers/{customer}")
    assert len([call for call in made if "invoice_settings" in str(call["params"])]) == 1


@LOST
def test_a_setup_page_whose_answer_is_lost_is_made_once(
    ada: Client, stand_in: StandIn, when: str
) -> None:
    stand_in.fail("^/v1/checkout/sessions$", method="POST", when=when, reset=True, times=1)

    ada.post(f"{LIST}add/")
    do_what_waits()

    session = CheckoutSession.objects.get()
    assert session.url
    assert len(stand_in.executed("/v1/checkout/sessions")) == 1


# -- somebody else's -------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["remove", "default"])
def test_somebody_elses_is_as_unknown_as_none(ada: Client, stand_in: StandIn, what: str) -> None:
    method = kept(stand_in, ada)
    eve = log_in(new_address())

    foreign = eve.post(f"{LIST}{method.pk}/{what}/")
    unknown = eve.post(f"{LIST}{uuid.uuid4()}/{what}/")

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert eve.get(f"{LIST}{method.pk}/remove/").status_code == 404
    assert now(method).status == "attached"
    assert "4242" not in text(eve)


def test_somebody_elses_setup_is_unknown(ada: Client, stand_in: StandIn) -> None:
    session = setup_of(ada)

    assert log_in(new_address()).get(f"{LIST}added/{session.pk}/").status_code == 404


# -- the portal ------------------------------------------------------------------------------------


def test_the_portal_opens_for_exactly_this_customer(ada: Client, stand_in: StandIn) -> None:
    method = kept(stand_in, ada)

    answer = ada.post("/account/portal/")

    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{stand_in.url}/p/session/")
    (call,) = stand_in.executed("/v1/billing_portal/sessions")
    assert call["params"]["customer"] == method.customer.stripe_customer_id
    assert call["params"]["return_url"].endswith("/account/")
    page = stand_in.http.get(answer["Location"], timeout=60)
    assert "4242" in page.text


def test_an_address_of_the_portal_is_kept_nowhere(ada: Client, stand_in: StandIn) -> None:
    kept(stand_in, ada)

    address = ada.post("/account/portal/")["Location"]

    row = StripeRequest.objects.get(kind="open_portal")
    assert (row.status, row.outcome) == ("done", "carried out")
    assert address.rpartition("/")[2] not in str(vars(row))


def test_while_stripe_is_away_the_portal_is_not_opened_later(
    ada: Client, stand_in: StandIn
) -> None:
    kept(stand_in, ada)
    stand_in.fail("/v1/billing_portal/sessions$", method="POST", status=503, times=1)

    answer = ada.post("/account/portal/")
    do_what_waits()

    assert answer.status_code == 503
    row = StripeRequest.objects.get(kind="open_portal")
    assert row.result == "overtaken: nobody waits for it any more"
    assert stand_in.executed("/v1/billing_portal/sessions") == []


def test_at_once_from_two_tabs(ada: Client, stand_in: StandIn) -> None:
    method = captured(stand_in, ada)

    def press() -> int:
        return tab(ada).post(f"{LIST}{method.pk}/remove/").status_code

    statuses = at_once([press, press])

    do_what_waits()
    assert statuses == [302, 302]
    assert (now(method).status, detachments(stand_in)) == ("detached", 1)


def tab(client: Client) -> Client:
    """Another tab of the same browser."""
    other = Client()
    other.cookies = client.cookies
    return other


def test_staff_have_no_such_pages(admin_client: Client) -> None:
    assert User.objects.filter(is_staff=True).exists()
    assert admin_client.get(LIST).status_code == 302
