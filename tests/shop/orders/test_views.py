"""The cart in the browser: forms, sentences, what odd input does."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from shop.accounts.models import User
from shop.catalog.models import Price, Product, Stock
from shop.orders.models import Cart, CartLine
from tests.support.factories import PriceFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db


def text(client: Client, address: str = "/cart/") -> str:
    """What the page says, without its tags."""
    html = client.get(address).content.decode().split('id="main"')[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def add(client: Client, price: Price, quantity: int = 1) -> None:
    """Add, long enough after the last time to be meant."""
    with time_machine.travel(timezone.now() + timedelta(seconds=5 * CartLine.objects.count())):
        response = client.post("/cart/add/", {"price": price.key, "quantity": quantity})
    assert (response.status_code, response["Location"]) == (303, "/cart/")


def accept(client: Client) -> None:
    """Agree to what the cart's page says."""
    html = client.get("/cart/").content.decode()
    shown = re.findall(r'name="shown" value="(\w+)"', html)
    assert client.post("/cart/accept/", {"shown": shown[0]}).status_code == 303


def quantities() -> list[int]:
    return list(CartLine.objects.order_by("id").values_list("quantity", flat=True))


def named(title: str, **more: int) -> Price:
    return PriceFactory(variant=VariantFactory(product=ProductFactory(title=title)), **more)


# -- adding ----------------------------------------------------------------------------------------


def test_adding_says_so_and_counts(client: Client) -> None:
    add(client, named("Kelp Mug"), 2)

    html = client.get("/cart/").content.decode()

    assert '<p class="success">Kelp Mug is in your cart.</p>' in html
    assert '2<span class="unseen"> items</span>' in html
    assert "€36.00" in html


@pytest.mark.parametrize(
    "quantity",
    [
        "0",
        "-1",
        "1000000000",
        "1000",
        "1e3",
        "",
        " 1",
        "1 ",
        "01",
        "+1",
        "1.0",
        "٣",
        "²",
        "x",
        "1\x00",
    ],
)
def test_odd_quantity_is_refused(client: Client, quantity: str) -> None:
    price = PriceFactory()

    response = client.post("/cart/add/", {"price": price.key, "quantity": quantity})

    assert response.status_code == 400
    assert "How many? Write a whole number from 1 to 999." in response.content.decode()
    assert (Cart.objects.count(), Session.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"quantity": "1"}, "Choose what you would like first."),
        ({"price": "", "quantity": "1"}, "Choose what you would like first."),
        ({"price": "no-such-key", "quantity": "1"}, "We do not know this price."),
        ({"price": "x" * 5000, "quantity": "1"}, "We do not know this price."),
        ({"price": "a\x00b", "quantity": "1"}, "Null characters are not allowed."),
        ({}, "Choose what you would like first."),
    ],
)
def test_unknown_price_is_refused(client: Client, form: dict[str, str], sentence: str) -> None:
    response = client.post("/cart/add/", form)

    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert (Cart.objects.count(), Session.objects.count()) == (0, 0)


def test_missing_quantity_is_refused(client: Client) -> None:
    response = client.post("/cart/add/", {"price": PriceFactory().key})

    assert response.status_code == 400
    assert Cart.objects.count() == 0


def test_amounts_in_a_form_mean_nothing(client: Client) -> None:
    price = PriceFactory()

    client.post(
        "/cart/add/",
        {"price": price.key, "quantity": "1", "unit_amount": "1", "currency": "jpy", "amount": "1"},
    )

    assert CartLine.objects.values_list("seen_amount", "currency").get() == (1800, "eur")


def refused(client: Client, price: Price, quantity: int = 1) -> str:
    response = client.post("/cart/add/", {"price": price.key, "quantity": quantity})
    assert response.status_code == 409
    assert (Cart.objects.count(), Session.objects.count()) == (0, 0)
    return response.content.decode()


def test_replaced_price_is_a_page_that_says_so(client: Client) -> None:
    price = PriceFactory(is_active=False)

    html = refused(client, price)

    assert "The price has changed. Please look at it again." in html
    assert price.variant.product.get_absolute_url() in html


def test_sold_out_is_a_page_that_says_so(client: Client) -> None:
    assert "Kelp Mug is sold out." in refused(client, named("Kelp Mug", on_hand=0))


def test_more_than_there_is_is_a_page_that_says_so(client: Client) -> None:
    assert "Only 3 of Kelp Mug left" in refused(client, named("Kelp Mug", on_hand=3), 4)


def test_unpublished_is_a_page_that_says_so(client: Client) -> None:
    price = named("Kelp Mug")
    Product.objects.update(status=Product.Status.ARCHIVED)

    assert "Kelp Mug is not for sale at the moment." in refused(client, price)


def test_double_click_adds_once(client: Client) -> None:
    price, now = PriceFactory(), timezone.now()
    form = {"price": price.key, "quantity": "1"}

    for seconds in (0, 0.3, 5):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            assert client.post("/cart/add/", form).status_code == 303

    assert quantities() == [2]


@pytest.mark.parametrize(
    "address", ["/cart/add/", "/cart/update/", "/cart/remove/", "/cart/accept/"]
)
def test_forms_need_their_token_and_a_post(address: str) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post(address, {"price": PriceFactory().key, "quantity": "1"}).status_code == 403
    assert Client().put(address).status_code == 405
    assert (client.get(address).status_code, client.get(address)["Location"]) == (303, "/cart/")
    assert Cart.objects.count() == 0


# -- the page --------------------------------------------------------------------------------------


def test_empty_cart_leads_back_and_leaves_no_cookie(client: Client) -> None:
    response = client.get("/cart/")

    assert "Your cart is empty." in response.content.decode()
    assert response.cookies == {}
    assert response["Cache-Control"] == "private, no-store"


def test_lines_are_labelled_with_their_names(client: Client) -> None:
    add(client, named("Kelp Mug"))

    html = client.get("/cart/").content.decode()

    assert re.search(r">\s*Quantity of Kelp Mug\s*</span>\s*</label>", html)
    assert 'Remove<span class="unseen"> Kelp Mug</span>' in html
    assert '<meta name="robots" content="noindex">' in html


def test_paying_is_a_form_that_says_what_happens(client: Client) -> None:
    add(client, PriceFactory())

    html = client.get("/cart/").content.decode()

    button = re.search(r"<button([^>]*)>Continue to secure payment<", html)
    assert button is not None
    for attribute in ('type="submit"', 'form="lines"', 'formaction="/create-checkout-session"'):
        assert attribute in button[1]
    assert re.search(r'<form id="lines"\s+method="post"', html)


@pytest.mark.parametrize("number", [1, 20])
def test_cart_page_has_the_same_queries_for_any_cart(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        add(client, PriceFactory())
    client.get("/cart/")

    # Session, cart, its lines, prices, pictures, the categories, whether this
    # visitor kept a card, the ways of delivery, where an earlier order went, discounts and a tip.
    with django_assert_num_queries(11):
        client.get("/cart/")


# -- changing --------------------------------------------------------------------------------------


def test_quantity_is_updated(client: Client) -> None:
    price = named("Kelp Mug")
    add(client, price)

    response = client.post("/cart/update/", {"variant": price.variant_id, "quantity": "4"})

    assert response.status_code == 303
    assert "Your cart now has 4 × Kelp Mug." in text(client)
    assert quantities() == [4]


def test_quantity_is_clamped_and_said_to_be(client: Client) -> None:
    price = named("Kelp Mug", on_hand=3)
    add(client, price)

    client.post("/cart/update/", {"variant": price.variant_id, "quantity": "9"})

    assert "Only 3 left. Your cart now has 3 × Kelp Mug." in text(client)
    assert quantities() == [3]


@pytest.mark.parametrize("quantity", ["0", "-1", "1000000000", "1e3", "", "٣"])
def test_odd_update_is_refused(client: Client, quantity: str) -> None:
    price = PriceFactory()
    add(client, price, 2)

    response = client.post("/cart/update/", {"variant": price.variant_id, "quantity": quantity})

    assert response.status_code == 400
    assert quantities() == [2]


@pytest.mark.parametrize("variant", ["", "x", "-1", "9" * 40, "1e3", "٣"])
@pytest.mark.parametrize("address", ["/cart/update/", "/cart/remove/"])
def test_odd_line_is_refused(client: Client, address: str, variant: str) -> None:
    add(client, PriceFactory(), 2)

    response = client.post(address, {"variant": variant, "quantity": "1"})

    assert response.status_code == 400
    assert quantities() == [2]


def test_stale_form_does_not_bring_a_line_back(client: Client) -> None:
    price = PriceFactory()
    add(client, price)
    client.post("/cart/remove/", {"variant": price.variant_id})

    client.post("/cart/update/", {"variant": price.variant_id, "quantity": "3"})

    assert "was no longer in your cart" in text(client)
    assert quantities() == []


def test_strangers_line_is_out_of_reach(client: Client) -> None:
    price = PriceFactory()
    add(client, price)

    stranger = Client()
    stranger.post("/cart/remove/", {"variant": price.variant_id})
    stranger.post("/cart/update/", {"variant": price.variant_id, "quantity": "9"})

    assert quantities() == [1]


def test_removing_can_be_undone(client: Client) -> None:
    price = named("Kelp Mug")
    add(client, price, 3)
    client.post("/cart/remove/", {"variant": price.variant_id})

    html = client.get("/cart/").content.decode()
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', html))
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        client.post("/cart/add/", {"price": form["price"], "quantity": form["quantity"]})

    assert "Kelp Mug was removed from your cart." in html
    assert quantities() == [3]
    assert "was removed from your cart" not in text(client)


def test_what_was_added_a_moment_ago_can_be_taken_back(client: Client) -> None:
    # S42: it is no double click.
    price, form = named("Kelp Mug"), {"quantity": "1"}
    form["price"] = price.key
    with time_machine.travel(timezone.now(), tick=False):
        client.post("/cart/add/", form)
        client.post("/cart/remove/", {"variant": price.variant_id})
        client.post("/cart/add/", form)

    assert quantities() == [1]


@pytest.mark.parametrize("gone", ["price", "variant", "product"])
def test_removing_what_is_not_sold_any_more_is_said(client: Client, gone: str) -> None:
    price = named("Kelp Mug")
    add(client, price)
    client.get("/cart/")
    if gone == "price":
        Price.objects.update(is_active=False)
    elif gone == "variant":
        type(price.variant).objects.update(is_active=False)
    else:
        Product.objects.update(status=Product.Status.ARCHIVED)

    client.post("/cart/remove/", {"variant": price.variant_id})

    page = text(client)
    assert "Kelp Mug was removed from your cart." in page
    assert "Undo" not in page


def test_cart_is_kept_when_the_customer_logs_in(client: Client, admin_user: User) -> None:
    add(client, PriceFactory(), 2)

    client.force_login(admin_user)

    assert "€36.00" in text(client)


# -- when the shop changes under it ----------------------------------------------------------------


def test_new_price_is_shown_and_blocks_paying_until_accepted(client: Client) -> None:
    price = named("Kelp Mug")
    add(client, price, 2)
    Price.objects.update(is_active=False)
    Price.objects.create(variant=price.variant, unit_amount=2000, currency="eur")

    before = client.get("/cart/").content.decode()
    accept(client)
    after = client.get("/cart/").content.decode()

    assert "The price was €18.00 and is €20.00 now." in before
    assert "Use the new prices" in before
    assert "Continue to secure payment" not in before
    assert "€40.00" in before
    assert "Continue to secure payment" in after
    assert CartLine.objects.get().seen_amount == 2000


def test_less_stock_is_shown_and_blocks_paying_until_accepted(client: Client) -> None:
    add(client, named("Kelp Mug"), 5)
    Stock.objects.update(on_hand=2)

    before = client.get("/cart/").content.decode()
    accept(client)

    assert "You asked for 5; only 2 left now." in before
    # Each, line, subtotal and total.
    assert re.findall(r"€\d+\.\d\d", before) == ["€18.00", *3 * ["€36.00"]]
    assert "Take the cart as it is now" in before
    assert "Continue to secure payment" not in before
    assert quantities() == [2]


def test_sold_out_line_costs_nothing_and_goes_when_accepted(client: Client) -> None:
    add(client, named("Kelp Mug"))
    Stock.objects.update(on_hand=0)

    assert "Sold out since you added it." in text(client)
    accept(client)

    assert "Your cart is empty." in text(client)


def test_accepting_what_was_not_shown_asks_to_look_again(client: Client) -> None:
    price = PriceFactory()
    add(client, price)
    Price.objects.update(is_active=False)
    Price.objects.create(variant=price.variant, unit_amount=9900, currency="eur")

    client.post("/cart/accept/", {"shown": "0" * 32})

    assert "Your cart has changed again. Please check it once more." in text(client)
    assert CartLine.objects.get().seen_amount == 1800


@pytest.mark.parametrize("shown", ["", "x", "-1", "1e3", "٣" * 32, "9" * 40])
def test_odd_acceptance_is_refused(client: Client, shown: str) -> None:
    add(client, PriceFactory())

    assert client.post("/cart/accept/", {"shown": shown}).status_code == 400


# -- words -----------------------------------------------------------------------------------------


def test_cart_names_its_total_and_its_fields(client: Client) -> None:
    # S-5, S-6
    add(client, named("Kelp Mug"), 2)

    html = " ".join(client.get("/cart/").content.decode().split())
    words = text(client)

    assert 'aria-hidden="true">Quantity</span>' in html
    assert re.search(r"Total( from)? €36\.00", words)
    assert "Visa, Mastercard, American Express" in words


def test_cart_and_foot_name_the_means_of_payment_that_are_set(
    client: Client, settings: Any
) -> None:
    settings.PAYMENT_METHODS_SHOWN = ["card", "sepa_debit", "twint"]
    add(client, named("Kelp Mug"))

    words = [
        " ".join(client.get(f"/cart/?language={code}").content.decode().split())
        for code in ("en", "de")
    ]

    cards = "Visa, Mastercard, American Express"
    english = f"{cards}, SEPA debit, TWINT, and what else the payment page offers"
    german = f"{cards}, SEPA-Lastschrift, TWINT und was die Bezahlseite"
    assert [words[0].count(english), words[1].count(german)] == [2, 2]


def test_undo_is_a_form_and_its_sentence_the_status(client: Client) -> None:
    # S-6
    add(client, named("Kelp Mug"))
    client.post("/cart/remove/", {"variant": CartLine.objects.get().variant_id})

    html = " ".join(client.get("/cart/").content.decode().split())
    form = html.split('<form class="undo"')[1].split("</form>")[0]

    assert "role=" not in form.split(">")[0]
    assert '<p role="status"> Kelp Mug was removed from your cart. </p>' in form


def test_what_is_sold_no_more_is_said_to_be_so_in_any_currency(
    client: Client, settings: Any
) -> None:
    # S-5
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    price = named("Kelp Mug")
    add(client, price)
    Product.objects.update(status=Product.Status.ARCHIVED)

    assert "No longer sold." in text(client)
    assert "Not sold in" not in text(client)


def test_where_people_are_told_to_write_is_a_link(client: Client) -> None:
    # S-5
    price = named("Kelp Mug")
    Price.objects.update(is_active=False)

    page = client.get(f"/products/{price.variant.product.slug}/").content.decode()
    why = page.split('id="why"')[1].split("</p>")[0]

    assert 'href="/contact/"' in why
