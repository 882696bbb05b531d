"""What a completed session says of its order: totals, addresses and each line's share.

Called by payments.settlement.settle alone, inside its transaction, with the order locked.
"""

import structlog

from payments.stripe.facts import SessionFacts
from shop.orders.models import Order, OrderHold

log = structlog.get_logger(__name__)


def write(order: Order, told: SessionFacts) -> None:
    """What the completed session says of the order, once; what does not fit opens a hold."""
    if order.total is not None:
        return
    problems = _mismatches(order, told)
    order.discount, order.shipping, order.tax = told.discount, told.shipping, told.tax
    order.total = told.total
    order.email, order.name, order.phone = told.email, told.name[:255], told.phone[:50]
    order.billing_address, order.shipping_address = told.billing_address, told.shipping_address
    order.save(
        update_fields=[
            "discount", "shipping", "tax", "total", "email", "name", "phone",
            "billing_address", "shipping_address",
        ]
    )  # fmt: skip
    for line in order.lines.all():
        share = next((one for one in told.lines or [] if one.position == line.position), None)
        if share is not None:
            line.discount, line.tax, line.total = share.discount, share.tax, share.total
            line.save(update_fields=["discount", "tax", "total"])
    if problems:
        order.hold(OrderHold.Reason.AMOUNTS, " ".join(problems))
        log.error("amounts do not match", order=str(order), problems=problems)


def _mismatches(order: Order, told: SessionFacts) -> list[str]:
    """Everything about the session that we did not ask for."""
    problems = []
    if told.currency != order.currency:
        problems.append(f"The session is in {told.currency}, the order in {order.currency}.")
    if told.subtotal != order.subtotal:
        problems.append(f"The lines sum to {told.subtotal}, not {order.subtotal}.")
    if told.discount or told.shipping or told.tax:
        problems.append("There is a discount, a shipping charge or a tax that was not offered.")
    if told.subtotal - told.discount + told.shipping + told.tax != told.total:
        problems.append(f"The parts do not add up to {told.total}.")
    ours = {line.position: (line.quantity, line.amount.amount) for line in order.lines.all()}
    theirs = {line.position: (line.quantity, line.subtotal) for line in told.lines or []}
    if ours != theirs:
        problems.append("The lines are not the ones that were ordered.")
    paid = told.payment
    if paid is not None and (paid.amount, paid.currency) != (told.total, told.currency):
        problems.append(f"The payment is {paid.amount} {paid.currency}, not {told.total}.")
    return problems
