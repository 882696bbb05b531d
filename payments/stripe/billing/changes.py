"""What is asked of Stripe to be changed about a subscription, and what it says that would cost."""

from dataclasses import dataclass
from typing import Any

from payments.models import StripeRequest, Subscription
from payments.stripe.errors import translated
from shop.money import Money
from shop.stripe_client import client, plain

Kind = StripeRequest.Kind


@dataclass(frozen=True)
class Proration:
    """What a change of items costs now, or gives back, counted from one moment."""

    due: Money
    # What is taken off the next invoices.
    credited: Money
    # Stripe's moment from which on it is counted: the same in the call charges the same.
    counted_from: int


def change(request: StripeRequest, options: Any) -> Any:
    """Make the call of a row that is about a subscription; Stripe's answer."""
    assert request.subscription is not None  # noqa: S101 - each is about one
    api: Any = client().v1.subscriptions
    subscription_id = request.subscription.stripe_subscription_id
    if request.kind == Kind.CANCEL_SUBSCRIPTION:
        return api.cancel(subscription_id, request.parameters, options)
    return api.update(subscription_id, request.parameters, options)


def preview(subscription: Subscription, items: list[dict[str, Any]]) -> Proration:
    """What Stripe says that these items would cost now. Raises Refused, OutcomeUnknown."""
    details = {"items": items, "proration_behavior": "always_invoice"}
    wanted: Any = {
        "subscription": subscription.stripe_subscription_id,
        "subscription_details": details,
    }
    with translated():
        told = plain(client().v1.invoices.create_preview(wanted))
    about = (told.get("parent") or {}).get("subscription_details") or {}
    return Proration(
        due=Money(told["amount_due"], told["currency"]),
        credited=Money(max(0, -told["total"]), told["currency"]),
        counted_from=about.get("subscription_proration_date") or told["created"],
    )
