"""Stripe knows the default address of a log-in, so that its page has it typed in already."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from payments.models import CheckoutSession, Customer, StripeRequest
from shop import stripe_client
from shop.accounts.addresses import book
from shop.accounts.models import Address, User
from tests.support.customers import log_in, new_address
from tests.support.factories import PriceFactory
from tests.support.purchases import do_the_work, do_what_waits, paid, perform, start
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)

Parts = dict[str, Any]
HOME: Parts = {"name": "Mara Lind", "line1": "Ring 1", "postal_code": "1010", "city": "Vienna"}
WORK: Parts = {"name": "Mara Lind", "line1": "Gasse 9", "line2": "Door 4", "city": "Graz"}


@pytest.fixture(autouse=True)
def saving(settings: Any) -> None:
    settings.PAYMENT_METHOD_SAVE = True


@pytest.fixture
def email() -> str:
    return new_address()


@pytest.fixture
def client(email: str) -> Client:
    return log_in(email)


@pytest.fixture
def mara(client: Client, email: str) -> User:
    return User.objects.get(email=email)


@pytest.fixture
def known(stand_in: StandIn, mara: User) -> Customer:
    """Mara is known to Stripe, and has no address in her book."""
    made = stand_in.call("customers", email=mara.email)
    return Customer.objects.create(
        account=stripe_client.account(),
        stripe_customer_id=made["id"],
        user=mara,
        saved_at=timezone.now(),
    )


def begun(client: Client) -> CheckoutSession:
    answer = client.post("/create-checkout-session", {"price": PriceFactory().key})
    assert answer.status_code == 303, answer.content
    return CheckoutSession.objects.get(stripe_session_id=session_id_in(answer["Location"]))


def add(user: User, parts: Parts, **more: Any) -> Address:
    return book.add(user, country="AT", **parts, **more)


def at_stripe(stand_in: StandIn, customer: Customer) -> str:
    """Where Stripe would propose to send things to, in one line."""
    shipping = stand_in.api(f"customers/{customer.stripe_customer_id}")["shipping"]
    if not shipping:
        return ""
    parts = [shipping["address"][part] for part in ("line1", "line2", "city", "country")]
    return ", ".join([shipping["name"], *filter(None, parts)])


def rows(**where: Any) -> list[StripeRequest]:
    return list(StripeRequest.objects.filter(kind="set_address", **where).order_by("created_at"))


def proposed(stand_in: StandIn, session: CheckoutSession) -> dict[str, str]:
    """What the fields of the payment page hold before anything is typed."""
    page = stand_in.http.get(str(session.url), timeout=60).text
    fields = re.findall(r'<input[^>]*name="(shipping\w+)"[^>]*?value="([^"]*)"', page)
    return {name: value for name, value in fields if value and name != "shippingRate"}


# -- told ------------------------------------------------------------------------------------------


def test_a_new_default_is_told(known: Customer, mara: User, stand_in: StandIn) -> None:
    add(mara, HOME)
    do_the_work()

    assert at_stripe(stand_in, known) == "Mara Lind, Ring 1, Vienna, AT"


def test_another_default_leaves_nothing_of_the_first(
    known: Customer, mara: User, stand_in: StandIn
) -> None:
    add(mara, WORK)
    do_the_work()
    add(mara, HOME, is_default=True)
    do_the_work()

    assert at_stripe(stand_in, known) == "Mara Lind, Ring 1, Vienna, AT"


def test_one_that_is_written_anew_is_told(known: Customer, mara: User, stand_in: StandIn) -> None:
    address = add(mara, HOME)
    do_the_work()

    book.change(address, is_default=True, line1="Ring 2")
    do_the_work()

    assert at_stripe(stand_in, known) == "Mara Lind, Ring 2, Vienna, AT"


def test_of_what_is_not_the_default_nothing_is_told(known: Customer, mara: User) -> None:
    add(mara, HOME)
    do_the_work()
    before = len(rows())

    other = add(mara, WORK)
    book.change(other, line1="Gasse 10")
    book.remove(other)

    assert len(rows()) == before


def test_the_next_in_the_book_follows_and_after_the_last_nothing_is_left(
    known: Customer, mara: User, stand_in: StandIn
) -> None:
    home, work = add(mara, HOME), add(mara, WORK)

    book.remove(home)
    do_the_work()
    then = at_stripe(stand_in, known)
    book.remove(work)
    do_the_work()

    assert then == "Mara Lind, Gasse 9, Door 4, Graz, AT"
    assert at_stripe(stand_in, known) == ""


def test_who_first_gets_a_customer_has_the_address_told(
    client: Client, mara: User, stand_in: StandIn
) -> None:
    add(mara, HOME)
    do_the_work()
    assert rows() == []

    paid(stand_in, begun(client), save=True)
    do_the_work()

    assert at_stripe(stand_in, Customer.objects.get()) == "Mara Lind, Ring 1, Vienna, AT"


def test_of_a_guest_nothing_is_told(stand_in: StandIn) -> None:
    paid(stand_in, start(), save=True)
    do_the_work()

    assert rows() == []


def test_an_account_in_a_customers_place_is_told_nothing(known: Customer, mara: User) -> None:
    Customer.objects.filter(pk=known.pk).update(stripe_account_id="acct_1")

    add(mara, HOME)

    assert rows() == []


# -- on Stripe's page ------------------------------------------------------------------------------


def test_the_payment_page_has_it_typed_in(
    known: Customer, client: Client, mara: User, stand_in: StandIn
) -> None:
    add(mara, WORK)
    do_the_work()

    fields = proposed(stand_in, begun(client))

    assert fields == {
        "shippingName": "Mara Lind",
        "shippingAddressLine1": "Gasse 9",
        "shippingAddressLine2": "Door 4",
        "shippingLocality": "Graz",
    }


def test_what_is_sent_to_somebody_else_does_not_change_it(
    known: Customer, client: Client, mara: User, stand_in: StandIn
) -> None:
    add(mara, HOME)
    do_the_work()

    paid(stand_in, begun(client))
    do_the_work()

    assert at_stripe(stand_in, known) == "Mara Lind, Ring 1, Vienna, AT"


# -- twice, late, and not at all -------------------------------------------------------------------


def test_what_waits_is_written_anew_and_sent_once(
    known: Customer, mara: User, stand_in: StandIn
) -> None:
    calls = f"/v1/customers/{known.stripe_customer_id}"
    add(mara, HOME)
    add(mara, WORK, is_default=True)
    assert len(rows(status="ready")) == 1

    do_the_work()

    assert at_stripe(stand_in, known) == "Mara Lind, Gasse 9, Door 4, Graz, AT"
    assert len(stand_in.executed(calls)) == 1


def test_a_change_while_the_call_is_unheard_follows_it(
    known: Customer, mara: User, stand_in: StandIn
) -> None:
    calls = f"/v1/customers/{known.stripe_customer_id}"
    add(mara, HOME)
    stand_in.fail(f"{calls}$", method="POST", when="after", reset=True, times=1)
    (first,) = rows(status="ready")
    perform(first)

    add(mara, WORK, is_default=True)
    do_what_waits()

    assert at_stripe(stand_in, known) == "Mara Lind, Gasse 9, Door 4, Graz, AT"
    assert [row.result for row in rows()] == ["carried out", "carried out"]
    assert len(stand_in.executed(calls)) == 2


def test_after_a_day_without_an_answer_the_address_of_today_is_sent(
    known: Customer, mara: User, stand_in: StandIn
) -> None:
    address = add(mara, HOME)
    stand_in.fail("/v1/customers/", method="POST", when="before", reset=True, times=1)
    (first,) = rows(status="ready")
    first = perform(first)
    assert first.first_sent_at is not None
    book.change(address, is_default=True, line1="Ring 2")
    StripeRequest.objects.filter(pk=first.pk).update(
        first_sent_at=first.first_sent_at.replace(year=2020)
    )

    do_what_waits()

    assert at_stripe(stand_in, known) == "Mara Lind, Ring 2, Vienna, AT"
    assert [(row.result, row.generation) for row in rows()] == [("carried out", 2)]


def test_a_customer_deleted_at_stripe_is_known_as_gone(
    known: Customer, mara: User, stand_in: StandIn
) -> None:
    stand_in.http.delete(
        f"{stand_in.url}/v1/customers/{known.stripe_customer_id}",
        headers={"Authorization": "Bearer sk_test_holdfast_tests"},
        timeout=60,
    ).raise_for_status()

    add(mara, HOME)
    do_the_work()
    add(mara, WORK, is_default=True)

    (row,) = rows()
    assert (row.status, row.outcome) == ("done", "refused")
    known.refresh_from_db()
    assert known.gone_at is not None


def test_what_was_told_is_kept_in_no_row(known: Customer, mara: User) -> None:
    add(mara, HOME)
    do_the_work()

    assert [row.parameters for row in rows()] == [{}]
