"""Whose a subscription is: of an account, or of whoever has its secret address."""

import uuid
from typing import Any

from django.db.models import Q, QuerySet

from payments.models import Subscription
from shop.stripe_client import known_accounts


def subscriptions_of(user: Any) -> QuerySet[Subscription]:
    """All of a user's in this account of Stripe's, those of orders they claimed included."""
    theirs = Q(user=user) | Q(user=None, session__order__user=user)
    return _whole().filter(theirs, account__in=known_accounts())


def subscription_of(user: Any, subscription_id: uuid.UUID) -> Subscription | None:
    """One of theirs; None for anybody else's, as for what there is not."""
    return subscriptions_of(user).filter(pk=subscription_id).first()


def subscription_by(token: str) -> Subscription | None:
    """The one with this secret address, which whoever bought it was mailed."""
    return _whole().filter(token=token, account__in=known_accounts()).first()


def _whole() -> QuerySet[Subscription]:
    return Subscription.objects.select_related("customer", "session__order").prefetch_related(
        "items__price", "items__variant__product"
    )
