"""Stripe holds every call: pages, probes and deliveries are answered, and nobody loses anything."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from payments.models import StripeRequest
from shop.catalog.models import Price
from tests.payments.deliveries import event, signature
from tests.support.buyer import Customer, offered
from tests.support.house import House
from tests.support.stand_in import HANGS_AFTER
from tests.support.waiting import eventually

BUYERS = 24
PLACES = 3
CREATION = "/v1/checkout/sessions$"


@pytest.fixture
def patient_shop(shop: House) -> Iterator[House]:
    """A web process of 16 threads whose pages wait for Stripe for as long as the test lasts."""
    shop.stop("web")
    shop.start("web", STRIPE_PAGE_CALLS=str(PLACES), STRIPE_PAGE_PATIENCE=str(HANGS_AFTER))
    shop.wait_until_ready()
    # Only then: a web process is not ready before a worker has answered it.
    shop.stop("worker")
    yield shop
    shop.stand_in.ask("faults/clear", {})
    shop.stop("web")


@pytest.fixture
def plenty(shop: House) -> Iterator[Price]:
    with offered(on_hand=100) as price:
        yield price


def test_while_stripe_holds_all_checkouts_the_shop_answers(
    patient_shop: House, plenty: Price, customer: Callable[[], Customer]
) -> None:
    # K3: sixteen buyers held all sixteen threads.
    stand_in, url = patient_shop.stand_in, patient_shop.url
    buyers = [customer() for _ in range(BUYERS)]
    stand_in.fail(CREATION, method="POST", hold=True, times=99)

    with ThreadPoolExecutor(BUYERS) as crowd:
        pressed = [
            crowd.submit(buyer.go_to_payment, price=plenty.key, quantity=1) for buyer in buyers
        ]
        eventually(lambda: sum(press.done() for press in pressed) == BUYERS - PLACES)
        held = stand_in.held()
        waiting = [press.result().headers["Location"] for press in pressed if press.done()]
        pages = [requests.get(url + path, timeout=HANGS_AFTER) for path in ("/healthz", "/")]
        pages += [requests.get(url + path, timeout=HANGS_AFTER) for path in waiting[:3]]
        delivery = deliver(url)
        still_held = stand_in.held()
        stand_in.ask("faults/clear", {})
        answers = [press.result() for press in pressed]

    assert len(held) == len(still_held) == PLACES
    assert [page.status_code for page in pages] == [200] * 5
    assert delivery.status_code == 200
    assert {path.split("/")[1] for path in waiting} == {"checkout"}
    assert [answer.status_code for answer in answers] == [303] * BUYERS
    for buyer, path in zip(buyers, [answer.headers["Location"] for answer in answers], strict=True):
        assert goes_on(buyer, path).startswith(stand_in.url)
    assert StripeRequest.objects.filter(order__lines__price=plenty, status="done").count() == BUYERS


def goes_on(buyer: Customer, path: str) -> str:
    """Where the buyer gets to, at once or from the waiting page."""

    def look() -> str:
        page = buyer.http.get(buyer.house.url + path, allow_redirects=False, timeout=HANGS_AFTER)
        return page.headers.get("Location", "")

    return eventually(look) if path.startswith("/") else path


def deliver(url: str) -> requests.Response:
    body = json.dumps(event("made.up.event")).encode()
    headers = {"Stripe-Signature": signature(body)}
    return requests.post(f"{url}/webhook", data=body, headers=headers, timeout=HANGS_AFTER)
