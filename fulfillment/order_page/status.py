"""Where an order stands, in the customer's words: what is true now and what happens next."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fulfillment.balance import Balance
from fulfillment.models import Shipment
from payments import checkout
from shop.orders.models import Order
from shop.templatetags.money import written

Status = Order.Status
LEFT_THE_HOUSE = [Status.PARTLY_SHIPPED, Status.SHIPPED, Status.COMPLETED]
# What Stripe has said a moment ago shows here a moment later; so long a page may look again.
LOOK_AGAIN_SECONDS = 5
# After some days, or at another price.
ORDER_ANEW = gettext_noop(
    "Nothing was charged and nothing is set aside. If you still want it, please order it anew."
)


@dataclass(frozen=True)
class StatusText:
    """One headline, what happens next, and the steps on the way to the door."""

    headline: str
    next: str
    tone: str = "calm"
    may_pay_again: bool = False
    may_go_on_paying: bool = False
    refresh: int = 0


def status_text(order: Order, balance: Balance) -> StatusText:
    """Where the order stands, from what the database says now."""
    if order.cancel_requested_at and order.status != Status.CANCELLED:
        return StatusText(
            _("Cancellation requested"),
            _(
                "We are telling the bank. As soon as it has answered, this page says that the "
                "order is cancelled."
            ),
            refresh=LOOK_AGAIN_SECONDS,
        )
    return _TEXTS[Status(order.status)](order, balance)


def steps(order: Order, balance: Balance) -> list[tuple[str, bool]]:
    """Placed, charged, packed, shipped, delivered: each with whether it is done.

    Digital goods are complete without a parcel.
    """
    sent = {shipment.status for shipment in order.shipments.all()}
    shipped = order.status in LEFT_THE_HOUSE
    paid = order.status in {Status.CONFIRMED, *LEFT_THE_HOUSE} and balance.is_covered
    if order.status == Status.COMPLETED and not sent:
        return [(_("Placed"), True), (_("Charged"), paid), (_("Complete"), True)]
    return [
        (_("Placed"), True),
        (_("Charged"), paid),
        (_("Packed"), shipped or Shipment.Status.PACKED in sent),
        (_("Shipped"), shipped),
        (_("Delivered"), order.status == Status.COMPLETED),
    ]


def _pending(_order: Order, _balance: Balance) -> StatusText:
    return StatusText(
        _("Waiting for your payment"),
        _("Nothing is charged yet. If you have just paid, this page says so in a moment."),
        may_go_on_paying=True,
        refresh=LOOK_AGAIN_SECONDS,
    )


def _processing(_order: Order, _balance: Balance) -> StatusText:
    return StatusText(
        _("Your payment is under way"),
        _(
            "Your bank has not yet told us that the money has arrived; that can take a few days. "
            "We keep everything set aside for you and write to you as soon as we know more."
        ),
    )


def _confirmed(order: Order, balance: Balance) -> StatusText:
    if order.is_held:
        return StatusText(
            _("We are looking at your order"),
            _(
                "A person checks it before it is charged and shipped. We write to you if anything "
                "is missing."
            ),
        )
    if not balance.is_covered:
        return _authorized(order)
    packed = order.shipments.filter(status=Shipment.Status.PACKED).exists()
    if packed:
        return StatusText(
            _("Packed"),
            _("Your parcel waits for the carrier. We write when it leaves."),
            tone="good",
        )
    return StatusText(
        _("Confirmed and charged") if balance.due else _("Confirmed"),
        _("Everything is set aside for you. We pack it now and write when it leaves."),
        tone="good",
    )


def _authorized(order: Order) -> StatusText:
    capturing = order.stripe_requests.open().filter(kind="capture").exists()
    checking = order.preparations.open().exists()
    return StatusText(
        _("Payment authorized, not yet charged"),
        _("We are checking the stock and charge you once everything is set aside for you.")
        if capturing or checking
        else _(
            "A person looks at your order first and then charges it. We write to you when that is "
            "done."
        ),
        refresh=LOOK_AGAIN_SECONDS if capturing or checking else 0,
    )


def _shipped(_order: Order, _balance: Balance) -> StatusText:
    return StatusText(_("On its way"), _("Your parcel has left us."), tone="good")


def _partly_shipped(_order: Order, _balance: Balance) -> StatusText:
    return StatusText(
        _("Partly on its way"), _("One parcel has left us, another follows."), tone="good"
    )


def _completed(order: Order, _balance: Balance) -> StatusText:
    if not order.shipments.exists():
        return StatusText(
            _("Complete"), _("Nothing is shipped: what you bought is digital."), tone="good"
        )
    return StatusText(_("Delivered"), _("We hope that you like it. Thank you."), tone="good")


def _cancelled(order: Order, balance: Balance) -> StatusText:
    headline = (
        _("Cancelled: sold out")
        if order.cancel_reason == Order.CancelReason.OUT_OF_STOCK
        else _("Your order is cancelled")
    )
    where = _where_the_money_is(balance)
    if order.is_lost_to_deadline:
        why = _("We did not get to confirm your order before the hold on your money ended.")
        where = f"{why} {where}"
    return StatusText(headline, where, tone="over")


def _expired(order: Order, _balance: Balance) -> StatusText:
    if not checkout.may_pay_again(order):
        return StatusText(_("The time to pay has run out"), _(ORDER_ANEW), tone="over")
    return StatusText(
        _("The time to pay has run out"),
        _(
            "Nothing was charged, and we no longer set anything aside. You can pay again while "
            "there is stock."
        ),
        tone="over",
        may_pay_again=True,
    )


def _payment_failed(order: Order, _balance: Balance) -> StatusText:
    if not checkout.may_pay_again(order):
        return StatusText(_("The payment did not go through"), _(ORDER_ANEW), tone="bad")
    return StatusText(
        _("The payment did not go through"),
        _(
            "Nothing was charged and nothing is shipped. You can pay again, with the same or "
            "another way to pay."
        ),
        tone="bad",
        may_pay_again=True,
    )


def _where_the_money_is(balance: Balance) -> str:
    if balance.refunded:
        return _("%(amount)s went back to you; most banks show it within 5 to 10 days.") % {
            "amount": written(balance.refunded)
        }
    if balance.captured:
        return _("%(amount)s is on its way back to you.") % {"amount": written(balance.captured)}
    return _("Nothing was charged; an authorization disappears by itself within a few days.")


_TEXTS = {
    Status.PENDING: _pending,
    Status.PROCESSING: _processing,
    Status.CONFIRMED: _confirmed,
    Status.PARTLY_SHIPPED: _partly_shipped,
    Status.SHIPPED: _shipped,
    Status.COMPLETED: _completed,
    Status.CANCELLED: _cancelled,
    Status.EXPIRED: _expired,
    Status.PAYMENT_FAILED: _payment_failed,
}
