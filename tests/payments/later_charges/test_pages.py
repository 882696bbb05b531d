"""By the link in the mail a customer pays what could not be charged: that alone, and once."""

from typing import Any

import pytest
from django.test import Client

from payments import webhooks
from payments.later_charges import charging
from payments.models import CheckoutSession, LaterCharge, Payment, SavedMethod, StripeRequest
from payments.settlement import settle
from shop import clock
from shop.orders.models import Order
from tests.support.concurrency import at_once
from tests.support.factories import UserFactory
from tests.support.later import ASKS, DECLINED, agreed, charge, charged, now, with_card
from tests.support.purchases import do_what_waits
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)

Status = LaterCharge.Status


@pytest.fixture
def asked(stand_in: StandIn, settings: Any) -> LaterCharge:
    """One whose charge was declined."""
    order, method = agreed(stand_in, settings)
    return charged(order, with_card(stand_in, method, ASKS))


def address(made: LaterCharge) -> str:
    return f"/charges/{made.token}/"


def text(client: Client, made: LaterCharge, query: str = "") -> str:
    answer = client.get(address(made) + query)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def opened(client: Client, made: LaterCharge) -> str:
    answer = client.post(address(made))
    assert answer.status_code == 303, answer.content
    return session_id_in(answer["Location"])


def payments(made: LaterCharge) -> list[tuple[str, str, int]]:
    rows = made.order.payments.filter(later_charge=made).order_by("created_at")
    return list(rows.values_list("purpose", "status", "captured_amount"))


def test_the_page_says_what_it_is_for_and_opens_nothing(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    calls = len(stand_in.requests_made())

    page = text(client, asked)

    assert "Please pay" in page
    assert "25.00" in page
    assert "Missed appointment: The fitting on 3 May" in page
    assert asked.order.number in page
    assert len(stand_in.requests_made()) == calls


def test_stripes_page_is_for_just_that_amount(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    session_id = opened(client, asked)

    session = stand_in.api(f"checkout/sessions/{session_id}", **{"expand[]": "line_items"})
    (line,) = session["line_items"]["data"]
    assert (session["mode"], session["amount_total"], session["currency"]) == (
        "payment",
        2500,
        asked.currency,
    )
    assert (line["description"], line["quantity"]) == ("Missed appointment", 1)
    assert session["metadata"]["later_charge"] == str(asked.pk)


def test_paid_by_the_link_it_is_paid(client: Client, asked: LaterCharge, stand_in: StandIn) -> None:
    order = Order.objects.get(pk=asked.order_id)
    before = (order.status, order.total, order.email, order.shipping_address)

    stand_in.pay(opened(client, asked), email="someone@example.com")
    page = text(client, asked, "?back")

    assert "This is paid" in page
    assert now(asked).status == Status.PAID
    assert payments(asked) == [("later", "failed", 0), ("later", "captured", 2500)]
    order.refresh_from_db()
    assert (order.status, order.total, order.email, order.shipping_address) == before


def test_an_event_alone_settles_it(client: Client, asked: LaterCharge, stand_in: StandIn) -> None:
    stand_in.pay(opened(client, asked))

    webhooks.pull(livemode=False)
    do_what_waits()

    assert now(asked).status == Status.PAID


def test_pressed_twice_it_is_the_same_page(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    answers = at_once([lambda: Client().post(address(asked)) for _ in range(3)])

    # Who comes while it is being made waits for it.
    assert {answer.status_code for answer in answers} <= {200, 303}  # type: ignore[union-attr]
    assert len({opened(client, asked) for _ in range(2)}) == 1
    assert CheckoutSession.objects.filter(later_charge=asked).count() == 1


def test_paid_it_cannot_be_paid_again(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    stand_in.pay(opened(client, asked))

    answer = client.post(address(asked))

    assert answer.status_code == 302
    assert now(asked).status == Status.PAID
    assert CheckoutSession.objects.filter(later_charge=asked).count() == 1


def test_after_a_page_that_ran_out_there_is_another(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    first = opened(client, asked)
    stand_in.call(f"checkout/sessions/{first}/expire")

    second = opened(client, asked)
    stand_in.pay(second)
    text(client, asked, "?back")

    assert first != second
    assert now(asked).status == Status.PAID


def test_declined_on_the_page_the_link_stays(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    session_id = opened(client, asked)
    stand_in.pay(session_id, card="4000000000000002")

    assert now(asked).status == Status.ASKED
    assert opened(client, asked) == session_id


def test_while_a_debit_is_under_way_no_second_page_opens(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    stand_in.pay(opened(client, asked), method="sepa_debit")
    page = text(client, asked, "?back")

    assert "Your payment is on its way" in page
    assert client.post(address(asked)).status_code == 302
    assert CheckoutSession.objects.filter(later_charge=asked).count() == 1
    stand_in.advance(minutes=10)
    settle.settle(Payment.objects.get(later_charge=asked, session__isnull=False))
    assert now(asked).status == Status.PAID


def made_to_be(stand_in: StandIn, settings: Any, status: str) -> LaterCharge:
    order, method = agreed(stand_in, settings)
    if status == "charging":
        return charge(order, method)
    if status == "refused":
        stand_in.call(f"payment_methods/{method.stripe_payment_method_id}/detach")
    if status == "withdrawn":
        method = with_card(stand_in, method, DECLINED)
    made = charged(order, method)
    if status == "withdrawn":
        charging.withdraw(made, actor=UserFactory())
    return now(made)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("charging", "on its way"),
        ("paid", "This is paid"),
        ("refused", "Nothing is to be paid"),
        ("withdrawn", "Nothing is to be paid"),
    ],
)
def test_where_nothing_is_to_be_paid_no_page_opens(
    client: Client, stand_in: StandIn, settings: Any, status: str, said: str
) -> None:
    made = made_to_be(stand_in, settings, status)
    assert made.status == status

    page = text(client, made)
    answer = client.post(address(made))

    assert said in page
    assert address(made) not in page
    assert answer.status_code == 302
    assert not CheckoutSession.objects.filter(later_charge=made).exists()


def test_nobody_finds_it_without_its_token(client: Client, asked: LaterCharge) -> None:
    assert client.get("/charges/x1/").status_code == 404
    assert client.post("/charges/x1/").status_code == 404


# -- whom Stripe's page knows ----------------------------------------------------------------------


def test_its_owner_finds_what_they_have_saved(asked: LaterCharge, stand_in: StandIn) -> None:
    client = Client()
    assert asked.method.customer.user is not None
    client.force_login(asked.method.customer.user)

    session = stand_in.api(f"checkout/sessions/{opened(client, asked)}")

    assert session["customer"] == asked.method.customer.stripe_customer_id


def test_whoever_has_the_link_alone_does_not(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    other = Client()
    other.force_login(UserFactory())

    for browser in (client, other):
        session = stand_in.api(f"checkout/sessions/{opened(browser, asked)}")
        assert session["customer"] is None
        stand_in.call(f"checkout/sessions/{session['id']}/expire")


def test_an_owner_who_is_gone_at_stripe_pays_as_a_guest(
    asked: LaterCharge, stand_in: StandIn
) -> None:
    client = Client()
    assert asked.method.customer.user is not None
    client.force_login(asked.method.customer.user)
    stand_in.http.delete(
        f"{stand_in.url}/v1/customers/{asked.method.customer.stripe_customer_id}",
        headers={"Authorization": "Bearer sk_test_holdfast_tests"},
        timeout=30,
    ).raise_for_status()

    refused = client.post(address(asked))
    again = opened(client, asked)

    assert refused.status_code == 502
    assert "Please try again in a moment." in refused.content.decode()
    stand_in.pay(again)
    text(client, asked, "?back")
    assert now(asked).status == Status.PAID


# -- Stripe is away --------------------------------------------------------------------------------


def test_while_stripe_does_not_answer_the_page_waits_and_goes_on(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    stand_in.fail("/v1/checkout/sessions$", method="POST", when="before", reset=True)

    waiting = client.post(address(asked))
    onward = waiting["Refresh"].partition("url=")[2]
    StripeRequest.objects.open().update(run_at=clock.now())
    answer = client.get(onward)

    assert "One moment" in waiting.content.decode()
    assert answer.status_code == 303
    assert session_id_in(answer["Location"])


# -- dropped while it is paid ----------------------------------------------------------------------


def test_dropped_before_it_is_paid_its_page_is_closed(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    session_id = opened(client, asked)

    charging.withdraw(asked, actor=UserFactory())
    do_what_waits()

    assert stand_in.pay(session_id).status_code == 409
    assert "Nothing is to be paid" in text(client, asked)
    assert now(asked).status == Status.WITHDRAWN


def test_paid_while_it_is_dropped_the_money_goes_back(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    session_id = opened(client, asked)
    stand_in.pay(session_id)

    charging.withdraw(asked, actor=UserFactory())
    do_what_waits()
    do_what_waits()

    payment = Payment.objects.get(later_charge=asked, session__isnull=False)
    assert now(asked).status == Status.WITHDRAWN
    assert (payment.captured_amount, payment.refunded.amount) == (2500, 2500)
    asked.order.refresh_from_db()
    assert asked.order.status == Order.Status.CONFIRMED


# -- late ------------------------------------------------------------------------------------------


def test_the_first_try_can_never_come_late(
    client: Client, stand_in: StandIn, settings: Any
) -> None:
    """Guard: it is closed at Stripe before anybody is asked to pay."""
    order, method = agreed(stand_in, settings)
    made = charge(order, with_card(stand_in, method, DECLINED))
    stand_in.fail("/cancel$", method="POST", when="before", status=500, times=1)
    do_what_waits()
    with_link_open = client.post(address(made)).status_code == 303

    do_what_waits()
    do_what_waits()

    assert not with_link_open
    assert now(made).status == Status.ASKED
    first = Payment.objects.get(later_charge=made)
    assert stand_in.api(f"payment_intents/{first.stripe_payment_intent_id}")["status"] == "canceled"


def test_paid_twice_after_all_one_goes_back(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    """A second page that somebody made in the Dashboard's name, with our marks."""
    first = opened(client, asked)
    stand_in.pay(first)
    settle.settle(CheckoutSession.objects.get(stripe_session_id=first))
    twin = stand_in.call(
        "checkout/sessions",
        **{
            "mode": "payment",
            "success_url": "https://shop.test/",
            "line_items[0][quantity]": 1,
            "line_items[0][price_data][currency]": asked.currency,
            "line_items[0][price_data][unit_amount]": 2500,
            "line_items[0][price_data][product_data][name]": "Again",
        },
    )
    stand_in.pay(twin["id"])
    second = CheckoutSession.objects.get(stripe_session_id=first)
    second = CheckoutSession.objects.create(
        account=second.account,
        later_charge=asked,
        stripe_session_id=twin["id"],
        expires_at=second.expires_at,
        due_at=second.due_at,
    )

    settle.settle(second)
    do_what_waits()
    do_what_waits()

    extra = Payment.objects.get(session=second)
    assert (extra.purpose, extra.refunded.amount) == ("extra", 2500)
    assert now(asked).status == Status.PAID
    assert asked.order.holds.filter(reason="second_payment").exists()


def test_the_methods_own_words_are_left_alone(
    client: Client, asked: LaterCharge, stand_in: StandIn
) -> None:
    before = SavedMethod.objects.filter(pk=asked.method_id).values().get()

    stand_in.pay(opened(client, asked))
    text(client, asked, "?back")

    assert SavedMethod.objects.filter(pk=asked.method_id).values().get() == before
