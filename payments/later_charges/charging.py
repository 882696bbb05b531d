"""What staff do with what a customer owes beside an order: charge it, ask for it, drop it.

Each is one transaction with the order locked; what Stripe is asked is a row that a worker does.
"""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from payments import stripe_requests
from payments.models import CheckoutSession, Customer, LaterCharge, SavedMethod, StripeRequest
from payments.stripe_requests import NotPossible
from shop.money import MINIMUM_CHARGE, Money
from shop.orders.models import Order
from shop.stripe_client import known_account
from shop.transitions import can_move, move

Status = LaterCharge.Status
# What has come to nothing, or may still be paid, is no order that anything is owed beside.
NOT_BOUGHT = [
    Order.Status.PENDING,
    Order.Status.PROCESSING,
    Order.Status.EXPIRED,
    Order.Status.PAYMENT_FAILED,
]


class Changed(Exception):
    """Somebody was faster: the page that was looked at is not true any more. For staff."""


def methods_of(order: Order) -> QuerySet[SavedMethod]:
    """What the order's own customer has saved, in the present account of Stripe."""
    theirs = Q(customer__user=None, customer__visitor=order.visitor) if order.visitor else Q()
    if order.user_id is not None:
        theirs |= Q(customer__user=order.user_id)
    methods = SavedMethod.objects.filter(
        account=known_account(), status=SavedMethod.Status.ATTACHED, customer__gone_at=None
    )
    found = methods.filter(theirs) if theirs else methods.none()
    return found.select_related("customer").order_by("-created_at", "pk")


def room(order: Order) -> Money:
    """How much may still be charged: all together no more than the order came to."""
    claimed = order.later_charges.filter(status__in=LaterCharge.CLAIMED)
    so_far = claimed.aggregate(sum=Sum("amount"))["sum"] or 0
    return Money(max((order.total or 0) - so_far, 0), order.currency)


def why_not(order: Order) -> str:
    """Why nothing can be charged for the order at all, as a sentence; empty when it can."""
    if order.status in NOT_BOUGHT or order.total is None:
        return f"{order} was never bought, or its payment is not over yet."
    if not order.email:
        return f"{order} has no e-mail address, so its customer could not be told."
    if not room(order):
        return f"All later charges of {order} together come to what it cost; no more is charged."
    return ""


def seen(order: Order) -> int:
    """What a page remembers, so that two people do not charge the same thing twice."""
    return order.later_charges.count()


def check_amount(order: Order, amount: Money) -> None:
    """Raises NotPossible with a sentence."""
    if amount.currency != order.currency:
        raise NotPossible(f"The order is in {order.currency.upper()}.")
    least = Money(max(MINIMUM_CHARGE.get(order.currency, 1), 1), order.currency)
    if amount < least:
        raise NotPossible(f"The amount must be at least {least}; Stripe takes no less.")
    if room(order) < amount:
        raise NotPossible(f"At most {room(order)} can be charged beside this order.")


@transaction.atomic
def start(
    order: Order,
    *,
    method_id: uuid.UUID,
    amount: Money,
    reason: str,
    words: str,
    seen_before: int,
    actor: Any,
    address: str,
) -> LaterCharge:
    """Write down the claim with what was agreed to, and have it charged.

    Its customer is told by mail whatever comes of it. Raises Changed, NotPossible.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if seen(order) != seen_before:
        raise Changed("Somebody has charged this order since the page was made. Nothing was done.")
    if obstacle := why_not(order):
        raise NotPossible(obstacle)
    check_amount(order, amount)
    if reason not in LaterCharge.Reason.values or not words.strip():
        raise NotPossible("Say what it is for; the customer reads it.")
    method = _locked_method(order, method_id)
    assert method.consent_at is not None  # noqa: S101 - else it may not be charged later
    charge = LaterCharge.objects.create(
        account=method.account,
        order=order,
        method=method,
        reason=reason,
        words=words.strip()[:200],
        amount=amount.amount,
        currency=amount.currency,
        consent_text=method.consent_text,
        consent_version=method.consent_version,
        consent_at=method.consent_at,
        actor_id=actor.pk,
        actor_name=str(actor)[:150],
        actor_address=address,
    )
    stripe_requests.ask_intent(charge)
    return charge


def _locked_method(order: Order, method_id: uuid.UUID) -> SavedMethod:
    """With its owner locked, so that it is not removed at the same moment. Raises NotPossible."""
    method = methods_of(order).filter(pk=method_id).first()
    if method is not None:
        Customer.objects.select_for_update().get(pk=method.customer_id)
        method = methods_of(order).filter(pk=method_id).first()
    if method is None:
        raise NotPossible("This payment method is not, or no longer, one of the customer's.")
    if not method.may_be_charged_later:
        raise NotPossible("Its owner has not agreed to be charged later with this payment method.")
    if method.requests.open().filter(kind=StripeRequest.Kind.DETACH_METHOD).exists():
        raise NotPossible("Its owner is removing this payment method.")
    return method


@transaction.atomic
def ask_customer(charge: LaterCharge) -> LaterCharge:
    """Give up charging, and let the customer pay by the link. Raises NotPossible."""
    charge = locked(charge)
    if not can_move(charge, Status.ASKED) or charge.status != Status.REFUSED:
        raise NotPossible(f"It is {charge.get_status_display().lower()}; nobody is asked to pay.")
    if not charge.order.email:
        raise NotPossible("The order has no e-mail address any more.")
    move(charge, Status.ASKED)
    return charge


@transaction.atomic
def withdraw(charge: LaterCharge, *, actor: Any) -> None:
    """Drop a claim that nobody has paid; a page that is open for it is closed. Raises NotPossible.

    What is paid there at this very moment goes back.
    """
    charge = locked(charge)
    if charge.status == Status.WITHDRAWN:
        return
    if not can_move(charge, Status.WITHDRAWN):
        raise NotPossible(f"It is {charge.get_status_display().lower()} and cannot be withdrawn.")
    move(charge, Status.WITHDRAWN)
    charge.withdrawn_by = str(actor)[:150]
    charge.save(update_fields=["withdrawn_by"])
    for page in charge.sessions.filter(status=CheckoutSession.Status.OPEN):
        stripe_requests.ask_expiry(page)


def locked(charge: LaterCharge) -> LaterCharge:
    """The claim as it is now, with its order locked before it."""
    order = Order.objects.select_for_update().get(pk=charge.order_id)
    found = LaterCharge.objects.select_for_update().get(pk=charge.pk)
    found.order = order
    return found
