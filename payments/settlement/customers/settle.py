"""The one writer of what is kept for a customer: ask Stripe what is true now, apply it at once.

Events, the pages of an account and finished requests all call it, in any order and as often as they
like. What a payment page has kept is filed with its session (payments.settlement.merge).
"""

from django.db import transaction
from django.db.models.functions import Now

from payments.models import Customer, SavedMethod, StripeRequest, WebhookEvent
from payments.settlement import noticed
from payments.settlement.customers import merge
from payments.stripe.customers import calls
from payments.stripe.customers.facts import CustomerFacts, MethodFacts
from shop import work
from shop.work import Outcome

MANDATE = "mandate."


def settle_customer(
    customer: Customer,
    *,
    noticing: WebhookEvent | None = None,
    finishing: StripeRequest | None = None,
    outcome: Outcome = Outcome.SETTLED,
    detail: str = "",
) -> None:
    """Bring a customer and their methods in line with Stripe.

    Also finishes the request that called it, and the event it was told by. Raises OutcomeUnknown
    when Stripe does not answer; then nothing has changed. Of two answers the one that was asked for
    first gives way: the other one knows what it knows.
    """
    read_at = Customer.objects.values_list(Now(), flat=True).get(pk=customer.pk)
    facts = calls.read_customer(customer)
    alone = _unlisted(customer, facts)
    withdrawn = _mandate(noticing)
    with transaction.atomic(durable=True):
        customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        if finishing is not None:
            work.finish(finishing, outcome, detail)
        if customer.read_at is None or customer.read_at <= read_at:
            customer.read_at = read_at
            customer.save(update_fields=["read_at"])
            merge.merge_customer(customer, facts, alone)
        if withdrawn is not None:
            method_id, why = withdrawn
            methods = customer.methods.filter(stripe_payment_method_id=method_id)
            # What its bank has said of it stands beside what its owner allows.
            methods.exclude(unusable=SavedMethod.NEVER_AGAIN).update(unusable=why)
        if noticing is not None:
            noticed.finish([noticing], noticed.ids_of(noticing))


def _unlisted(customer: Customer, facts: CustomerFacts) -> dict[str, MethodFacts | None]:
    """A list may lag: what stands here and not in it is asked for by itself."""
    if facts.is_gone:
        return {}
    listed = [method.id for method in facts.methods]
    rows = customer.methods.filter(status=SavedMethod.Status.ATTACHED)
    missing = rows.exclude(stripe_payment_method_id__in=listed)
    ids = list(missing.values_list("stripe_payment_method_id", flat=True))
    return {method_id: calls.read_method(method_id) for method_id in ids}


def _mandate(event: WebhookEvent | None) -> tuple[str, str] | None:
    """Of an event about a mandate: which method it is for, and why that cannot be debited."""
    if event is None or not event.type.startswith(MANDATE):
        return None
    mandate = calls.read_mandate(event.object_id)
    if mandate is None:
        return None
    return mandate.method, "" if mandate.is_active else "mandate withdrawn"
