"""Whether the shop's books add up, asked of the database and of the stand-in."""

from django.db.models import Sum

from payments.models import MoneyEntry, Payment
from shop import work
from shop.catalog.models import Stock, StockMovement
from shop.orders.models import Order
from tests.stand_in import StandIn


def assert_adds_up(stand_in: StandIn, order: Order) -> None:
    """Stock equals its ledger, money equals Stripe's, history is one path; nothing was given up."""
    assert stock_differences() == []
    assert money_differences(stand_in, order) == []
    assert history_gaps(order) == []
    assert given_up() == []


def stock_differences() -> list[str]:
    """Stocks whose counters are not the sums of their movements, or make no sense."""
    sums = {
        row["stock"]: (row["on_hand"], row["reserved"])
        for row in StockMovement.objects.values("stock").annotate(
            on_hand=Sum("on_hand_delta"), reserved=Sum("reserved_delta")
        )
    }
    return [
        f"{stock.variant.sku}: {stock.on_hand} on hand, {stock.reserved} reserved"
        for stock in Stock.objects.select_related("variant")
        if (stock.on_hand, stock.reserved) != sums.get(stock.pk, (0, 0))
        or not 0 <= stock.reserved <= stock.on_hand + stock.backorder + stock.shortage
    ]


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
        if ours != theirs or payment.captured_amount > payment.authorized_amount:
            differences.append(f"{payment}: {ours} here, {theirs} at Stripe")
    live = order.payments.filter(status__in=Payment.LIVE, purpose=Payment.Purpose.CHECKOUT)
    return [*differences, *(["more than one live payment"] if live.count() > 1 else [])]


def refunded_at(stand_in: StandIn, payment_intent_id: str) -> int:
    refunds = stand_in.api("refunds", payment_intent=payment_intent_id)["data"]
    return sum(refund["amount"] for refund in refunds if refund["status"] == "succeeded")


def history_gaps(order: Order) -> list[str]:
    """Where the order's history is no path through the table to its present status."""
    order.refresh_from_db()
    at, gaps = "pending", []
    for step in order.transitions.order_by("seq"):
        if step.before != at or step.before not in Order.COMES_FROM[Order.Status(step.after)]:
            gaps.append(f"{step} after {at}")
        at = step.after
    return gaps if at == order.status else [*gaps, f"ends in {at}, is {order.status}"]


def given_up() -> list[str]:
    """Work rows that wait for a person."""
    return [
        f"{row}: {row.last_error}"
        for kind in work.kinds()
        for row in kind._default_manager.filter(status=work.Work.Status.DEAD)
    ]
