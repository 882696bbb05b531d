"""A discount on the way to the payment page and back, to the cent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from payments import checkout
from payments.models import CheckoutSession
from shop.catalog.models import Price
from shop.orders.models import Cart, DeliveryMethod, Discount, DiscountUse, Order
from tests.support.concurrency import at_once, waiting_for_locks
from tests.support.factories import (
    CartFactory,
    CartLineFactory,
    DeliveryMethodFactory,
    DiscountFactory,
    PriceFactory,
    TaxRateFactory,
    UserFactory,
)
from tests.support.purchases import (
    counted,
    do_the_work,
    new_buyer,
    order_of,
    paid,
    read,
    start,
)
from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def delivery() -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT"], rates={"eur": {0: 490}}, free_from={"eur": 5000})


def cart_of(*lines: tuple[Price, int], code: str = "") -> Cart:
    cart = CartFactory(code=code)
    for price, quantity in lines:
        CartLineFactory(cart=cart, price=price, quantity=quantity)
    return cart


def start_cart(cart: Cart, **more: Any) -> CheckoutSession:
    said = checkout.Promise(off=more.pop("promised", 0))
    return checkout.start(new_buyer(**more), checkout.items_of(cart), cart=cart, promised=said)


def sent(session: CheckoutSession) -> dict[str, Any]:
    return dict(session.requests.get(kind="create_session").parameters)


def sums(order: Order) -> tuple[Any, ...]:
    order.refresh_from_db()
    return order.subtotal, order.discount, order.shipping, order.tax, order.total


def test_a_code_in_the_cart_is_taken_off_line_by_line(stand_in: StandIn) -> None:
    DiscountFactory(codes=["TEN"])
    cart = cart_of((PriceFactory(unit_amount=999), 3), (PriceFactory(), 1), code="TEN")

    order = order_of(paid(stand_in, start_cart(cart)))

    # 29.97 and 18.00, less 3.00 and 1.80.
    assert sums(order) == (4797, 480, 490, 0, 4797 - 480 + 490)
    assert [(line.discount, line.total) for line in order.lines.all()] == [(300, 2697), (180, 1620)]
    assert order.discounts == [{"name": "Ten percent", "code": "TEN", "amount": 480}]
    assert not order.is_held


def test_the_page_says_what_it_cost_before(stand_in: StandIn) -> None:
    discount = DiscountFactory(is_automatic=True)
    discount.translate("de", "name", "Zehn Prozent")
    discount.save()

    session = start(PriceFactory(unit_amount=999), 3, language="de")

    [item] = sent(session)["line_items"]
    assert item["price_data"]["unit_amount_decimal"] == "899.000000000000"
    described = item["price_data"]["product_data"]["description"]
    assert described == "Zehn Prozent: vorher 29,97\xa0€"


def test_delivery_counts_what_is_left_to_pay(stand_in: StandIn) -> None:
    # 54.00 would be sent free; 48.60 is not.
    DiscountFactory(is_automatic=True)

    assert sums(order_of(paid(stand_in, start(PriceFactory(), 3)))) == (5400, 540, 490, 0, 5350)


def test_free_delivery_frees_the_cheapest_way(stand_in: StandIn) -> None:
    DeliveryMethod.objects.update(position=1)
    DeliveryMethodFactory(name="Express", countries=["AT"], rates={"eur": {0: 990}})
    DiscountFactory(name="Sent free", kind="delivery", is_automatic=True)

    session = start()

    assert [option["amount"] for option in session.delivery["options"]] == [990, 0]
    rate = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")["shipping_options"][1]
    order = order_of(paid(stand_in, session, shipping_rate=rate["shipping_rate"]))
    assert sums(order) == (1800, 0, 0, 0, 1800)
    assert order.discounts == [{"name": "Sent free", "code": "", "amount": 0}]


def test_tax_is_that_of_what_is_left_to_pay(stand_in: StandIn, settings: Any) -> None:
    settings.TAX_MODE = "rates"
    TaxRateFactory()
    TaxRateFactory(tax_class="books", percentage=Decimal(10))
    DiscountFactory(is_automatic=True)
    cart = cart_of(
        (PriceFactory(unit_amount=999), 3),
        (PriceFactory(unit_amount=555, variant__product__tax_class="books"), 2),
    )

    order = order_of(paid(stand_in, start_cart(cart, country="AT")))

    # 26.97 and 9.99 are left; 4.90 of delivery goes with them.
    assert sums(order) == (4107, 411, 490, 0, 4186)
    assert sum(tax["base"] + tax["amount"] for tax in order.taxes) == 4186
    assert not order.is_held


def test_all_of_it_for_nothing_needs_no_payment(stand_in: StandIn) -> None:
    DiscountFactory(codes=["ALL"], percentage=100)
    price = PriceFactory(variant__requires_shipping=False)
    cart = cart_of((price, 1), code="ALL")

    order = order_of(paid(stand_in, start_cart(cart)))
    do_the_work()

    assert sums(order) == (1800, 1800, 0, 0, 0)
    assert (order.status, order.is_held) == ("completed", False)


def test_what_was_promised_and_counts_no_more_is_told_before_payment(stand_in: StandIn) -> None:
    discount = DiscountFactory(codes=["TEN"])
    price = PriceFactory()
    cart = cart_of((price, 1), code="TEN")
    discount.is_active = False
    discount.save()

    with pytest.raises(checkout.CartChanged, match="does not count any more"):
        start_cart(cart, promised=180)

    assert (counted(price), Order.objects.count()) == ((10, 0), 0)


def test_an_offer_that_ended_is_told_before_payment(stand_in: StandIn) -> None:
    with pytest.raises(checkout.CartChanged, match="An offer has ended"):
        start_cart(cart_of((PriceFactory(), 1)), promised=180)


def test_who_saw_a_code_that_does_not_count_pays_without(stand_in: StandIn) -> None:
    DiscountFactory(codes=["TEN"], is_active=False)

    session = start_cart(cart_of((PriceFactory(), 1), code="TEN"), promised=0)

    assert (session.discount, DiscountUse.objects.count()) == ({}, 0)


def test_a_use_is_given_back_with_the_order_that_was_not_paid(stand_in: StandIn) -> None:
    discount = DiscountFactory(codes=["TEN"], most_uses=1)
    session = start_cart(cart_of((PriceFactory(), 1), code="TEN"))

    discount.refresh_from_db()
    assert discount.uses == 1
    stand_in.advance(hours=25)
    read(session)

    discount.refresh_from_db()
    assert (order_of(session).status, discount.uses) == ("expired", 0)


def test_paid_again_it_costs_no_more_than_it_did(stand_in: StandIn) -> None:
    discount = DiscountFactory(codes=["TEN"], most_uses=1)
    buyer = new_buyer()
    cart = cart_of((PriceFactory(), 1), code="TEN")
    session = checkout.start(buyer, checkout.items_of(cart), cart=cart)
    stand_in.advance(hours=25)
    read(session)

    again = checkout.pay_again(order_of(session), buyer)

    discount.refresh_from_db()
    assert (again.discount["amount"], discount.uses) == (180, 1)
    order = order_of(paid(stand_in, again))
    assert (sums(order), order.is_held) == ((1800, 180, 490, 0, 2110), False)


def test_where_the_discount_is_over_it_is_ordered_anew(stand_in: StandIn) -> None:
    discount = DiscountFactory(codes=["TEN"])
    price, buyer = PriceFactory(), new_buyer()
    cart = cart_of((price, 1), code="TEN")
    session = checkout.start(buyer, checkout.items_of(cart), cart=cart)
    stand_in.advance(hours=25)
    read(session)
    discount.is_active = False
    discount.save()

    with pytest.raises(checkout.NotAgain, match="does not count any more"):
        checkout.pay_again(order_of(session), buyer)

    assert (order_of(session).status, counted(price)) == ("expired", (10, 0))


def test_a_page_that_takes_off_more_than_was_promised_is_looked_at(stand_in: StandIn) -> None:
    DiscountFactory(codes=["TEN"])
    session = start_cart(cart_of((PriceFactory(), 1), code="TEN"))
    CheckoutSession.objects.filter(pk=session.pk).update(discount={})
    session.refresh_from_db()

    order = order_of(paid(stand_in, session))

    assert order.is_held


def raced(calls: list[Callable[[], CheckoutSession]]) -> list[Any]:
    """What each gets who has read that it counts, and waits to take it."""
    with ThreadPoolExecutor(1) as aside:
        with transaction.atomic():
            list(Discount.objects.select_for_update())
            racing = aside.submit(lambda: at_once(calls))
            eventually(lambda: len(waiting_for_locks()) == len(calls))
        return racing.result()


def test_of_two_buyers_of_the_last_use_one_is_told_in_the_cart(stand_in: StandIn) -> None:
    """Both have read that one is left, and wait to take it."""
    discount = DiscountFactory(codes=["LAST"], most_uses=1)
    carts = [cart_of((PriceFactory(), 1), code="LAST") for _ in range(2)]

    answers = raced([partial(start_cart, cart, promised=180) for cart in carts])

    (told,) = [answer for answer in answers if isinstance(answer, Exception)]
    assert (type(told), str(told)) == (
        checkout.CartChanged,
        "The last use of this code was just taken.",
    )
    discount.refresh_from_db()
    assert (discount.uses, DiscountUse.objects.count(), Order.objects.count()) == (1, 1, 1)


def test_a_changed_cart_takes_the_last_use_again(stand_in: StandIn) -> None:
    discount = DiscountFactory(codes=["TEN"], most_uses=1)
    buyer, price = new_buyer(), PriceFactory()
    cart = cart_of((price, 1), code="TEN")
    checkout.start(buyer, checkout.items_of(cart), cart=cart)
    cart.lines.update(quantity=2)
    cart.version += 1
    cart.save()

    session = checkout.start(buyer, checkout.items_of(cart), cart=cart)

    discount.refresh_from_db()
    assert (session.discount["amount"], discount.uses) == (360, 1)


def test_a_new_customer_in_two_browsers_has_one_first_order(stand_in: StandIn) -> None:
    discount = DiscountFactory(codes=["FIRST"], is_first_order_only=True)
    user = UserFactory()
    carts = [cart_of((PriceFactory(), 1), code="FIRST") for _ in range(2)]

    answers = raced([partial(start_cart, cart, user=user, promised=180) for cart in carts])

    (told,) = [answer for answer in answers if isinstance(answer, Exception)]
    assert (type(told), str(told)) == (
        checkout.CartChanged,
        "This code is for a first order only.",
    )
    discount.refresh_from_db()
    assert (discount.uses, DiscountUse.objects.count(), Order.objects.count()) == (1, 1, 1)


def test_two_discounts_for_a_first_order_are_not_for_two_orders(stand_in: StandIn) -> None:
    for word in ("FIRST", "WELCOME"):
        DiscountFactory(codes=[word], is_first_order_only=True)
    user = UserFactory()
    carts = [cart_of((PriceFactory(), 1), code=word) for word in ("FIRST", "WELCOME")]

    answers = raced([partial(start_cart, cart, user=user, promised=180) for cart in carts])

    assert sum(isinstance(answer, checkout.CartChanged) for answer in answers) == 1
    assert DiscountUse.objects.count() == 1


def test_in_a_second_tab_a_first_order_is_told_to_be_open(stand_in: StandIn) -> None:
    DiscountFactory(codes=["FIRST"], is_first_order_only=True)
    buyer, price = new_buyer(), PriceFactory()
    cart = cart_of((price, 1), code="FIRST")
    first = checkout.start(buyer, checkout.items_of(cart), cart=cart)

    again = checkout.start(buyer, checkout.items_of(cart), cart=cart)
    other = cart_of((price, 1), code="FIRST")
    with pytest.raises(checkout.CartChanged, match="for a first order only"):
        checkout.start(
            buyer, checkout.items_of(other), cart=other, promised=checkout.Promise(off=180)
        )

    assert again == first
    stand_in.advance(hours=25)
    read(first)
    assert checkout.start(buyer, checkout.items_of(other), cart=other).discount["amount"] == 180


def test_a_changed_cart_is_still_the_first_order(stand_in: StandIn) -> None:
    DiscountFactory(codes=["FIRST"], is_first_order_only=True)
    buyer = new_buyer()
    cart = cart_of((PriceFactory(), 1), code="FIRST")
    checkout.start(buyer, checkout.items_of(cart), cart=cart)
    cart.lines.update(quantity=2)
    cart.version += 1
    cart.save()

    session = checkout.start(buyer, checkout.items_of(cart), cart=cart)

    assert session.discount["amount"] == 360


def test_a_code_that_is_somebody_elses_by_now_is_not_taken(stand_in: StandIn) -> None:
    mine, theirs = UserFactory(), UserFactory()
    discount = DiscountFactory(codes=["YOURS"], customer=mine)
    cart = cart_of((PriceFactory(), 1), code="YOURS")

    with ThreadPoolExecutor(1) as aside:
        with transaction.atomic():
            Discount.objects.filter(pk=discount.pk).update(customer=theirs)
            call = partial(start_cart, cart, user=mine, promised=180)
            racing = aside.submit(lambda: at_once([call]))
            eventually(waiting_for_locks)
        (answer,) = racing.result()

    assert (type(answer), str(answer)) == (
        checkout.CartChanged,
        "This code is for somebody else.",
    )
    assert (DiscountUse.objects.count(), Order.objects.count()) == (0, 0)
