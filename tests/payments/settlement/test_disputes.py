"""What the customer's bank says of a payment: it only grows, and its money is in the ledger."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from payments import stripe_requests
from payments.models import Dispute, Payment
from payments.settlement import disputes, settle
from payments.stripe import gateway
from payments.stripe.facts import PaymentFacts
from shop.money import Money
from tests.support.purchases import captured_at_stripe, order_of, settled
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

FEE = 1500


def disputed(stand_in: StandIn, **how: Any) -> Payment:
    """A captured payment that its customer disputes; the shop has been told."""
    _, payment = captured_at_stripe(stand_in)
    stand_in.ask("disputes", {"payment_intent": payment.stripe_payment_intent_id, **how})
    return settled(payment)[1]


def decide(stand_in: StandIn, payment: Payment, verb: str) -> None:
    """The bank decides: `win` or `lose`."""
    stand_in.ask(f"payment_intents/{payment.stripe_payment_intent_id}/{verb}", {})


def read(payment: Payment) -> PaymentFacts:
    return gateway.read_payment(payment.stripe_payment_intent_id)


def apply(payment: Payment, facts: PaymentFacts) -> None:
    settle._apply(payment.session, None, facts, [], None)


def entered(payment: Payment) -> list[tuple[str, int]]:
    return list(payment.entries.order_by("id").values_list("kind", "amount"))


# K16
@pytest.mark.parametrize("verb", ["win", "lose"])
def test_an_early_read_does_not_undo_what_the_bank_has_decided(
    stand_in: StandIn, verb: str
) -> None:
    payment = disputed(stand_in)
    early = read(payment)
    decide(stand_in, payment, verb)
    settled(payment)

    apply(payment, early)

    assert payment.disputes.get().status == {"win": "won", "lose": "lost"}[verb]


# K16
def test_a_dispute_ends_alike_in_whatever_order_it_is_told(stand_in: StandIn) -> None:
    payment = disputed(stand_in, inquiry=True)
    facts = read(payment)
    life = ["warning_needs_response", "needs_response", "under_review", "lost"]

    for order in permutations(life):
        Dispute.objects.update(status="warning_needs_response", is_refundable=True)
        for status in order:
            told = replace(facts.disputes[0], status=status, is_refundable="warning" in status)
            apply(payment, replace(facts, disputes=[told]))

        dispute = payment.disputes.get()
        assert (dispute.status, dispute.is_refundable) == ("lost", False), order


# K16
@pytest.mark.parametrize(
    ("before", "told", "then"),
    [
        ("lost", "appeal_under_review", "lost"),
        ("lost", "won", "won"),
        ("won", "lost", "won"),
        ("won", "prevented", "won"),
        ("prevented", "needs_response", "prevented"),
        ("warning_closed", "warning_under_review", "warning_closed"),
        ("needs_response", "said_by_nobody_yet", "needs_response"),
    ],
)
def test_what_may_follow_what(before: str, told: str, then: str) -> None:
    """An appeal may still win; until then the money is with the customer, which is what counts."""
    assert (then if disputes.is_newer(before, told) else before) == then
    assert disputes.is_newer(before, told) == (then != before)


# K16
def test_a_charge_that_is_read_early_does_not_hide_a_dispute_that_we_know(
    stand_in: StandIn,
) -> None:
    """Its `disputed` lags: what was decided is read all the same."""
    payment = disputed(stand_in)
    decide(stand_in, payment, "lose")
    charge = stand_in.api(f"charges/{payment.stripe_charge_id}")
    expand = {"expand[0]": "payment_intent.latest_charge.refunds"}
    intent = stand_in.api(f"checkout/sessions/{payment.session}", **expand)["payment_intent"]
    early = {**intent, "latest_charge": {**intent["latest_charge"], "disputed": False}}
    stand_in.fail("/v1/checkout/sessions", method="GET", change={"payment_intent": early})

    settled(payment)

    assert (charge["disputed"], payment.disputes.get().status) == (True, "lost")


# K16
def test_what_was_only_asked_about_may_be_refunded(stand_in: StandIn) -> None:
    """An inquiry: the bank asks, and a refund answers it."""
    payment = disputed(stand_in, inquiry=True)

    stripe_requests.ask_refund(payment, payment.captured, reason="so that it ends")

    assert payment.disputes.get().is_refundable


# K16
def test_what_the_bank_has_taken_may_not(stand_in: StandIn) -> None:
    payment = disputed(stand_in)

    with pytest.raises(stripe_requests.NotPossible, match="disputed"):
        stripe_requests.ask_refund(payment, Money(1, "eur"), reason="sorry")


# K16
def test_the_money_of_a_lost_dispute_is_in_the_ledger(stand_in: StandIn) -> None:
    payment = disputed(stand_in)
    decide(stand_in, payment, "lose")

    settled(payment)
    settled(payment)

    assert entered(payment) == [
        ("capture", 1800),
        ("withdrawn", -1800),
        ("dispute_fee", -FEE),
        ("dispute_lost", 0),
    ]


# K16
def test_the_money_of_a_won_dispute_comes_back_without_its_fee(stand_in: StandIn) -> None:
    payment = disputed(stand_in)
    decide(stand_in, payment, "win")

    settled(payment)
    settled(payment)

    assert entered(payment) == [
        ("capture", 1800),
        ("withdrawn", -1800),
        ("dispute_fee", -FEE),
        ("reinstated", 1800),
        ("dispute_won", 0),
    ]
    assert sum(amount for _, amount in entered(payment)) == 1800 - FEE


# K16
def test_a_fee_that_is_given_back_is_entered_too(stand_in: StandIn) -> None:
    """As Stripe did for long, and still does in some countries."""
    payment = disputed(stand_in)
    decide(stand_in, payment, "win")
    facts = read(payment)
    (dispute,) = facts.disputes
    moves = [replace(move, fee=-FEE) if move.amount > 0 else move for move in dispute.moves]
    apply(payment, replace(facts, disputes=[replace(dispute, moves=moves)]))

    assert sum(amount for _, amount in entered(payment)) == 1800


# K16
def test_money_that_settles_in_another_currency_is_entered_in_the_payments(
    stand_in: StandIn,
) -> None:
    """The balance is in the account's currency: 19.80 of it went away, and a fee in it."""
    payment = disputed(stand_in)
    facts = read(payment)
    moves = [replace(move, id="txn_other", amount=-1980, currency="usd")
             for move in facts.disputes[0].moves]  # fmt: skip
    apply(payment, replace(facts, disputes=[replace(facts.disputes[0], moves=moves)]))

    other = payment.entries.filter(stripe_object_id="txn_other").order_by("id")
    assert list(other.values_list("kind", "amount", "currency")) == [
        ("withdrawn", -1800, "eur"),
        ("dispute_fee", -FEE, "usd"),
    ]


# K16
def test_an_early_read_does_not_undo_the_charge(stand_in: StandIn) -> None:
    """A declined attempt that is told late says nothing of the card that has paid since."""
    _, payment = captured_at_stripe(stand_in)
    facts = read(payment)
    early = replace(
        facts,
        intent_status="requires_payment_method",
        authorized=0,
        captured=0,
        charge_id="ch_declined",
        last4="9995",
        multicapture=True,
        failure="Your card has insufficient funds. (insufficient_funds)",
    )

    apply(payment, early)

    kept = Payment.objects.get()
    assert (kept.stripe_charge_id, kept.last4, kept.multicapture, kept.failure, kept.status) == (
        facts.charge_id,
        "4242",
        False,
        "",
        "captured",
    )


# T3
@pytest.mark.parametrize(
    ("inquiry", "verb", "opened", "then"),
    [
        (False, "win", "fraudulent", "The bank has decided for the shop, and the money is back"),
        (
            True,
            "lose",
            "The bank only asks so far: fraudulent",
            "The bank has asked, and leaves it at that",
        ),
    ],
)
def test_staff_who_have_it_in_review_read_how_the_bank_decided(
    stand_in: StandIn, inquiry: bool, verb: str, opened: str, then: str
) -> None:
    payment = disputed(stand_in, inquiry=inquiry)
    name = payment.disputes.get().stripe_dispute_id
    first = order_of(payment).holds.get().note

    decide(stand_in, payment, verb)
    settled(payment)
    settled(payment)

    assert first == f"{opened} ({name})"
    assert order_of(payment).holds.get().note == f"{first} · {then} ({name})."
