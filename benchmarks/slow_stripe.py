"""What a Stripe that hangs or stumbles costs: the pages beside it, and a buyer."""

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

import requests

from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.webhooks import deliver, event
from shop.catalog.models import Price
from tests.support.buyer import Customer
from tests.support.house import House

BUYERS = 50
SECONDS = 20
CREATION = "/v1/checkout/sessions$"
GIVE_UP_AFTER = 60.0
STUMBLES: dict[str, dict[str, Any]] = {
    "429": {"status": 429},
    "500": {"status": 500},
    "reset": {"reset": True},
}


def measure(house: House, price: Price) -> list[Figure]:
    """Pages while Stripe takes ten seconds for each checkout; a buyer's wait after a stumble."""
    quiet = beside(house)
    house.stand_in.fail(CREATION, method="POST", delay=10, times=100_000)
    over = threading.Event()
    with ThreadPoolExecutor(BUYERS) as crowd:
        for _ in range(BUYERS):
            crowd.submit(buy_again_and_again, house, price, over)
        busy = beside(house)
        over.set()
        house.stand_in.ask("faults/clear", {})
    figures = [
        Figure(
            f"{name} p99, Stripe at 10 s and {BUYERS} buyers",
            f"{percentile(busy[name], 0.99):.0f} ms, quiet {percentile(quiet[name], 0.99):.0f} ms",
            "goal: 2 x quiet" if name == "/" else "goal: 100 ms",
        )
        for name in quiet
    ]
    return [*figures, *stumbles(house, price)]


def beside(house: House) -> dict[str, list[float]]:
    """Milliseconds of each kind of request, one after the other for so many seconds."""
    calls: dict[str, Callable[[], object]] = {
        "/healthz": lambda: requests.get(f"{house.url}/healthz", timeout=60),
        "/webhook": lambda: deliver(f"{house.url}/webhook", event()),
        "/": lambda: requests.get(f"{house.url}/", timeout=60),
    }
    taken: dict[str, list[float]] = {name: [] for name in calls}
    until = perf_counter() + SECONDS
    while perf_counter() < until:
        for name, call in calls.items():
            taken[name].append(milliseconds(call))
            time.sleep(0.02)
    return taken


def buy_again_and_again(house: House, price: Price, over: threading.Event) -> None:
    """Press the button, and look at the waiting page as often as it says."""
    while not over.is_set():
        buyer = Customer(house, f"{uuid.uuid4().hex[:12]}@example.com")
        address = buyer.go_to_payment(price=price.key, quantity=1).headers.get("Location", "")
        looks = 0
        while address.startswith("/") and looks < 3 and not over.wait(2):
            looks += 1
            answer = buyer.http.get(house.url + address, allow_redirects=False, timeout=60)
            address = answer.headers.get("Location", address)


def stumbles(house: House, price: Price) -> list[Figure]:
    """Seconds from the press to the payment page when Stripe's first answer goes wrong."""
    figures = []
    for name, how in STUMBLES.items():
        house.stand_in.fail(CREATION, method="POST", **how)
        seconds = seconds_to_payment_page(house, price)
        figures.append(
            Figure(f"To the payment page over one {name}", f"{seconds:.1f} s", "goal: 3 s at most")
        )
    return figures


def seconds_to_payment_page(house: House, price: Price) -> float:
    """As a browser goes: the waiting page every two seconds."""
    buyer = Customer(house, f"{uuid.uuid4().hex[:12]}@example.com")
    began = perf_counter()
    address = buyer.go_to_payment(price=price.key, quantity=1).headers["Location"]
    pause = 0.0
    while address.startswith("/"):
        if perf_counter() - began > GIVE_UP_AFTER:
            raise SystemExit(f"No payment page within {GIVE_UP_AFTER:.0f} s.")
        time.sleep(pause)
        pause = 2.0
        answer = buyer.http.get(house.url + address, allow_redirects=False, timeout=60)
        address = answer.headers.get("Location", address)
    return perf_counter() - began
