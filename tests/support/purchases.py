"""A purchase as a test makes it: paid on the payment page and settled, its work done."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from fulfillment import emails, inventory
from fulfillment.models import Email, Preparation
from payments import sending, settlement
from payments.models import CheckoutSession, Payment, StripeRequest
from shop import work
from shop.catalog.models import Price
from shop.orders.models import Order
from tests.support.factories import PriceFactory
from tests.support.stand_in import StandIn, session_id_in

BODIES = [
    (Preparation, inventory.prepare),
    (StripeRequest, sending.perform),
    (Email, emails.send),
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


def payment_of(order: Order) -> Payment:
    return Payment.objects.get(order=order)
