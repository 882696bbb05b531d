"""Every payment method that the shop's page offers in euros, from the cart to the parcel."""

import re

import pytest
from playwright.sync_api import Page, expect

from shop.orders.models import Order
from tests.house import House
from tests.journeys.test_customer import HEADING, go_to_payment, order_on, put_into_cart
from tests.payment_page import fill_card, fill_contact, press_pay
from tests.stand_in import session_id_in
from tests.support.waiting import eventually

METHOD = "payment-method-accordion-item-title"
COMPLETE, FAIL = "Complete test payment", "Fail test payment"
REFUSE = "Complete, and let the bank refuse it later"
TAKEN_AT_ONCE = ["alipay", "bancontact", "eps", "ideal", "p24"]
HELD = ["amazon_pay", "klarna", "paypal", "revolut_pay"]


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


@pytest.mark.parametrize("method", [*TAKEN_AT_ONCE, *HELD])
def test_confirmed_elsewhere_is_paid_and_packed(house: House, page: Page, method: str) -> None:
    begin(page, house, method)
    press_pay(page)
    page.get_by_role("button", name=COMPLETE).click()

    order = arrive(page)

    expect(page.locator(HEADING)).to_contain_text("Thank you")
    assert charged(order) == ("confirmed", order.total)


@pytest.mark.parametrize("method", [*TAKEN_AT_ONCE, *HELD, "pay_by_bank"])
def test_called_off_elsewhere_charges_nothing_and_can_be_paid_otherwise(
    house: House, page: Page, method: str
) -> None:
    session_id = begin(page, house, method)
    press_pay(page)
    page.get_by_role("button", name=FAIL).click()
    expect(page.get_by_role("alert").first).to_contain_text("choose a different payment method")
    house.wait_until_quiet()
    after_failing = order_of(session_id)
    then = (after_failing.status, after_failing.shipments.count())

    fill_contact(page, f"{method.replace('_', '-')}@example.com")
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


@pytest.mark.parametrize(
    ("method", "iban"), [("pay_by_bank", ""), ("sepa_debit", "AT861904300235473202")]
)
def test_money_that_does_not_come_ships_nothing(
    house: House, page: Page, method: str, iban: str
) -> None:
    begin(page, house, method)
    if iban:
        page.fill("#iban", iban)
        page.fill("#accountHolder", "Ada Lovelace")
    press_pay(page)
    if not iban:
        page.get_by_role("button", name=REFUSE).click()
    order = arrive(page)

    house.stand_in.advance(minutes=4)
    eventually(lambda: order_of(session_id_in(page.url)).status == "payment_failed")

    assert order.shipments.count() == 0
    assert [payment.captured_amount for payment in order.payments.all()] == [0]


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
