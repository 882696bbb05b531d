"""The order of each period that is paid: one of each invoice, to the cent, whoever tells of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from payments.models import Payment, Subscription, SubscriptionInvoice
from payments.settlement.subscriptions.settle import settle_subscription
from payments.stripe.errors import OutcomeUnknown
from shop.catalog import stock
from shop.catalog.models import Price, Product
from shop.orders.models import Order
from tests.support import subscriptions
from tests.support.concurrency import at_once
from tests.support.purchases import counted, do_the_work
from tests.support.stand_in import HANGS_AFTER, StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def orders_of(row: Subscription) -> list[Order]:
    return [invoice.order for invoice in row.invoices.order_by("created_at") if invoice.order]


def test_a_paid_period_makes_one_order(stand_in: StandIn) -> None:
    price = subscriptions.monthly()
    row = subscriptions.subscribed(stand_in, price, quantity=2, delivery=500)

    subscriptions.renewed(stand_in, row)
    subscriptions.seen(row)

    first, second = orders_of(row)
    assert (second.status, second.subtotal, second.discount, second.shipping, second.total) == (
        Order.Status.CONFIRMED, 3600, 0, 500, 4100,
    )  # fmt: skip
    assert (second.email, second.shipping_address, second.delivery_name, second.language) == (
        first.email, first.shipping_address, first.delivery_name, first.language,
    )  # fmt: skip
    assert [(line.variant, line.quantity, line.total) for line in second.lines.all()] == [
        (price.variant, 2, 3600)
    ]
    payment = second.payments.get()
    assert (payment.purpose, payment.status, payment.captured_amount, payment.account) == (
        Payment.Purpose.RENEWAL, "captured", 4100, row.account,
    )  # fmt: skip
    invoice = second.subscription_invoice
    assert (invoice.payment, invoice.billing_reason) == (payment, "subscription_cycle")
    assert Order.objects.count() == 2
    do_the_work()
    assert counted(price) == (6, 0)
    assert second.shipments.count() == 1


def test_many_who_look_at_once_make_one_order(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    stand_in.advance(days=32)

    answers = at_once([lambda: settle_subscription(row)] * 4)

    assert {type(answer) for answer in answers} <= {type(None), OutcomeUnknown}

    assert (len(orders_of(row)), Order.objects.count(), Payment.objects.count()) == (2, 2, 2)


def test_what_is_sold_out_ends_its_order_and_gives_the_money_back(stand_in: StandIn) -> None:
    price = subscriptions.monthly(on_hand=1)
    row = subscriptions.subscribed(stand_in, price)
    do_the_work()

    subscriptions.renewed(stand_in, row)
    do_the_work()

    order = orders_of(row)[1]
    payment = order.payments.get()
    assert (order.status, order.cancel_reason) == (
        Order.Status.CANCELLED, Order.CancelReason.OUT_OF_STOCK,
    )  # fmt: skip
    assert (payment.captured_amount, payment.refunded.amount) == (1800, 1800)
    assert stock.outstanding(cause_kind="order", cause_id=order.reservation) == {}
    assert row.status == Subscription.Status.ACTIVE


def test_nothing_is_sent_while_a_trial_lasts_and_then_each_period(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in, trial_days=10)
    waiting = Order.objects.get()

    assert (row.status, row.invoices.count()) == (Subscription.Status.TRIALING, 1)
    assert (waiting.status, waiting.cancel_reason, waiting.email) == (
        Order.Status.CANCELLED, Order.CancelReason.TRIAL, "ada@example.com",
    )  # fmt: skip
    subscriptions.seen(row)
    assert row.invoices.get().no_order == SubscriptionInvoice.NoOrder.NOTHING_DUE

    subscriptions.renewed(stand_in, row, days=11)

    assert row.status == Subscription.Status.ACTIVE
    (order,) = orders_of(row)
    assert (order.status, order.total) == (Order.Status.CONFIRMED, 1800)


def test_an_invoice_that_is_not_paid_makes_no_order_until_it_is(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in, how={"card": "4000002760003184"})

    subscriptions.renewed(stand_in, row)

    assert (row.status, len(orders_of(row))) == (Subscription.Status.PAST_DUE, 1)
    invoice = row.invoices.get(status="open")
    assert (invoice.attempts, invoice.hosted_url != "") == (1, True)


def test_what_is_not_sold_here_makes_no_order_and_says_so(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    row.items.all().update(variant=None, price=None)

    subscriptions.renewed(stand_in, row)

    invoice = row.invoices.get(billing_reason="subscription_cycle")
    assert (invoice.order, invoice.no_order) == (None, SubscriptionInvoice.NoOrder.NO_GOODS)


def test_what_was_archived_since_is_still_owed(stand_in: StandIn) -> None:
    price = subscriptions.monthly()
    row = subscriptions.subscribed(stand_in, price)
    Product.objects.update(status=Product.Status.ARCHIVED)
    Price.objects.update(is_active=False)

    subscriptions.renewed(stand_in, row)

    assert [order.status for order in orders_of(row)] == [Order.Status.CONFIRMED] * 2


def test_a_period_that_was_paid_before_the_end_is_still_sent(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    stand_in.advance(days=32)
    stand_in.http.delete(
        f"{stand_in.url}/v1/subscriptions/{row.stripe_subscription_id}",
        headers={"Authorization": "Bearer sk_test_holdfast_tests"},
        timeout=HANGS_AFTER,
    ).raise_for_status()

    subscriptions.seen(row)

    assert row.status == Subscription.Status.CANCELED
    assert [order.status for order in orders_of(row)] == [Order.Status.CONFIRMED] * 2


def test_what_stripe_has_lost_is_over(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    stand_in.ask("reset", {"keep_endpoints": False})

    subscriptions.seen(row)

    assert (row.status, row.next_look_at) == (Subscription.Status.CANCELED, None)


def test_a_read_that_began_before_gives_way(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    Subscription.objects.update(read_at=timezone.now() + timedelta(minutes=1))

    with pytest.raises(OutcomeUnknown):
        subscriptions.seen(row)
