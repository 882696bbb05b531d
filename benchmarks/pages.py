"""How many queries the pages make, and how long they take."""

from statistics import median

import requests
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.figures import Figure, milliseconds
from shop.catalog.models import Price
from tests.buying import Customer
from tests.house import House

LOOKS = 30


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
    return [look_at(name, path, house, customer.http) for name, path in addresses.items()]


def look_at(name: str, path: str, house: House, browser: requests.Session) -> Figure:
    p50 = median(milliseconds(lambda: browser.get(f"{house.url}{path}")) for _ in range(LOOKS))
    measured = f"{queries(path, browser)} queries, p50 {p50:.0f} ms"
    return Figure(f"Page: {name}", measured, "goal: 12 queries at most")


def queries(path: str, browser: requests.Session) -> int:
    client = Client(SERVER_NAME="localhost")
    client.cookies["session"] = browser.cookies["session"]
    client.get(path)
    with CaptureQueriesContext(connection) as made:
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}.")
    return len(made)
