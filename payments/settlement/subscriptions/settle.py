"""The one writer of subscriptions: ask Stripe what is true now, and apply it in one commit.

Events, the sweep and finished requests all call it, in any order and as often as they like.
"""

from django.db import transaction
from django.utils import timezone

from payments.models import StripeRequest, Subscription, WebhookEvent
from payments.settlement.subscriptions.merge import merge
from payments.stripe.billing import calls
from shop import work
from shop.work import Outcome


def settle_subscription(
    subscription: Subscription,
    *,
    noticing: WebhookEvent | None = None,
    finishing: StripeRequest | None = None,
    outcome: Outcome = Outcome.SETTLED,
    detail: str = "",
) -> None:
    """Bring a subscription, its items and invoices in line with Stripe, and what follows from it.

    Also finishes the request that called it, and the event it was told by. Raises OutcomeUnknown
    when Stripe does not answer; then nothing has changed.
    """
    told = calls.read_subscription(subscription.stripe_subscription_id)
    with transaction.atomic(durable=True):
        row = Subscription.objects.select_for_update().get(pk=subscription.pk)
        if finishing is not None:
            work.finish(finishing, outcome, detail)
        merge(row, told)
        if noticing is not None:
            _finish(noticing)


def _finish(event: WebhookEvent) -> None:
    """Done, whatever its lease."""
    WebhookEvent.objects.open().filter(pk=event.pk).update(
        status=work.Work.Status.DONE,
        outcome=Outcome.SETTLED,
        detail="",
        finished_at=timezone.now(),
        lease_token=None,
        lease_until=None,
        last_error="",
    )
