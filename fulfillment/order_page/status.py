"""Where an order stands, in the customer's words: the one teller of every page that says it."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fulfillment.balance import Balance, balance_of
from fulfillment.emails import letters
from fulfillment.emails.why_cancelled import why_cancelled
from fulfillment.emails.why_failed import why_failed
from fulfillment.models import Document, Shipment
from fulfillment.order_page.money_wording import MONEY_TEXTS
from fulfillment.order_page.paid_wording import PAID_TEXTS
from fulfillment.order_page.review_wording import REVIEW_TEXTS
from fulfillment.order_page.states import State, money_state_of, state_of
from fulfillment.order_page.wording import TEXTS, StatusText
from payments.models import CheckoutSession, Payment
from shop.orders.models import Order

Status = Order.Status
LEFT_THE_HOUSE = [Status.PARTLY_SHIPPED, Status.SHIPPED, Status.COMPLETED]


@dataclass(frozen=True)
class Standing:
    """An order as of now: its amounts, its state in words, and its money's where that has moved."""

    balance: Balance
    text: StatusText
    money: StatusText | None
    # Why it ended, or was not paid, once that is so.
    why: str
    # The payment whose voucher the customer has still to pay.
    voucher: Payment | None


def standing(order: Order) -> Standing:
    """Where the order stands, from what the database says now."""
    balance = balance_of(order)
    reasons = set(order.holds.filter(closed_at=None).values_list("reason", flat=True))
    state = state_of(order, balance, reasons)
    money = MONEY_TEXTS.get(money_state_of(state, balance, reasons))
    return Standing(
        balance=balance,
        text=(TEXTS | REVIEW_TEXTS | PAID_TEXTS)[state](balance),
        money=money(balance) if money else None,
        why=_why(order),
        voucher=letters.waiting_voucher(order) if state == State.VOUCHER else None,
    )


def documents(order: Order, balance: Balance) -> "QuerySet[Document]":
    """Its invoices and credit notes, without what they say; not asked for before money came."""
    made = order.documents.defer("content")
    return made if balance.captured else made.none()


def open_page(order: Order) -> CheckoutSession | None:
    """The payment page that waits for its customer."""
    return order.checkout_sessions.filter(status=CheckoutSession.Status.OPEN).first()


def _why(order: Order) -> str:
    if order.status == Status.PAYMENT_FAILED:
        return why_failed(order)
    return why_cancelled(order) if order.status == Status.CANCELLED else ""


def steps(order: Order, balance: Balance, *, is_sent: bool) -> list[tuple[str, bool]]:
    """Placed, charged, packed, shipped, delivered: each with whether it is done.

    Where nothing `is_sent` it is complete without a parcel.
    """
    sent = {shipment.status for shipment in order.shipments.all()}
    shipped = order.status in LEFT_THE_HOUSE
    # Of what was let go in the Dashboard nothing more is charged, whatever leaves for it.
    is_charged = balance.is_covered or (bool(balance.captured) and not balance.held)
    paid = order.status in {Status.CONFIRMED, *LEFT_THE_HOUSE} and is_charged
    if not is_sent and not sent:
        is_complete = order.status == Status.COMPLETED
        return [(_("Placed"), True), (_("Charged"), paid), (_("Complete"), is_complete)]
    return [
        (_("Placed"), True),
        (_("Charged"), paid),
        (_("Packed"), shipped or Shipment.Status.PACKED in sent),
        (_("Shipped"), shipped),
        (_("Delivered"), order.status == Status.COMPLETED),
    ]
