"""Every payment method that the shop's page offers in euros, from the cart to the parcel.

In the browser goes one of each kind of page; its sisters, which have the same page, pay through the
stand-in's control, and everything else of the journey is the same.
"""

import re
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from shop.catalog.models import Price
from shop.orders.models import Order
from tests.journeys.test_customer import go_to_payment, order_on, put_into_cart
from tests.support.buyer import Customer, offered
from tests.support.house import House
from tests.support.payment_page import fill_card, fill_contact, press_pay
from tests.support.stand_in import session_id_in
from tests.support.waiting import eventually

METHOD = "payment-method-accordion-item-title"
COMPLETE, FAIL = "Complete test payment", "Fail test payment"
TAKEN_AT_ONCE = ["alipay", "bancontact", "eps", "ideal", "p24"]
HELD = ["amazon_pay", "klarna", "paypal", "revolut_pay"]

# -- on the page -----------------------------------------------------------------------------------


def begin(page: Page, house: House, method: str) -> str:
    """Go to the payment page with a mug and choose a method; the session's id."""
    put_into_cart(page, house, "kelp-mug")
    go_to_payment(page, house)
    fill_contact(page, f"{method.replace('_', '-')}@example.com")
    page.locator(f"input[name={METHOD}][value={method}]").check()
    return session_id_in(page.url)


def order_of(session_id: str) -> Order:
    return Order.objects.get(checkout_sessions__stripe_session_id=session_id)


def arrive(page: Page) -> Order:
    """Wait for the shop's page after the payment."""
    page.wait_for_url(re.compile(r"/success\?session_id="))
    return order_on(page)


def charged(order: Order) -> tuple[str, int]:
    """How an order and its money stand once a parcel is to be packed."""
    eventually(lambda: order.shipments.exists())
    eventually(lambda: order.payments.get().captured_amount)
    order.refresh_from_db()
    return order.status, order.payments.get().captured_amount


@pytest.mark.parametrize("method", [TAKEN_AT_ONCE[0], HELD[0]])
def test_confirmed_elsewhere_is_paid_and_packed(house: House, page: Page, method: str) -> None:
    begin(page, house, method)
    press_pay(page)
    page.get_by_role("button", name=COMPLETE).click()

    order = arrive(page)

    expect(page.locator("main")).to_contain_text("Thank you for your order")
    assert charged(order) == ("confirmed", order.total)


def test_called_off_elsewhere_charges_nothing_and_can_be_paid_otherwise(
    house: House, page: Page
) -> None:
    session_id = begin(page, house, HELD[1])
    press_pay(page)
    page.get_by_role("button", name=FAIL).click()
    expect(page.get_by_role("alert").first).to_contain_text("choose a different payment method")
    house.wait_until_quiet()
    after_failing = order_of(session_id)
    then = (after_failing.status, after_failing.shipments.count())

    fill_contact(page, "otherwise@example.com")
    page.locator(f"input[name={METHOD}][value=card]").check()
    fill_card(page)
    press_pay(page)
    order = arrive(page)

    assert then == ("pending", 0)
    assert charged(order) == ("confirmed", order.total)


def test_pay_by_bank_ships_when_the_money_has_come(house: House, page: Page) -> None:
    begin(page, house, "pay_by_bank")
    press_pay(page)
    page.get_by_role("button", name=COMPLETE).click()
    order = arrive(page)
    on_its_way = (order.status, order.shipments.count())

    house.stand_in.advance(minutes=4)

    assert on_its_way == ("processing", 0)
    assert charged(order) == ("confirmed", order.total)


def test_money_that_does_not_come_ships_nothing(house: House, page: Page) -> None:
    begin(page, house, "sepa_debit")
    page.fill("#iban", "AT861904300235473202")
    page.fill("#accountHolder", "Ada Lovelace")
    press_pay(page)
    order = arrive(page)

    house.stand_in.advance(minutes=4)

    assert_nothing_ships(house, order)


def test_link_pays_with_its_code(house: House, page: Page) -> None:
    begin(page, house, "link")
    page.fill("#linkCode", "123456")
    press_pay(page)

    order = arrive(page)

    assert charged(order) == ("confirmed", order.total)


@pytest.mark.parametrize("wallet", ["apple_pay", "google_pay"])
def test_wallet_pays_with_one_press(house: House, page: Page, wallet: str) -> None:
    put_into_cart(page, house, "kelp-mug")
    go_to_payment(page, house)
    page.get_by_test_id(f"{wallet}-button").click()

    order = arrive(page)

    assert charged(order) == ("confirmed", order.total)
    assert order.email == "wallet@example.com"


# -- through the control, side by side -------------------------------------------------------------


@pytest.fixture
def price(house: House) -> Iterator[Price]:
    with offered(on_hand=50) as price:
        yield price


def test_all_that_confirm_elsewhere_are_paid_and_packed(house: House, price: Price) -> None:
    orders = {}
    for method in [*TAKEN_AT_ONCE, *HELD]:
        customer, orders[method] = at_the_payment_page(house, price)
        customer.pay(orders[method], method=method)
        session_id = orders[method].checkout_sessions.get().stripe_session_id
        shown = customer.http.get(f"{house.url}/success?session_id={session_id}")
        assert "Thank you" in shown.text, method

    ends = {method: charged(order) for method, order in orders.items()}

    assert ends == dict.fromkeys(orders, ("confirmed", 1800))


def test_all_that_are_called_off_elsewhere_charge_nothing_and_can_be_paid_otherwise(
    house: House, price: Price
) -> None:
    journeys = {}
    for method in [*TAKEN_AT_ONCE, *HELD, "pay_by_bank"]:
        customer, order = journeys[method] = at_the_payment_page(house, price)
        session_id = str(order.checkout_sessions.get().stripe_session_id)
        answer = house.stand_in.pay(session_id, method=method, authenticate="fail")
        assert answer.status_code == 402, (method, answer.text)
    house.wait_until_quiet()
    then = {}
    for method, (customer, order) in journeys.items():
        order.refresh_from_db()
        then[method] = (order.status, order.shipments.count())
        customer.pay(order)

    ends = {method: charged(order) for method, (_, order) in journeys.items()}

    assert then == dict.fromkeys(journeys, ("pending", 0))
    assert ends == dict.fromkeys(journeys, ("confirmed", 1800))


def test_a_bank_that_refuses_later_ships_nothing(house: House, price: Price) -> None:
    customer, order = at_the_payment_page(house, price)
    customer.pay(order, method="pay_by_bank", authenticate="refuse")

    house.stand_in.advance(minutes=4)

    assert_nothing_ships(house, order)


def at_the_payment_page(house: House, price: Price) -> tuple[Customer, Order]:
    customer = Customer(house, f"{uuid.uuid4().hex[:12]}@example.com")
    return customer, customer.begin(price)


def assert_nothing_ships(house: House, order: Order) -> None:
    eventually(lambda: Order.objects.get(pk=order.pk).status == "payment_failed")
    house.wait_until_quiet()
    assert order.shipments.count() == 0
    assert [payment.captured_amount for payment in order.payments.all()] == [0]
