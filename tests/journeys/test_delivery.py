"""Delivery is shown before the payment page, chosen on it, and read after it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from shop.orders.models import DeliveryMethod
from tests.journeys.test_customer import go_to_payment, order_on, put_into_cart
from tests.support.factories import DeliveryMethodFactory
from tests.support.house import House
from tests.support.payment_page import fill_card, fill_contact, press_pay
from tests.support.waiting import eventually


@pytest.fixture
def to_the_alps(house: House) -> Iterator[list[DeliveryMethod]]:
    """Two methods for Switzerland and Liechtenstein, where the house sends nothing else."""
    near = ["CH", "LI"]
    methods = [
        DeliveryMethodFactory(
            name="By mule", countries=near, rates={"eur": {0: 490}}, min_days=5, max_days=9
        ),
        DeliveryMethodFactory(
            name="By balloon", countries=near, rates={"eur": {0: 990}}, min_days=1, max_days=2
        ),
    ]
    yield methods
    DeliveryMethod.objects.filter(pk__in=[method.pk for method in methods]).delete()


def test_the_faster_way_is_chosen_and_paid(
    house: House, page: Page, to_the_alps: list[DeliveryMethod]
) -> None:
    main = page.locator("main")

    put_into_cart(page, house, "kelp-mug")
    page.goto(f"{house.url}/cart/")
    country = page.get_by_label("Deliver to")
    change = page.get_by_role("button", name="Change the country")
    rows = [each.bounding_box() for each in (country, change)]
    country.select_option("CH")
    change.click()
    expect(main).to_contain_text("We deliver to Switzerland.")
    expect(main).to_contain_text("5–9 working days")
    expect(main.locator(".total")).to_contain_text("€22.90")
    go_to_payment(page, house)
    countries = page.locator("#shippingCountry option").evaluate_all("all => all.map(o => o.value)")
    fill_contact(page, "alps@example.com", country="LI")
    page.get_by_label(re.compile("By balloon")).check()
    fill_card(page)
    press_pay(page)
    page.wait_for_url(re.compile(r"/success\?session_id="))
    order = order_on(page)
    eventually(lambda: house.mails("alps@example.com"))
    house.wait_until_quiet()
    page.get_by_role("link", name="Follow this order").click()

    # Beside the list that it is for.
    assert len({row["y"] for row in rows if row}) == 1
    assert sorted(filter(None, countries)) == ["CH", "LI"]
    expect(main).to_contain_text("Delivery: By balloon, 1–2 working days")
    order.refresh_from_db()
    assert (order.shipping, order.total, order.delivery_method) == (990, 2790, to_the_alps[1])
    assert order.payments.get().captured_amount == 2790
    assert not order.is_held
