"""A code is typed in the cart, or on Stripe's page; order page and mail say what it took off."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Page, expect

from payments.models import DiscountSync
from shop.orders.models import Order
from tests.journeys.test_customer import go_to_payment, order_on, put_into_cart
from tests.support.house import BETWEEN_MAILS, House
from tests.support.payment_page import pay
from tests.support.waiting import eventually

# The sample's, a tenth of everything.
CODE = "WELCOME10"


@pytest.fixture
def codes_on_page(house: House) -> Iterator[None]:
    """Stripe knows the sample's code, and the payment page takes it."""
    serve_with(house, ALLOW_PROMOTION_CODES="on")
    told = DiscountSync.objects.filter(word=CODE, is_live=True)
    eventually(lambda: told.exclude(stripe_id="").exists())
    yield
    serve_with(house)
    eventually(lambda: not told.exists())
    house.wait_until_quiet()


def serve_with(house: House, **more: str) -> None:
    for name in ("web", "worker"):
        house.stop(name)
        house.start(name, **more)
    house.wait_until_ready()


def test_a_code_typed_in_the_cart(house: House, page: Page) -> None:
    main = page.locator("main")

    put_into_cart(page, house, "kelp-mug")
    page.goto(f"{house.url}/cart/")
    page.get_by_label("Discount code").fill("welcome 10")
    page.get_by_role("button", name="Use the code").click()
    expect(main).to_contain_text("Code WELCOME10")
    expect(main.locator(".total")).to_contain_text("€16.20")
    go_to_payment(page, house)
    expect(page.locator("body")).to_contain_text("Welcome: €18.00 before")
    expect(page.locator("#promotionCode")).to_have_count(0)

    assert_bought_for_less(house, page, "typed-here@example.com")


def test_a_code_typed_on_the_page(house: House, page: Page, codes_on_page: None) -> None:
    put_into_cart(page, house, "kelp-mug")
    go_to_payment(page, house)
    page.fill("#promotionCode", "welcome10")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".due")).to_contain_text("16.20")

    order = assert_bought_for_less(house, page, "typed-there@example.com")

    assert order.checkout_sessions.get().discount == {"on_page": True}


def assert_bought_for_less(house: House, page: Page, email: str) -> Order:
    """Paid, 1.80 of it taken off by the code; order page and mail name it."""
    main = page.locator("main")
    pay(page, email=email)
    page.wait_for_url(re.compile(r"/success\?session_id="))
    order = order_on(page)
    eventually(lambda: house.mails(email))
    house.wait_until_quiet()
    page.get_by_role("link", name="Follow this order").click()

    expect(main).to_contain_text("Welcome (WELCOME10)")
    expect(main).to_contain_text("−€1.80")
    mail = mail_to(house, email)
    assert re.search(r"Welcome \(WELCOME10\): -.?1\.80", mail), mail
    order.refresh_from_db()
    assert (order.discount, order.total, order.is_held) == (180, 1620, False)
    assert order.discounts == [{"name": "Welcome", "code": CODE, "amount": 180}]
    assert order.discount_uses.get().code == CODE
    assert order.payments.get().captured_amount == 1620
    return order


def mail_to(house: House, email: str) -> str:
    """The mail as it was sent, its text decoded."""
    mails = [
        message_from_bytes(text.lstrip(), policy=policy.default)
        for path in sorted(house.mail.glob("*.log"))
        for text in path.read_bytes().split(BETWEEN_MAILS.encode())
        if f"To: {email}".encode() in text
    ]
    body = mails[0].get_body(("plain",))
    assert body is not None
    return str(body.get_content())
