"""A card that is saved for later, charged while its owner is away, and paid by link after all."""

import re
import uuid

from playwright.sync_api import Browser, Page, expect

from fulfillment.models import Email
from payments.models import LaterCharge, Payment
from shop.orders.models import Order
from tests.journeys.test_account import code_in
from tests.journeys.test_customer import go_to_payment, order_on, put_into_cart
from tests.journeys.test_staff import staff  # noqa: F401 - a fixture
from tests.support.browser import PATIENCE
from tests.support.house import House
from tests.support.payment_page import fill_card, fill_contact, press_pay
from tests.support.waiting import eventually

# Its bank wants its owner to confirm each payment.
ASKS = "4000 0027 6000 3184"
CONFIRM = "#test-source-authorize-3ds"


def test_set_up_charged_later_asked_back_and_paid_by_link(
    house: House,
    page: Page,
    chromium: Browser,
    staff: Page,  # noqa: F811
) -> None:
    email = f"ada.{uuid.uuid4().hex[:8]}@example.com"
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE)
    ada = context.new_page()
    save_a_card(ada, house, email)
    order = buy(ada, house, email)
    house.wait_until_quiet()

    staff.goto(f"{house.url}/admin/orders/order/{order.pk}/change/")
    staff.get_by_role("link", name="Charge later").click()
    staff.get_by_role("radio").first.check()
    staff.fill("#later-amount", "5.00")
    staff.select_option("#later-reason", "no_show")
    staff.fill("#later-words", "The fitting on 3 May")
    staff.get_by_role("button", name="Look at what will happen").click()
    expect(staff.locator("#content")).to_contain_text("while its owner is away")
    staff.get_by_role("button", name=re.compile("^Charge")).click()

    (asked,) = eventually(lambda: links_in(house, email))
    charge = LaterCharge.objects.get(order=order)
    assert (charge.status, charge.amount) == (LaterCharge.Status.ASKED, 500)
    staff.reload()
    expect(staff.locator("#content")).to_contain_text("authentication_required")

    elsewhere = chromium.new_context()
    elsewhere.set_default_timeout(PATIENCE)
    phone = elsewhere.new_page()
    phone.goto(asked)
    expect(phone.locator("h1")).to_have_text("Please pay €5.00")
    phone.get_by_role("button", name="Continue to secure payment").click()
    phone.wait_for_url(re.compile("cs_test_"))
    phone.fill("#email", email)
    fill_card(phone, ASKS)
    press_pay(phone)
    phone.click(CONFIRM)
    phone.wait_for_url(re.compile("/charges/"))

    expect(phone.locator("h1")).to_have_text("This is paid")
    told = Email.objects.filter(order=order, template="later_charged", outcome="sent")
    eventually(told.exists)
    staff.reload()
    expect(staff.locator("#content")).to_contain_text("captured, 5.00 EUR")
    tries = Payment.objects.filter(later_charge=charge).order_by("created_at")
    assert list(tries.values_list("purpose", "status", "captured_amount")) == [
        ("later", "failed", 0),
        ("later", "captured", 500),
    ]
    order.refresh_from_db()
    assert order.status == "confirmed"
    for each in (context, elsewhere):
        each.close()


def save_a_card(ada: Page, house: House, email: str) -> None:
    """By setup mode, with the terms shown."""
    ada.goto(f"{house.url}/account/login/")
    ada.get_by_label("Your e-mail address").fill(email)
    ada.get_by_role("button", name="Send me a code").click()
    ada.get_by_label("Code").fill(code_in(house, email))
    ada.get_by_role("button", name="Log in").click()
    expect(ada.locator("h1")).to_have_text("Your account")
    ada.goto(f"{house.url}/account/payment-methods/add/")
    expect(ada.locator("main")).to_contain_text("may charge it later, also while you are not here")
    ada.get_by_role("button", name="Continue to Stripe").click()
    ada.wait_for_url(re.compile("cs_test_"))
    if ada.locator("#email").is_editable():
        ada.fill("#email", email)
    fill_card(ada, ASKS)
    ada.locator(".SubmitButton").click()
    ada.click(CONFIRM)
    expect(ada.locator("main")).to_contain_text("The payment method is saved.")


def buy(ada: Page, house: House, email: str) -> Order:
    put_into_cart(ada, house, "kelp-mug")
    go_to_payment(ada, house)
    fill_contact(ada, email)
    if ada.locator("#cardNumber").is_visible():
        fill_card(ada)
    press_pay(ada)
    ada.locator(f"{CONFIRM}, main h1").first.wait_for()
    if ada.locator(CONFIRM).count():
        ada.click(CONFIRM)
    ada.wait_for_url(re.compile(r"/success\?session_id="))
    return order_on(ada)


def links_in(house: House, email: str) -> list[str]:
    """Where the mails to this address lead that ask to pay."""
    texts = " ".join(house.texts(email))
    return list(dict.fromkeys(re.findall(r"http://\S+/charges/\S+/", texts)))
