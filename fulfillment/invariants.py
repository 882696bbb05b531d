"""What must hold whatever happens: one question to the database each, answered by the rows that
break it. An empty answer is the good one.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import groupby

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from fulfillment.emails.letters import TRUE_WHILE
from fulfillment.models import Email, Shipment, ShipmentLine
from fulfillment.subscriptions import adds_up
from payments.models import (
    Dispute,
    LaterCharge,
    MoneyEntry,
    Payment,
    Refund,
    StripeRequest,
)
from shop import clock, work
from shop.catalog import stock
from shop.catalog.models import Stock, StockMovement
from shop.orders.models import Order, OrderHold, OrderLine, OrderReduction, OrderTransition
from shop.work import Outcome

# The sweep comes every 30 s; work that nobody took for this long is stuck.
STUCK_AFTER = timedelta(minutes=10)
# A session ends 45 minutes after it was made; an order that still waits after this was forgotten.
FORGOTTEN_AFTER = timedelta(hours=2)

Check = Callable[[], Iterator[str]]


def stock_equals_its_ledger() -> Iterator[str]:
    """I1: the counters are the sums of the movements."""

    def summed(field: str) -> Coalesce:
        return Coalesce(Sum(f"movements__{field}"), 0)

    # One pass over the ledger, whatever there is of it.
    wrong = Stock.objects.annotate(
        moved_on_hand=summed("on_hand_delta"),
        moved_reserved=summed("reserved_delta"),
        moved_shortage=summed("shortage_delta"),
    ).exclude(
        on_hand=F("moved_on_hand"), reserved=F("moved_reserved"), shortage=F("moved_shortage")
    )
    for row in wrong.select_related("variant"):
        yield f"stock of {row.variant.sku} differs from its ledger"


def stock_is_within_bounds() -> Iterator[str]:
    """I1: 0 ≤ reserved ≤ on hand + backorder + shortage."""
    too_much = Q(reserved__lt=0) | Q(reserved__gt=F("on_hand") + F("backorder") + F("shortage"))
    for row in Stock.objects.filter(too_much).select_related("variant"):
        yield f"stock of {row.variant.sku} has {row.reserved} reserved of {row.on_hand}"


def nothing_is_oversold() -> Iterator[str]:
    """I2: no more units were taken out than ever came in, backorders apart."""
    for row in Stock.objects.filter(on_hand__lt=-1 * F("backorder")).select_related("variant"):
        yield f"{-row.on_hand} units of {row.variant.sku} were sold and never there"


def stock_follows_its_orders() -> Iterator[str]:
    """I2: an order that is over holds nothing, one that is under way holds what it needs."""
    kind = StockMovement.Kind
    moves = StockMovement.objects.filter(cause_kind="order", cause_id=OuterRef("reservation"))
    came_back = Exists(moves.filter(kind__in=[kind.RETURN, kind.RESTOCK]))
    taken = Exists(moves.filter(kind=kind.COMMIT))
    over = [Order.Status.CANCELLED, Order.Status.EXPIRED, Order.Status.PAYMENT_FAILED]
    left = [Order.Status.SHIPPED, Order.Status.PARTLY_SHIPPED, Order.Status.COMPLETED]
    reserved = Exists(moves.filter(kind=kind.RESERVE))
    for order in Order.objects.filter(reserved, ~came_back, status__in=over):
        yield f"{order} is {order.status} and still holds stock"
    for order in Order.objects.filter(~taken, status__in=left):
        yield f"{order} is {order.status} and its stock was never taken"


def what_is_set_aside_was_bought() -> Iterator[str]:
    """I2: until its units are taken, an order that was bought holds just what its lines say."""
    moves = StockMovement.objects.filter(
        cause_kind__in=["order", stock.NOT_BOUGHT], cause_id=OuterRef("reservation")
    )
    held = moves.order_by().values("cause_id").annotate(sum=Sum("reserved_delta")).values("sum")
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    bought = lines.annotate(sum=Sum("quantity")).values("sum")
    orders = Order.objects.filter(
        ~Exists(moves.filter(kind=StockMovement.Kind.COMMIT)), status__in=Order.BOUGHT
    ).annotate(held=Coalesce(Subquery(held), 0), bought=Coalesce(Subquery(bought), 0))
    for number, units, wanted in orders.exclude(held=F("bought")).values_list(
        "number", "held", "bought"
    ):
        yield f"{number} was bought with {wanted} units, and {units} are set aside for it"


def what_was_taken_off_is_missing() -> Iterator[str]:
    """I2: each line lacks the units that its order's reductions name, and no parcel holds them."""
    off: dict[tuple[uuid.UUID, int], int] = defaultdict(int)
    for order_id, lines in OrderReduction.objects.exclude(lines={}).values_list("order", "lines"):
        for position, units in lines.items():
            off[order_id, int(position)] += units
    removed = OrderLine.objects.filter(Q(removed__gt=0) | Q(order__in={key[0] for key in off}))
    for line in removed.select_related("order"):
        if line.removed != off[line.order_id, line.position]:
            yield f"{line.order}: {line} lacks {line.removed}, its reductions name others"
    parcels = ShipmentLine.objects.exclude(shipment__status=Shipment.Status.CANCELLED)
    sent = parcels.values("order_line").annotate(units=Sum("quantity"))
    too_many = sent.filter(units__gt=F("order_line__quantity") - F("order_line__removed"))
    for number in too_many.values_list("order_line__order__number", flat=True):
        yield f"{number} has more in its parcels than it is paid for"


def money_stays_within_bounds() -> Iterator[str]:
    """I3: refunded ≤ captured ≤ authorized."""
    back = (
        Refund.objects.filter(payment=OuterRef("pk"), is_release=False)
        .exclude(status__in=Refund.NOTHING_MOVES)
        .values("payment")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    payments = Payment.objects.annotate(back=Coalesce(Subquery(back), 0))
    wrong = payments.filter(
        Q(back__gt=F("captured_amount")) | Q(captured_amount__gt=F("authorized_amount"))
    )
    columns = ("stripe_payment_intent_id", "back", "captured_amount", "authorized_amount")
    for name, refunded, captured, authorized in wrong.values_list(*columns):
        yield f"{name}: refunded {refunded}, captured {captured}, authorized {authorized}"


def money_equals_its_ledger() -> Iterator[str]:
    """I3: what was captured is the sum of its entries."""
    entries = (
        MoneyEntry.objects.filter(payment=OuterRef("pk"), kind=MoneyEntry.Kind.CAPTURE)
        .values("payment")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    payments = Payment.objects.annotate(entered=Coalesce(Subquery(entries), 0))
    wrong = payments.exclude(captured_amount=F("entered"))
    columns = ("stripe_payment_intent_id", "captured_amount", "entered")
    for name, captured, entered in wrong.values_list(*columns):
        yield f"{name}: captured {captured}, in the ledger {entered}"


def an_order_is_paid_once() -> Iterator[str]:
    """I4: at most one live payment per order; a second one is never without an open hold."""
    live = Payment.objects.filter(status__in=[*Payment.LIVE]).exclude(order=None)
    looked_at = OrderHold.objects.filter(order=OuterRef("order"), closed_at=None)
    extra = live.filter(~Exists(looked_at), purpose=Payment.Purpose.EXTRA)
    for payment in extra.select_related("order"):
        if payment.captured_amount > payment.refunded.amount or payment.capturable:
            yield f"{payment} is a second payment of {payment.order}, and nobody is looking"
    doubled = (
        live.filter(purpose__in=Payment.OWN)
        .values("order__number")
        .annotate(many=Sum(1))
        .filter(many__gt=1)
    )
    for row in doubled:
        yield f"{row['order__number']} has {row['many']} live payments"


def what_is_owed_besides_is_paid_once() -> Iterator[str]:
    """I4: a later charge that is paid has just its money; one under way has something to do."""
    ours = Payment.objects.filter(later_charge=OuterRef("pk"), order=OuterRef("order"))
    taken = ours.filter(purpose=Payment.Purpose.LATER, captured_amount__gt=0)
    sums = taken.order_by().values("later_charge").annotate(sum=Sum("captured_amount"))
    charges = LaterCharge.objects.annotate(taken=Coalesce(Subquery(sums.values("sum")), 0))
    paid = charges.filter(status=LaterCharge.Status.PAID).exclude(taken=F("amount"))
    for number, amount, came in paid.values_list("order__number", "amount", "taken"):
        yield f"{number}: {amount} was charged later, and {came} came"
    live = Exists(ours.filter(status__in=Payment.LIVE))
    asked = StripeRequest.objects.filter(later_charge=OuterRef("pk"), order=OuterRef("order"))
    waits = Exists(asked.exclude(status=work.Work.Status.DONE))
    stuck = LaterCharge.objects.filter(~live, ~waits, status=LaterCharge.Status.CHARGING)
    for number in stuck.values_list("order__number", flat=True):
        yield f"{number} has a later charge that nobody makes"


def work_is_done_in_time() -> Iterator[str]:
    """I7: nothing that is due has been left lying, and nothing is dead."""
    for kind in work.kinds():
        name = kind._meta.verbose_name
        if stuck := work.past_due(kind, by=STUCK_AFTER):
            yield f"{stuck} × {name} is due and nobody does it"
        if dead := kind._default_manager.filter(status=work.Work.Status.DEAD).count():
            yield f"{dead} × {name} has failed for good and waits for a person"


def orders_move_on() -> Iterator[str]:
    """I7: no order waits for something that will not come."""
    long_ago = clock.now() - FORGOTTEN_AFTER
    pending = Order.objects.filter(status=Order.Status.PENDING, created_at__lt=long_ago)
    for order in pending.exclude(checkout_sessions__due_at__gt=long_ago):
        yield f"{order} is pending, and its payment page is long closed"
    unprepared = Order.objects.filter(status=Order.Status.CONFIRMED, preparations=None)
    for order in unprepared:
        yield f"{order} is confirmed without a stock check"


def history_has_no_gap() -> Iterator[str]:
    """I8: each order's history is a path through the table that ends in its present status."""
    moves = OrderTransition.objects.order_by("order_id", "seq").values_list(
        "order_id", "order__number", "order__status", "seq", "before", "after"
    )
    for (_, number, status), path in groupby(moves.iterator(), key=lambda row: row[:3]):
        reached: str = Order.Status.PENDING
        for expected, (*_, seq, before, after) in enumerate(path, 1):
            if seq != expected or before != reached or not _leads(before, after):
                yield f"{number}: step {seq} leads from {before} to {after}, after {reached}"
            reached = after
        if reached != status:
            yield f"{number} is {status}, its history ends in {reached}"
    for order in Order.objects.filter(transitions=None).exclude(status=Order.Status.PENDING):
        yield f"{order} is {order.status} without a history"


def _leads(before: str, after: str) -> bool:
    return before in Order.COMES_FROM[Order.Status(after)]


def mails_were_true() -> Iterator[str]:
    """I9: each mail that was sent was true at some time of its order's life."""
    sent = Email.objects.filter(outcome=Outcome.SENT).prefetch_related("order__transitions")
    for email in sent.iterator(chunk_size=500):
        been = {move.after for move in email.order.transitions.all()}
        if not been & set(TRUE_WHILE[Email.Template(email.template)]):
            yield f"{email.order} got the mail {email.template} and never was there"


def charged_customers_were_told() -> Iterator[str]:
    """I9: whoever was charged and confirmed has a mail that says so, sent or on its way."""
    parcels = Shipment.objects.exclude(status=Shipment.Status.CANCELLED).exclude(order__email="")
    confirmed = Email.objects.filter(template=Email.Template.CONFIRMED, order=OuterRef("order_id"))
    for shipment in parcels.filter(~Exists(confirmed)).select_related("order"):
        yield f"{shipment.order} has a parcel and no confirmation"


def only_paid_parcels_left() -> Iterator[str]:
    """I10: what was shipped was captured in full and not disputed away."""
    shipped = Shipment.objects.filter(shipped_at__isnull=False).select_related("order")
    for shipment in shipped.prefetch_related("order__payments").iterator(chunk_size=500):
        payments = [p for p in shipment.order.payments.all() if p.purpose in p.OWN]
        if sum(payment.captured_amount for payment in payments) < shipment.order.due.amount:
            yield f"{shipment.order} was shipped and is not captured in full"
    lost = Dispute.objects.filter(
        status="lost",
        payment__purpose__in=Payment.OWN,
        created_at__lt=F("payment__order__shipments__shipped_at"),
    )
    for dispute in lost.select_related("payment__order"):
        yield f"{dispute.payment.order} was shipped after its dispute was lost"


CHECKS: dict[str, list[Check]] = {
    "I1": [stock_equals_its_ledger, stock_is_within_bounds],
    "I2": [
        nothing_is_oversold,
        stock_follows_its_orders,
        what_is_set_aside_was_bought,
        what_was_taken_off_is_missing,
    ],
    "I3": [money_stays_within_bounds, money_equals_its_ledger],
    "I4": [an_order_is_paid_once, what_is_owed_besides_is_paid_once],
    "I7": [work_is_done_in_time, orders_move_on],
    "I8": [history_has_no_gap],
    "I9": [mails_were_true, charged_customers_were_told],
    "I10": [only_paid_parcels_left],
    "I11": [
        adds_up.each_paid_period_has_its_order,
        adds_up.nothing_is_sent_unpaid,
        adds_up.subscriptions_are_looked_at,
    ],
}


def broken() -> dict[str, list[str]]:
    """Every invariant with the rows that break it; all lists empty when all is well."""
    return {name: [row for check in checks for row in check()] for name, checks in CHECKS.items()}
