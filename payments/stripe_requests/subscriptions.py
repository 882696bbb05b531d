"""Asking for changes of what a customer gets again and again: one at a time, each once."""

import uuid
from typing import Any

from django.db import transaction

from payments.models import StripeRequest, Subscription
from payments.stripe_requests.rows import request_row

Kind = StripeRequest.Kind
CHANGES = [Kind.UPDATE_SUBSCRIPTION, Kind.CANCEL_SUBSCRIPTION]


class AnotherUnderWay(Exception):
    """Another change of the subscription has been asked for, and Stripe has not answered yet."""


@transaction.atomic
def ask_change(
    subscription: Subscription,
    parameters: dict[str, Any],
    *,
    row_id: uuid.UUID | None = None,
    amount: int | None = None,
    reason: str = "",
    actor: Any = None,
    address: str = "",
) -> StripeRequest:
    """Ask Stripe for a change, with what its page has shown; `amount` is what that said is due now.

    `row_id` is the id of the form that asks: sent twice, it finds the row of the first time. While
    the same is asked for already, that row is answered. Raises AnotherUnderWay.
    """
    return _asked(
        Kind.UPDATE_SUBSCRIPTION,
        subscription,
        parameters,
        row_id=row_id,
        amount=amount,
        reason=reason,
        actor=actor,
        address=address,
    )


@transaction.atomic
def ask_cancellation(
    subscription: Subscription,
    *,
    row_id: uuid.UUID | None = None,
    reason: str = "",
    actor: Any = None,
    address: str = "",
) -> StripeRequest | None:
    """Ask Stripe to end it at once; no money goes back by itself. None when it is over.

    Raises AnotherUnderWay.
    """
    if Subscription.objects.get(pk=subscription.pk).is_over:
        return None
    return _asked(
        Kind.CANCEL_SUBSCRIPTION,
        subscription,
        {"invoice_now": False, "prorate": False},
        row_id=row_id,
        reason=reason,
        actor=actor,
        address=address,
    )


def _asked(
    kind: StripeRequest.Kind,
    subscription: Subscription,
    parameters: dict[str, Any],
    *,
    row_id: uuid.UUID | None,
    **more: Any,
) -> StripeRequest:
    # Two at once would both find none; the second waits for the first one's commit.
    Subscription.objects.select_for_update(no_key=True).get(pk=subscription.pk)
    rows = StripeRequest.objects.filter(subscription=subscription, kind__in=CHANGES)
    pressed: StripeRequest | None = rows.filter(pk=row_id).first() if row_id else None
    if pressed is not None:
        return pressed
    under_way: StripeRequest | None = rows.open().first()
    if under_way is None:
        return request_row(
            kind,
            subscription=subscription,
            parameters=parameters,
            row_id=row_id,
            ring=False,
            **more,
        )
    if (under_way.kind, under_way.parameters) != (kind, parameters):
        raise AnotherUnderWay
    return under_way
