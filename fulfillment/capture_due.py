"""What the policy makes of each held payment now; `capture_payments` tells it or does it."""

from collections.abc import Iterator
from dataclasses import dataclass

from fulfillment import shipping, stock_check
from payments import policy
from payments.capture_queue import queue
from payments.models import Payment
from shop import clock


@dataclass(frozen=True)
class Verdict:
    """One held payment: captured now, or why it waits."""

    payment: Payment
    captures: bool
    why: str


def verdicts() -> Iterator[Verdict]:
    """Every held payment, the most pressing first."""
    for row in queue.queue_rows(queue.waiting()):
        yield _verdict(row)


def _verdict(row: queue.Row) -> Verdict:
    payment = row.payment
    if row.obstacle or payment.order is None:
        return Verdict(payment, False, row.obstacle)
    if policy.captures_after_stock_check(payment.order):
        return Verdict(payment, True, "The stock is taken.")
    why = "Staff decide."
    if policy.near_deadline(payment):
        why = f"At its deadline: {policy.at_deadline(payment.order)}."
    return Verdict(payment, False, why)


def capture(verdict: Verdict) -> bool:
    """Ask for the capture that the policy wants; False when something came between."""
    order = verdict.payment.order
    if order is None or not shipping.is_prepared(order):
        return False
    stock_check.continue_after_hold(order)
    return verdict.payment.open_request() is not None


def time_left(payment: Payment) -> str:
    """How long the bank still holds the money, in words."""
    return queue.time_left(payment, clock.now()).words
