"""The hosted payment page as a customer fills it in."""

from playwright.sync_api import Page, expect

GOOD_CARD = "4242 4242 4242 4242"


def fill_contact(page: Page, email: str = "ada@example.com", *, country: str = "IE") -> None:
    """E-mail and shipping address, where the page asks for them."""
    if page.locator("#email").is_editable():
        page.fill("#email", email)
    page.fill("#shippingName", "Ada Lovelace")
    page.select_option("#shippingCountry", country)
    page.fill("#shippingAddressLine1", "1 Harbour Street")
    page.fill("#shippingPostalCode", "D01 X2Y3")
    page.fill("#shippingLocality", "Dublin")


def fill_card(page: Page, number: str = GOOD_CARD) -> None:
    page.fill("#cardNumber", number)
    page.fill("#cardExpiry", "12 / 34")
    page.fill("#cardCvc", "123")
    page.fill("#billingName", "Ada Lovelace")
    page.select_option("#billingCountry", "IE")
    page.fill("#billingPostalCode", "D01 X2Y3")


def press_pay(page: Page) -> None:
    button = page.locator(".SubmitButton")
    expect(button).to_contain_text("Pay")
    button.click()


def pay(page: Page, number: str = GOOD_CARD, email: str = "ada@example.com") -> None:
    fill_contact(page, email)
    fill_card(page, number)
    press_pay(page)
