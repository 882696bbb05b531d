"""A purchase in the test's own process: begun, paid, settled, and the work that follows done."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from fulfillment import stock_check
from fulfillment.emails import letters
from fulfillment.models import Email, Preparation
from payments import checkout, webhooks
from payments.models import CheckoutSession, Payment, StripeRequest, WebhookEvent
from payments.settlement import perform
from payments.settlement import settle as settlement
from shop import work
from shop.catalog.models import Price, Stock
from shop.orders.models import Order
from tests.support.factories import PriceFactory
from tests.support.stand_in import StandIn, session_id_in

BODIES: list[tuple[type[work.Work], Callable[[Any], None]]] = [
    (WebhookEvent, webhooks.process),
    (Preparation, stock_check.prepare),
    (StripeRequest, perform.perform),
    (Email, letters.send),
]


def buy(
    stand_in: StandIn,
    *,
    price: Price | None = None,
    quantity: int = 1,
    client: Client | None = None,
    **paid: Any,
) -> Order:
    """An order that was paid on the payment page and settled; its work rows wait."""
    price = price or PriceFactory()
    answer = (client or Client()).post(
        "/create-checkout-session", {"price": price.key, "quantity": str(quantity)}
    )
    assert answer.status_code == 303, answer.content
    session_id = session_id_in(answer["Location"])
    assert stand_in.pay(session_id, **paid).status_code == 200
    session = CheckoutSession.objects.get(stripe_session_id=session_id)
    settlement.settle(session)
    return Order.objects.get(pk=session.order_id)


def begin(price: Price, quantity: int = 1) -> CheckoutSession:
    """A customer at the payment page."""
    buyer = checkout.Buyer(visitor=uuid.uuid4(), limit_key=uuid.uuid4().hex)
    return checkout.start(buyer, [checkout.Item(price, quantity)])


def pay(stand_in: StandIn, session: CheckoutSession, **more: Any) -> None:
    """The customer pays; the shop is not told."""
    assert session.stripe_session_id
    answer = stand_in.pay(session.stripe_session_id, **more)
    assert answer.status_code == 200, answer.text


def authorized(stand_in: StandIn, price: Price) -> Payment:
    """A paid order as the shop knows it; nothing that follows from it has been done yet."""
    session = begin(price)
    pay(stand_in, session)
    settlement.settle(session)
    return Payment.objects.get(session=session)


def captured(stand_in: StandIn, price: Price) -> Payment:
    """An order that is paid and prepared."""
    payment = authorized(stand_in, price)
    do_the_work()
    payment.refresh_from_db()
    assert payment.status == Payment.Status.CAPTURED
    return payment


def settle(order: Order) -> Order:
    """What an event would bring about."""
    for session in order.checkout_sessions.all():
        settlement.settle(session)
    return Order.objects.get(pk=order.pk)


def do_the_work() -> None:
    """Do every piece of work until none is left; what was put back is not waited for."""
    while any(work.drain(kind, body) for kind, body in BODIES):
        pass


def do_what_waits() -> None:
    """Do the work, what was put back for later included."""
    for kind, _ in BODIES:
        kind._default_manager.filter(status=work.Work.Status.READY).update(
            run_at=timezone.now() - timedelta(seconds=1)
        )
    do_the_work()


def try_now(request: StripeRequest) -> None:
    """The request's next attempt, without waiting for its time."""
    StripeRequest.objects.filter(pk=request.pk).update(run_at=timezone.now())
    work.run(StripeRequest, request.pk, perform.perform)
    request.refresh_from_db()


def counted(price: Price) -> tuple[int, int]:
    """On hand and reserved."""
    found = Stock.objects.get(variant=price.variant_id)
    return found.on_hand, found.reserved


def payment_of(order: Order) -> Payment:
    return Payment.objects.get(order=order)


def order_of(payment: Payment) -> Order:
    return Order.objects.get(pk=payment.order_id)
