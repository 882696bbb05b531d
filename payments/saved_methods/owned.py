"""Which customers at Stripe are a user's, and what is kept there for them."""

import uuid
from typing import Any

from django.db.models import QuerySet

from payments.models import Customer, SavedMethod
from shop.stripe_client import known_accounts


def customer_of(user: Any) -> Customer | None:
    """Whom pages and the portal name to Stripe: where something was kept last."""
    mine = Customer.of(visitor=None, user=user).filter(account__in=known_accounts())
    return mine.order_by("-saved_at").first()


def methods_of(user: Any) -> QuerySet[SavedMethod]:
    """All that is kept for them in this account of Stripe's, what was saved last at the top."""
    return (
        SavedMethod.objects.filter(
            status=SavedMethod.Status.ATTACHED,
            customer__user=user,
            customer__gone_at=None,
            account__in=known_accounts(),
        )
        .select_related("customer")
        .order_by("-created_at", "pk")
    )


def method_of(user: Any, method_id: uuid.UUID) -> SavedMethod | None:
    """One of theirs, removed ones included; None for anybody else's, as for what there is not."""
    mine = SavedMethod.objects.filter(customer__user=user, pk=method_id)
    return mine.select_related("customer").first()
