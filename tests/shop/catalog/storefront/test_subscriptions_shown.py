"""What customers see of what is paid again and again: on its page, in lists, at search engines."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import DjangoAssertNumQueries

from fulfillment.models import StockAlert
from shop.catalog.models import Price, PriceSpan
from shop.catalog.storefront.cards import cards
from tests.shop.catalog.storefront.test_offers import groups
from tests.support.factories import (
    MonthlyPriceFactory,
    PriceFactory,
    ProductFactory,
    VariantFactory,
)
from tests.support.house import House


def page_of(client: Client, price: Price, query: str = "") -> str:
    html = client.get(f"{price.variant.product.get_absolute_url()}{query}").content.decode()
    return " ".join(html.split())


def monthly(price: Price, amount: int = 1500, **fields: Any) -> Price:
    fields = {"interval": "month", **fields}
    return Price.objects.create(variant=price.variant, unit_amount=amount, currency="eur", **fields)


@pytest.mark.django_db
def test_a_thing_is_bought_once_or_every_so_often(client: Client) -> None:
    price = PriceFactory()
    monthly(price, trial_days=14)
    monthly(price, 4000, interval_count=3)

    page = page_of(client, price)

    assert '<p class="price">€18.00</p>' in page
    assert groups(page) == {
        "How often": [
            "Just once €18.00*",
            "Every month €15.00 14 days free",
            "Every 3 months €40.00",
        ]
    }
    assert "renews until you cancel" in page
    assert 'value="1-month" checked' in page_of(client, price, "?every=1-month")


@pytest.mark.django_db
def test_what_is_sold_as_a_subscription_alone_says_so(client: Client) -> None:
    price = MonthlyPriceFactory(trial_days=14)

    page = page_of(client, price)

    assert '<p class="price">€12.00 every month</p>' in page
    assert "14 days free, then €12.00 every month." in page
    assert f'name="price" value="{price.key}"' in page
    assert "How often" not in page
    assert "In stock" in page
    assert "Not for sale" not in page


@pytest.mark.django_db
def test_it_is_put_into_the_cart_from_there(client: Client) -> None:
    price = MonthlyPriceFactory()

    answer = client.post("/cart/add/", {"price": price.key, "quantity": "1"}, follow=True)

    assert "€12.00 each, every month" in answer.content.decode()


@pytest.mark.django_db
def test_what_was_asked_for_is_kept_where_it_is_refused(client: Client) -> None:
    price = PriceFactory(on_hand=4)
    monthly(price)

    answer = client.post("/cart/add/", {"price": price.key, "quantity": "9", "every": "1-month"})

    assert answer.status_code == 409
    assert 'value="1-month" checked' in " ".join(answer.content.decode().split())


@pytest.mark.django_db
def test_options_find_what_is_paid_again_and_again(client: Client) -> None:
    product = ProductFactory(slug="tea", option_names=["Kind", "Size"])
    for size, amount in (("Small", 900), ("Large", 1600)):
        variant = VariantFactory(product=product, option_values=["Green", size], sku=size)
        MonthlyPriceFactory(variant=variant, unit_amount=amount)

    form = {"product": "tea", "option-0": "Green", "option-1": "Large", "quantity": "1"}
    answer = client.post("/cart/add/", form, follow=True)

    assert "€16.00 each, every month" in answer.content.decode()


@pytest.mark.django_db
def test_a_card_says_how_often(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    alone, both = MonthlyPriceFactory(), PriceFactory()
    monthly(both)
    products = [alone.variant.product, both.variant.product]

    with django_assert_num_queries(3):
        first, second = cards(products)

    assert (first.price, first.rhythm, first.available) == (alone.money, alone.rhythm, 10)
    assert (second.price, second.rhythm) == (both.money, None)
    page = " ".join(client.get(products[0].category.get_absolute_url()).content.decode().split())
    assert "€12.00 every month" in page


@pytest.mark.django_db
def test_spans_of_prices_are_about_what_is_paid_once() -> None:
    price = PriceFactory()
    monthly(price, 100)
    MonthlyPriceFactory()

    assert [(span.product, span.lowest) for span in PriceSpan.objects.all()] == [
        (price.variant.product, 1800)
    ]


@pytest.mark.django_db
def test_search_engines_are_told_what_is_paid_once_alone(client: Client) -> None:
    price, alone = PriceFactory(), MonthlyPriceFactory()
    monthly(price, 100)

    both, without = (
        json.loads(re.findall(r'ld\+json">(.*?)</script>', page_of(client, one))[0])[0]
        for one in (price, alone)
    )

    assert both["offers"][0]["price"] == "18.00"
    assert "offers" not in without


@pytest.mark.django_db
def test_who_waits_for_it_may_leave_an_address(client: Client) -> None:
    price = MonthlyPriceFactory(on_hand=0)

    assert "Sold out" in page_of(client, price)

    answer = client.post("/stock-alerts/", {"sku": price.variant.sku, "email": "ada@example.com"})

    assert answer.status_code == 302
    assert StockAlert.objects.get().variant == price.variant


def test_another_choice_keeps_how_often(house: House, page: Page) -> None:
    product = ProductFactory(slug="soap-of-two", option_names=["Scent"])
    for scent in ("Pine", "Sea"):
        price = PriceFactory(variant=VariantFactory(product=product, option_values=[scent]))
        monthly(price)
    page.goto(f"{house.url}/products/soap-of-two/")

    page.get_by_role("radio", name="Every month").check(force=True)
    with page.expect_response(lambda answer: "variant=" in answer.url):
        page.get_by_role("radio", name="Sea", exact=True).check(force=True)

    expect(page.locator("#buy [name=every]:checked")).to_have_value("1-month")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("main")).to_contain_text("€15.00 each, every month")
    product.status = "archived"
    product.save()
