"""An order that is paid at the second try: what is still told of the first one changes nothing."""

from typing import Any

import pytest
from django.test import Client

from payments import checkout
from payments.models import CheckoutSession, Payment
from payments.settlement import settle
from shop.orders.models import Order
from tests.support.purchases import new_buyer, order_of, paid, perform_all, read, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

SEPA_PAYS = {"method": "sepa_debit", "iban": "AT321904300235473204"}
SEPA_FAILS = {"method": "sepa_debit", "iban": "AT861904300235473202"}
DECLINED = "4000000000000002"


def failed(stand_in: StandIn) -> CheckoutSession:
    """A try by debit whose money did not come."""
    session = paid(stand_in, start(), **SEPA_FAILS)
    stand_in.advance(minutes=4)
    return read(session)


def ran_out(stand_in: StandIn) -> CheckoutSession:
    """A try that was declined once and then left until the page was closed."""
    session = start()
    stand_in.pay(str(session.stripe_session_id), card=DECLINED)
    read(session)
    stand_in.call(f"checkout/sessions/{session.stripe_session_id}/expire")
    return read(session)


@pytest.mark.parametrize(
    ("first_try", "ending"), [(failed, "payment_failed"), (ran_out, "expired")]
)
def test_a_try_that_ended_ends_the_order_once(
    stand_in: StandIn, first_try: Any, ending: str
) -> None:
    """Guard: a session that ended unpaid leaves it to the session how the order ends."""
    first = first_try(stand_in)
    before = order_of(first).status

    for _ in range(2):
        settle.settle(first)
        settle.settle(Payment.objects.get())

    order = order_of(first)
    assert (before, order.status) == (ending, ending)
    assert [move.after for move in order.transitions.all()] in ([ending], ["processing", ending])
    assert list(order.holds.all()) == []


@pytest.mark.parametrize("first_try", [failed, ran_out])
@pytest.mark.parametrize("second_try", ["open", "processing", "confirmed"])
def test_late_news_of_the_first_try_do_not_end_the_second(
    stand_in: StandIn, first_try: Any, second_try: str
) -> None:
    """Guard: settlement._was_tried_again."""
    first = first_try(stand_in)
    second = checkout.pay_again(order_of(first), new_buyer())
    if second_try != "open":
        how = SEPA_PAYS if second_try == "processing" else {}
        paid(stand_in, second, **how)
    before = order_of(first).status

    settle.settle(first)
    settle.settle(Payment.objects.get(session=first))
    perform_all()

    order = order_of(first)
    assert before == {"open": "pending"}.get(second_try, second_try)
    assert (order.status, order.cancel_requested_at) == (before, None)
    assert order.lines.get().variant.stock.reserved == 1
    assert list(order.holds.all()) == []


def test_what_the_customer_gives_at_the_second_try_counts(stand_in: StandIn) -> None:
    """Guards: pay_again forgets what the first page said, and nobody writes it anew."""
    first = failed(stand_in)
    second = checkout.pay_again(order_of(first), new_buyer())
    settle.settle(first)

    paid(stand_in, second, email="grace@example.com", name="Grace Hopper")

    order = order_of(second)
    assert (order.status, order.total, order.email, order.name) == (
        "confirmed",
        1800,
        "grace@example.com",
        "Grace Hopper",
    )


def test_the_second_try_is_compared_with_the_order_too(stand_in: StandIn) -> None:
    first = failed(stand_in)
    second = checkout.pay_again(order_of(first), new_buyer())
    Order.objects.update(subtotal=1700)

    paid(stand_in, second)

    assert [hold.reason for hold in order_of(second).holds.all()] == ["amounts"]


def test_paying_again_twice_leads_to_the_same_page(stand_in: StandIn) -> None:
    """J04. Guard: pay_again looks for the page of the first press."""
    order = order_of(failed(stand_in))
    address = f"/checkout/{order.token}/again"

    client = Client()
    answers = [client.post(address) for _ in range(2)]

    page = order.checkout_sessions.get(status="open").url
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, page)] * 2
    assert len(stand_in.executed("/v1/checkout/sessions")) == 2
