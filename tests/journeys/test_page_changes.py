"""On Stripe's page a customer takes fewer, or something besides; all read what was bought."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Locator, Page, expect

from shop.accounts.models import User
from shop.catalog.models import Price
from shop.orders.models import Order
from tests.journeys.test_customer import go_to_payment, order_on, put_into_cart
from tests.journeys.test_discounts import serve_with
from tests.journeys.test_staff import PASSWORD
from tests.support.books import assert_adds_up
from tests.support.buyer import offered, tell_stripe
from tests.support.house import House
from tests.support.payment_page import pay
from tests.support.purchases import counted
from tests.support.waiting import eventually


@pytest.fixture
def things(house: House) -> Iterator[tuple[Price, Price]]:
    """A lantern at 18.00, and the wrap at 3.00 EUR that goes with it."""
    with ExitStack() as stack:
        lantern, wrap = (
            stack.enter_context(offered(on_hand=5, variant__product__title=title, unit_amount=cost))
            for title, cost in [("Bay Lantern", 1800), ("Gift Wrap", 300)]
        )
        lantern.variant.product.goes_with.add(wrap.variant.product)
        yield lantern, wrap


@pytest.fixture
def lowered(house: House) -> Iterator[None]:
    """Quantities may be lowered on the payment page."""
    serve_with(house, ADJUSTABLE_QUANTITY="on")
    yield
    serve_with(house)


def bought(house: House, page: Page, email: str) -> Order:
    """Pay what stands on the page, and wait for all that follows."""
    pay(page, email=email)
    page.wait_for_url(re.compile(r"/success\?session_id="))
    order = order_on(page)
    eventually(lambda: house.mails(email))
    house.wait_until_quiet()
    order.refresh_from_db()
    assert_adds_up(house.stand_in, order)
    return order


def row(page: Page, title: str) -> Locator:
    """A line of the order on its page."""
    return page.locator("main table tr").filter(has_text=title)


def read_by_staff(house: House, page: Page, order: Order) -> None:
    """Open the order on the staff's page."""
    if not User.objects.filter(email="ana@example.com").exists():
        User.objects.create_superuser("ana@example.com", PASSWORD, first_name="Ana")
    page.goto(f"{house.url}/admin/")
    page.fill("#id_username", "ana@example.com")
    page.fill("#id_password", PASSWORD)
    page.locator("#id_password").press("Enter")
    expect(page.locator("#user-tools")).to_contain_text("Ana")
    page.goto(f"{house.url}/admin/orders/order/{order.pk}/change/")


def test_fewer_are_bought_than_the_cart_had(
    house: House, page: Page, things: tuple[Price, Price], lowered: None
) -> None:
    lantern, _ = things
    put_into_cart(page, house, lantern.variant.product.slug)
    page.get_by_label("Quantity of Bay Lantern").fill("4")
    page.get_by_role("button", name="Update Bay Lantern").click()
    go_to_payment(page, house)
    aside = counted(lantern)
    for number in ("3", "2"):
        page.get_by_role("button", name="One less of Bay Lantern").click()
        expect(page.get_by_role("spinbutton", name="Quantity of")).to_have_value(number)
    expect(page.locator(".due")).to_contain_text("36.00")

    order = bought(house, page, "fewer@example.com")

    assert (aside, counted(lantern)) == ((5, 4), (3, 0))
    assert (order.total, order.is_held) == (3600, False)
    assert order.payments.get().captured_amount == 3600
    page.get_by_role("link", name="Follow this order").click()
    expect(row(page, "Bay Lantern").get_by_role("cell")).to_contain_text(["Bay", "2", "€36.00"])
    page.goto(f"{house.url}/cart/")
    expect(page.locator("main")).to_contain_text("Your cart is empty")
    read_by_staff(house, page, order)
    expect(page.get_by_role("region", name="Pack and ship")).to_contain_text("2 × Bay Lantern")
    expect(page.locator("#content")).to_contain_text(
        f"2 × {lantern.variant.sku} · not bought on the payment page"
    )


@pytest.mark.parametrize("is_taken", [True, False])
def test_something_besides_is_taken_or_left(
    house: House, page: Page, things: tuple[Price, Price], is_taken: bool
) -> None:
    lantern, wrap = things
    tell_stripe(house, wrap)
    house.wait_until_quiet()
    put_into_cart(page, house, lantern.variant.product.slug)
    expect(page.locator("main")).not_to_contain_text("Goes well with")
    go_to_payment(page, house)
    aside = counted(wrap)
    if is_taken:
        page.get_by_role("button", name="Add Gift Wrap").click()
        expect(page.locator(".due")).to_contain_text("21.00")

    order = bought(house, page, f"besides-{is_taken}@example.com".lower())

    total = 2100 if is_taken else 1800
    assert (aside, counted(wrap)) == ((5, 1), (4, 0) if is_taken else (5, 0))
    assert (order.total, order.is_held) == (total, False)
    assert order.payments.get().captured_amount == total
    page.get_by_role("link", name="Follow this order").click()
    expect(row(page, "Bay Lantern").get_by_role("cell")).to_contain_text(["Bay", "1", "€18.00"])
    expect(row(page, "Gift Wrap")).to_have_count(int(is_taken))
    read_by_staff(house, page, order)
    packing = page.get_by_role("region", name="Pack and ship")
    expect(packing).to_contain_text("Bay Lantern")
    expect(packing.get_by_text("Gift Wrap")).to_have_count(int(is_taken))


def test_the_cart_offers_what_the_page_cannot(
    house: House, page: Page, things: tuple[Price, Price]
) -> None:
    """Stripe does not know the wrap's price."""
    lantern, wrap = things
    put_into_cart(page, house, lantern.variant.product.slug)
    hint = page.get_by_role("region", name="Goes well with")
    expect(hint).to_contain_text("Gift Wrap")
    expect(hint).to_contain_text("€3.00")

    hint.get_by_role("button", name="Add Gift Wrap").click()
    expect(page.locator(".lines")).to_contain_text("Gift Wrap")
    expect(hint).to_have_count(0)
    go_to_payment(page, house)
    order = bought(house, page, "hinted@example.com")

    assert (order.total, counted(lantern), counted(wrap)) == (2100, (4, 0), (4, 0))
