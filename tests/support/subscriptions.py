"""Subscriptions for tests: begun on the stand-in's page, and renewed by its clock."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from payments import stripe_requests
from payments.models import CheckoutSession, Subscription
from payments.settlement import settle
from payments.settlement.subscriptions.settle import settle_subscription
from shop import clock, stripe_client
from shop.catalog import stock
from shop.catalog.models import Price
from shop.models import Installation
from shop.orders.models import Order, OrderLine, words_of
from tests.support.clocks import move_clocks
from tests.support.factories import DeliveryMethodFactory, PriceFactory
from tests.support.purchases import perform
from tests.support.stand_in import StandIn


def monthly(**more: Any) -> Price:
    """What a subscription costs every month: 18.00 EUR for a thing of which there are ten."""
    price: Price = PriceFactory(**{"interval": Price.Interval.MONTH, **more})
    return price


def begin(
    price: Price | None = None,
    *,
    quantity: int = 1,
    delivery: int | None = None,
    trial_days: int = 0,
    user: Any = None,
    visitor: uuid.UUID | None = None,
    language: str = "en",
) -> CheckoutSession:
    """The open page of a subscription, with its pending order."""
    price = price or monthly()
    order = Order.objects.create(
        currency=price.currency,
        user=user,
        visitor=visitor or uuid.uuid4(),
        language=language,
        subtotal=price.unit_amount * quantity,
    )
    variant = price.variant
    OrderLine.objects.create(
        order=order,
        position=1,
        variant=variant,
        price=price,
        sku=variant.sku,
        **words_of(variant),
        unit_amount=price.unit_amount,
        quantity=quantity,
    )
    stock.reserve(order.units(), cause_kind="order", cause_id=order.reservation)
    expires_at = timezone.now().replace(microsecond=0) + timedelta(minutes=45)
    session = CheckoutSession.objects.create(
        mode=CheckoutSession.Mode.SUBSCRIPTION,
        account=stripe_client.account(),
        order=order,
        user=user,
        visitor=order.visitor,
        delivery=_offered(delivery),
        expires_at=expires_at,
        due_at=expires_at,
        next_look_at=expires_at,
    )
    perform(stripe_requests.new_session_request(session, _parameters(session, trial_days)))
    session.refresh_from_db()
    assert session.stripe_session_id
    return session


def _offered(amount: int | None) -> dict[str, Any]:
    if amount is None:
        return {}
    method = DeliveryMethodFactory(rates={"eur": {0: amount}})
    option = {"method": method.pk, "name": "Standard", "amount": amount, "min_days": 2}
    return {"countries": ["AT", "DE"], "options": [{**option, "max_days": 8}]}


def _parameters(session: CheckoutSession, trial_days: int) -> dict[str, Any]:
    """What the page is asked for: goods and delivery each are a line that recurs."""
    order = session.order
    assert order is not None
    line = order.lines.get()
    marks = {
        "shop": Installation.current(),
        "order": str(order.pk),
        "session": str(session.pk),
    }
    rhythm = {"interval": line.price.interval, "interval_count": line.price.interval_count}
    items = [_item(line.title, line.unit_amount, line.quantity, rhythm, {"line": "1"})]
    asked: dict[str, Any] = {}
    for option in session.delivery.get("options", []):
        mark = {"delivery": str(option["method"])}
        items.append(_item(option["name"], option["amount"], 1, rhythm, mark))
        countries = session.delivery["countries"]
        asked["shipping_address_collection"] = {"allowed_countries": countries}
    data: dict[str, Any] = {"metadata": marks}
    if trial_days:
        data["trial_period_days"] = trial_days
    return {
        "mode": "subscription",
        "line_items": items,
        "success_url": "https://shop.test/success?session_id={CHECKOUT_SESSION_ID}",
        "metadata": marks,
        "client_reference_id": str(order.pk),
        "subscription_data": data,
        "expires_at": int(session.expires_at.timestamp()),
        **asked,
    }


def _item(
    name: str, amount: int, quantity: int, rhythm: dict[str, Any], marks: dict[str, str]
) -> dict[str, Any]:
    return {
        "price_data": {
            "currency": "eur",
            "unit_amount": amount,
            "product_data": {"name": name},
            "recurring": rhythm,
        },
        "quantity": quantity,
        "metadata": marks,
    }


def paid(stand_in: StandIn, session: CheckoutSession, **how: Any) -> CheckoutSession:
    """The customer pays; the shop is not told."""
    answer = stand_in.pay(str(session.stripe_session_id), **how)
    assert answer.status_code == 200, answer.text
    return session


def subscribed(
    stand_in: StandIn, price: Price | None = None, *, how: Any = None, **more: Any
) -> Subscription:
    """A subscription that was begun and paid on the page, as the shop has seen it."""
    session = paid(stand_in, begin(price, **more), **(how or {}))
    settle.settle(session)
    return Subscription.objects.get(session=session)


def seen(subscription: Subscription) -> Subscription:
    """One more look at Stripe."""
    settle_subscription(subscription)
    subscription.refresh_from_db()
    return subscription


def until_the_end(subscription: Subscription) -> float:
    """Days from now to the end of the period: months have 28 to 31."""
    assert subscription.period_end is not None
    return (subscription.period_end - clock.now()) / timedelta(days=1)


def renewed(
    stand_in: StandIn, subscription: Subscription, *, days: float | None = None
) -> Subscription:
    """The clocks move on, to a day after the end of the period, and the shop has been told."""
    if days is None:
        days = until_the_end(subscription) + 1
    move_clocks(stand_in, days=days)
    return seen(subscription)
