"""What waits for capture: payments that are authorized and not yet taken, by time left."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from payments.models import Payment, StripeRequest
from shop import clock
from shop.catalog.models import StockMovement
from shop.money import Money, NotAnAmount
from shop.orders.models import OrderHold, OrderReduction
from shop.work import Work, WorkQuerySet

# What counts as soon, as urgent, and as now or never.
SOON = timedelta(hours=48)
URGENT = timedelta(hours=24)
LAST_CALL = timedelta(hours=6)
# A call that has been tried this often has an outcome that nobody knows yet.
CHECKING_AFTER = 2
MOVES_MONEY = [
    StripeRequest.Kind.CAPTURE,
    StripeRequest.Kind.RELEASE,
    StripeRequest.Kind.REFUND,
    StripeRequest.Kind.CHARGE,
]
UNDER_WAY = {
    StripeRequest.Kind.CAPTURE: "capturing…",
    StripeRequest.Kind.RELEASE: "releasing…",
    StripeRequest.Kind.REFUND: "refunding…",
    StripeRequest.Kind.CHARGE: "charging…",
}


@dataclass(frozen=True)
class TimeLeft:
    """How long an authorization still holds, in words, with how pressing that is."""

    words: str
    tone: str
    moment: datetime | None
    note: str = ""


@dataclass(frozen=True)
class Row:
    """One payment as the queue and its own page show it."""

    payment: Payment
    time_left: TimeLeft
    stock_ready: bool
    stock_returned: bool
    hold: str
    failure: str
    under_way: str
    due: Money

    @property
    def full(self) -> Money:
        """What a full capture takes: what is due, as far as it is held."""
        capturable = self.payment.capturable
        return min(self.due - self.payment.captured, capturable) if capturable else capturable

    @property
    def stock(self) -> str:
        """Where the order's units are: "not yet taken", "taken", or "returned" to the shelf."""
        if self.stock_returned:
            return "returned"
        return "taken" if self.stock_ready else "not yet taken"

    @property
    def obstacle(self) -> str:
        """Why the full amount cannot be captured from here now; empty when it can."""
        payment = self.payment
        if payment.status != Payment.Status.AUTHORIZED:
            return f"The payment is {payment.get_status_display().lower()}."
        if self.under_way:
            return f"A request is under way ({self.under_way.rstrip('…')})."
        if payment.order is None:
            return "It belongs to no order."
        if payment.purpose == Payment.Purpose.EXTRA:
            return "It is a second payment for its order; release it."
        if payment.order.cancel_requested_at:
            return "The order is being cancelled."
        if self.hold:
            return f"The order is in review: {self.hold}."
        if self.stock_returned:
            return "The stock has gone back."
        if not self.stock_ready:
            return "The stock is not taken yet."
        return ""

    @property
    def has_signs(self) -> bool:
        """Whether there is anything to say of it beside its time, amount and stock."""
        order = self.payment.order
        return bool(
            self.under_way
            or self.hold
            or self.failure
            or self.payment.purpose == Payment.Purpose.EXTRA
            or (order and order.cancel_requested_at)
        )


def waiting() -> QuerySet[Payment]:
    """Authorized payments, the most pressing first, with all that a row shows."""
    return with_signs(Payment.objects.awaiting_capture())


def with_signs(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """The payments with order, stock, hold, last refusal and the request under way."""
    kind = StockMovement.Kind
    moves = StockMovement.objects.filter(
        cause_kind="order", cause_id=OuterRef("order__reservation")
    )
    holds = OrderHold.objects.filter(order=OuterRef("order"), closed_at=None)
    under_way = _money_requests().open().filter(payment=OuterRef("pk"))
    refusals = _refusals().filter(payment=OuterRef("pk")).order_by("-created_at")
    reductions = (
        OrderReduction.objects.filter(order=OuterRef("order"))
        .values("order")
        .annotate(sum=Sum("amount"))
    )
    return (
        payments.select_related("order", "session", "later_charge")
        .annotate(
            stock_ready=Exists(moves.filter(kind=kind.COMMIT)),
            stock_returned=Exists(moves.filter(kind__in=[kind.RESTOCK, kind.RETURN])),
            hold=Subquery(holds.values("reason")[:1]),
            is_under_way=Exists(under_way),
            refusal=Subquery(refusals.values("detail")[:1]),
            reduced=Coalesce(Subquery(reductions.values("sum")), 0),
        )
        .prefetch_related(
            Prefetch(
                "requests",
                _money_requests().open(),
                to_attr="requests_under_way",
            )
        )
    )


def queue_row(payment: Any, now: datetime) -> Row:
    """The row of a payment that came from `waiting` or `with_signs`."""
    requests = payment.requests_under_way
    return Row(
        payment=payment,
        time_left=time_left(payment, now),
        stock_ready=payment.stock_ready,
        stock_returned=payment.stock_returned,
        hold=OrderHold.Reason(payment.hold).label if payment.hold else "",
        failure=payment.refusal or payment.failure,
        under_way=_under_way(requests[0]) if requests else "",
        due=_due(payment),
    )


def _due(payment: Any) -> Money:
    order = payment.order
    beside = {Payment.Purpose.LATER, Payment.Purpose.PRORATED}
    if order is None or payment.purpose in beside:
        return Money(payment.amount, payment.currency)
    total = order.subtotal if order.total is None else order.total
    return Money(total - payment.reduced, payment.currency)


def _under_way(request: StripeRequest) -> str:
    """A call without an answer is unknown, and never shown as failed."""
    if request.attempts >= CHECKING_AFTER and request.last_error:
        return "unknown, checking…"
    return UNDER_WAY[StripeRequest.Kind(request.kind)]


def time_left(payment: Payment, now: datetime) -> TimeLeft:
    """Counted to the charge's own deadline; never to a guess that is not called one."""
    if payment.status != Payment.Status.AUTHORIZED:
        return TimeLeft("–", "calm", payment.capture_before)
    if payment.capture_before is None:
        return TimeLeft("unknown", "soon", None, "Stripe names no deadline")
    left = payment.capture_before - now
    source = Payment.DeadlineSource(payment.deadline_source)
    note = "estimated" if source == Payment.DeadlineSource.ESTIMATED else ""
    return TimeLeft(duration(left), _tone(left), payment.capture_before, note)


def _tone(left: timedelta) -> str:
    for limit, tone in [(LAST_CALL, "last-call"), (URGENT, "urgent"), (SOON, "soon")]:
        if left < limit:
            return tone
    return "calm"


def duration(left: timedelta) -> str:
    """The two largest parts: "1 day 4 h", "5 h 20 min", "12 min"."""
    if left <= timedelta(0):
        return "ended"
    minutes = int(left.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} day{'s' if days > 1 else ''} {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


# -- filters and search ----------------------------------------------------------------------------


def filters(now: datetime) -> dict[str, tuple[str, Q]]:
    """What the queue can be narrowed to: {name: (words, condition)}."""
    return {
        "": ("All", Q()),
        "ready": (
            "Ready to capture",
            Q(
                stock_ready=True,
                stock_returned=False,
                hold=None,
                is_under_way=False,
                order__cancel_requested_at=None,
            ),
        ),
        "expiring": ("Less than 24 h", Q(capture_before__lt=now + URGENT)),
        "review": ("In review", Q(hold__isnull=False)),
        "failed": ("Capture failed", Q(refusal__isnull=False)),
    }


def counts(now: datetime) -> dict[str, int]:
    """How many payments each filter leaves, in one query."""
    conditions = {name or "all": condition for name, (_, condition) in filters(now).items()}
    return with_signs(Payment.objects.awaiting_capture().order_by()).aggregate(
        **{name: Count("pk", filter=condition or None) for name, condition in conditions.items()}
    )


def search(payments: QuerySet[Payment], text: str) -> QuerySet[Payment]:
    """By order number, e-mail, name, pi_, ch_, cs_, the card's last four digits, or amount."""
    text = text.strip()[:100].replace("\x00", "")
    if not text:
        return payments
    matches = (
        Q(order__number__iexact=text)
        | Q(order__number__iexact=f"HF-{text}")
        | Q(order__email__icontains=text)
        | Q(order__name__icontains=text)
        | Q(stripe_payment_intent_id=text)
        | Q(stripe_charge_id=text)
        | Q(session__stripe_session_id=text)
    )
    if text.isascii() and text.isdigit() and len(text) == 4:
        matches |= Q(last4=text)
    for currency in (
        Payment.objects.awaiting_capture().order_by().values_list("currency").distinct()
    ):
        try:
            matches |= Q(currency=currency[0], amount=Money.parse(text, currency[0]).amount)
        except NotAnAmount:
            break
    return payments.filter(matches)


def _money_requests() -> WorkQuerySet:
    return StripeRequest.objects.filter(kind__in=MOVES_MONEY)


def _refusals() -> WorkQuerySet:
    return _money_requests().refused() | _money_requests().filter(status=Work.Status.DEAD)


def row_of(payment_id: Any) -> Row | None:
    """One payment's row, whatever its status."""
    payment = with_signs(Payment.objects.filter(pk=payment_id)).first()
    return queue_row(payment, clock.now()) if payment else None


def queue_rows(payments: Any) -> list[Row]:
    """A line of the queue for each payment, with its time left as of now."""
    now = clock.now()
    return [queue_row(payment, now) for payment in payments]


def number_waiting() -> int:
    """How many payments are held and not yet taken."""
    return Payment.objects.awaiting_capture().order_by().count()
