"""One table of what leads where, for code and database alike."""

from itertools import product
from typing import Any

import pytest
from django.db import Error, connection, transaction

from payments.models import CheckoutSession, MoneyEntry, Payment
from shop.orders.models import Order, OrderTransition
from shop.transitions import IllegalTransition, can_move, move
from tests.support.factories import OrderFactory

pytestmark = pytest.mark.django_db

Status = Order.Status


def test_move_changes_the_status_and_says_from_where() -> None:
    order = OrderFactory()

    first, second = move(order, Status.CONFIRMED), move(order, Status.CONFIRMED)

    order.refresh_from_db()
    assert (first, second, order.status) == ("pending", None, "confirmed")


def test_of_two_copies_one_makes_the_change() -> None:
    """Guard: the condition in move's UPDATE."""
    mine = OrderFactory()
    yours = Order.objects.get(pk=mine.pk)

    assert (move(mine, Status.CONFIRMED), move(yours, Status.CONFIRMED)) == ("pending", None)


def test_a_stale_copy_is_judged_by_the_present_status() -> None:
    stale = OrderFactory()
    move(Order.objects.get(pk=stale.pk), Status.CANCELLED)

    with pytest.raises(IllegalTransition, match="is cancelled; nothing leads from there"):
        move(stale, Status.CONFIRMED)

    assert Order.objects.get().status == "cancelled"


MODELS: list[Any] = [Order, Payment, CheckoutSession]


@pytest.mark.parametrize("model", MODELS)
def test_the_database_follows_the_same_table(model: Any) -> None:
    """Guard: the trigger of shop.transitions.guarded; every pair of statuses is tried in SQL."""
    statuses = [str(status) for status in model.Status]
    ways = {(str(a), str(b)) for b, sources in model.COMES_FROM.items() for a in sources}
    found = {
        pair for pair in product(statuses, repeat=2) if pair[0] != pair[1] and took(model, *pair)
    }

    assert found == ways


def took(model: Any, before: str, after: str) -> bool:
    """Whether the database lets a row go that way; nothing of it stays."""
    try:
        with transaction.atomic():
            row = made(model, before)
            model._default_manager.filter(pk=row.pk).update(status=after)
            transaction.set_rollback(True)
    except Error:
        return False
    return True


def made(model: Any, status: str) -> Any:
    if model is Order:
        return Order.objects.create(currency="eur", status=status)
    if model is Payment:
        return Payment.objects.create(
            account="a", stripe_payment_intent_id="pi", currency="eur", amount=1, status=status
        )
    moment = Order.objects.create(currency="eur").created_at
    return CheckoutSession.objects.create(
        account="a", expires_at=moment, due_at=moment, status=status
    )


@pytest.mark.parametrize("status", [str(status) for status in Status])
def test_can_move_reads_the_table(status: str) -> None:
    order = Order(status=status)

    leads_to = {str(after) for after in Status if can_move(order, after)}
    assert leads_to == {str(to) for to, sources in Order.COMES_FROM.items() if status in sources}


@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
@pytest.mark.parametrize("model", [OrderTransition, MoneyEntry])
def test_history_is_written_once(model: Any, change: str) -> None:
    """Guard: the trigger of shop.transitions.append_only."""
    order = OrderFactory()
    order.confirm("paid")
    payment = made(Payment, "captured")
    MoneyEntry.objects.create(
        payment=payment, kind="capture", stripe_object_id="ch", amount=1, currency="eur"
    )
    table = model._meta.db_table
    column = "cause" if model is OrderTransition else "currency"

    with pytest.raises(Error, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table, column, column))

    assert model.objects.count() == 1
