"""Whether the shop's books add up, asked of the database and of the stand-in."""

from django.db.models import Sum

from fulfillment import invariants
from payments.models import MoneyEntry
from shop.orders.models import Order
from tests.support.stand_in import StandIn
from tests.support.waiting import eventually


def assert_adds_up(stand_in: StandIn, order: Order) -> None:
    """Every invariant holds for the whole shop, and the order's money is what Stripe says."""
    # Where a test has moved the clock, what others left open is closed when the sweep comes round.
    eventually(lambda: not forgotten(), shown=forgotten)
    assert broken_invariants() == {}
    assert money_differences(stand_in, order) == []


def forgotten() -> list[str]:
    """Orders that wait for something that will not come."""
    return list(invariants.orders_move_on())


def broken_invariants() -> dict[str, list[str]]:
    """What `manage.py check_invariants` would name."""
    return {name: rows for name, rows in invariants.broken().items() if rows}


def money_differences(stand_in: StandIn, order: Order) -> list[str]:
    """Payments whose amounts are not Stripe's, or not the sums of the money ledger."""
    differences = []
    for payment in order.payments.all():
        intent = stand_in.api(f"payment_intents/{payment.stripe_payment_intent_id}")
        taken = intent["amount_received"]
        sent_back = refunded_at(stand_in, intent["id"]) if taken else 0
        ledger = MoneyEntry.objects.filter(payment=payment).aggregate(sum=Sum("amount"))["sum"] or 0
        ours = (payment.captured_amount, payment.refunded.amount, ledger)
        theirs = (taken, sent_back, taken - sent_back)
        if ours != theirs:
            differences.append(f"{payment}: {ours} here, {theirs} at Stripe")
    return differences


def refunded_at(stand_in: StandIn, payment_intent_id: str) -> int:
    refunds = stand_in.api("refunds", payment_intent=payment_intent_id)["data"]
    return sum(refund["amount"] for refund in refunds if refund["status"] == "succeeded")
