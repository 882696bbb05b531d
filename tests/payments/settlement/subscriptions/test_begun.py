"""A page on which a subscription begins: its rows, and what becomes of the page's order."""

import pytest

from payments.models import Payment
from shop.orders.models import Order
from tests.support import subscriptions
from tests.support.purchases import order_of
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
