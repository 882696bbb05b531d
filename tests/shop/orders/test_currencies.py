"""The visitor's currency: what is shown is what is asked. Checks S15 and S16."""

import re
from typing import Any

import pytest
from django.test import Client

from shop.catalog import publishing
from shop.catalog.models import Price
from shop.money import Money
from shop.orders.models import Cart, CartLine, Order
from tests.support.factories import PriceFactory, VariantFactory
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lamp(settings: Any) -> Price:
    """18.00 EUR or 21.00 USD."""
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    price: Price = PriceFactory(variant__product__slug="lamp", variant__product__title="Lamp")
    publishing.set_price(price.variant, Money(2100, "usd"))
    return price


def choose(client: Client, currency: str, back: str = "/cart/") -> Any:
    return client.post("/currency/", {"currency": currency, "back": back})


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_prices_are_shown_in_the_chosen_currency(client: Client, lamp: Price) -> None:
    before = text(client, "/products/lamp/")

    answer = choose(client, "usd", "/products/lamp/")
    after = text(client, "/products/lamp/")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/products/lamp/")
    assert "€18.00" in before
    assert "$21.00" in after
    assert "€18.00" not in after
    assert '"priceCurrency": "USD"' in after
    shelf = text(client, lamp.variant.product.category.get_absolute_url())
    assert "$21.00" in shelf


def test_what_has_no_price_in_it_is_not_sold_in_it(client: Client, lamp: Price) -> None:
    PriceFactory(variant__product__slug="rug")
    choose(client, "usd")

    page = text(client, "/products/rug/")

    assert "Not sold in USD" in page
    assert "Add to cart" not in page


def test_the_cart_follows_and_says_what_is_gone(client: Client, lamp: Price) -> None:
    rug = PriceFactory(variant__product__title="Rug")
    for price in (lamp, rug):
        client.post("/cart/add/", {"price": price.key, "quantity": "1"})

    choose(client, "usd")
    page = text(client, "/cart/")

    assert "$21.00" in page
    assert "Not sold in USD." in page
    assert "The price was" not in page
    assert set(CartLine.objects.values_list("currency", flat=True)) == {"usd"}


def test_what_is_shown_is_what_the_session_asks(
    client: Client, lamp: Price, stand_in: StandIn
) -> None:
    choose(client, "usd")
    dollars = Price.objects.get(currency="usd")
    client.post("/cart/add/", {"price": dollars.key, "quantity": "2"})

    answer = client.post("/create-checkout-session", {"cart": Cart.objects.get().version})

    assert (answer.status_code, answer.content) == (303, b"")
    [call] = stand_in.requests_made("/v1/checkout/sessions")
    assert call["params"]["currency"] == "usd"
    assert call["params"]["line_items"][0]["price_data"]["unit_amount"] in {2100, "2100"}
    assert Order.objects.get().currency == "usd"


@pytest.mark.parametrize("currency", ["gbp", "", "EUR", "xxx"])
def test_another_currency_is_refused(client: Client, lamp: Price, currency: str) -> None:
    answer = choose(client, currency)

    assert answer.status_code == 400
    assert "currency" not in client.session


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_stays_in_the_shop(client: Client, lamp: Price, back: str) -> None:
    assert choose(client, "usd", back).headers["Location"] == "/"


def test_a_reduced_price_names_both_and_the_lowest(client: Client, lamp: Price) -> None:
    # S15, and Directive 98/6/EC
    publishing.set_price(lamp.variant, Money(1500, "eur"), regular=Money(1800, "eur"))

    page = text(client, "/products/lamp/")

    assert '<span class="unseen">Regular price</span> <s>€18.00</s>' in page
    assert "<strong>€15.00</strong>" in page
    assert "Lowest price of the 30 days before: €18.00" in page
    assert ">Sale</span>" in text(client, lamp.variant.product.category.get_absolute_url())


# -- How many of one product -----------------------------------------------------------------------


def test_a_limit_holds_over_all_variants(client: Client, lamp: Price) -> None:
    # S36
    product = lamp.variant.product
    product.most_per_order = 3
    product.option_names = ["Color"]
    product.save()
    ink = PriceFactory(variant=VariantFactory(product=product, option_values=["Ink"]))
    client.post("/cart/add/", {"price": lamp.key, "quantity": "2"})

    refused = client.post("/cart/add/", {"price": ink.key, "quantity": "2"})
    client.post("/cart/add/", {"price": ink.key, "quantity": "1"})
    changed = client.post(
        "/cart/update/", {"variant": lamp.variant_id, "quantity": "9"}, follow=True
    )

    assert refused.status_code == 409
    assert "We sell at most 3 of Lamp in one order." in refused.content.decode()
    assert "At most 3 in one order." in changed.content.decode()
    assert sorted(CartLine.objects.values_list("quantity", flat=True)) == [1, 2]


def test_a_limit_set_later_is_told_in_the_cart(client: Client, lamp: Price) -> None:
    # S44: what was put in first is kept first
    product = lamp.variant.product
    ink = PriceFactory(variant=VariantFactory(product=product, option_values=["Ink"]))
    for price in (lamp, ink):
        client.post("/cart/add/", {"price": price.key, "quantity": "2"})
    type(product).objects.update(most_per_order=2)

    page = text(client, "/cart/")
    client.post("/cart/accept/", {"shown": re.findall(r'name="shown" value="(\w+)"', page)[0]})

    assert "The rest of your cart is all that one order may hold of it." in page
    line = CartLine.objects.get()
    assert (line.variant, line.quantity) == (lamp.variant, 2)
    type(product).objects.update(most_per_order=1)
    assert "You asked for 2; at most 1 in one order." in text(client, "/cart/")


def test_few_left_are_not_called_a_limit(client: Client, lamp: Price) -> None:
    type(lamp.variant.product).objects.update(most_per_order=50)
    client.post("/cart/add/", {"price": lamp.key, "quantity": "2"})

    changed = client.post(
        "/cart/update/", {"variant": lamp.variant_id, "quantity": "40"}, follow=True
    )

    assert "At most 50" not in changed.content.decode()
    assert "Only 10 left." in changed.content.decode()


def test_a_reduced_line_names_the_lowest_price(client: Client, lamp: Price) -> None:
    # S15, and Directive 98/6/EC
    price = publishing.set_price(lamp.variant, Money(1500, "eur"), regular=Money(1800, "eur"))
    client.post("/cart/add/", {"price": price.key, "quantity": "1"})

    assert "Lowest price of the 30 days before: €18.00" in text(client, "/cart/")


def test_who_only_looks_gets_no_cookie(client: Client, lamp: Price, settings: Any) -> None:
    # The form of the currency stands on every page.
    page = client.get("/products/lamp/")

    assert 'name="currency"' in page.content.decode()
    assert set(page.cookies) == {settings.CSRF_COOKIE_NAME}
    assert client.get("/help/").cookies == {}


def test_a_limit_that_is_newer_than_the_cart_holds_at_checkout(
    client: Client, lamp: Price, stand_in: StandIn
) -> None:
    answer = client.post("/create-checkout-session", {"price": lamp.key, "quantity": "5"})
    type(lamp.variant.product).objects.update(most_per_order=3)

    refused = client.post("/create-checkout-session", {"price": lamp.key, "quantity": "5"})

    assert answer.status_code == 303
    assert refused.status_code == 409
    assert "We sell at most 3 of Lamp in one order." in refused.content.decode()
