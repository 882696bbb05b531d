"""What a customer changes: each is asked for once, and done as far as Stripe answers now."""

from enum import Enum
from typing import Any

from django.db import transaction

from payments import stripe_requests
from payments.models import Customer, SavedMethod, StripeRequest
from payments.saved_methods import needs
from payments.settlement import page_calls
from shop.work import Work


class Change(Enum):
    """How far it has come."""

    DONE = "done"
    UNDER_WAY = "under way"
    NOT_DONE = "not done"


def remove(method: SavedMethod) -> Change:
    """Have Stripe let go of it; twice is as good as once. Raises needs.StillNeeded."""
    if not _carry_out(_ask_detachment(method)):
        return Change.UNDER_WAY
    method.refresh_from_db()
    is_gone = method.status == SavedMethod.Status.DETACHED
    return Change.DONE if is_gone else Change.NOT_DONE


@transaction.atomic
def _ask_detachment(method: SavedMethod) -> StripeRequest | None:
    """With its owner locked: who begins to charge it at this moment waits, or is seen here."""
    Customer.objects.select_for_update().get(pk=method.customer_id)
    needs.check(method)
    return stripe_requests.ask_detachment(method)


def make_default(method: SavedMethod) -> Change:
    """Have Stripe take it where nothing else is named."""
    request = stripe_requests.ask_default(method)
    if not _carry_out(request):
        return Change.UNDER_WAY
    method.customer.refresh_from_db()
    default: Any = method.customer.stripe_default_method_id
    return Change.DONE if default == method.stripe_payment_method_id else Change.NOT_DONE


def _carry_out(request: StripeRequest | None) -> bool:
    """Whether nothing is left to do."""
    if request is None:
        return True
    page_calls.carry_out(request)
    request.refresh_from_db()
    return request.status == Work.Status.DONE
