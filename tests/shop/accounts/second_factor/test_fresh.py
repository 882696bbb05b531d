"""Above a limit money moves only soon after somebody has shown who they are."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from payments.models import Payment, StripeRequest
from shop.accounts.login.sessions import BEGAN
from shop.catalog.models import Price
from shop.orders.models import Order
from tests.payments.capture_queue.test_pages import CAPTURE, staff, text_of, ticket_on
from tests.support.factories import PriceFactory
from tests.support.purchases import authorized, buy, captured, do_the_work, payment_of
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery staple"


@pytest.fixture
def held(stand_in: StandIn, settings: Any) -> Payment:
    """18.00 EUR held, above the limit."""
    settings.CAPTURE_POLICY = "staff"
    settings.STAFF_FRESH_ABOVE = {"eur": 1799}
    order = buy(stand_in)
    do_the_work()
    return payment_of(order)


def came_in(minutes_ago: float, *rights: str) -> Client:
    """Somebody who may capture, or has other rights, and works on."""
    client, user = staff(*(rights or CAPTURE))
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    session = client.session
    session[BEGAN] = time.time() - 60 * minutes_ago
    session.save()
    return client


def press(client: Client, payment: Payment) -> Any:
    page = text_of(client.get(f"/admin/capture-queue/{payment.pk}/"))
    ticket = ticket_on(page, "capture")
    return client.post(f"/admin/capture-queue/{payment.pk}/capture/", {"ticket": ticket})


def is_asked_for() -> bool:
    return StripeRequest.objects.filter(kind="capture").exists()


def test_who_came_in_a_while_ago_confirms_first(held: Payment) -> None:
    client = came_in(minutes_ago=6)

    asked = press(client, held)
    before = is_asked_for()
    page = client.get(asked["Location"])
    back = client.post(asked["Location"], {"password": PASSWORD})
    done = press(client, held)

    assert asked["Location"].startswith("/admin/second-factor/password/?next=%2Fadmin%2F")
    assert not before
    assert "So much money moves only after you have confirmed" in page.content.decode()
    assert back["Location"] == f"/admin/capture-queue/{held.pk}/"
    assert done["Location"] == f"/admin/capture-queue/{held.pk}/"
    assert is_asked_for()


def test_a_wrong_password_confirms_nothing(held: Payment) -> None:
    client = came_in(minutes_ago=6)

    asked = press(client, held)
    client.post(asked["Location"], {"password": "guessed"})
    press(client, held)

    assert not is_asked_for()


def test_who_has_just_come_in_is_not_asked(held: Payment) -> None:
    press(came_in(minutes_ago=4), held)

    assert is_asked_for()


@pytest.mark.parametrize("limits", [{}, {"eur": 1800}, {"usd": 1}])
def test_below_the_limit_nobody_is_asked(
    held: Payment, settings: Any, limits: dict[str, int]
) -> None:
    settings.STAFF_FRESH_ABOVE = limits

    press(came_in(minutes_ago=6), held)

    assert is_asked_for()


def test_many_at_once_are_counted_together(held: Payment, stand_in: StandIn, settings: Any) -> None:
    settings.STAFF_FRESH_ABOVE = {"eur": 3000}
    other = payment_of(buy(stand_in))
    do_the_work()
    client = came_in(minutes_ago=6)
    chosen = {"payment": [str(held.pk), str(other.pk)]}

    page = text_of(client.post("/admin/capture-queue/bulk/", chosen))
    asked = client.post("/admin/capture-queue/bulk/start/", {"ticket": ticket_on(page, "start")})

    assert asked["Location"].startswith("/admin/second-factor/password/")
    assert not is_asked_for()


@pytest.mark.parametrize("buyer", [authorized, captured])
@pytest.mark.parametrize(("limit", "is_much"), [(1799, True), (1800, False)])
def test_calling_an_order_off_moves_all_of_its_money(
    stand_in: StandIn,
    settings: Any,
    buyer: Callable[[StandIn, Price], Any],
    limit: int,
    is_much: bool,
) -> None:
    buyer(stand_in, PriceFactory())
    order = Order.objects.get()
    settings.STAFF_FRESH_ABOVE = {"eur": limit}
    client = came_in(6, "change_order", "view_order", "release_payment", "refund_payment")
    page = f"/admin/orders/order/{order.pk}/change/"

    answer = client.post(f"/admin/order/{order.pk}/cancel/", {"reason": "She rang"})

    order.refresh_from_db()
    asks = f"/admin/second-factor/password/?next={quote(page, safe='')}"
    assert answer["Location"] == (asks if is_much else page)
    assert (order.cancel_requested_at is None) == is_much
