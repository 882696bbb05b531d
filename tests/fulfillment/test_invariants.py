"""Each invariant is broken once by hand, and the command names the row."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from fulfillment import invariants
from fulfillment.models import Email, Preparation, Shipment
from payments.models import MoneyEntry, Payment
from shop.catalog.models import Stock
from shop.orders.models import Order
from tests.support.factories import OrderFactory
from tests.support.purchases import buy, do_the_work, payment_of
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def by_hand(statement: str, *values: Any) -> None:
    """Past every guard of the database, as a broken restore would do it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_after_a_whole_purchase_everything_holds(stand_in: StandIn) -> None:
    buy(stand_in)
    do_the_work()
    OrderFactory().expire("test")
    out = StringIO()

    call_command("check_invariants", stdout=out)

    assert invariants.broken() == {name: [] for name in invariants.CHECKS}
    assert out.getvalue().splitlines() == [f"{name:<4} ok" for name in invariants.CHECKS]


def counter_off(order: Order) -> None:
    Stock.objects.update(on_hand=8)


def never_given_back(order: Order) -> None:
    by_hand("UPDATE orders_order SET status = 'cancelled' WHERE id = %s", order.pk)


def lacks_units(order: Order) -> None:
    order.lines.update(quantity=2, removed=1)


def holds_too_much(order: Order) -> None:
    other = OrderFactory()
    by_hand("UPDATE orders_order SET status = 'confirmed' WHERE id = %s", other.pk)
    other.lines.update(quantity=3)


def sent_and_taken_off(order: Order) -> None:
    order.reductions.create(amount=1800, lines={"1": 1}, reason="chipped")
    order.lines.update(removed=1)


def captured_without_entry(order: Order) -> None:
    by_hand("DELETE FROM payments_moneyentry")


def refunded_too_much(order: Order) -> None:
    Payment.objects.update(authorized_amount=100)


def stuck(order: Order) -> None:
    Preparation.objects.update(status="ready", run_at=timezone.now() - timedelta(hours=1))


def dead(order: Order) -> None:
    Email.objects.update(status="dead")


def history_torn(order: Order) -> None:
    by_hand("UPDATE orders_ordertransition SET seq = 2")


def mail_untrue(order: Order) -> None:
    Email.objects.create(
        order=order, about=order.pk, template="cancelled", status="done", outcome="sent"
    )


def not_told(order: Order) -> None:
    Email.objects.all().delete()


def shipped_unpaid(order: Order) -> None:
    Shipment.objects.update(shipped_at=timezone.now())
    by_hand("UPDATE payments_payment SET captured_amount = 1")
    MoneyEntry.objects.create(
        payment=payment_of(order),
        kind="capture",
        stripe_object_id="x",
        amount=1,
        currency="eur",
    )


@pytest.mark.parametrize(
    ("name", "break_it", "sentence"),
    [
        ("I1", counter_off, "differs from its ledger"),
        ("I2", never_given_back, "still holds stock"),
        ("I2", holds_too_much, "was bought with 3 units, and 1 are set aside for it"),
        ("I2", lacks_units, "lacks 1, its reductions name others"),
        ("I2", sent_and_taken_off, "has more in its parcels than it is paid for"),
        ("I3", captured_without_entry, "captured 1800, in the ledger 0"),
        ("I3", refunded_too_much, "authorized 100"),
        ("I7", stuck, "1 × preparation is due and nobody does it"),
        ("I7", dead, "1 × email has failed for good"),
        ("I8", history_torn, "step 2 leads from pending to confirmed"),
        ("I9", mail_untrue, "got the mail cancelled and never was there"),
        ("I9", not_told, "has a parcel and no confirmation"),
        ("I10", shipped_unpaid, "was shipped and is not captured in full"),
    ],
)
def test_a_broken_row_is_named_and_the_command_fails(
    name: str, break_it: Callable[[Order], None], sentence: str, stand_in: StandIn
) -> None:
    order = buy(stand_in)
    do_the_work()

    break_it(order)
    out = StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("check_invariants", "--json", stdout=out)

    assert any(sentence in row for row in json.loads(out.getvalue())[name])


def test_a_forgotten_order_is_named() -> None:
    order = OrderFactory(created_at=timezone.now() - timedelta(days=1))

    assert list(invariants.orders_move_on()) == [
        f"{order} is pending, and its payment page is long closed"
    ]
