"""A purchase in the test's own process: start, pay, tell the shop, work off what follows."""

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from django.db import connection
from django.utils import timezone

from fulfillment import emails, inventory
from fulfillment.models import Email, Preparation
from payments import checkout, sending, settlement, webhooks
from payments.models import CheckoutSession, Payment, StripeRequest, WebhookEvent
from shop import stripe_client, work
from shop.catalog.models import Price, Stock
from shop.models import Clock
from shop.orders.models import Order
from tests.support.stand_in import HANGS_AFTER, StandIn

Answer = TypeVar("Answer")

BODIES: list[tuple[type[work.Work], Callable[[Any], None]]] = [
    (WebhookEvent, webhooks.process),
    (Preparation, inventory.prepare),
    (StripeRequest, sending.perform),
    (Email, emails.send),
]


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
    work_off()
    payment.refresh_from_db()
    assert payment.status == Payment.Status.CAPTURED
    return payment


def work_off() -> None:
    """Do what is due until nothing is."""
    while any(work.drain(kind, body) for kind, body in BODIES):
        pass


def try_now(request: StripeRequest) -> None:
    """The request's next attempt, without waiting for its time."""
    StripeRequest.objects.filter(pk=request.pk).update(run_at=timezone.now())
    work.run(StripeRequest, request.pk, sending.perform)
    request.refresh_from_db()


def move_clocks(stand_in: StandIn, **duration: float) -> None:
    """Business time goes on, at Stripe and in the shop."""
    stand_in.advance(**duration)
    move_clock(**duration)


def move_clock(**duration: float) -> None:
    """Business time goes on in the shop alone."""
    clock, _ = Clock.objects.get_or_create(id=1)
    clock.offset_seconds += int(timedelta(**duration).total_seconds())
    clock.save()


def at_once(calls: list[Callable[[], Answer]]) -> list[Answer | Exception]:
    """Everybody at the same moment, each with a database connection of its own."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Answer]) -> Answer | Exception:
        start.wait()
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as crowd:
        return list(crowd.map(run, calls))


def counted(price: Price) -> tuple[int, int]:
    """On hand and reserved."""
    found = Stock.objects.get(variant=price.variant_id)
    return found.on_hand, found.reserved


def order_of(payment: Payment) -> Order:
    return Order.objects.get(pk=payment.order_id)


@contextmanager
def patient_clients() -> Iterator[None]:
    """Calls to Stripe wait for as long as a test has something to do meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stripe_client, "TIMEOUT", (HANGS_AFTER, HANGS_AFTER))
        stripe_client._client.cache_clear()
        yield
    stripe_client._client.cache_clear()


@contextmanager
def while_reading(
    stand_in: StandIn, session: CheckoutSession, read: Callable[[], Any]
) -> Iterator[None]:
    """`read` gets its answer about the session from before the block, and uses it after the block.

    The stand-in has the answer ready and keeps it back.
    """
    path = f"/v1/checkout/sessions/{session.stripe_session_id}$"
    with ThreadPoolExecutor(1) as aside:
        with patient_clients(), stand_in.holding(path, method="GET", when="after"):
            reading = aside.submit(lambda: at_once([read])[0])
            stand_in.wait_for_held()
            yield
        answer = reading.result()
    if isinstance(answer, Exception):
        raise answer
