"""In which state an order is, and its money: decided once, for every page that tells of it."""

from enum import StrEnum, auto

from fulfillment.balance import Balance
from fulfillment.digital import handing_out
from fulfillment.emails import letters
from fulfillment.models import Shipment
from payments import checkout
from payments.models import CheckoutSession
from shop.orders.models import Order, OrderHold

Reason = OrderHold.Reason
Status = Order.Status


class State(StrEnum):
    """Where the order stands."""

    WAITING = auto()
    CONFIRMING = auto()
    PROCESSING = auto()
    VOUCHER = auto()
    AUTHORIZED = auto()
    AUTHORIZED_FOR_STAFF = auto()
    CHARGING = auto()
    IN_REVIEW = auto()
    CAPTURED_IN_REVIEW = auto()
    CHECKED = auto()
    CAPTURED_CHECKED = auto()
    REFUND_FAILED = auto()
    DISPUTED = auto()
    ASKED_ABOUT = auto()
    LOST = auto()
    CONFIRMED = auto()
    CONFIRMED_IN_PART = auto()
    PACKED = auto()
    PARTLY_SHIPPED = auto()
    SHIPPED = auto()
    DELIVERED = auto()
    DIGITAL = auto()
    KEYS_AWAITED = auto()
    CANCELLING = auto()
    CANCELLED = auto()
    TRIAL = auto()
    SOLD_OUT = auto()
    EXPIRED = auto()
    PAYMENT_FAILED = auto()
    EXPIRED_FOR_GOOD = auto()
    PAYMENT_FAILED_FOR_GOOD = auto()


class MoneyState(StrEnum):
    """What became of money that was taken, beside where the order stands."""

    QUIET = auto()
    DISPUTED = auto()
    ASKED_ABOUT = auto()
    LOST = auto()
    REFUND_PENDING = auto()
    REFUND_FAILED = auto()
    PARTLY_REFUNDED = auto()
    REFUNDED = auto()


# These tell of the money themselves.
ABOUT_MONEY = {
    State.CANCELLING,
    State.CANCELLED,
    State.TRIAL,
    State.SOLD_OUT,
    State.DISPUTED,
    State.ASKED_ABOUT,
    State.LOST,
    State.REFUND_FAILED,
}
_ALWAYS = {
    Status.PROCESSING: State.PROCESSING,
    Status.PARTLY_SHIPPED: State.PARTLY_SHIPPED,
    Status.SHIPPED: State.SHIPPED,
    Status.EXPIRED: State.EXPIRED,
    Status.PAYMENT_FAILED: State.PAYMENT_FAILED,
}


def state_of(order: Order, balance: Balance, reasons: set[str]) -> State:
    """Where the order stands; `reasons` are those for which it is in review."""
    status = Status(order.status)
    if status == Status.CANCELLED:
        ends = {
            Order.CancelReason.OUT_OF_STOCK: State.SOLD_OUT,
            Order.CancelReason.TRIAL: State.TRIAL,
        }
        return ends.get(Order.CancelReason(order.cancel_reason or "staff"), State.CANCELLED)
    if order.cancel_requested_at is not None:
        return State.CANCELLING
    if status == Status.PENDING:
        return State.CONFIRMING if _has_finished(order) else State.WAITING
    if status == Status.CONFIRMED:
        return _of_confirmed(order, balance, reasons)
    if status == Status.PROCESSING and letters.waiting_voucher(order) is not None:
        return State.VOUCHER
    if status == Status.EXPIRED and not checkout.may_pay_again(order):
        return State.EXPIRED_FOR_GOOD
    if status == Status.PAYMENT_FAILED and not checkout.may_pay_again(order):
        return State.PAYMENT_FAILED_FOR_GOOD
    if status == Status.COMPLETED:
        return State.DELIVERED if order.shipments.all() else State.DIGITAL
    return _ALWAYS[status]


def _has_finished(order: Order) -> bool:
    """Whether the customer is through with the payment page, and the shop is not."""
    newest = order.checkout_sessions.order_by("-created_at").first()
    return newest is not None and newest.status == CheckoutSession.Status.COMPLETE


def _of_confirmed(order: Order, balance: Balance, reasons: set[str]) -> State:
    if balance.lost:
        return State.LOST
    if balance.is_disputed:
        return State.DISPUTED
    if balance.is_asked_about:
        return State.ASKED_ABOUT
    if reasons:
        return _of_held(balance, reasons)
    if not balance.is_covered:
        return _of_held_money(order)
    parcels = order.shipments.all()
    if Shipment.Status.PACKED in {shipment.status for shipment in parcels}:
        return State.PACKED
    if not parcels and handing_out.waiting().filter(order=order).exists():
        return State.KEYS_AWAITED
    return State.CONFIRMED_IN_PART if _lacks_units(order, balance) else State.CONFIRMED


def _lacks_units(order: Order, balance: Balance) -> bool:
    """Whether something was taken off; who pays less for everything gets everything."""
    return bool(balance.reduced) and order.lines.filter(removed__gt=0).exists()


def _of_held(balance: Balance, reasons: set[str]) -> State:
    """Which of the reviews there is something of its own to say about."""
    if reasons == {Reason.REFUND_FAILED} and not balance.returning:
        return State.REFUND_FAILED
    if Reason.RADAR in reasons:
        return State.CAPTURED_CHECKED if balance.captured else State.CHECKED
    return State.CAPTURED_IN_REVIEW if balance.captured else State.IN_REVIEW


def _of_held_money(order: Order) -> State:
    """Who does what is next: the stock check, the bank, or a person."""
    if order.stripe_requests.open().filter(kind="capture").exists():
        return State.CHARGING
    is_checked = not order.preparations.open().exists()
    return State.AUTHORIZED_FOR_STAFF if is_checked else State.AUTHORIZED


def money_state_of(state: State, balance: Balance, reasons: set[str]) -> MoneyState:
    """What there is to say of the money beside the order's own state."""
    if state in ABOUT_MONEY:
        return MoneyState.QUIET
    if balance.lost:
        return MoneyState.LOST
    if balance.is_disputed:
        return MoneyState.DISPUTED
    if balance.is_asked_about:
        return MoneyState.ASKED_ABOUT
    if balance.returning:
        return MoneyState.REFUND_PENDING
    if Reason.REFUND_FAILED in reasons:
        return MoneyState.REFUND_FAILED
    if balance.refunded:
        return MoneyState.PARTLY_REFUNDED if balance.kept else MoneyState.REFUNDED
    return MoneyState.QUIET
