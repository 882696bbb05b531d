"""A page on which a subscription begins: its rows, and what becomes of the page's order."""

from typing import Any

import pytest

from payments.models import Payment, SavedMethod, Subscription
from payments.stripe.terms.discounts.queue import queue_all
from shop import stripe_client
from shop.orders.models import DeliveryMethod, Order
from tests.support import subscriptions
from tests.support.factories import (
    DeliveryMethodFactory,
    DiscountFactory,
    MonthlyPriceFactory,
    TaxRateFactory,
)
from tests.support.purchases import counted, do_the_work, do_what_waits, order_of, paid, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_bought_is_kept_with_its_first_period(stand_in: StandIn) -> None:
    price = subscriptions.monthly()

    row = subscriptions.subscribed(stand_in, price, quantity=2, delivery=500)

    assert (row.status, row.email, row.delivery["name"]) == (
        "active", "ada@example.com", "Standard",
    )  # fmt: skip
    assert [
        (item.variant, item.price, item.unit_amount, item.quantity, item.interval, item.is_delivery)
        for item in row.items.all()
    ] == [
        (price.variant, price, 1800, 2, "month", False),
        (None, None, 500, 1, "month", True),
    ]
    assert row.session is not None
    first = row.invoices.get()
    order = order_of(row.session)
    payment = Payment.objects.get()
    assert (first.order, first.payment, first.status, first.amount_paid) == (
        order, payment, "paid", 4100,
    )  # fmt: skip
    assert (payment.purpose, payment.status, payment.order) == ("checkout", "captured", order)
    assert (order.status, order.subtotal, order.shipping, order.total, order.is_held) == (
        Order.Status.CONFIRMED, 3600, 500, 4100, False,
    )  # fmt: skip


def test_what_is_sold_in_the_shop_comes_as_it_was_offered(stand_in: StandIn) -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(rates={"eur": {0: 490}})
    TaxRateFactory()
    price = MonthlyPriceFactory()

    session = paid(stand_in, start(price, 2, country="AT"))

    order = order_of(session)
    row = Subscription.objects.get(session=session)
    assert [hold.note for hold in order.holds.all()] == []
    assert (order.status, order.subtotal, order.shipping, order.total) == (
        Order.Status.CONFIRMED, 2400, 490, 2890,
    )  # fmt: skip
    assert [(item.quantity, item.price, item.is_delivery) for item in row.items.all()] == [
        (2, price, False),
        (1, None, True),
    ]
    method = SavedMethod.objects.get()
    assert (method.set_up_by, method.customer, bool(method.consent_at)) == (
        "subscription", row.customer, True,
    )  # fmt: skip

    subscriptions.renewed(stand_in, row)

    renewal = row.invoices.order_by("-created_at")[0].order
    assert renewal is not None
    assert [hold.note for hold in renewal.holds.all()] == []
    assert (renewal.total, renewal.taxes, renewal.delivery_method) == (
        2890, order.taxes, order.delivery_method,
    )  # fmt: skip


def test_a_code_on_the_page_counts_once(stand_in: StandIn, settings: Any) -> None:
    settings.ALLOW_PROMOTION_CODES = True
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(rates={"eur": {0: 490}})
    DiscountFactory(codes=["TEN"])
    queue_all(stripe_client.account())
    do_the_work()
    do_what_waits()
    price = MonthlyPriceFactory()

    session = start(price, country="AT")
    session = paid(stand_in, session, promotion_code="TEN")

    order = order_of(session)
    assert [hold.note for hold in order.holds.all()] == []
    assert (order.discount, order.shipping, order.total) == (120, 441, 1521)
    assert [line.discount for line in order.lines.all()] == [120]
    row = subscriptions.renewed(stand_in, Subscription.objects.get())
    assert row.invoices.order_by("-created_at")[0].amount_paid == 1690


def test_a_trial_in_the_shop_begins_without_a_charge(stand_in: StandIn) -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(rates={"eur": {0: 490}})
    price = MonthlyPriceFactory(trial_days=14)

    session = paid(stand_in, start(price, country="AT"))

    row = Subscription.objects.get(session=session)
    order = order_of(session)
    assert (row.status, order.status, order.cancel_reason) == ("trialing", "cancelled", "trial")
    assert counted(price) == (10, 0)
    assert SavedMethod.objects.get().customer == row.customer

    subscriptions.renewed(stand_in, row, days=15)

    renewal = row.invoices.order_by("-created_at")[0].order
    assert renewal is not None
    assert (renewal.status, renewal.total, renewal.shipping) == ("confirmed", 1690, 490)
    assert renewal.shipping_address == row.shipping_address != {}
