"""Calls to Stripe that a page waits for: few at a time, and none while Stripe hangs."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from payments.models import StripeRequest
from payments.settlement import page_calls
from tests.support.concurrency import at_once, patient_clients
from tests.support.factories import PriceFactory
from tests.support.purchases import start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

CREATION = "/v1/checkout/sessions$"


def press(client: Client) -> str:
    """Where the press of the button leads."""
    price = PriceFactory()
    answer = client.post("/create-checkout-session", {"price": price.key, "quantity": "1"})
    assert answer.status_code == 303, answer.content
    return str(answer["Location"])


def test_who_finds_no_place_is_sent_to_the_waiting_page(
    stand_in: StandIn, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # K3
    monkeypatch.setattr(page_calls, "places", page_calls.Places(1))

    with ThreadPoolExecutor(1) as aside:
        with patient_clients(), stand_in.holding(CREATION, method="POST"):
            first = aside.submit(lambda: at_once([start])[0])
            stand_in.wait_for_held()
            address = press(client)
            waits = client.get(address)
            attempts = list(
                StripeRequest.objects.order_by("created_at").values_list("attempts", flat=True)
            )
        made: Any = first.result()
    goes_on = client.get(address)

    assert address.startswith("/checkout/")
    assert (waits.status_code, attempts) == (200, [1, 0])
    assert made.url.startswith(stand_in.url)
    assert goes_on["Location"].startswith(stand_in.url)


@pytest.mark.parametrize("trouble", [{"status": 429}, {"status": 500}, {"reset": True}])
def test_a_short_trouble_is_over_at_the_next_look_of_the_waiting_page(
    stand_in: StandIn, client: Client, trouble: dict[str, Any]
) -> None:
    # K3: it waited for a worker, and after a 500 for three more of them.
    stand_in.fail(CREATION, method="POST", **trouble)
    address = press(client)
    early = client.get(address)
    StripeRequest.objects.update(run_at=timezone.now())

    answer = client.get(address)

    assert (early.status_code, early["Refresh"]) == (200, "2")
    assert answer["Location"].startswith(stand_in.url)
    assert len(stand_in.executed(CREATION[:-1])) == 1


def test_where_nobody_is_to_try_again_yet_the_waiting_page_calls_nobody(
    stand_in: StandIn, client: Client
) -> None:
    # K3
    stand_in.fail(CREATION, method="POST", status=401)
    address = press(client)

    client.get(address)

    assert StripeRequest.objects.get().attempts == 1


def test_after_several_calls_that_hang_no_page_tries(
    stand_in: StandIn, client: Client, settings: Any
) -> None:
    # K3: the calls are listened to in the places of the process.
    settings.STRIPE_PAGE_PATIENCE = 1
    stand_in.fail(CREATION, method="POST", hold=True, times=99)
    for _ in range(page_calls.HANGS):
        press(client)

    press(client)
    attempts = list(StripeRequest.objects.order_by("created_at").values_list("attempts", flat=True))
    stand_in.ask("faults/clear", {})

    assert attempts == [1, 1, 1, 0]


def test_an_answer_whatever_it_says_opens_the_way_again(stand_in: StandIn, client: Client) -> None:
    # K3
    page_calls.places.unanswered = page_calls.HANGS - 1
    stand_in.fail(CREATION, method="POST", status=503)

    press(client)

    assert page_calls.places.unanswered == 0
    assert press(client).startswith(stand_in.url)


@pytest.mark.parametrize(
    ("address", "ok"),
    [
        ("https://checkout.stripe.com/c/pay/cs_1", True),
        ("https://checkout.stripe.com.evil.example/", False),
        ("https://checkout.stripe.com@evil.example/", False),
        ("https://evil.example/https://checkout.stripe.com", False),
        ("http://checkout.stripe.com/", False),
        ("https://checkout.stripe.com:444/", False),
        ("//checkout.stripe.com/", False),
        ("https:checkout.stripe.com", False),
        ("https:///checkout.stripe.com", False),
        ("https://checkout.stripe.com\\@evil.example", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_what_is_on_a_host_of_stripes(address: str, ok: bool) -> None:
    assert page_calls.is_stripes(address, ["https://checkout.stripe.com"]) is ok
