"""Writing what Stripe tells of a subscription into its rows. Called within settle's commit."""

from typing import Any

from django.utils import timezone

from payments.models import (
    CheckoutSession,
    Customer,
    Subscription,
    SubscriptionInvoice,
    SubscriptionItem,
)
from payments.settlement.totals.session_terms import delivery_in_lines
from payments.stripe.billing.calls import Told
from payments.stripe.billing.facts import InvoiceFacts, ItemFacts, SubscriptionFacts
from payments.stripe.facts import SessionFacts
from shop import clock
from shop.catalog.models import Price, Variant
from shop.orders.models import Order, OrderLine
from shop.transitions import can_move, move

Status = Subscription.Status


def begin(session: CheckoutSession, facts: SessionFacts, told: SubscriptionFacts) -> Subscription:
    """The row of the subscription that a page has begun, locked; with all that the page has said.

    Once: later what customers and staff change here or at Stripe counts.
    """
    order = session.order
    offered = session.delivery.get("options", [{}])
    row, made = Subscription.objects.select_for_update(of=("self",)).get_or_create(
        account=session.account,
        stripe_subscription_id=told.id,
        defaults={
            "status": told.status,
            "session": session,
            "user": session.user or (order.user if order else None),
            "customer": _customer(session, told.customer_id),
            "currency": told.currency,
            "email": facts.email,
            "name": facts.name[:255],
            "phone": facts.phone[:50],
            "billing_address": facts.billing_address,
            "shipping_address": facts.shipping_address,
            "delivery": offered[0],
            "created_at": told.created_at,
            **({"language": order.language} if order else {}),
        },
    )
    if made:
        _write_first_items(row, order, session, facts, told)
    return row


def _customer(session: CheckoutSession, owner: str) -> Customer | None:
    """Who is charged for it: known from now on, as whoever keeps a card on purpose."""
    if session.customer is not None and owner in session.customer.named.values():
        return session.customer
    if not owner:
        return None
    customer, _ = Customer.objects.get_or_create(
        account=session.account,
        stripe_customer_id=owner,
        defaults={
            "user": session.user,
            "visitor": session.visitor,
            "saved_at": timezone.now(),
        },
    )
    return customer


def _write_first_items(
    row: Subscription,
    order: Order | None,
    session: CheckoutSession,
    facts: SessionFacts,
    told: SubscriptionFacts,
) -> None:
    """What was bought on the page stands in the order's lines; delivery has an item of its own."""
    lines = {line.position: line for line in order.lines.all()} if order else {}
    bought = {fact.stripe_price: lines.get(fact.position or 0) for fact in facts.lines or []}
    delivery = delivery_in_lines(session, facts)
    for item in told.items:
        is_delivery = delivery is not None and delivery.stripe_price == item.price
        _write_item(row, item, bought.get(item.price), is_delivery=is_delivery)


def _write_item(
    row: Subscription, item: ItemFacts, line: OrderLine | None, *, is_delivery: bool
) -> None:
    price = line.price if line else _price(row.account, item.price)
    variant = line.variant if line else price.variant if price else None
    title = row.delivery.get("name", "") if is_delivery else ""
    if variant is not None:
        title = _title(variant)
    SubscriptionItem.objects.create(
        subscription=row,
        stripe_item_id=item.id,
        variant=variant,
        price=price,
        title=(title or item.price)[:250],
        is_delivery=is_delivery,
        **_costs(item),
    )


def _title(variant: Variant) -> str:
    title = variant.product.title
    return (f"{title} ({variant.choice})" if variant.choice else title)[:250]


def _price(account: str, stripe_price: str) -> Price | None:
    ours = Price.objects.filter(stripe_account=account, stripe_price_id=stripe_price)
    return ours.select_related("variant__product").first()


def _costs(item: ItemFacts) -> dict[str, str | int]:
    return {
        "unit_amount": item.unit_amount,
        "quantity": item.quantity,
        "interval": item.interval,
        "interval_count": item.interval_count,
    }


def merge(row: Subscription, told: Told) -> None:
    """The row, its items and its invoices as they are told; the row is locked by the caller."""
    facts = told.subscription
    _move_to(row, facts.status)
    row.stripe_payment_method_id = facts.method_id or row.stripe_payment_method_id
    row.period_start, row.period_end = facts.period_start, facts.period_end
    row.trial_end = facts.trial_end
    row.cancel_at_period_end, row.cancel_at = facts.cancel_at_period_end, facts.cancel_at
    row.canceled_at, row.ended_at = facts.canceled_at, facts.ended_at
    row.paused_by, row.resumes_at = facts.paused_by[:20], facts.resumes_at
    row.save()
    _merge_items(row, facts.items)
    for invoice in told.invoices:
        merge_invoice(row, invoice)


def end_unknown(row: Subscription) -> None:
    """Stripe knows no such subscription, because its test data was deleted: it never renews."""
    row.ended_at = row.ended_at or clock.now()
    row.save(update_fields=["ended_at"])
    _move_to(row, Status.CANCELED)


def _move_to(row: Subscription, status: str) -> None:
    """Also where what lay between was never told; what is over stays so."""
    if row.status == status:
        return
    if not can_move(row, status) and can_move(row, Status.ACTIVE):
        move(row, Status.ACTIVE)
    if can_move(row, status):
        move(row, status)


def _merge_items(row: Subscription, items: list[ItemFacts]) -> None:
    known = {item.stripe_item_id: item for item in row.items.all()}
    ours = Price.objects.filter(
        stripe_account=row.account, stripe_price_id__in=[fact.price for fact in items]
    ).select_related("variant__product")
    prices = {price.stripe_price_id: price for price in ours}
    for fact in items:
        item = known.pop(fact.id, None)
        if item is None:
            _write_item(row, fact, None, is_delivery=False)
            continue
        changed: dict[str, Any] = _costs(fact)
        price = prices.get(fact.price)
        if price is not None and item.price_id != price.pk:
            title = _title(price.variant)
            changed |= {"price": price, "variant": price.variant, "title": title}
        for name, value in changed.items():
            setattr(item, name, value)
        item.save(update_fields=list(changed))


def let_go_of_items(row: Subscription, items: list[ItemFacts]) -> None:
    """What is no longer in it: once no invoice of before waits for its order."""
    if items:
        row.items.exclude(stripe_item_id__in=[item.id for item in items]).delete()


def merge_invoice(row: Subscription, facts: InvoiceFacts) -> SubscriptionInvoice:
    """The row of one invoice as it is told."""
    start, end = facts.period
    invoice, _ = SubscriptionInvoice.objects.update_or_create(
        account=row.account,
        stripe_invoice_id=facts.id,
        defaults={
            "subscription": row,
            "number": facts.number[:80],
            "billing_reason": facts.billing_reason[:40],
            "status": facts.status,
            "currency": facts.currency,
            "amount_due": facts.amount_due,
            "amount_paid": facts.amount_paid,
            "period_start": start,
            "period_end": end,
            "hosted_url": facts.hosted_url,
            "pdf_url": facts.pdf_url,
            "attempts": facts.attempts,
            "next_attempt_at": facts.next_attempt_at,
            "created_at": facts.created_at,
        },
    )
    return invoice
