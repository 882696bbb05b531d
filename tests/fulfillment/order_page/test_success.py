"""The page after paying, while Stripe does not tell how that went."""

import re
from typing import Any

import pytest
from django.test import Client

from payments.models import CheckoutSession
from shop.orders.models import DeliveryMethod
from tests.support.factories import DeliveryMethodFactory, DiscountFactory, PriceFactory
from tests.support.purchases import pay, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def shown(answer: Any) -> tuple[str, bool, str]:
    """The headline, whether it is offered to go on paying, and when the page looks again."""
    html = answer.content.decode()
    found = re.search(r"<h1>(.*?)</h1>", html)
    assert found
    return found[1], "Go on to payment" in html, answer["Refresh"]


@pytest.mark.parametrize("status", [401, 500])
def test_who_has_paid_is_not_asked_to_pay_while_stripe_does_not_answer_us(
    stand_in: StandIn, status: int
) -> None:
    # S51
    client = Client()
    session = start()
    pay(stand_in, session)
    stand_in.fail("/v1/", status=status, times=99)

    answer = client.get(f"/success?session_id={session.stripe_session_id}")

    assert shown(answer) == ("We are confirming your payment", False, "5")


def test_it_adds_up_to_what_is_paid(stand_in: StandIn) -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(name="Post", rates={"eur": {0: 490}})
    DiscountFactory(name="Summer sale", is_automatic=True)
    client, price = Client(), PriceFactory()
    client.post("/create-checkout-session", {"price": price.key, "quantity": "1"})
    session = CheckoutSession.objects.get()
    pay(stand_in, session)

    answer = client.get(f"/success?session_id={session.stripe_session_id}")

    page = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
    assert "€18.00 Summer sale −€1.80 Delivery: Post" in page
    assert "€4.90 Total €21.10" in page
