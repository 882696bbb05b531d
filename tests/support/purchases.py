"""A purchase in the test's own process: begun, paid, settled, and the work that follows done."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from fulfillment import stock_check
from fulfillment.contact import mails as contact
from fulfillment.emails import letters
from fulfillment.models import (
    BackInStock,
    ContactMessage,
    Email,
    OrderLink,
    Preparation,
    SubscriptionMail,
)
from fulfillment.order_links import mails as order_links
from fulfillment.restock import mails as restock
from fulfillment.subscriptions import mails as subscription_mails
from payments import checkout, webhooks
from payments.models import (
    CheckoutSession,
    DiscountSync,
    Payment,
    StripeRequest,
    TaxRateSync,
    WebhookEvent,
)
from payments.settlement import settle
from payments.settlement.perform import perform as perform_request
from payments.stripe.terms import tax_rates
from payments.stripe.terms.discounts import push as discounts
from shop import work
from shop.accounts.customers import mails as account_mails
from shop.accounts.models import AccountMail
from shop.catalog.models import Price, Stock
from shop.orders.models import Order
from tests.support.factories import PriceFactory
from tests.support.stand_in import StandIn, session_id_in

BODIES: list[tuple[type[work.Work], Callable[[Any], None]]] = [
    (WebhookEvent, webhooks.process),
    (TaxRateSync, tax_rates.push),
    (DiscountSync, discounts.push),
    (Preparation, stock_check.prepare),
    (StripeRequest, perform_request),
    (Email, letters.send),
    (BackInStock, restock.send),
    (ContactMessage, contact.send),
    (AccountMail, account_mails.send),
    (OrderLink, order_links.send),
    (SubscriptionMail, subscription_mails.send),
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
    settle.settle(session)
    return order_of(session)


def new_buyer(**more: Any) -> checkout.Buyer:
    """A new visitor."""
    return checkout.Buyer(**{"visitor": uuid.uuid4(), **more})


def start(price: Price | None = None, quantity: int = 1, **more: Any) -> CheckoutSession:
    """A checkout of one thing, with its payment page open."""
    item = checkout.Item(price or PriceFactory(), quantity)
    return checkout.start(new_buyer(**more), [item])


def pay(stand_in: StandIn, session: CheckoutSession, **how: Any) -> None:
    """The customer pays; the shop is not told."""
    answer = stand_in.pay(str(session.stripe_session_id), **how)
    assert answer.status_code == 200, answer.text


def paid(stand_in: StandIn, session: CheckoutSession, **how: Any) -> CheckoutSession:
    """The customer pays, and the shop has been told."""
    pay(stand_in, session, **how)
    return read(session)


def read(session: CheckoutSession) -> CheckoutSession:
    """One more look at Stripe."""
    settle.settle(session)
    session.refresh_from_db()
    return session


def unpaid(stand_in: StandIn, session: CheckoutSession) -> Order:
    """The order of a page that ended before anybody paid, as the shop has seen it."""
    stand_in.call(f"checkout/sessions/{session.stripe_session_id}/expire")
    return settle_order(order_of(session))


def held(stand_in: StandIn, price: Price | None = None, **how: Any) -> tuple[Order, Payment]:
    """An order that was paid by card: the money is held, and nothing that follows is done yet."""
    session = paid(stand_in, start(price), **how)
    return order_of(session), Payment.objects.get(session=session)


def authorized(stand_in: StandIn, price: Price) -> Payment:
    """The payment of such an order."""
    return held(stand_in, price)[1]


def captured(stand_in: StandIn, price: Price) -> Payment:
    """The payment of an order that is paid and prepared."""
    payment = authorized(stand_in, price)
    do_the_work()
    payment.refresh_from_db()
    assert payment.status == Payment.Status.CAPTURED
    return payment


def captured_at_stripe(
    stand_in: StandIn, price: Price | None = None, **how: Any
) -> tuple[Order, Payment]:
    """An order whose money was taken, as somebody in the Dashboard would do it."""
    _, payment = held(stand_in, price, **how)
    if payment.status == Payment.Status.AUTHORIZED:
        stand_in.call(f"payment_intents/{payment.stripe_payment_intent_id}/capture")
    return settled(payment)


def settled(payment: Payment) -> tuple[Order, Payment]:
    """The order and its payment after one more look at Stripe."""
    settle.settle(payment)
    payment.refresh_from_db()
    return order_of(payment), payment


def settle_order(order: Order) -> Order:
    """What an event would bring about."""
    for session in order.checkout_sessions.all():
        settle.settle(session)
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


def perform(request: StripeRequest) -> StripeRequest:
    """One attempt of a request, as a worker makes it, whenever it is due; the row as it is then."""
    StripeRequest.objects.filter(pk=request.pk).update(run_at=timezone.now())
    work.run(StripeRequest, request.pk, perform_request)
    return StripeRequest.objects.get(pk=request.pk)


def try_now(request: StripeRequest) -> None:
    """The same for the row at hand."""
    perform(request)
    request.refresh_from_db()


def perform_all() -> list[str]:
    """One attempt of every open request; their kinds and outcomes, the oldest first."""
    rows = StripeRequest.objects.filter(status__in=["ready", "leased"]).order_by("created_at")
    return [f"{row.kind}: {perform(row).result}" for row in list(rows)]


def process(event: WebhookEvent) -> WebhookEvent:
    """One attempt of an event of the inbox, whenever it is due; the row as it is then."""
    WebhookEvent.objects.filter(pk=event.pk).update(run_at=timezone.now())
    work.run(WebhookEvent, event.pk, webhooks.process)
    return WebhookEvent.objects.get(pk=event.pk)


def counted(price: Price) -> tuple[int, int]:
    """On hand and reserved."""
    stock = Stock.objects.get(variant=price.variant_id)
    return stock.on_hand, stock.reserved


def payment_of(order: Order) -> Payment:
    return Payment.objects.get(order=order)


def order_of(subject: CheckoutSession | Payment) -> Order:
    assert subject.order_id
    return Order.objects.get(pk=subject.order_id)
