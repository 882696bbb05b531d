"""Where customers choose: the amount on its way from the product's page through the cart."""

import re
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from shop.catalog import publishing
from shop.catalog.models import Price
from shop.money import Money
from shop.orders import cart as carts
from shop.orders.models import Cart, CartLine
from tests.shop.orders.test_views import accept, text
from tests.support.factories import (
    CartLineFactory,
    ChosenPriceFactory,
    PriceFactory,
    VariantFactory,
)

pytestmark = pytest.mark.django_db

BOUNDS = "Name an amount from €5.00 to €100.00, written like 10.00."


@pytest.fixture
def guide() -> Price:
    price: Price = ChosenPriceFactory(
        variant__product__title="Guide", variant__product__slug="guide"
    )
    return price


def add(client: Client, price: Price, amount: str | None = None, quantity: int = 1) -> Any:
    named = {} if amount is None else {"amount": amount}
    return client.post("/cart/add/", {"price": price.key, "quantity": quantity, **named})


def update(client: Client, price: Price, amount: str, quantity: int = 1) -> Any:
    form = {"variant": price.variant_id, "quantity": quantity, "amount": amount}
    return client.post("/cart/update/", form)


def lines() -> list[tuple[int, int, bool]]:
    return list(CartLine.objects.values_list("quantity", "seen_amount", "is_named"))


def replace(price: Price, **more: Any) -> Price:
    """Another price in its place: chosen from 5.00 to 100.00 EUR unless said otherwise."""
    bounds = {"is_chosen": True, "minimum_amount": 500, "maximum_amount": 10000}
    new = Price(**{"unit_amount": 1000, "currency": "eur", **bounds, **more})
    return publishing.replace(price.variant, new)


def field(html: str, name: str) -> str:
    return str(re.findall(rf'<input id="{name}[^>]*>', html)[0])


# -- the product's page ----------------------------------------------------------------------------


def test_the_page_asks_for_an_amount(client: Client, guide: Price) -> None:
    html = client.get("/products/guide/").content.decode()

    amount_field = field(html, "amount")
    assert re.search(r'<label for="amount">\s*Your price in EUR\s*</label>', html)
    assert 'value="10.00"' in amount_field
    assert r'pattern="\s*\d+([.,]\d{1,2})?\s*"' in amount_field
    assert 'title="€5.00 – €100.00"' in amount_field
    assert 'aria-describedby="bounds"' in amount_field
    assert re.search(r'id="bounds"[^>]*>\s*You choose, from €5.00 to €100.00.\s*<', html)


def test_the_page_speaks_german_with_a_comma(client: Client, guide: Price) -> None:
    html = client.get("/products/guide/", HTTP_ACCEPT_LANGUAGE="de").content.decode()

    assert 'value="10,00"' in field(html, "amount")
    assert "Sie bestimmen, von 5,00\xa0€ bis 100,00\xa0€." in html


def test_a_fixed_price_asks_for_nothing(client: Client) -> None:
    page = client.get(PriceFactory().variant.product.get_absolute_url())

    assert 'name="amount"' not in page.content.decode()


@pytest.mark.parametrize(
    ("currency", "value", "shape"),
    [
        ("jpy", "1000", r"\s*\d+\s*"),
        ("kwd", "1.000", r"\s*\d+([.,]\d{1,3})?\s*"),
        ("isk", "10", r"\s*\d+\s*"),
    ],
)
def test_the_field_has_the_decimals_of_the_currency(
    client: Client, settings: Any, currency: str, value: str, shape: str
) -> None:
    settings.DEFAULT_CURRENCY, settings.CURRENCIES_OFFERED = currency, [currency]
    price = ChosenPriceFactory(currency=currency)

    amount_field = field(
        client.get(price.variant.product.get_absolute_url()).content.decode(), "amount"
    )

    assert f'value="{value}"' in amount_field
    assert f'pattern="{shape}"' in amount_field


# -- into the cart ---------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", ["7.50", "7,50", "7.5", " 7,50 "])
def test_what_is_named_is_what_the_line_costs(client: Client, guide: Price, amount: str) -> None:
    add(client, guide, amount, 2)

    assert lines() == [(2, 750, True)]
    html = client.get("/cart/").content.decode()
    assert "€7.50 each" in html
    assert "€15.00" in html
    assert 'value="7.50"' in field(html, "amount-")
    assert "Continue to secure payment" in html


@pytest.mark.parametrize(
    "amount",
    ["", "x", "4.99", "100.01", "-7", "+7", "7e1", "7.500", "1.000", "7,5,0", "€7", "٧", "7\x00"],
)
def test_what_cannot_be_paid_is_refused(client: Client, guide: Price, amount: str) -> None:
    answer = add(client, guide, amount)

    assert answer.status_code == 400
    assert BOUNDS in answer.content.decode()
    assert Cart.objects.count() == 0


@pytest.mark.parametrize("amount", ["5", "100"])
def test_the_bounds_themselves_can_be_named(client: Client, guide: Price, amount: str) -> None:
    assert add(client, guide, amount).status_code == 303
    assert lines() == [(1, int(amount) * 100, True)]


def test_without_an_amount_the_proposed_one_counts(client: Client, guide: Price) -> None:
    add(client, guide)

    assert lines() == [(1, 1000, False)]


def test_the_amount_named_last_counts_for_all_and_is_said(client: Client, guide: Price) -> None:
    add(client, guide, "7.50", 2)
    add(client, guide, "9", 1)

    assert lines() == [(3, 900, True)]
    assert "Your cart now has 3 × Guide at €9.00 each." in text(client)


def test_another_amount_is_no_double_click(client: Client, guide: Price) -> None:
    for amount in ("7.50", "7.50", "9"):
        add(client, guide, amount)

    assert lines() == [(2, 900, True)]


def test_among_several_variants_the_bounds_are_those_of_the_chosen(
    client: Client, guide: Price
) -> None:
    variant = VariantFactory(product=guide.variant.product, option_values=["Large"])
    large = ChosenPriceFactory(variant=variant, unit_amount=5000, minimum_amount=2000)

    answer = add(client, large, "10.00")

    assert answer.status_code == 400
    assert "Name an amount from €20.00 to €100.00" in answer.content.decode()


# -- in the cart -----------------------------------------------------------------------------------


def test_the_amount_can_be_changed(client: Client, guide: Price) -> None:
    add(client, guide, "7.50")

    update(client, guide, "12,25", 2)

    assert lines() == [(2, 1225, True)]
    assert "Your cart now has 2 × Guide at €12.25 each." in text(client)


def test_a_tampered_amount_changes_nothing(client: Client, guide: Price) -> None:
    add(client, guide, "7.50")

    answer = update(client, guide, "0.01", 3)

    assert (answer.status_code, lines()) == (400, [(1, 750, True)])
    assert BOUNDS in answer.content.decode()


def test_an_amount_for_a_fixed_price_means_nothing(client: Client) -> None:
    price = PriceFactory()
    add(client, price, "1")

    update(client, price, "2", 2)

    assert lines() == [(2, 1800, False)]


def test_an_amount_in_a_currency_that_was_left_meanwhile_is_not_taken(guide: Price) -> None:
    """Another tab changes the currency between the form's check and the change."""
    line = CartLineFactory(price=guide)

    carts.change(line.cart, guide.variant_id, 2, Money(750, "usd"))

    assert lines() == [(2, 1000, False)]


def test_removing_can_be_undone_at_the_same_amount(client: Client, guide: Price) -> None:
    add(client, guide, "7.50", 3)
    client.post("/cart/remove/", {"variant": guide.variant_id})

    undo = client.get("/cart/").content.decode().split('class="undo"')[1].split("</form>")[0]

    assert dict(re.findall(r'name="(\w+)" value="([^"]*)"', undo)) == {
        "csrfmiddlewaretoken": re.findall(r'token" value="(\w+)"', undo)[0],
        "price": guide.key,
        "quantity": "3",
        "amount": "7.50",
    }


# -- when the price changes under it ---------------------------------------------------------------


def test_a_new_price_that_still_allows_it_changes_nothing(client: Client, guide: Price) -> None:
    add(client, guide, "7.50")
    replace(guide, unit_amount=2000)

    assert "€7.50 each" in text(client)
    assert "Continue to secure payment" in text(client)


@pytest.mark.parametrize(
    ("bounds", "now"),
    [({"minimum_amount": 900}, 900), ({"unit_amount": 600, "maximum_amount": 700}, 700)],
)
def test_other_bounds_are_told_and_block_paying_until_seen(
    client: Client, guide: Price, bounds: dict[str, int], now: int
) -> None:
    add(client, guide, "7.50", 2)
    replace(guide, **bounds)

    before = text(client)
    accept(client)

    assert (
        f"You named €7.50, which cannot be chosen any more; €{now / 100:.2f} is the nearest"
        in before
    )
    assert f"€{now / 50:.2f}" in before
    assert "Continue to secure payment" not in before
    assert lines() == [(2, now, True)]
    assert "Continue to secure payment" in text(client)


def test_naming_another_amount_is_a_way_on_as_well(client: Client, guide: Price) -> None:
    add(client, guide, "7.50")
    replace(guide, minimum_amount=900)

    update(client, guide, "11")

    assert "€11.00 each" in text(client)
    assert "Continue to secure payment" in text(client)


def test_a_price_that_is_fixed_now_is_told(client: Client, guide: Price) -> None:
    add(client, guide, "7.50")
    publishing.set_price(guide.variant, Money(900, "eur"))

    before = text(client)
    accept(client)

    assert "The price was €7.50 and is €9.00 now." in before
    assert "You choose" not in before
    assert lines() == [(1, 900, False)]


def test_a_price_that_can_be_chosen_now_is_told(client: Client) -> None:
    price = PriceFactory()
    add(client, price)
    replace(price)

    page = text(client)

    assert "The price was €18.00 and is €10.00 now." in page
    assert "You choose, from €5.00 to €100.00." in page


def test_another_currency_forgets_what_was_named_and_says_so(
    client: Client, guide: Price, settings: Any
) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    replace(guide, currency="usd", unit_amount=1100)
    add(client, guide, "7.50")

    client.post("/currency/", {"currency": "usd", "back": "/cart/"})

    assert lines() == [(1, 1100, False)]
    page = text(client)
    assert "$11.00 each" in page
    assert "What you named for Guide does not count in USD." in page


def test_the_database_refuses_a_negative_amount() -> None:
    with pytest.raises(IntegrityError, match="cart_amount_is_not_negative"):
        CartLineFactory(seen_amount=-1)
