"""Whole trips of staff, in a real browser against the running shop."""

import re

import pytest
from playwright.sync_api import Page, expect

from payments.models import MoneyAction
from shop.accounts.models import User
from shop.catalog.models import Price, Stock
from shop.orders.models import Order
from tests.support.buyer import Customer
from tests.support.factories import PriceFactory
from tests.support.house import House
from tests.support.stand_in import session_id_in
from tests.support.waiting import eventually

PASSWORD = "correct horse battery staple"


@pytest.fixture
def staff(house: House, page: Page) -> Page:
    """A tab in which Ana, who may do everything, has logged in."""
    if not User.objects.filter(email="ana@example.com").exists():
        User.objects.create_superuser("ana@example.com", PASSWORD, first_name="Ana")
    page.goto(f"{house.url}/admin/")
    page.fill("#id_username", "ana@example.com")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#user-tools")).to_contain_text("Ana")
    return page


def bought_above_the_limit(house: House, email: str) -> Order:
    """An order of ten mugs, authorized, prepared, and waiting for staff."""
    browser = house.visitor()
    price = Price.objects.get(variant__sku="MUG-KELP", currency="eur", is_active=True)
    answer = browser.post(
        f"{house.url}/create-checkout-session",
        data={"price": price.key, "quantity": 10},
        allow_redirects=False,
    )
    session_id = session_id_in(answer.headers["Location"])
    house.stand_in.pay(session_id, email=email)
    order = Order.objects.get(checkout_sessions__stripe_session_id=session_id)
    eventually(lambda: order.preparations.filter(status="done").exists())
    house.wait_until_quiet()
    order.refresh_from_db()
    return order


@pytest.mark.smoke
def test_captures_from_the_queue_and_ships(house: House, staff: Page) -> None:
    order = bought_above_the_limit(house, "patient@example.com")
    waiting = (order.status, order.shipments.count(), order.payments.get().captured_amount)

    staff.goto(f"{house.url}/admin/capture-queue/?q={order.number}")
    expect(staff.locator("main, #content").first).to_contain_text(order.number)
    expect(staff.locator("main, #content").first).to_contain_text(re.compile(r"\d+ days? \d+ h"))
    staff.get_by_role("link", name=order.number).first.click()
    staff.get_by_role("button", name="Capture 180.00 EUR").click()
    eventually(lambda: order.payments.get().captured_amount == 18000)
    shipment = eventually(lambda: order.shipments.first())
    staff.goto(f"{house.url}/admin/orders/order/{order.pk}/change/")
    staff.fill("[name=carrier]", "An Post")
    staff.fill("[name=tracking_number]", "RR123456789IE")
    staff.get_by_role("button", name="Shipped: tell the customer").click()

    order.refresh_from_db()
    shipment.refresh_from_db()
    action = MoneyAction.objects.get(order=order)
    assert waiting == ("confirmed", 0, 0)
    assert (order.status, shipment.tracking_number) == ("shipped", "RR123456789IE")
    assert (action.kind, action.amount, action.actor_name, action.before) == (
        "capture",
        18000,
        "Ana",
        "authorized",
    )
    eventually(
        lambda: (
            sorted(order.emails.filter(outcome="sent").values_list("template", flat=True))
            == ["confirmed", "received", "shipped"]
        )
    )


# T2
def test_leaves_a_mug_out_and_takes_the_rest(house: House, staff: Page) -> None:
    order = bought_above_the_limit(house, "less@example.com")

    staff.goto(f"{house.url}/admin/capture-queue/{order.payments.get().pk}/")
    staff.get_by_text("Leave something out").click()
    staff.get_by_role("spinbutton").fill("1")
    staff.get_by_label("They are damaged or lost").check()
    staff.fill("#leave-out-reason", "One mug is chipped")
    staff.get_by_role("button", name="Look at what will happen").first.click()
    expect(staff.locator("main, #content").first).to_contain_text("18.00 EUR")
    staff.get_by_role("button", name="Capture 162.00 EUR").click()
    shipment = eventually(lambda: order.shipments.first())
    house.wait_until_quiet()

    payment = order.payments.get()
    assert (payment.status, payment.captured_amount) == ("captured", 16200)
    assert list(order.reductions.values_list("amount", "lines", "reason", "actor_name")) == [
        (1800, {"1": 1}, "One mug is chipped", "Ana")
    ]
    assert (order.due.amount, shipment.lines.get().quantity) == (16200, 9)


def test_releases_and_the_order_ends(house: House, staff: Page) -> None:
    order = bought_above_the_limit(house, "released@example.com")
    mugs = Stock.objects.get(variant__sku="MUG-KELP")

    staff.goto(f"{house.url}/admin/capture-queue/{order.payments.get().pk}/")
    release = staff.locator("section", has=staff.locator("#release"))
    release.locator("[name=reason]").fill("The customer asked us to")
    release.get_by_role("button").click()
    eventually(lambda: Order.objects.get(pk=order.pk).status == "cancelled")
    house.wait_until_quiet()

    left = Stock.objects.get(variant__sku="MUG-KELP")
    assert (left.on_hand, left.reserved) == (mugs.on_hand + 10, mugs.reserved)
    assert order.payments.get().captured_amount == 0
    eventually(lambda: order.emails.filter(template="cancelled", outcome="sent").exists())


@pytest.mark.smoke
def test_refunds_all_and_the_order_ends(house: House, staff: Page) -> None:
    customer = Customer(house, "returned@example.com")
    price = PriceFactory(on_hand=1)
    order = customer.begin(price)
    customer.pay(order)
    eventually(lambda: order.payments.filter(status="captured").exists())
    house.wait_until_quiet()

    staff.goto(f"{house.url}/admin/capture-queue/{order.payments.get().pk}/")
    refund = staff.locator("section", has=staff.locator("#refund"))
    refund.locator("#refund-amount").fill("18.00")
    refund.locator("#refund-reason").fill("The customer changed her mind")
    refund.get_by_role("button", name="Look at what will happen").click()
    expect(staff.locator("main, #content").first).to_contain_text("Then everything has gone back.")
    staff.get_by_role("button", name="Refund 18.00 EUR").click()
    eventually(lambda: Order.objects.get(pk=order.pk).status == "cancelled")
    house.wait_until_quiet()

    payment = order.payments.get()
    action = MoneyAction.objects.get(order=order, kind="refund")
    left = Stock.objects.get(variant=price.variant)
    assert (payment.captured_amount, payment.refunded.amount) == (1800, 1800)
    assert (action.amount, action.actor_name, action.reason) == (
        1800,
        "Ana",
        "The customer changed her mind",
    )
    assert (left.on_hand, left.reserved) == (1, 0)
    assert order.emails.filter(template="cancelled", outcome="sent").exists()


def test_two_people_at_once_capture_once(house: House, staff: Page) -> None:
    order = bought_above_the_limit(house, "twice@example.com")
    payment = order.payments.get()
    page_address = f"{house.url}/admin/capture-queue/{payment.pk}/"
    staff.goto(page_address)
    second = staff.context.new_page()
    second.goto(page_address)

    staff.get_by_role("button", name="Capture 180.00 EUR").click()
    second.get_by_role("button", name="Capture 180.00 EUR").click()
    expect(second.locator(".messagelist")).to_contain_text(re.compile("Ana"))
    eventually(lambda: order.payments.get().captured_amount == 18000)

    captures = [
        call
        for call in house.stand_in.executed("/capture")
        if payment.stripe_payment_intent_id in call["path"]
    ]
    assert len(captures) == 1
    assert MoneyAction.objects.filter(order=order).count() == 1


def test_changes_the_stock_and_ends_the_youngest_order(house: House, staff: Page) -> None:
    """S04: fewer units than are reserved: the orders hit are named, the youngest ends."""
    price = PriceFactory(on_hand=12)
    stock = Stock.objects.get(variant=price.variant)
    browser = house.visitor()
    browser.post(
        f"{house.url}/create-checkout-session",
        data={"price": price.key, "quantity": 3},
        allow_redirects=False,
    )
    order = Order.objects.latest("created_at")

    staff.goto(f"{house.url}/admin/stock/{price.variant_id}/")
    staff.fill("[name=delta]", str(1 - stock.on_hand))
    staff.fill("[name=reason]", "Water damage")
    staff.locator("form button[type=submit]").last.click()
    expect(staff.locator("main, #content").first).to_contain_text(order.number)
    staff.locator("form button[type=submit]").last.click()
    eventually(lambda: Order.objects.get(pk=order.pk).status == "cancelled")
    house.wait_until_quiet()

    stock.refresh_from_db()
    assert (stock.on_hand, stock.reserved, stock.shortage) == (1, 0, 0)
    assert order.checkout_sessions.get().status == "expired"
