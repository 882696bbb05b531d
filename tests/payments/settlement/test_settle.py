"""What Stripe tells becomes the shop's state: whatever the order, however late, however often."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.admin import review
from payments import checkout, policy, stripe_requests
from payments.checkout import delivery
from payments.models import CheckoutSession, Dispute, MoneyEntry, Payment, StripeRequest
from payments.settlement import page_calls, settle
from payments.stripe import gateway
from payments.stripe.errors import OutcomeUnknown, Refused
from payments.stripe.facts import SessionFacts
from shop.orders.delivery.terms import Terms
from shop.orders.models import Order, OrderHold
from shop.transitions import IllegalTransition
from tests.support.factories import OrderFactory, PriceFactory, UserFactory
from tests.support.properties import examples
from tests.support.purchases import (
    captured_at_stripe,
    do_the_work,
    held,
    new_buyer,
    order_of,
    paid,
    perform_all,
    read,
    settled,
    start,
)
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

SEPA_PAYS = {"method": "sepa_debit", "iban": "AT321904300235473204"}
SEPA_FAILS = {"method": "sepa_debit", "iban": "AT861904300235473202"}
REFUND_FAILS = "4000000000005126"


def reserved(order: Order) -> int:
    return order.lines.get().variant.stock.reserved


def holds(order: Order) -> list[str]:
    return list(
        order.holds.filter(closed_at=None).order_by("reason").values_list("reason", flat=True)
    )


# -- in any order ----------------------------------------------------------------------------------

Step = Callable[[StandIn, CheckoutSession], Any]


def intent(session: CheckoutSession) -> str:
    facts = gateway.read_session(str(session.stripe_session_id))
    assert facts.payment is not None
    return facts.payment.id


def by_card(stand_in: StandIn, session: CheckoutSession) -> None:
    stand_in.pay(str(session.stripe_session_id))


def capture(stand_in: StandIn, session: CheckoutSession) -> None:
    stand_in.call(f"payment_intents/{intent(session)}/capture")


def capture_part(stand_in: StandIn, session: CheckoutSession) -> None:
    stand_in.call(f"payment_intents/{intent(session)}/capture", amount_to_capture=1000)


def release(stand_in: StandIn, session: CheckoutSession) -> None:
    stand_in.call(f"payment_intents/{intent(session)}/cancel")


def refund(amount: int) -> Step:
    return lambda stand_in, session: stand_in.call(
        "refunds", payment_intent=intent(session), amount=amount
    )


def by_sepa(how: dict[str, str]) -> Step:
    return lambda stand_in, session: stand_in.pay(str(session.stripe_session_id), **how)


def minutes(count: int) -> Step:
    return lambda stand_in, session: stand_in.advance(minutes=count)


def declined(stand_in: StandIn, session: CheckoutSession) -> None:
    stand_in.pay(str(session.stripe_session_id), card="4000000000000002")


def expire(stand_in: StandIn, session: CheckoutSession) -> None:
    stand_in.call(f"checkout/sessions/{session.stripe_session_id}/expire")


LIVES: dict[str, tuple[list[Step], tuple[Any, ...]]] = {
    "captured, refunded twice": (
        [by_card, capture, refund(300), refund(1500)],
        ("cancelled", "complete", "captured", 1800, 1800, 1800, 0, 1800, 0, []),
    ),
    "captured in part, refunded in part": (
        [by_card, capture_part, refund(400)],
        ("confirmed", "complete", "captured", 1800, 1000, 400, 600, 1800, 1, ["late_fact"]),
    ),
    "released": (
        [by_card, release],
        ("cancelled", "complete", "released", 1800, 0, 0, 0, 1800, 0, []),
    ),
    "declined, then held": (
        [declined, by_card],
        ("confirmed", "complete", "authorized", 1800, 0, 0, 0, 1800, 1, []),
    ),
    "debit that pays": (
        [by_sepa(SEPA_PAYS), minutes(4), refund(1)],
        ("confirmed", "complete", "captured", 1800, 1800, 1, 1799, 1800, 1, []),
    ),
    "debit that fails": (
        [by_sepa(SEPA_FAILS), minutes(4)],
        ("payment_failed", "complete", "failed", 0, 0, 0, 0, 1800, 0, []),
    ),
    "expired": (
        [expire],
        ("expired", "expired", None, 0, 0, 0, 0, None, 0, []),
    ),
}


def snapshots(stand_in: StandIn, steps: list[Step]) -> list[SessionFacts]:
    """What Stripe tells of a session after each step of its life."""
    session = start()
    facts = [gateway.read_session(str(session.stripe_session_id))]
    for step in steps:
        step(stand_in, session)
        facts.append(gateway.read_session(str(session.stripe_session_id)))
    return facts


def of_another(facts: SessionFacts, mark: str) -> SessionFacts:
    """The same, told of another session."""
    payment = facts.payment
    if payment is not None:
        refunds = [replace(refund, id=f"{refund.id}_{mark}") for refund in payment.refunds]
        payment = replace(
            payment,
            id=f"{payment.id}_{mark}",
            charge_id=f"{payment.charge_id}_{mark}",
            refunds=refunds,
        )
    return replace(facts, id=f"{facts.id}_{mark}", payment=payment)


def state(order: Order, session: CheckoutSession) -> tuple[Any, ...]:
    order.refresh_from_db()
    session.refresh_from_db()
    payment = order.payments.first()
    entered = MoneyEntry.objects.filter(payment=payment).aggregate(sum=Sum("amount"))["sum"]
    return (
        order.status,
        session.status,
        payment and payment.status,
        payment.authorized_amount if payment else 0,
        payment.captured_amount if payment else 0,
        payment.refunded.amount if payment else 0,
        (entered or 0) if payment else 0,
        order.total,
        reserved(order),
        holds(order),
    )


@pytest.mark.parametrize("life", LIVES)
def test_facts_in_any_order_and_number_end_in_the_same_state(stand_in: StandIn, life: str) -> None:
    """W03. Guards: max() of amounts, refunds by id and rank, can_move() before each move."""
    steps, expected = LIVES[life]
    facts = snapshots(stand_in, steps)

    @examples(25, database=None)
    @given(st.lists(st.sampled_from(range(len(facts))), max_size=5), st.randoms())
    def end_alike(some: list[int], random: Any) -> None:
        heard = [*some, len(facts) - 1]
        random.shuffle(heard)
        order = OrderFactory()
        session = CheckoutSession.objects.create(
            order=order,
            account="acct/test",
            delivery=delivery.allowed(order, Terms.now()),
            expires_at=timezone.now(),
            due_at=timezone.now(),
        )
        mark = uuid.uuid4().hex
        for index in heard:
            facts_of_other = of_another(facts[index], mark)
            # A read from before the end is refused once the end is known, and made again.
            with suppress(OutcomeUnknown):
                settle._apply(session, facts_of_other, facts_of_other.payment, [], None)

        assert state(order, session) == expected

    end_alike()


def test_settling_twice_writes_nothing_twice(stand_in: StandIn) -> None:
    order, payment = captured_at_stripe(stand_in)
    assert payment.session
    before = state(order, payment.session)

    for _ in range(3):
        settled(payment)

    assert state(order, payment.session) == before
    assert list(MoneyEntry.objects.values_list("kind", "amount")) == [("capture", 1800)]
    assert [move.after for move in order.transitions.all()] == ["confirmed"]


def test_without_an_answer_nothing_changes(stand_in: StandIn) -> None:
    session = start()
    stand_in.pay(str(session.stripe_session_id))
    stand_in.fail("/v1/checkout/sessions", method="GET", status=500)

    with pytest.raises(OutcomeUnknown):
        settle.settle(session)

    assert state(order_of(session), session) == (
        "pending", "open", None, 0, 0, 0, 0, None, 1, [],
    )  # fmt: skip


def test_the_success_page_reads_at_most_every_three_seconds(stand_in: StandIn) -> None:
    """J02. Guard: the conditional update of read_at."""
    session = start()
    stand_in.fail("/v1/checkout/sessions", method="GET", status=500, times=100)

    for _ in range(20):
        page_calls.look(session)

    left = stand_in.ask("faults")["data"][0]["times"]
    assert left == 99


# -- one fact at a time ----------------------------------------------------------------------------


def test_what_the_customer_gave_is_written_once(stand_in: StandIn) -> None:
    order, payment = held(stand_in, name="Ada Byron")

    assert (order.subtotal, order.discount, order.shipping, order.tax, order.total) == (
        1800, 0, 0, 0, 1800,
    )  # fmt: skip
    assert (order.email, order.name) == ("ada@example.com", "Ada Byron")
    assert order.billing_address["country"] == "AT"
    assert order.shipping_address["postal_code"] == "1010"
    assert list(order.lines.values_list("discount", "tax", "total")) == [(0, 0, 1800)]
    assert (payment.method, payment.brand, payment.last4, payment.deadline_source) == (
        "card",
        "visa",
        "4242",
        "charge",
    )


def test_a_declined_attempt_is_no_failure_while_the_page_is_open(stand_in: StandIn) -> None:
    session = start()
    refused = stand_in.pay(str(session.stripe_session_id), card="4000000000009995")
    read(session)
    order = order_of(session)
    payment = order.payments.get()
    tried = (order.status, payment.status, "insufficient_funds" in payment.failure)

    paid(stand_in, session)
    order.refresh_from_db()
    payment.refresh_from_db()

    assert refused.status_code == 402
    assert tried == ("pending", "pending", True)
    assert (order.status, payment.status, Payment.objects.count()) == (
        "confirmed",
        "authorized",
        1,
    )


def test_released_in_the_dashboard_ends_the_order(stand_in: StandIn) -> None:
    order, payment = held(stand_in)
    stand_in.call(f"payment_intents/{payment.stripe_payment_intent_id}/cancel")

    order, payment = settled(payment)

    assert (order.status, order.cancel_reason, payment.status) == (
        "cancelled",
        "released",
        "released",
    )
    assert reserved(order) == 0


def test_an_authorization_that_lapsed_ends_the_order(stand_in: StandIn) -> None:
    """M03."""
    order, payment = held(stand_in)
    stand_in.advance(days=8)

    order, payment = settled(payment)

    assert (order.status, order.cancel_reason, payment.status) == (
        "cancelled",
        "expired",
        "expired",
    )
    assert reserved(order) == 0
    with pytest.raises(stripe_requests.NotPossible, match="nothing is held"):
        stripe_requests.ask_capture(payment, order.due)


def test_what_has_ended_is_not_held_for_ending_again(stand_in: StandIn) -> None:
    """Lapsed, then told once more: no newer fact. Guard: merging._status."""
    _, payment = held(stand_in)
    stand_in.advance(days=8)
    settled(payment)

    order, payment = settled(payment)

    assert (order.status, payment.status, holds(order)) == ("cancelled", "expired", [])


def test_a_refund_in_part_leaves_the_order_as_it_is(stand_in: StandIn) -> None:
    order, payment = captured_at_stripe(stand_in)
    stand_in.call("refunds", payment_intent=payment.stripe_payment_intent_id, amount=500)

    order, payment = settled(payment)

    assert (order.status, payment.status, payment.refunded.amount) == ("confirmed", "captured", 500)


def test_a_refund_that_fails_later_is_counted_back(stand_in: StandIn) -> None:
    """M09. Guard: merging.REFUND_RANK."""
    _, payment = captured_at_stripe(stand_in, card=REFUND_FAILS)
    stand_in.call("refunds", payment_intent=payment.stripe_payment_intent_id, amount=500)
    _, payment = settled(payment)
    at_first = payment.refunded.amount
    stand_in.advance(days=31)

    order, payment = settled(payment)

    assert (at_first, payment.refunded.amount) == (500, 0)
    assert [refund.status for refund in payment.refunds.all()] == ["failed"]
    assert list(payment.entries.order_by("id").values_list("kind", "amount")) == [
        ("capture", 1800),
        ("refund", -500),
        ("refund_failed", 500),
    ]
    assert order.status == "confirmed"


def test_a_dispute_holds_the_order_and_stops_refunds(stand_in: StandIn) -> None:
    """M10, M11."""
    _, payment = captured_at_stripe(stand_in)
    stand_in.ask("disputes", {"payment_intent": payment.stripe_payment_intent_id})

    order, payment = settled(payment)
    settled(payment)

    assert (order.status, order.is_held, holds(order)) == ("confirmed", True, ["dispute"])
    assert list(payment.disputes.values_list("amount", "reason")) == [(1800, "fraudulent")]
    with pytest.raises(stripe_requests.NotPossible, match="disputed"):
        stripe_requests.ask_refund(payment, payment.captured, reason="sorry")


def test_an_order_that_costs_nothing_is_confirmed_without_a_payment(stand_in: StandIn) -> None:
    """M17."""
    session = paid(stand_in, start(PriceFactory(unit_amount=0)))

    order = order_of(session)
    assert (order.status, order.total, order.due.amount) == ("confirmed", 0, 0)
    assert (session.status, Payment.objects.count(), holds(order)) == ("complete", 0, [])


def test_an_order_that_costs_nothing_waits_for_the_customer_too(stand_in: StandIn) -> None:
    """Stripe says "no_payment_required" from the first. Guard: _follow looks at the session."""
    session = start(PriceFactory(unit_amount=0))
    opened = order_of(session).status
    expire(stand_in, session)

    read(session)

    assert (opened, order_of(session).status, reserved(order_of(session))) == (
        "pending",
        "expired",
        0,
    )


def waiting_for_the_customers_bank(stand_in: StandIn, session: CheckoutSession) -> SessionFacts:
    """As a voucher or a bank transfer is told: the page is complete, the money still to come."""
    stand_in.pay(str(session.stripe_session_id), **SEPA_PAYS)
    facts = gateway.read_session(str(session.stripe_session_id))
    assert facts.payment is not None
    return replace(facts, payment=replace(facts.payment, intent_status="requires_action"))


def test_a_voucher_that_is_still_to_be_paid_is_money_under_way(stand_in: StandIn) -> None:
    session = start()
    facts = waiting_for_the_customers_bank(stand_in, session)

    settle._apply(session, facts, facts.payment, [], None)

    order = order_of(session)
    assert (order.status, order.payments.get().status) == ("processing", "requires_action")


def test_a_page_that_closed_during_authentication_ends_its_payment(stand_in: StandIn) -> None:
    """Guard: merging._status; the units came back only once the bank had answered, if ever."""
    session = start()
    facts = replace(waiting_for_the_customers_bank(stand_in, session), status="expired")

    settle._apply(session, facts, facts.payment, [], None)

    order = order_of(session)
    assert (order.status, reserved(order)) == ("expired", 0)
    assert order.payments.get().status == "failed"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda order: {"currency": "usd"}, "The session is in eur, the order in usd."),
        (lambda order: {"subtotal": 1700}, "The lines sum to 1800, not 1700."),
    ],
    ids=["currency", "amount"],
)
def test_what_does_not_match_is_held_and_never_captured(
    stand_in: StandIn, spoil: Any, sentence: str
) -> None:
    """M12. Guard: merging._mismatches."""
    session = start()
    Order.objects.update(**spoil(order_of(session)))

    order = order_of(paid(stand_in, session))

    hold = order.holds.get()
    assert (hold.reason, sentence in hold.note) == ("amounts", True)
    assert (order.status, order.total) == ("confirmed", 1800)
    assert not policy.captures_after_stock_check(order)
    assert policy.at_deadline(order) == "release"
    with pytest.raises(stripe_requests.NotPossible, match="in review"):
        stripe_requests.ask_capture(order.payments.get(), order.payments.get().capturable)


@pytest.mark.parametrize(
    "change",
    [{"quantity": 2}, {"unit_amount": 900}, {"position": 2}],
    ids=["quantity", "price", "another line"],
)
def test_lines_that_do_not_match_are_held(stand_in: StandIn, change: dict[str, int]) -> None:
    """M12. Guard: the lines in merging._mismatches."""
    session = start()
    order_of(session).lines.update(**change)

    order = order_of(paid(stand_in, session))

    assert order.holds.get().note == "The lines are not the ones that were ordered."


def test_more_lines_than_one_answer_holds_are_all_compared(stand_in: StandIn) -> None:
    """Stripe lists ten lines inside a session; the others are asked for."""
    items = [checkout.Item(PriceFactory(), 1) for _ in range(12)]
    session = paid(stand_in, checkout.start(new_buyer(), items))

    order = order_of(session)
    assert (order.total, holds(order)) == (12 * 1800, [])
    assert order.lines.filter(total=1800).count() == 12


# -- before the session is complete ----------------------------------------------------------------


# K6
@pytest.mark.parametrize("how", [{}, SEPA_PAYS], ids=["held", "captured"])
def test_money_is_not_believed_before_the_session_is_complete(
    stand_in: StandIn, how: dict[str, str]
) -> None:
    """Stripe's answers lag behind each other: totals, address and e-mail are still to come."""
    session = start()
    stand_in.pay(str(session.stripe_session_id), **how)
    stand_in.advance(minutes=4)
    stand_in.fail("/v1/checkout/sessions", method="GET", change={"status": "open"})

    with pytest.raises(OutcomeUnknown, match="not complete"):
        settle.settle(session)
    early = (order_of(session).status, order_of(session).total, Payment.objects.count())
    order = order_of(read(session))

    assert early == ("pending", None, 0)
    assert (order.status, order.total, order.email) == ("confirmed", 1800, "ada@example.com")


# K6
def test_the_page_that_looks_too_early_waits(stand_in: StandIn) -> None:
    session = start()
    stand_in.pay(str(session.stripe_session_id))
    stand_in.fail("/v1/checkout/sessions", method="GET", change={"status": "open"})

    page_calls.look(session)

    assert order_of(session).status == "pending"


# -- captured in part, in the Dashboard ------------------------------------------------------------


# K21f
def test_a_part_captured_in_another_currency_is_stored_and_held(stand_in: StandIn) -> None:
    session = start()
    Order.objects.update(currency="usd")
    paid(stand_in, session)
    capture_part(stand_in, session)

    session = read(session)

    order, payment = order_of(session), Payment.objects.get()
    assert (payment.status, payment.captured_amount, payment.currency) == ("captured", 1000, "eur")
    assert (holds(order), order.reductions.count()) == (["amounts", "late_fact"], 0)


# K21f
def test_money_of_another_currency_is_not_asked_for(stand_in: StandIn) -> None:
    """Whoever closes its review reads why."""
    session = start()
    Order.objects.update(currency="usd")
    order = order_of(paid(stand_in, session))
    order.holds.update(closed_at=timezone.now())

    with pytest.raises(stripe_requests.NotPossible, match="is in EUR, the order in USD"):
        stripe_requests.ask_capture(Payment.objects.get(), Payment.objects.get().capturable)


def captured_in_part(payment: Payment, amount: int) -> Order:
    """As the Dashboard does where the card allows several captures; the rest is still held."""
    facts = gateway.read_payment(payment.stripe_payment_intent_id)
    settle._apply(payment.session, None, replace(facts, captured=amount), [], None)
    payment.refresh_from_db()
    return order_of(payment)


# K21g
def test_a_capture_that_is_not_final_takes_nothing_off(stand_in: StandIn) -> None:
    _, payment = held(stand_in)

    order = captured_in_part(payment, 1000)

    assert (payment.status, payment.captured_amount) == ("authorized", 1000)
    assert (payment.capturable.amount, order.due.amount) == (800, 1800)
    assert (order.reductions.count(), order.holds.get().note) == (
        0,
        "10.00 EUR of 18.00 EUR was captured at Stripe. The rest is still held.",
    )


# K21g
def test_what_is_left_is_captured_once_staff_have_looked(stand_in: StandIn) -> None:
    _, payment = held(stand_in)
    order = captured_in_part(payment, 1000)
    do_the_work()
    early = StripeRequest.objects.filter(kind="capture").count()

    review.close(order.pk, order.holds.get().pk, by=UserFactory(is_superuser=True))

    request = StripeRequest.objects.get(kind="capture")
    assert (early, request.amount, request.parameters) == (0, 800, {"amount_to_capture": 800})


# -- decided by staff ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "limit", "expected"),
    [
        ("staff", {}, ["review_limit"]),
        ("automatic", {"eur": 1799}, ["review_limit"]),
        ("stock_check", {"eur": 1799}, ["review_limit"]),
        ("automatic", {"eur": 1800}, []),
        ("automatic", {"usd": 1}, []),
        ("stock_check", {}, []),
    ],
)
def test_money_that_arrives_captured_is_held_where_staff_should_decide(
    stand_in: StandIn, settings: Any, chosen: str, limit: dict[str, int], expected: list[str]
) -> None:
    """Guard: settlement._review_if_captured_early."""
    settings.CAPTURE_POLICY, settings.CAPTURE_REVIEW_ABOVE = chosen, limit
    session = paid(stand_in, start(), **SEPA_PAYS)
    stand_in.advance(minutes=4)

    order = order_of(read(session))

    assert (order.status, order.payments.get().status) == ("confirmed", "captured")
    assert holds(order) == expected


# -- late ------------------------------------------------------------------------------------------


def test_money_for_an_order_that_was_given_up_takes_the_units_again(stand_in: StandIn) -> None:
    session = start()
    order_of(session).expire("given up")
    given_up = reserved(order_of(session))

    order = order_of(paid(stand_in, session))

    assert (given_up, reserved(order), order.status) == (0, 1, "confirmed")
    assert [move.after for move in order.transitions.all()] == ["expired", "pending", "confirmed"]


def test_late_money_tells_whose_it_is_though_the_page_was_taken_for_closed(
    stand_in: StandIn,
) -> None:
    """Guard: what a completed page says is written whatever the shop believed of the page."""
    session = start()
    order_of(session).expire("given up")
    CheckoutSession.objects.update(status="expired")

    order = order_of(paid(stand_in, session))

    assert (order.status, order.total, order.email) == ("confirmed", 1800, "ada@example.com")


def test_late_money_for_units_that_were_sold_goes_back(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=1)
    session = start(price)
    order_of(session).expire("given up")
    start(price)

    order = order_of(paid(stand_in, session))
    done = perform_all()

    order.refresh_from_db()
    assert done == ["release: carried out"]
    assert (order.status, order.cancel_reason, order.payments.get().status) == (
        "cancelled",
        "out_of_stock",
        "released",
    )
    assert reserved(order) == 1


def test_late_captured_money_for_units_that_were_sold_is_refunded(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=1)
    session = start(price)
    stand_in.pay(str(session.stripe_session_id), **SEPA_PAYS)
    stand_in.advance(minutes=4)
    order_of(session).expire("given up")
    start(price)

    order = order_of(read(session))
    done = perform_all()

    payment = order.payments.get()
    assert done == ["refund: carried out"]
    assert (order.status, payment.status, payment.refunded) == (
        "cancelled",
        "captured",
        payment.captured,
    )


def two_payments_for_one_order(stand_in: StandIn) -> tuple[CheckoutSession, CheckoutSession]:
    first = start()
    order = order_of(first)
    CheckoutSession.objects.filter(pk=first.pk).update(status="expired")
    order.expire("as the shop believed")
    second = checkout.pay_again(order, new_buyer())
    return first, second


def test_a_second_payment_for_one_order_is_held_and_goes_back(stand_in: StandIn) -> None:
    """Guards: purpose EXTRA, settlement._follow_extra, the constraint one_live_payment."""
    first, second = two_payments_for_one_order(stand_in)
    paid(stand_in, second)

    order = order_of(paid(stand_in, first))
    done = perform_all()

    assert done == ["release: carried out"]
    assert (order.status, holds(order)) == ("confirmed", ["second_payment"])
    assert list(order.payments.order_by("purpose").values_list("purpose", "status", "session")) == [
        ("checkout", "authorized", second.pk),
        ("extra", "released", first.pk),
    ]


def test_a_second_captured_payment_is_refunded(stand_in: StandIn) -> None:
    first, second = two_payments_for_one_order(stand_in)
    paid(stand_in, second)
    stand_in.pay(str(first.stripe_session_id), **SEPA_PAYS)
    stand_in.advance(minutes=4)
    order = order_of(read(first))

    done = perform_all()
    order_of(read(first))

    extra = order.payments.get(purpose="extra")
    assert done == ["refund: carried out"]
    assert (extra.status, extra.refunded.amount, holds(order)) == (
        "captured",
        1800,
        ["second_payment"],
    )
    assert perform_all() == []


def test_a_fact_against_the_table_is_no_error_but_a_hold(stand_in: StandIn) -> None:
    """Captured at Stripe after all, though the shop believed it released. Guard: merging._move."""
    _, payment = held(stand_in)
    Payment.objects.update(status="released")
    stand_in.call(f"payment_intents/{payment.stripe_payment_intent_id}/capture")

    order, payment = settled(payment)

    assert (payment.status, payment.captured_amount) == ("released", 1800)
    assert holds(order) == ["late_fact"]


def test_a_refund_after_shipping_changes_no_status(stand_in: StandIn) -> None:
    order, payment = captured_at_stripe(stand_in)
    order.ship("sent")
    stand_in.call("refunds", payment_intent=payment.stripe_payment_intent_id)

    order, payment = settled(payment)

    assert (order.status, payment.refunded.amount) == ("shipped", 1800)


def test_refunded_in_full_before_shipping_ends_the_order(stand_in: StandIn) -> None:
    """M06."""
    order, payment = captured_at_stripe(stand_in)
    stand_in.call("refunds", payment_intent=payment.stripe_payment_intent_id)

    order, _ = settled(payment)

    assert (order.status, order.cancel_reason, reserved(order)) == ("cancelled", "refunded", 0)


# -- called off ------------------------------------------------------------------------------------


def called_off(order: Order) -> tuple[list[str], Order]:
    """Cancel twice, do what was asked for; what was done, and the order then."""
    checkout.cancel(order, reason=Order.CancelReason.STAFF, note="changed my mind")
    checkout.cancel(order, reason=Order.CancelReason.STAFF, note="again")
    done = perform_all()
    return done, Order.objects.get(pk=order.pk)


def test_cancel_while_the_page_is_open_expires_it(stand_in: StandIn) -> None:
    session = start()

    done, order = called_off(order_of(session))

    assert done == ["expire_session: carried out"]
    assert (order.status, order.cancel_reason, order.cancel_note, reserved(order)) == (
        "cancelled",
        "staff",
        "changed my mind",
        0,
    )
    assert stand_in.api(f"checkout/sessions/{session.stripe_session_id}")["status"] == "expired"


def test_cancel_after_a_declined_attempt(stand_in: StandIn) -> None:
    session = start()
    stand_in.pay(str(session.stripe_session_id), card="4000000000000002")
    read(session)

    done, order = called_off(order_of(session))

    assert done == ["expire_session: carried out"]
    assert (order.status, reserved(order)) == ("cancelled", 0)


def test_cancel_while_the_page_is_being_made_expires_it_once_it_is_there(
    stand_in: StandIn,
) -> None:
    stand_in.fail("/v1/checkout/sessions$", method="POST", when="after", reset=True)
    session = start()

    done, order = called_off(order_of(session))
    unfinished = (order.status, reserved(order))
    then = perform_all()

    order.refresh_from_db()
    assert (done, unfinished) == (["create_session: opened"], ("pending", 1))
    assert then == ["expire_session: carried out"]
    assert (order.status, reserved(order)) == ("cancelled", 0)


def test_cancel_when_the_page_is_refused_after_all(stand_in: StandIn) -> None:
    stand_in.fail("/v1/checkout/sessions$", method="POST", when="before", reset=True)
    session = start()
    stand_in.fail("/v1/checkout/sessions$", method="POST", status=400)

    _, order = called_off(order_of(session))

    assert (order.status, reserved(order)) == ("cancelled", 0)


def test_cancel_when_it_was_paid_in_the_same_moment_releases(stand_in: StandIn) -> None:
    session = start()
    stand_in.pay(str(session.stripe_session_id))

    refused, _ = called_off(order_of(session))
    done = perform_all()

    order = order_of(session)
    assert refused[0].startswith("expire_session: refused")
    assert done == ["release: carried out"]
    assert (order.status, order.payments.get().status) == ("cancelled", "released")


def test_cancel_while_the_money_is_under_way_refunds_it_when_it_came(stand_in: StandIn) -> None:
    session = paid(stand_in, start(), **SEPA_PAYS)
    performed, order = called_off(order_of(session))
    waiting = (performed, order.status)
    stand_in.advance(minutes=4)
    read(session)

    done = perform_all()

    order = order_of(session)
    assert (waiting, done) == (([], "processing"), ["refund: carried out"])
    assert (order.status, order.payments.get().refunded.amount, reserved(order)) == (
        "cancelled",
        1800,
        0,
    )


def test_cancel_while_the_money_is_under_way_and_never_comes(stand_in: StandIn) -> None:
    """The customer is not asked to pay again for what was called off."""
    session = paid(stand_in, start(), **SEPA_FAILS)
    called_off(order_of(session))
    stand_in.advance(minutes=4)

    order = order_of(read(session))

    assert (order.status, order.cancel_reason, order.cancel_note, reserved(order)) == (
        "cancelled",
        "staff",
        "changed my mind",
        0,
    )


def test_cancel_when_the_money_is_held_releases_it(stand_in: StandIn) -> None:
    order, payment = held(stand_in)

    done, order = called_off(order)

    payment.refresh_from_db()
    assert (done, order.status, payment.status) == (
        ["release: carried out"],
        "cancelled",
        "released",
    )
    assert (reserved(order), payment.refunded.amount) == (0, 0)


def test_cancel_when_the_money_was_taken_refunds_it(stand_in: StandIn) -> None:
    order, payment = captured_at_stripe(stand_in)

    done, order = called_off(order)

    payment.refresh_from_db()
    assert (done, order.status, payment.refunded.amount) == (
        ["refund: carried out"],
        "cancelled",
        1800,
    )


def test_cancel_when_a_part_went_back_refunds_the_rest(stand_in: StandIn) -> None:
    order, payment = captured_at_stripe(stand_in)
    stand_in.call("refunds", payment_intent=payment.stripe_payment_intent_id, amount=300)
    order, payment = settled(payment)

    _, order = called_off(order)

    assert (order.status, payment.refunded.amount) == ("cancelled", 1800)
    assert StripeRequest.objects.get(kind="refund").amount == 1500


def test_cancel_while_the_bank_decides_refunds_when_the_dispute_is_won(stand_in: StandIn) -> None:
    """M10. Guard: the wish stands although no refund can be asked for yet."""
    order, payment = captured_at_stripe(stand_in)
    stand_in.ask("disputes", {"payment_intent": payment.stripe_payment_intent_id})
    order, payment = settled(payment)

    while_disputed, order = called_off(order)
    facts = gateway.read_payment(payment.stripe_payment_intent_id)
    won = replace(facts, disputes=[replace(dispute, status="won") for dispute in facts.disputes])
    settle._apply(payment.session, None, won, [], None)

    refund = StripeRequest.objects.get(kind="refund")
    assert (while_disputed, order.status, order.cancel_requested_at is None) == (
        [],
        "confirmed",
        False,
    )
    assert (refund.status, refund.amount) == ("ready", 1800)


def test_cancel_while_a_capture_is_under_way_refunds_what_it_took(stand_in: StandIn) -> None:
    order, payment = held(stand_in)
    stripe_requests.ask_capture(payment, order.due)

    first, order = called_off(order)
    then = perform_all()

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (first, then) == (["capture: carried out"], ["refund: carried out"])
    assert (order.status, payment.status, payment.refunded.amount) == (
        "cancelled",
        "captured",
        1800,
    )


def test_cancel_of_a_free_order_ends_it_at_once(stand_in: StandIn) -> None:
    session = paid(stand_in, start(PriceFactory(unit_amount=0)))

    done, order = called_off(order_of(session))

    assert (done, order.status, reserved(order)) == ([], "cancelled", 0)


@pytest.mark.parametrize("ending", ["shipped", "cancelled"])
def test_cancel_of_what_has_ended_does_nothing(stand_in: StandIn, ending: str) -> None:
    order, _ = captured_at_stripe(stand_in)
    order.ship("sent") if ending == "shipped" else order.cancel("over")

    done, order = called_off(order)

    assert (done, order.status, order.cancel_requested_at) == ([], ending, None)


def test_a_refusal_to_send_money_back_is_not_asked_again_but_held(stand_in: StandIn) -> None:
    order, payment = captured_at_stripe(stand_in)
    stand_in.fail("/v1/refunds", status=400)

    done, order = called_off(order)
    settled(payment)

    assert [line[:15] for line in done] == ["refund: refused"]
    assert (order.status, holds(order), perform_all()) == ("confirmed", ["late_fact"], [])


def test_a_refund_that_fails_is_not_repeated_for_ever_but_held(stand_in: StandIn) -> None:
    """M09: the customer's bank takes no money back; a person has to look."""
    order, payment = captured_at_stripe(stand_in, card=REFUND_FAILS)
    called_off(order)
    stand_in.advance(days=31)

    order, payment = settled(payment)

    assert (order.status, payment.refunded.amount, holds(order)) == (
        "cancelled",
        0,
        ["refund_failed"],
    )
    assert perform_all() == []


def test_a_hold_for_the_same_reason_is_opened_once() -> None:
    order = OrderFactory()

    for note in ("first", "second"):
        order.hold(OrderHold.Reason.DISPUTE, note)

    assert [hold.note for hold in order.holds.all()] == ["first · second"]


def test_an_order_that_ended_cannot_be_paid_again(stand_in: StandIn) -> None:
    order, _ = held(stand_in)

    with pytest.raises(IllegalTransition):
        checkout.pay_again(order, new_buyer())

    assert perform_all() == []
    assert timedelta(0) < timezone.now() - order.created_at


@pytest.mark.parametrize("taken", [1, 899, 900, 901, 1799])
def test_what_a_capture_in_part_lets_go_is_no_refund(stand_in: StandIn, taken: int) -> None:
    """It shows as a refund at Stripe. Guard: told._is_rest_of_hold."""
    order, payment = held(stand_in)
    intent_id = payment.stripe_payment_intent_id
    stand_in.call(f"payment_intents/{intent_id}/capture", amount_to_capture=taken)

    order, payment = settled(payment)

    assert (order.status, payment.captured_amount, payment.refunded.amount) == (
        "confirmed",
        taken,
        0,
    )
    assert list(payment.refunds.values_list("amount", "is_release")) == [(1800 - taken, True)]
    assert list(payment.entries.values_list("kind", "amount")) == [("capture", taken)]


def test_a_refund_as_large_as_what_was_let_go_is_a_refund(stand_in: StandIn) -> None:
    _, payment = held(stand_in)
    intent_id = payment.stripe_payment_intent_id
    stand_in.call(f"payment_intents/{intent_id}/capture", amount_to_capture=1200)
    stand_in.call("refunds", payment_intent=intent_id, amount=600)

    _, payment = settled(payment)

    assert payment.refunded.amount == 600
    assert sorted(payment.refunds.values_list("is_release", flat=True)) == [False, True]


# -- gone ------------------------------------------------------------------------------------------


def test_a_session_that_stripe_has_forgotten_gives_its_units_back(stand_in: StandIn) -> None:
    """Its test data was deleted: nobody can pay that page any more."""
    session = start()
    taken = reserved(Order.objects.get())
    stand_in.ask("reset", {"keep_endpoints": False})

    settle.settle(session)

    order = Order.objects.get()
    session.refresh_from_db()
    assert (taken, reserved(order)) == (1, 0)
    assert (order.status, session.status) == ("expired", "expired")


def test_a_session_of_another_account_is_not_forgotten(stand_in: StandIn) -> None:
    """It may still be paid there. Guard: the account in _never_paid."""
    session = start()
    stand_in.ask("reset", {"keep_endpoints": False})
    CheckoutSession.objects.update(account="acct_other/test")
    session.refresh_from_db()

    with pytest.raises(Refused):
        settle.settle(session)

    assert reserved(Order.objects.get()) == 1


def test_a_paid_session_that_stripe_has_forgotten_changes_nothing(stand_in: StandIn) -> None:
    """Guard: _never_paid."""
    order, payment = captured_at_stripe(stand_in)
    stand_in.ask("reset", {"keep_endpoints": False})

    with pytest.raises(Refused):
        settle.settle(payment)

    order.refresh_from_db()
    assert order.status == "confirmed"


def test_a_lost_dispute_ends_an_order_that_has_not_shipped(stand_in: StandIn) -> None:
    order, payment = captured_at_stripe(stand_in)
    Dispute.objects.create(
        payment=payment,
        account=payment.account,
        stripe_dispute_id="dp_1",
        amount=1800,
        currency="eur",
        status="lost",
        created_at=timezone.now(),
    )

    settle.settle(payment)

    order.refresh_from_db()
    assert (order.status, reserved(order)) == ("cancelled", 0)


def test_text_that_the_database_cannot_hold_is_left_out_of_a_read(stand_in: StandIn) -> None:
    # K15: what a customer typed into Stripe's page made settle raise each time.
    session = start()
    stand_in.pay(str(session.stripe_session_id))
    odd = {
        "email": "ada@example.com",
        "name": "Ada\0 \ud800Muster",
        "phone": None,
        "address": {"city": "Wi\0en"},
    }
    stand_in.fail(
        f"/v1/checkout/sessions/{session.stripe_session_id}", change={"customer_details": odd}
    )

    read(session)

    order = order_of(session)
    assert (order.status, order.billing_address) == ("confirmed", {"city": "Wien"})
