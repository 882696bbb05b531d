"""Paying in a currency of one's own: the order stays in its currency, and says what was paid."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from payments import checkout
from shop.orders.models import DeliveryMethod
from tests.support.factories import PriceFactory, UserFactory
from tests.support.purchases import do_the_work, new_buyer, order_of, paid, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def adaptive(settings: Any) -> None:
    settings.ADAPTIVE_PRICING = True
    settings.CAPTURE_POLICY = "automatic"


def is_asked(session: Any) -> bool:
    asked = session.requests.get(kind="create_session").parameters
    return bool(asked["adaptive_pricing"]["enabled"])


def test_what_was_paid_in_a_currency_of_ones_own_is_kept_and_said(
    stand_in: StandIn, client: Client
) -> None:
    # Stripe goes by the address that it is told, which it is of who is logged in.
    american = UserFactory(email="ana+location_US@example.com")
    price = PriceFactory(variant__requires_shipping=False)
    session = checkout.start(new_buyer(user=american), [checkout.Item(price, 1)])

    order = order_of(paid(stand_in, session, email=american.email))
    do_the_work()

    payment = order.payments.get()
    assert (payment.currency, payment.captured_amount) == ("eur", 1800)
    assert (order.total, order.currency, order.is_held) == (1800, "eur", False)
    assert payment.presentment == {"amount": 1980, "currency": "usd"}
    assert "US$19.80" in client.get(f"/orders/{order.token}/").content.decode()
    assert "Paid in your currency: US$19.80" in str(mail.outbox[-1].body)


def test_whoever_pays_in_the_orders_currency_reads_of_no_other(
    stand_in: StandIn, client: Client
) -> None:
    session = start(PriceFactory(variant__requires_shipping=False))

    order = order_of(paid(stand_in, session))

    assert is_asked(session)
    assert order.payments.get().presentment == {}
    assert "Paid in your currency" not in client.get(f"/orders/{order.token}/").content.decode()


def test_money_that_is_held_is_not_converted(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_REVIEW_ABOVE = {"eur": 1000}
    DeliveryMethod.objects.all().update(is_active=False)
    price = PriceFactory(variant__requires_shipping=False)

    assert not is_asked(start(price))
    settings.CAPTURE_REVIEW_ABOVE = {}
    assert is_asked(start(price))
