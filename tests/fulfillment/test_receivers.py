"""Facts become rows: which mails and checks each move of an order brings."""

from typing import Any

import pytest

from fulfillment.models import Email, Preparation, Shipment
from shop.orders.models import Order, OrderHold
from tests.support.factories import OrderFactory

pytestmark = pytest.mark.django_db


def mails(order: Order) -> list[str]:
    mails = Email.objects.filter(order=order).order_by("created_at")
    return list(mails.values_list("template", flat=True))


def paying_order() -> Order:
    return OrderFactory(email="ada@example.com", total=1800)


def test_confirmed_writes_one_stock_check_for_that_confirmation() -> None:
    order = paying_order()

    order.confirm("test")
    order.confirm("test")

    preparation = Preparation.objects.get()
    assert (preparation.order_id, preparation.transition.after) == (order.pk, "confirmed")
    assert mails(order) == []


def test_confirmed_under_staff_policy_says_not_yet_charged(settings: Any) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = paying_order()

    order.confirm("test")

    assert mails(order) == ["received"]


def test_confirmed_in_review_is_told_that_a_person_looks() -> None:
    order = paying_order()
    order.hold(OrderHold.Reason.AMOUNTS, "odd")

    order.confirm("test")

    assert mails(order) == ["received"]


def test_each_failed_try_to_pay_is_told() -> None:
    order = paying_order()

    order.fail_payment("test")
    order.reopen("test")
    order.process("test")
    order.fail_payment("test")

    assert mails(order) == ["payment_failed", "processing", "payment_failed"]


@pytest.mark.parametrize(
    ("reason", "template"), [("out_of_stock", "out_of_stock"), ("staff", "cancelled")]
)
def test_cancelled_says_why(reason: str, template: str) -> None:
    order = paying_order()
    order.cancel_reason = reason
    order.save()

    order.cancel("test")

    assert mails(order) == [template]


def test_expired_without_payment_is_not_mailed() -> None:
    order = OrderFactory()

    order.expire("test")

    assert mails(order) == []


def test_cancelled_closes_the_open_parcel() -> None:
    order = paying_order()
    order.confirm("test")
    Shipment.objects.create(order=order)

    order.cancel("test")

    assert Shipment.objects.get().status == "cancelled"
