"""What a customer owes beside an order is charged on a method that they agreed to, once."""

from datetime import timedelta
from typing import Any

import pytest

from payments import stripe_requests
from payments.later_charges import asking, charging
from payments.models import (
    CheckoutSession,
    LaterCharge,
    MoneyAction,
    MoneyEntry,
    Payment,
    SavedMethod,
    StripeRequest,
)
from payments.saved_methods import changes, needs
from payments.settlement import settle
from payments.settlement.customers.settle import settle_customer
from shop.money import Money
from shop.orders.models import Order
from tests.support.concurrency import at_once
from tests.support.factories import PriceFactory, UserFactory
from tests.support.later import ASKS, DECLINED, agreed, charge, charged, now, with_card
from tests.support.purchases import do_what_waits, order_of, paid, perform, start, unpaid
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

Status = LaterCharge.Status
NotPossible = stripe_requests.NotPossible


def confirmed(stand_in: StandIn) -> int:
    return len(stand_in.executed("/confirm"))


def canceled(stand_in: StandIn) -> int:
    return len(stand_in.executed("/cancel"))


def payments(made: LaterCharge) -> list[tuple[str, str, int]]:
    rows = made.order.payments.filter(later_charge=made).order_by("created_at")
    return list(rows.values_list("purpose", "status", "captured_amount"))


def test_it_is_charged_in_its_owners_absence(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    before = (order.total, order.status)

    made = charged(order, method)

    assert (made.status, payments(made)) == (Status.PAID, [("later", "captured", 2500)])
    payment = Payment.objects.get(later_charge=made)
    intent = stand_in.api(f"payment_intents/{payment.stripe_payment_intent_id}")
    assert (intent["status"], intent["amount"], intent["payment_method"]) == (
        "succeeded",
        2500,
        method.stripe_payment_method_id,
    )
    assert intent["metadata"]["later_charge"] == str(made.pk)
    (call,) = stand_in.executed("/confirm")
    assert call["params"]["off_session"] in {True, "true"}
    order.refresh_from_db()
    assert (order.total, order.status) == before
    assert (payment.brand, payment.last4) == ("visa", "4242")
    assert list(MoneyEntry.objects.filter(payment=payment).values_list("kind", "amount")) == [
        ("capture", 2500)
    ]


def test_what_was_agreed_to_is_kept_with_it(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)

    made = charge(order, method)
    method.consent_text = "Something else"
    method.save()

    made = now(made)
    assert "may charge it later" in made.consent_text
    assert made.consent_version.startswith("en:")
    assert made.consent_at == method.consent_at


def test_who_did_it_is_noted_for_good(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)

    made = charged(order, method)

    action = MoneyAction.objects.get(kind="charge")
    assert (action.amount, action.actor_name, action.actor_address, action.reason) == (
        2500,
        made.actor_name,
        "192.0.2.1",
        "The fitting on 3 May",
    )


def test_everything_is_written_before_stripe_is_asked(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    calls = len(stand_in.requests_made())

    made = charge(order, method)

    request = StripeRequest.objects.get(later_charge=made)
    assert len(stand_in.requests_made()) == calls
    assert request.kind == "make_intent"
    assert request.key.endswith(f":make_intent:{request.pk}:g1")
    assert request.parameters["payment_method"] == method.stripe_payment_method_id
    assert "confirm" not in request.parameters
    perform(request)
    payment = Payment.objects.get(later_charge=made)
    # The intent is there and known before anything is taken.
    assert (payment.status, confirmed(stand_in)) == (Payment.Status.PENDING, 0)


# -- who may be charged ----------------------------------------------------------------------------


def test_one_saved_by_the_tick_alone_is_never_charged(stand_in: StandIn, settings: Any) -> None:
    settings.PAYMENT_METHOD_SAVE = True
    session = paid(stand_in, start(user=UserFactory()), save=True)
    do_what_waits()
    order = order_of(session)
    assert session.customer is not None
    method = session.customer.methods.get()
    assert method.set_up_by == SavedMethod.SetUpBy.TICK

    with pytest.raises(NotPossible, match="not agreed"):
        charge(order, method, 100)

    assert not LaterCharge.objects.exists()


@pytest.mark.parametrize(
    "less",
    [
        {"set_up_by": "on_session"},
        {"consent_at": None, "consent_text": "", "consent_version": ""},
        {"unusable": "mandate withdrawn"},
        {"unusable": "do_not_try_again"},
        {"status": "detached"},
    ],
)
def test_without_an_agreement_that_holds_nothing_is_charged(
    stand_in: StandIn, settings: Any, less: dict[str, Any]
) -> None:
    order, method = agreed(stand_in, settings)
    SavedMethod.objects.filter(pk=method.pk).update(**less)

    with pytest.raises(NotPossible):
        charge(order, method)

    assert not LaterCharge.objects.exists()


def test_a_method_of_somebody_else_is_none_of_theirs(stand_in: StandIn, settings: Any) -> None:
    order, _ = agreed(stand_in, settings)
    _, of_another = agreed(stand_in, settings)

    with pytest.raises(NotPossible, match="one of the customer's"):
        charge(order, of_another)


def test_a_guests_method_is_theirs_by_their_browser(stand_in: StandIn, settings: Any) -> None:
    settings.SETUP_FUTURE_USAGE = "off_session"
    session = paid(stand_in, start(PriceFactory(unit_amount=9000)))
    do_what_waits()
    assert session.customer is not None

    assert charged(order_of(session), session.customer.methods.get()).status == Status.PAID


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": 0}, "at least .*0.50"),
        ({"amount": 49}, "at least .*0.50"),
        ({"amount": 9001}, "At most .*90.00"),
        ({"amount": Money(2500, "chf")}, "The order is in"),
        ({"reason": ""}, "what it is for"),
        ({"reason": "because"}, "what it is for"),
        ({"words": "  "}, "what it is for"),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_changes_nothing(
    stand_in: StandIn, settings: Any, wrong: dict[str, Any], said: str
) -> None:
    order, method = agreed(stand_in, settings)

    with pytest.raises(NotPossible, match=said):
        charge(order, method, **wrong)

    assert not LaterCharge.objects.exists()


def test_all_together_come_to_what_the_order_cost(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    charged(order, method, 8960)

    with pytest.raises(NotPossible, match=r"At most .*0\.40"):
        charge(order, method, 50)


def test_what_was_never_bought_owes_nothing(stand_in: StandIn, settings: Any) -> None:
    _, method = agreed(stand_in, settings)
    order = unpaid(stand_in, start(user=method.customer.user))

    with pytest.raises(NotPossible, match="never bought"):
        charge(order, method, 100)


def test_a_cancelled_order_can_have_a_fee(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    payment = Payment.objects.get(order=order)
    stripe_requests.ask_refund(payment, payment.captured, reason="called off")
    do_what_waits()
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED

    made = charged(order, method, reason="cancellation")

    assert made.status == Status.PAID
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    assert Payment.objects.get(later_charge=made).refunded.amount == 0


# -- once ------------------------------------------------------------------------------------------


def test_two_people_at_once_charge_it_once(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    seen = charging.seen(order)

    answers = at_once([lambda: charge(order, method, seen_before=seen) for _ in range(2)])
    do_what_waits()
    do_what_waits()

    assert sorted(type(answer).__name__ for answer in answers) == ["Changed", "LaterCharge"]
    assert confirmed(stand_in) == 1


def test_settled_again_and_again_it_stays_one(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    made = charged(order, method)

    for _ in range(2):
        settle.settle(Payment.objects.get(later_charge=made))

    assert payments(made) == [("later", "captured", 2500)]
    assert MoneyEntry.objects.filter(payment__later_charge=made).count() == 1


# -- what does not go through ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (ASKS, "authentication_required"),
        (DECLINED, "generic_decline"),
    ],
)
def test_declined_it_is_closed_and_the_customer_asked(
    stand_in: StandIn, settings: Any, card: str, code: str
) -> None:
    order, method = agreed(stand_in, settings)

    made = charged(order, with_card(stand_in, method, card))

    assert (made.status, payments(made)) == (Status.ASKED, [("later", "failed", 0)])
    payment = Payment.objects.get(later_charge=made)
    assert payment.failure_code == code
    assert code in made.why
    intent = stand_in.api(f"payment_intents/{payment.stripe_payment_intent_id}")
    assert intent["status"] == "canceled"
    assert (confirmed(stand_in), canceled(stand_in)) == (1, 1)


def test_declined_it_is_never_tried_again_by_itself(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    made = charged(order, with_card(stand_in, method, DECLINED))

    for _ in range(3):
        settle.settle(Payment.objects.get(later_charge=made))
        do_what_waits()

    assert confirmed(stand_in) == 1


@pytest.mark.parametrize(
    ("advice", "may_again"),
    [("do_not_try_again", False), ("try_again_later", True), ("confirm_card_data", True)],
)
def test_what_its_bank_advises_is_heeded(
    stand_in: StandIn, settings: Any, advice: str, may_again: bool
) -> None:
    order, method = agreed(stand_in, settings)
    method = with_card(stand_in, method, DECLINED)
    stand_in.ask("assumptions", {"advice": advice})

    made = charged(order, method)
    settle_customer(method.customer)

    assert Payment.objects.get(later_charge=made).advice_code == advice
    method.refresh_from_db()
    assert method.may_be_charged_later == may_again
    assert confirmed(stand_in) == 1


def test_a_method_that_is_gone_at_stripe_is_refused(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    stand_in.call(f"payment_methods/{method.stripe_payment_method_id}/detach")

    made = charged(order, method)

    assert (made.status, payments(made)) == (Status.REFUSED, [])
    assert "may not be used again" in made.why


def test_a_customer_who_is_gone_at_stripe_is_refused(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    stand_in.http.delete(
        f"{stand_in.url}/v1/customers/{method.customer.stripe_customer_id}",
        headers={"Authorization": "Bearer sk_test_holdfast_tests"},
        timeout=30,
    ).raise_for_status()

    made = charged(order, method)

    assert made.status == Status.REFUSED
    assert "resource_missing" in made.why or "may not be used" in made.why


def test_gone_between_the_two_calls_nothing_is_taken(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    made = charge(order, method)
    perform(StripeRequest.objects.get(later_charge=made))
    stand_in.call(f"payment_methods/{method.stripe_payment_method_id}/detach")

    do_what_waits()
    do_what_waits()

    assert (now(made).status, payments(made)) == (Status.REFUSED, [("later", "released", 0)])
    assert "may not be used again" in now(made).why


def test_forbidden_between_the_two_calls_stripe_is_not_asked(
    stand_in: StandIn, settings: Any
) -> None:
    order, method = agreed(stand_in, settings)
    made = charge(order, method)
    perform(StripeRequest.objects.get(later_charge=made))
    SavedMethod.objects.filter(pk=method.pk).update(unusable="mandate withdrawn")

    do_what_waits()
    do_what_waits()

    assert (now(made).status, payments(made)) == (Status.REFUSED, [("later", "released", 0)])
    assert confirmed(stand_in) == 0
    assert "agrees to it no more" in now(made).why


def test_refused_staff_may_ask_the_customer(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    stand_in.call(f"payment_methods/{method.stripe_payment_method_id}/detach")
    made = charged(order, method)

    charging.ask_customer(made)

    assert now(made).status == Status.ASKED
    with pytest.raises(NotPossible):
        charging.ask_customer(made)


# -- removed while it is charged -------------------------------------------------------------------


def test_while_it_is_charged_it_cannot_be_removed(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    charge(order, method)

    with pytest.raises(needs.StillNeeded, match="It is being charged for order"):
        changes.remove(method)

    do_what_waits()
    do_what_waits()
    assert changes.remove(method) == changes.Change.DONE


def test_removed_and_charged_at_once_one_of_them_is_first(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)

    answers = at_once([lambda: changes.remove(method), lambda: charge(order, method)])
    do_what_waits()
    do_what_waits()

    removed, made = answers
    if isinstance(made, LaterCharge):
        assert isinstance(removed, needs.StillNeeded)
        assert now(made).status == Status.PAID
    else:
        assert removed == changes.Change.DONE
        assert isinstance(made, NotPossible)
        assert confirmed(stand_in) == 0


# -- dropped ---------------------------------------------------------------------------------------


def test_dropped_it_is_not_asked_any_more(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    made = charged(order, with_card(stand_in, method, DECLINED))

    charging.withdraw(made, actor=UserFactory(is_staff=True))
    charging.withdraw(made, actor=UserFactory(is_staff=True))

    assert now(made).status == Status.WITHDRAWN
    assert charging.room(order).amount == 9000


@pytest.mark.parametrize("status", [Status.CHARGING, Status.PAID])
def test_what_is_paid_or_being_charged_cannot_be_dropped(
    stand_in: StandIn, settings: Any, status: str
) -> None:
    order, method = agreed(stand_in, settings)
    made = charge(order, method)
    if status == Status.PAID:
        do_what_waits()
        do_what_waits()

    with pytest.raises(NotPossible, match="cannot be withdrawn"):
        charging.withdraw(made, actor=UserFactory())

    assert now(made).status == status


# -- by a bank, which takes its time ---------------------------------------------------------------


def debit(stand_in: StandIn, settings: Any, iban: str) -> tuple[Order, SavedMethod]:
    order, method = agreed(stand_in, settings)
    stripe_id = stand_in.call(
        "payment_methods",
        type="sepa_debit",
        **{
            "sepa_debit[iban]": iban,
            "billing_details[name]": "Ada Lind",
            "billing_details[email]": "ada@example.com",
        },
    )["id"]
    stand_in.call(
        f"payment_methods/{stripe_id}/attach", customer=method.customer.stripe_customer_id
    )
    SavedMethod.objects.filter(pk=method.pk).update(
        stripe_payment_method_id=stripe_id, type="sepa_debit"
    )
    method.refresh_from_db()
    return order, method


@pytest.mark.parametrize(
    ("iban", "status", "paid_with"),
    [
        ("AT321904300235473204", Status.PAID, [("later", "captured", 2500)]),
        ("AT861904300235473202", Status.ASKED, [("later", "failed", 0)]),
    ],
)
def test_a_debit_is_under_way_until_its_bank_has_answered(
    stand_in: StandIn, settings: Any, iban: str, status: str, paid_with: list[Any]
) -> None:
    order, method = debit(stand_in, settings, iban)
    made = charged(order, method)
    assert (made.status, payments(made)) == (Status.CHARGING, [("later", "processing", 0)])
    with pytest.raises(asking.NothingToPay):
        asking.open_page(made, language="en", network="")

    stand_in.advance(minutes=10)
    settle.settle(Payment.objects.get(later_charge=made))
    do_what_waits()

    assert (now(made).status, payments(made)) == (status, paid_with)
    assert not CheckoutSession.objects.filter(later_charge=made).exists()


def test_a_charge_that_is_unheard_for_a_day_is_looked_for(stand_in: StandIn, settings: Any) -> None:
    """Its key is forgotten by then: made again, it would be charged twice."""
    order, method = agreed(stand_in, settings)
    made = charge(order, method)
    perform(StripeRequest.objects.get(later_charge=made))
    stand_in.fail("/confirm$", method="POST", when="after", reset=True)
    request = StripeRequest.objects.get(later_charge=made, kind="charge")
    perform(request)
    request.refresh_from_db()
    assert request.is_open
    assert request.first_sent_at is not None
    StripeRequest.objects.filter(pk=request.pk).update(
        first_sent_at=request.first_sent_at - timedelta(hours=24)
    )

    perform(request)

    request.refresh_from_db()
    assert (request.outcome, confirmed(stand_in)) == ("seen", 1)
    assert now(made).status == Status.PAID


def test_a_decline_that_is_unheard_for_a_day_is_not_tried_again(
    stand_in: StandIn, settings: Any
) -> None:
    order, method = agreed(stand_in, settings)
    made = charge(order, with_card(stand_in, method, DECLINED))
    perform(StripeRequest.objects.get(later_charge=made))
    stand_in.fail("/confirm$", method="POST", when="after", reset=True)
    request = perform(StripeRequest.objects.get(later_charge=made, kind="charge"))
    assert request.first_sent_at is not None
    StripeRequest.objects.filter(pk=request.pk).update(
        first_sent_at=request.first_sent_at - timedelta(hours=24)
    )

    do_what_waits()
    do_what_waits()

    assert (now(made).status, payments(made)) == (Status.ASKED, [("later", "failed", 0)])
    calls = stand_in.requests_made("/confirm")
    assert len({call["idempotency_key"] for call in calls}) == 1
