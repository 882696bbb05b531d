"""The steps of a purchase, one at a time: started, paid, held, captured; requests performed."""

import uuid
from typing import Any

from django.utils import timezone

from payments import checkout, webhooks
from payments.models import CheckoutSession, Payment, StripeRequest, WebhookEvent
from payments.settlement import perform as sending
from payments.settlement import settle
from shop import work
from shop.catalog.models import Price
from shop.orders.models import Order
from tests.support.factories import PriceFactory
from tests.support.stand_in import StandIn


def buyer(**more: Any) -> checkout.Buyer:
    """A new visitor."""
    visitor = uuid.uuid4()
    return checkout.Buyer(**{"visitor": visitor, "limit_key": f"session:{visitor.hex}", **more})


def start(price: Price | None = None, quantity: int = 1, **more: Any) -> CheckoutSession:
    """A checkout of one thing, with its payment page open."""
    item = checkout.Item(price or PriceFactory(), quantity)
    return checkout.start(buyer(**more), [item])


def pay(stand_in: StandIn, session: CheckoutSession, **how: Any) -> CheckoutSession:
    """The customer pays, and the shop has been told."""
    answer = stand_in.pay(str(session.stripe_session_id), **how)
    assert answer.status_code == 200, answer.text
    return read(session)


def read(session: CheckoutSession) -> CheckoutSession:
    """One more look at Stripe."""
    settle.settle(session)
    session.refresh_from_db()
    return session


def held(stand_in: StandIn, price: Price | None = None, **how: Any) -> tuple[Order, Payment]:
    """An order that was paid by card: the money is held."""
    session = pay(stand_in, start(price), **how)
    return order_of(session), Payment.objects.get(session=session)


def captured(stand_in: StandIn, price: Price | None = None, **how: Any) -> tuple[Order, Payment]:
    """An order whose money was taken, as somebody in the Dashboard would do it."""
    _, payment = held(stand_in, price, **how)
    if payment.status == Payment.Status.AUTHORIZED:
        stand_in.call(f"payment_intents/{payment.stripe_payment_intent_id}/capture")
    return settled(payment)


def settled(payment: Payment) -> tuple[Order, Payment]:
    """The order and its payment after one more look at Stripe."""
    settle.settle(payment)
    payment.refresh_from_db()
    return Order.objects.get(pk=payment.order_id), payment


def order_of(session: CheckoutSession) -> Order:
    return Order.objects.get(pk=session.order_id)


def perform(request: StripeRequest) -> StripeRequest:
    """One attempt of a request, as a worker makes it, whenever it is due."""
    StripeRequest.objects.filter(pk=request.pk).update(run_at=timezone.now())
    work.run(StripeRequest, request.pk, sending.perform)
    return StripeRequest.objects.get(pk=request.pk)


def perform_all() -> list[str]:
    """One attempt of every open request; their kinds and outcomes, the oldest first."""
    rows = StripeRequest.objects.filter(status__in=["ready", "leased"]).order_by("created_at")
    return [f"{row.kind}: {perform(row).result}" for row in list(rows)]


def process(event: WebhookEvent) -> WebhookEvent:
    """One attempt of an event of the inbox, whenever it is due."""
    WebhookEvent.objects.filter(pk=event.pk).update(run_at=timezone.now())
    work.run(WebhookEvent, event.pk, webhooks.process)
    return WebhookEvent.objects.get(pk=event.pk)
