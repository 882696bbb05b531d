"""K9: paying once more, for some days, as things are sold now; a refusal changes nothing."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from fulfillment.models import Email
from payments import checkout
from payments.checkout.again import AGAIN_FOR
from payments.models import CheckoutSession, StripeRequest
from payments.settlement import settle
from shop.catalog.models import Price, Product, Variant
from shop.orders.models import Order
from tests.support.factories import ChosenPriceFactory, PriceFactory
from tests.support.purchases import counted, new_buyer, order_of, paid, start, unpaid
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

FAILS = {"method": "sepa_debit", "iban": "AT861904300235473202"}


def ran_out(stand_in: StandIn, price: Price, quantity: int = 1) -> Order:
    order = unpaid(stand_in, start(price, quantity))
    assert order.status == "expired"
    return order


def failed(stand_in: StandIn, price: Price) -> Order:
    session = paid(stand_in, start(price), **FAILS)
    stand_in.advance(days=14)
    settle.settle(session)
    order = order_of(session)
    assert order.status == "payment_failed"
    return order


def press(order: Order) -> Any:
    return Client().post(f"/checkout/{order.token}/again", follow=True)


def state(order: Order) -> tuple[Any, ...]:
    """All of the order that paying again could change."""
    order = Order.objects.get(pk=order.pk)
    names = "status total shipping language email cancel_requested_at cancel_reason".split()
    return (*(getattr(order, name) for name in names), *order.lines.values_list("price"))


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("end", [ran_out, failed])
def test_for_some_days_it_can_be_paid_again(stand_in: StandIn, end: Any) -> None:
    order = end(stand_in, PriceFactory())

    # The stand-in's clock stays where it is, and would open no page for then.
    with time_machine.travel(timezone.now() + AGAIN_FOR - timedelta(hours=1)):
        in_time = checkout.may_pay_again(order)
        page = said(Client().get(f"/orders/{order.token}/"))
    session = checkout.pay_again(order, new_buyer())

    assert in_time
    assert f"/checkout/{order.token}/again" in page
    assert (session.status, Order.objects.get().status) == ("open", "pending")


@pytest.mark.parametrize("end", [ran_out, failed])
def test_later_on_it_is_ordered_anew(stand_in: StandIn, end: Any) -> None:
    order = end(stand_in, PriceFactory())
    before = state(order)

    with time_machine.travel(timezone.now() + AGAIN_FOR + timedelta(hours=1)):
        answer = press(order)
        page = said(Client().get(f"/orders/{order.token}/"))

    assert answer.redirect_chain == [("/cart/", 302)]
    assert "Please order anew what you still want. Nothing was charged." in said(answer)
    assert "/again" not in page
    assert "If you still want it, please order it anew." in page
    assert state(order) == before
    assert StripeRequest.objects.filter(kind="create_session").count() == 1


def archive(price: Price) -> None:
    Product.objects.update(status=Product.Status.ARCHIVED)


def take_off(price: Price) -> None:
    Variant.objects.update(is_active=False)


def raise_price(price: Price) -> None:
    Price.objects.update(is_active=False)
    Price.objects.create(variant=price.variant, unit_amount=1900, currency="eur")


def limit(price: Price) -> None:
    Product.objects.update(most_per_order=1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (archive, "is not for sale any more."),
        (take_off, "is not for sale any more."),
        (raise_price, "has another price now."),
        (limit, "We sell at most 1 of"),
    ],
)
def test_what_is_sold_otherwise_now_leads_back_to_the_cart(
    stand_in: StandIn, change: Any, sentence: str
) -> None:
    price = PriceFactory()
    order = ran_out(stand_in, price, quantity=2)
    before = state(order)
    change(price)

    answer = press(order)

    assert answer.redirect_chain == [("/cart/", 302)]
    assert sentence in said(answer)
    assert "/again" not in said(Client().get(f"/orders/{order.token}/"))
    assert (state(order), counted(price)) == (before, (10, 0))


def test_too_large_a_share_leads_back_to_the_cart(stand_in: StandIn, settings: Any) -> None:
    price = PriceFactory()
    order = ran_out(stand_in, price, quantity=6)
    settings.CHECKOUT_MAX_SHARE = 0.5

    answer = press(order)

    assert answer.redirect_chain == [("/cart/", 302)]
    assert "We sell at most 5 of" in said(answer)
    assert counted(price) == (10, 0)


def test_the_same_amount_in_a_newer_price_is_what_is_paid(stand_in: StandIn) -> None:
    price = PriceFactory()
    order = ran_out(stand_in, price)
    Price.objects.update(is_active=False)
    newer = Price.objects.create(variant=price.variant, unit_amount=1800, currency="eur")

    session = checkout.pay_again(order, new_buyer())

    assert order_of(session).lines.get().price == newer


def test_an_amount_that_can_still_be_named_is_what_is_paid(stand_in: StandIn) -> None:
    price = ChosenPriceFactory()
    item = checkout.Item(price, 1, price.asked(None))
    order = unpaid(stand_in, checkout.start(new_buyer(), [item]))
    Price.objects.update(minimum_amount=600)
    again = checkout.pay_again(order, new_buyer())

    order = unpaid(stand_in, again)
    Price.objects.update(minimum_amount=1100, unit_amount=1200)

    with pytest.raises(checkout.NotAgain, match="has another price now"):
        checkout.pay_again(order, new_buyer())


@pytest.mark.parametrize("end", [ran_out, failed])
def test_a_page_that_stripe_refuses_leaves_the_order_as_it_was(stand_in: StandIn, end: Any) -> None:
    price = PriceFactory()
    order = end(stand_in, price)
    before, mails = state(order), Email.objects.count()
    stand_in.fail("/v1/checkout/sessions$", method="POST", status=400)

    answer = press(order)
    waiting = Client().get(f"/checkout/{order.token}/")

    assert (answer.status_code, waiting.status_code) == (502, 409)
    assert (state(order), counted(price)) == (before, (10, 0))
    assert Email.objects.count() == mails
    assert [row.before for row in order.transitions.all()][-1:] == ["pending"]
    stand_in.ask("faults/clear", {})
    assert press_opens(order)


def press_opens(order: Order) -> bool:
    session = checkout.pay_again(order, new_buyer())
    return session.status == CheckoutSession.Status.OPEN and bool(session.url)


@pytest.mark.parametrize("sold", [True, False])
def test_sold_out_or_too_many_leaves_the_order_as_it_was(
    stand_in: StandIn, settings: Any, sold: bool
) -> None:
    price = PriceFactory(on_hand=1)
    order = failed(stand_in, price)
    before = state(order)
    if sold:
        start(price)
    else:
        settings.CHECKOUT_RATE_LIMIT = 0

    answer = Client().post(f"/checkout/{order.token}/again")

    assert answer.status_code == (409 if sold else 429)
    assert state(order) == before
