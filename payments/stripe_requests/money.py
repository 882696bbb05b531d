"""Asking for what moves money, and for pages to be opened and closed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import structlog
from django.db import transaction

from payments.models import CheckoutSession, MoneyAction, Payment, StripeRequest
from payments.stripe_requests.rows import request_row
from shop.money import Money
from shop.orders import reduction
from shop.orders.models import Order
from shop.work import Work, WorkQuerySet

log = structlog.get_logger(__name__)

Kind = StripeRequest.Kind


# What was asked cannot be done now; the message is a sentence for staff.
NotPossible = reduction.NotPossible


@transaction.atomic
def ask_capture(
    payment: Payment,
    amount: Money,
    *,
    actor: Any = None,
    address: str = "",
    reason: str = "",
    despite_review: bool = False,
    units_off: Mapping[int, int] = MappingProxyType({}),
    written_off: bool = False,
) -> StripeRequest:
    """Ask for `amount` of the held money, finally. Raises NotPossible.

    Less than what is due needs a reason; once captured it lowers what is due, because the rest goes
    back to the customer and cannot be taken later. `units_off` leave the order with that, {line
    position: units}; what they are worth is what `amount` is lower.
    """
    order, payment = locked(payment)
    _refuse_while_open(payment)
    if payment.status != Payment.Status.AUTHORIZED:
        raise NotPossible(
            f"The payment is {payment.get_status_display().lower()}; nothing is held."
        )
    if payment.purpose == Payment.Purpose.EXTRA:
        raise NotPossible("It is a second payment for its order; release it.")
    if order.cancel_requested_at is not None:
        raise NotPossible("The order is being cancelled.")
    if order.is_held and not despite_review:
        raise NotPossible("The order is in review. Close the review first.")
    _check_amount(amount, at_most=payment.capturable)
    if amount < still_due(order, payment) and not reason:
        raise NotPossible("Say why less than the full amount is captured.")
    if units_off and amount != still_due(order, payment, without=units_off):
        raise NotPossible("The amount is not what is left to take without these units.")
    request = request_row(
        Kind.CAPTURE,
        payment=payment,
        order=order,
        amount=amount.amount,
        parameters={"amount_to_capture": amount.amount},
        reason=reason,
        actor=actor,
        address=address,
        units_off=dict(units_off),
        written_off=written_off,
    )
    record(request, order, payment, amount)
    return request


@transaction.atomic
def ask_release(
    payment: Payment, *, reason: str, actor: Any = None, address: str = ""
) -> StripeRequest:
    """Ask Stripe to let go of held money; nothing is charged. Raises NotPossible."""
    order, payment = locked(payment)
    _refuse_while_open(payment)
    if payment.status not in {Payment.Status.AUTHORIZED, Payment.Status.PENDING}:
        raise NotPossible(
            f"The payment is {payment.get_status_display().lower()}; nothing is held."
        )
    request = request_row(
        Kind.RELEASE,
        payment=payment,
        order=order,
        amount=payment.capturable.amount,
        parameters={"cancellation_reason": "requested_by_customer" if actor else "abandoned"},
        reason=reason,
        actor=actor,
        address=address,
    )
    record(request, order, payment, payment.capturable)
    return request


@transaction.atomic
def ask_refund(
    payment: Payment, amount: Money, *, reason: str, actor: Any = None, address: str = ""
) -> StripeRequest:
    """Ask Stripe to send captured money back. Raises NotPossible."""
    order, payment = locked(payment)
    _refuse_while_open(payment)
    if payment.captured_amount == 0:
        raise NotPossible("Nothing was captured. Release the authorization instead.")
    if payment.with_bank:
        raise NotPossible(payment.with_bank)
    given_up = _asked(payment.requests.filter(status=Work.Status.DEAD), payment)
    if given_up and refundable(payment) < amount:
        raise NotPossible(
            f"A refund of {given_up} was given up, and how it ended is not known. Revive its"
            f" request to Stripe first; {refundable(payment)} is left beside it."
        )
    _check_amount(amount, at_most=refundable(payment))
    request = request_row(
        Kind.REFUND,
        payment=payment,
        order=order,
        amount=amount.amount,
        parameters={
            "payment_intent": payment.stripe_payment_intent_id,
            "amount": amount.amount,
            "reason": "requested_by_customer",
        },
        reason=reason,
        actor=actor,
        address=address,
    )
    request.parameters["metadata"] = {"request": str(request.pk), "order": str(order.pk)}
    request.save(update_fields=["parameters"])
    record(request, order, payment, amount)
    return request


def still_due(
    order: Order, payment: Payment, *, without: Mapping[int, int] = MappingProxyType({})
) -> Money:
    """What is to be taken yet; a part may have been, in the Dashboard. Raises NotPossible.

    `without` are units that are left out of the order, {line position: units}.
    """
    if payment.currency != order.currency:
        ours, theirs = order.currency.upper(), payment.currency.upper()
        raise NotPossible(f"The payment is in {theirs}, the order in {ours}.")
    left = order.due - payment.captured
    return left - reduction.worth(order, without) if without else left


def refundable(payment: Payment) -> Money:
    """What may still be asked for: taken, not sent back, and by no request that may yet be."""
    asked = _asked(payment.requests.unfinished(), payment)
    return max(payment.captured - payment.refunded - asked, Money(0, payment.currency))


def _asked(requests: WorkQuerySet, payment: Payment) -> Money:
    refunds = requests.filter(kind=Kind.REFUND)
    return Money(sum(request.amount or 0 for request in refunds), payment.currency)


def others(refund: StripeRequest) -> str:
    """What became of the payment's other refunds, in a sentence for whoever revives this one."""
    payment = refund.payment
    if payment is None:
        return ""
    told = [
        f"{Money(row.amount or 0, payment.currency)} {row.result or row.get_status_display()}"
        for row in payment.requests.filter(kind=Kind.REFUND).exclude(pk=refund.pk)
    ]
    beside = f" Others that were asked for: {', '.join(told)}." if told else ""
    asked = Money(refund.amount or 0, payment.currency)
    return (
        f"{refund.order}: a refund of {asked} is asked for anew, or what is left of it."
        f" {payment.captured} was captured and {payment.refunded} went back.{beside}"
    )


def send_back(payment: Payment, *, reason: str, actor: Any = None, address: str = "") -> None:
    """Release what is held, else refund what is left of what was taken.

    What is not possible now, while a request or a dispute is open, settle does after it.
    """
    left = refundable(payment)
    try:
        if payment.status == Payment.Status.AUTHORIZED:
            ask_release(payment, reason=reason, actor=actor, address=address)
        elif left:
            ask_refund(payment, left, reason=reason, actor=actor, address=address)
    except NotPossible as why:
        log.info("money not sent back now", payment=str(payment), why=str(why))


@transaction.atomic
def ask_expiry(session: CheckoutSession) -> StripeRequest | None:
    """Ask Stripe to close an open session; None when it is over, being made, or asked already."""
    # The order first, as everybody does: the new row's foreign key locks it too, but too late.
    order = Order.objects.select_for_update(of=("self",)).filter(checkout_sessions=session).first()
    session = CheckoutSession.objects.select_for_update().get(pk=session.pk)
    if session.status != CheckoutSession.Status.OPEN or session.stripe_session_id is None:
        return None
    open_request = session.requests.open().filter(kind=Kind.EXPIRE_SESSION).first()
    return open_request or request_row(Kind.EXPIRE_SESSION, session=session, order=order)


def new_session_request(session: CheckoutSession, parameters: dict[str, Any]) -> StripeRequest:
    """The row that makes a session; the page that waits for it makes the call itself."""
    return request_row(
        Kind.CREATE_SESSION, session=session, order=session.order, parameters=parameters, ring=False
    )


def locked(payment: Payment) -> tuple[Order, Payment]:
    """Orders first, then payments: the order in which everybody locks. Raises NotPossible."""
    if payment.order_id is None:
        raise NotPossible("The payment belongs to no order of this shop.")
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    return order, Payment.objects.select_for_update().get(pk=payment.pk)


def _refuse_while_open(payment: Payment) -> None:
    request = payment.open_request()
    if request is not None:
        who = request.actor_name or "The shop"
        raise NotPossible(f"{who} asked for a {request.kind} already; it is under way.")


def _check_amount(amount: Money, *, at_most: Money) -> None:
    if amount.currency != at_most.currency:
        raise NotPossible(f"The payment is in {at_most.currency.upper()}.")
    if amount.amount <= 0:
        raise NotPossible("The amount must be more than nothing.")
    if at_most < amount:
        raise NotPossible(f"At most {at_most} can be taken; {amount} is more.")


def record(request: StripeRequest, order: Order, payment: Payment, amount: Money) -> None:
    """Who moved money, when, from where: written once, never changed."""
    MoneyAction.objects.create(
        kind=request.kind,
        request=request,
        order=order,
        payment=payment,
        amount=amount.amount,
        currency=amount.currency,
        reason=request.reason,
        actor_id=request.actor_id,
        actor_name=request.actor_name or "The shop",
        actor_address=request.actor_address,
        before=payment.status,
    )
