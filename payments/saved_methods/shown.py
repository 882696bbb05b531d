"""The list that a customer sees: what each method is, until when it is good, where it is used."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from payments.method_names import name_of_means
from payments.models import SavedMethod, StripeRequest
from payments.saved_methods.needs import needs
from payments.saved_methods.owned import methods_of
from shop import clock
from shop.work import Work

# Banks send a new card some weeks before.
SOON = timedelta(days=45)


@dataclass(frozen=True)
class Shown:
    """One method as its page says it."""

    method: SavedMethod
    name: str
    is_default: bool
    has_expired: bool
    expires_soon: bool
    is_being_removed: bool
    used_for: list[str]

    @property
    def expiry(self) -> str:
        """As it stands on the card; empty for what has none."""
        month, year = self.method.exp_month, self.method.exp_year
        return f"{month:02}/{year}" if month and year else ""

    @property
    def may_become_default(self) -> bool:
        """Of an Account (Accounts v2) Stripe keeps that elsewhere."""
        return not self.is_default and not self.method.customer.stripe_account_id


def shown(user: Any) -> list[Shown]:
    """All of a user's methods."""
    methods = list(methods_of(user))
    used = needs(methods)
    leaving = set(
        StripeRequest.objects.filter(
            kind=StripeRequest.Kind.DETACH_METHOD,
            saved_method__in=methods,
            status__in=Work.OPEN,
        ).values_list("saved_method", flat=True)
    )
    now = clock.now()
    return [
        described(
            method,
            now,
            used_for=used.get(method.stripe_payment_method_id, []),
            is_being_removed=method.pk in leaving,
        )
        for method in methods
    ]


def described(
    method: SavedMethod,
    now: datetime,
    *,
    used_for: list[str] | None = None,
    is_being_removed: bool = False,
) -> Shown:
    """One of them in words."""
    ends = _ends(method)
    return Shown(
        method=method,
        name=name_of_means(method.type, method.brand),
        is_default=method.customer.stripe_default_method_id == method.stripe_payment_method_id,
        has_expired=ends is not None and ends <= now,
        expires_soon=ends is not None and now < ends <= now + SOON,
        is_being_removed=is_being_removed,
        used_for=used_for or [],
    )


def _ends(method: SavedMethod) -> datetime | None:
    """A card is good to the end of its month."""
    month, year = method.exp_month, method.exp_year
    if not month or not year:
        return None
    last_day = datetime(year, month, monthrange(year, month)[1], tzinfo=UTC)
    return last_day + timedelta(days=1)
