"""What a capture of less than was held takes off an order."""

from payments.models import Payment, StripeRequest
from shop.orders import reduction
from shop.orders.models import Order, OrderHold


def take_off_the_rest(order: Order | None, payment: Payment, *, is_final: bool) -> None:
    """A capture of less than was held lowers what is due, as its request says why.

    One that nobody here asked for was made in the Dashboard; a person looks at the order and says
    what leaves for it, before which nothing is taken off. So they look where it was not final and
    the rest is still held, or was made in another currency.
    """
    partly = payment.captured_amount < payment.authorized_amount
    if order is None or not partly or payment.purpose in Payment.BESIDE:
        return
    if not is_final or payment.currency != order.currency:
        rest = " The rest is still held." if payment.capturable else ""
        order.hold(
            OrderHold.Reason.LATE_FACT,
            f"{payment.captured} of {payment.authorized} was captured at Stripe.{rest}",
        )
        return
    missing = order.due - payment.captured
    if missing.amount <= 0:
        return
    captures = payment.requests.filter(
        kind=StripeRequest.Kind.CAPTURE, amount=payment.captured_amount
    )
    request = captures.order_by("created_at").last()
    if request is None:
        note = f"Only {payment.captured} of {order.due} was captured at Stripe."
        order.hold(OrderHold.Reason.LATE_FACT, note)
        return
    reduction.write(
        order,
        missing,
        reason=request.reason,
        units={int(position): units for position, units in request.units_off.items()},
        written_off=request.written_off,
        cause_id=request.pk,
        actor_id=request.actor_id,
        actor_name=request.actor_name,
    )
