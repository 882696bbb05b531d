"""Carts and browsers are forgotten; what an order under way needs is not."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from shop.orders.models import Cart, DiscountUse, Order
from tests.support.factories import (
    CartFactory,
    CartLineFactory,
    DiscountFactory,
    OrderFactory,
    PriceFactory,
)
from tests.support.retention import pruned

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = timezone.now() - timedelta(days=400)


def test_carts_that_nobody_changed_go_with_what_lies_in_them() -> None:
    old, new = CartFactory(updated_at=LONG_AGO), CartFactory()
    for cart in (old, new):
        CartLineFactory(cart=cart, price=PriceFactory())
    bought = OrderFactory(cart=old, status="cancelled")

    assert pruned("carts") == 1

    assert Cart.objects.get() == new
    bought.refresh_from_db()
    assert bought.cart is None


@pytest.mark.parametrize("status", ["pending", "processing"])
@pytest.mark.parametrize("tie", ["cart", "bought_from"])
def test_the_cart_of_an_order_under_way_stays(status: str, tie: str) -> None:
    """Guard: what is bought leaves its cart, however late the money comes."""
    cart = CartFactory(updated_at=LONG_AGO)
    OrderFactory(status=status, **{tie: cart if tie == "cart" else cart.pk})

    assert pruned("carts") == 0
    assert Cart.objects.get() == cart


def test_reminders_are_forgotten_where_the_order_is_over() -> None:
    over = ["expired", "payment_failed", "cancelled"]
    for status in [*over, "pending", "confirmed"]:
        OrderFactory(status=status, recovery_email=f"{status}@example.com", created_at=LONG_AGO)
    OrderFactory(status="expired", recovery_email="new@example.com")

    assert pruned("reminders") == 3

    kept = Order.objects.exclude(recovery_email="").values_list("recovery_email", flat=True)
    assert set(kept) == {"pending@example.com", "confirmed@example.com", "new@example.com"}


def test_browsers_are_forgotten_but_of_orders_under_way() -> None:
    for status in ("completed", "pending", "processing"):
        OrderFactory(status=status, visitor=uuid.uuid4(), created_at=LONG_AGO)
    OrderFactory(status="completed", visitor=uuid.uuid4())

    assert pruned("visitors") == 1
    assert Order.objects.filter(visitor=None).get().status == "completed"


def test_who_had_a_discount_is_known_while_it_counts() -> None:
    for is_active in (True, False):
        DiscountUse.objects.create(
            discount=DiscountFactory(is_active=is_active),
            order=OrderFactory(),
            visitor=uuid.uuid4(),
            is_counted=False,
            at=LONG_AGO,
        )
    DiscountUse.objects.update(at=LONG_AGO)

    assert pruned("discount_visitors") == 1
    assert DiscountUse.objects.get(visitor=None).discount.is_active is False
