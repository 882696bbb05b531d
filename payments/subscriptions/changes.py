"""What may be changed about a subscription: each is asked for once, and done as far as Stripe
answers now. Customers and staff change it by the same functions.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from payments import stripe_requests
from payments.models import SavedMethod, StripeRequest, Subscription
from payments.settlement import page_calls
from payments.settlement.subscriptions.changed import is_as, is_so
from shop import clock
from shop.work import Work

DECLINED = 402


class Change(Enum):
    """How far it has come."""

    DONE = "done"
    UNDER_WAY = "under way"
    DECLINED = "declined"
    NOT_DONE = "not done"
    ANOTHER_FIRST = "another first"


@dataclass(frozen=True)
class Asked:
    """Who asks, by which button; a customer needs no name."""

    button: uuid.UUID | None = None
    actor: Any = None
    address: str = ""
    reason: str = ""


BY_CUSTOMER = Asked()


def end_with_period(subscription: Subscription, by: Asked = BY_CUSTOMER) -> Change:
    """It goes on to the end of what is paid for, and is over then."""
    return _update(subscription, {"cancel_at_period_end": True}, by)


def keep(subscription: Subscription, by: Asked = BY_CUSTOMER) -> Change:
    """Take that back: it renews as before."""
    return _update(subscription, {"cancel_at_period_end": False}, by)


def end_now(subscription: Subscription, by: Asked = BY_CUSTOMER) -> Change:
    """It is over at once; what is paid stays paid until somebody refunds it."""
    return _carry_out(
        subscription,
        lambda: stripe_requests.ask_cancellation(subscription, **_by(by)),
    )


def pause(
    subscription: Subscription, by: Asked = BY_CUSTOMER, *, until: datetime | None = None
) -> Change:
    """Nothing is charged, and nothing sent, until it is resumed, or until a moment."""
    paused: dict[str, Any] = {"behavior": "void"}
    if until is not None:
        # As any time that is sent: on the wall clock.
        paused["resumes_at"] = int((until - clock.offset()).timestamp())
    return _update(subscription, {"pause_collection": paused}, by)


def resume(subscription: Subscription, by: Asked = BY_CUSTOMER) -> Change:
    """It is charged and sent again from the next date on."""
    return _update(subscription, {"pause_collection": ""}, by)


def pay_with(subscription: Subscription, method: SavedMethod, by: Asked = BY_CUSTOMER) -> Change:
    """Another of the customer's methods pays what comes."""
    wanted = {"default_payment_method": method.stripe_payment_method_id}
    return _update(subscription, wanted, by)


def change_items(
    subscription: Subscription,
    items: list[dict[str, Any]],
    *,
    counted_from: int,
    told: int,
    by: Asked = BY_CUSTOMER,
) -> Change:
    """Other items from now on. What is charged is counted from the moment that its page has told.

    Without such a moment (zero) nothing is charged before the next period begins. A card that is
    declined changes nothing.
    """
    wanted = {
        "items": items,
        "proration_behavior": "always_invoice" if counted_from else "none",
        "payment_behavior": "error_if_incomplete",
        **({"proration_date": counted_from} if counted_from else {}),
    }
    return _carry_out(
        subscription,
        lambda: stripe_requests.ask_change(subscription, wanted, amount=told, **_by(by)),
    )


def _update(subscription: Subscription, wanted: dict[str, Any], by: Asked) -> Change:
    if is_as(subscription, wanted):
        return Change.DONE
    return _carry_out(
        subscription, lambda: stripe_requests.ask_change(subscription, wanted, **_by(by))
    )


def _by(by: Asked) -> dict[str, Any]:
    return {
        "row_id": by.button,
        "actor": by.actor,
        "address": by.address,
        "reason": by.reason,
    }


def _carry_out(subscription: Subscription, ask: Any) -> Change:
    try:
        request: StripeRequest | None = ask()
    except stripe_requests.AnotherUnderWay:
        return Change.ANOTHER_FIRST
    if request is None:
        return Change.DONE
    page_calls.carry_out(request)
    request.refresh_from_db()
    subscription.refresh_from_db()
    if request.status != Work.Status.DONE:
        return Change.UNDER_WAY
    if not request.is_refused or is_so(request):
        return Change.DONE
    return Change.DECLINED if request.last_status == DECLINED else Change.NOT_DONE
