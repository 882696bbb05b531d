"""How many queries the pages make, and how long they take."""

from dataclasses import replace
from statistics import median

import requests
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from benchmarks.figures import Figure, milliseconds
from shop.catalog.models import Price
from tests.support.buyer import Customer
from tests.support.factories import DeliveryMethodFactory, DiscountFactory
from tests.support.house import House

LOOKS = 30
CODE = "BENCH15"
TAXED = {"TAX_MODE": "rates"}
# Once the catalog is large: see `benchmarks.search.fill`.
LONG_LISTS = {
    "all 100,000": "/categories/bench/",
    "all 100,000 by price": "/categories/bench/?sort=price",
    "all 100,000, three facets": "/categories/bench/?o=Color:Ink&o=Size:M&vendor=Brand 7",
    "common word": "/search/?q=lantern",
    "common word, one option by price": "/search/?q=lantern&o=Color:Ink&sort=price",
    "misspelt word": "/search/?q=lantren",
}


def measure(house: House, price: Price) -> list[Figure]:
    product = price.variant.product
    customer = Customer(house, "reader@example.com")
    customer.put_into_cart(price)
    addresses = {
        "home": "/",
        "category": product.category.get_absolute_url(),
        "product": product.get_absolute_url(),
        "cart": "/cart/",
    }
    figures = [look_at(name, path, house, customer.http) for name, path in addresses.items()]
    return [*figures, look_at_whole_cart(house, customer)]


def look_at_whole_cart(house: House, customer: Customer) -> Figure:
    """With all that is worked out in it: delivery, tax by the sample's rates, and a code."""
    DeliveryMethodFactory(name="Bench", countries=["AT"], rates={"eur": {0: 490}})
    DiscountFactory(name="Bench", codes=[CODE], percentage=15)
    for name in ("beat", "web"):
        house.stop(name)
    house.start("web", **TAXED)
    house.wait_until_ready()
    customer.use_code(CODE)
    with override_settings(**TAXED):
        before = calls_to_stripe(house)
        figure = look_at("cart with delivery, tax and a code", "/cart/", house, customer.http)
        calls = calls_to_stripe(house) - before
    house.stop("web")
    for name in ("beat", "web"):
        house.start(name)
    house.wait_until_ready()
    return replace(figure, measured=f"{figure.measured}, {calls} calls to Stripe")


def calls_to_stripe(house: House) -> int:
    return len(house.stand_in.ask("requests")["data"])


def measure_long_lists(house: House) -> list[Figure]:
    """Whole pages over HTTP, as one who only looks sees them."""
    browser = requests.Session()
    return [look_at(name, path, house, browser) for name, path in LONG_LISTS.items()]


def look_at(name: str, path: str, house: House, browser: requests.Session) -> Figure:
    p50 = median(milliseconds(lambda: browser.get(f"{house.url}{path}")) for _ in range(LOOKS))
    measured = f"{queries(path, browser)} queries, p50 {p50:.0f} ms"
    return Figure(f"Page: {name}", measured, "goal: 12 queries at most")


def queries(path: str, browser: requests.Session) -> int:
    client = Client(SERVER_NAME="localhost")
    if session := browser.cookies.get("session"):
        client.cookies["session"] = session
    client.get(path)
    with CaptureQueriesContext(connection) as made:
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}.")
    return len(made)
