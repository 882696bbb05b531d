"""What staff ask for by a button that moves money: as its page has shown it, and once.

The functions here are all that the pages of the capture queue call; payments.stripe_requests
writes the row.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from payments import stripe_requests
from payments.capture_queue import one_time_buttons, queue
from payments.models import ButtonPress, Payment
from shop.money import Money
from shop.orders import reduction

ASKED = "asked"


def available(kind: str, payment: Payment) -> Money:
    """How much of the payment can be captured, released or refunded now."""
    return stripe_requests.refundable(payment) if kind == "refund" else payment.capturable


def amount_without(payment: Payment, units: Mapping[int, int]) -> Money:
    """What is captured when these units are left out. Raises NotPossible."""
    if payment.order is None:
        raise stripe_requests.NotPossible("It belongs to no order.")
    reduction.worth(payment.order, units)
    amount = stripe_requests.still_due(payment.order, payment, without=units)
    if not Money(0, amount.currency) < amount <= payment.capturable:
        raise stripe_requests.NotPossible("What is left costs nothing, or more than is held.")
    return amount


@transaction.atomic
def move(
    kind: str, payment: Payment, button: str, *, reason: str, actor: Any, address: str
) -> Money:
    """Ask for the capture, release or refund that the button's ticket is for; how much that is.

    Raises AlreadyPressed, Outdated and NotPossible.
    """
    ticket = one_time_buttons.read(button, kind, payment)
    one_time_buttons.use(ticket.nonce, actor)
    _, payment = stripe_requests.locked(payment)
    if available(kind, payment).amount != ticket.available:
        raise one_time_buttons.Outdated("The amounts have changed since this page was made.")
    amount = Money(ticket.amount, payment.currency)
    who: dict[str, Any] = {"actor": actor, "address": address}
    if kind == "capture":
        units = {"units_off": ticket.units, "written_off": ticket.written_off}
        _ask_capture(payment, amount, reason=reason, **units, **who)
    elif not reason:
        raise stripe_requests.NotPossible("Say why; the reason stays in the record.")
    elif kind == "release":
        stripe_requests.ask_release(payment, reason=reason, **who)
    else:
        stripe_requests.ask_refund(payment, amount, reason=reason, **who)
    return amount


def capture_many(button: str, *, actor: Any, address: str) -> str:
    """Ask for every capture on the ticket; each stands or fails by itself. The id of the press.

    Raises AlreadyPressed, with that id, and Outdated.
    """
    ticket = one_time_buttons.unseal(button)
    not_yet = dict.fromkeys(ticket["captures"], "not asked")
    press: ButtonPress = one_time_buttons.use(ticket["nonce"], actor, results=not_yet)
    press.results = {
        payment_id: _capture_one(payment_id, Money(amount, currency), actor, address)
        for payment_id, (amount, currency) in ticket["captures"].items()
    }
    press.save(update_fields=["results"])
    return str(press.pk)


def _capture_one(payment_id: str, shown: Money, actor: Any, address: str) -> str:
    """Ask for one full capture; the answer is `ASKED` or the reason why not."""
    try:
        with transaction.atomic():
            _, payment = stripe_requests.locked(Payment.objects.get(pk=payment_id))
            if payment.capturable != shown:
                return "The amount has changed since the preview."
            _ask_capture(payment, shown, reason="", actor=actor, address=address)
    except stripe_requests.NotPossible as error:
        return str(error)
    return ASKED


def _ask_capture(payment: Payment, amount: Money, **how: Any) -> None:
    """Not before the stock is taken, and not while anything else stands in the way."""
    row = queue.row_of(payment.pk)
    if row is None or row.obstacle:
        raise stripe_requests.NotPossible(row.obstacle if row else "There is no such payment.")
    stripe_requests.ask_capture(payment, amount, **how)
