"""What a Stripe that hangs or stumbles costs: the pages beside it, and a buyer."""

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import requests

from benchmarks.figures import Figure, percentile
from benchmarks.webhooks import deliver, event
from shop.catalog.models import Price
from tests.support.buyer import Customer
from tests.support.house import House

BUYERS = 50
STRIPE_TAKES = 10
# Twice as long: all buyers are there at once for half of it.
SECONDS = 2 * STRIPE_TAKES
WARMING_UP = 5
# Of each kind of request, so that a percentile of them says something.
A_SECOND = 10
# As in a shop: tests let pages wait for Stripe longer, and in any number.
PAGES = {"STRIPE_PAGE_CALLS": "3", "STRIPE_PAGE_PATIENCE": "4"}
PROMPT_MS = 100
TIMES_QUIET = 2
CREATION = "/v1/checkout/sessions$"
STUMBLES: dict[str, dict[str, Any]] = {
    "429": {"status": 429},
    "500": {"status": 500},
    "reset": {"reset": True},
}
TRIES = 5
STUMBLE_SECONDS = 3
# As a browser comes back to the waiting page.
LOOK_EVERY = 2.0
# What ends a run that gets nowhere; it says nothing about how long anything should take.
GIVE_UP_AFTER = 60.0


@dataclass
class Crowd:
    """What the buyers have met with."""

    pressed: int = 0
    waiting: int = 0
    errors: list[str] = field(default_factory=list)


def measure(house: House, price: Price) -> list[Figure]:
    """Pages while Stripe takes ten seconds for each checkout; a buyer's wait after a stumble."""
    house.stop("web")
    house.start("web", **PAGES)
    house.wait_until_ready()
    # Of a process that has just been started the first answers take longest.
    beside(house, WARMING_UP)
    quiet = beside(house)
    busy, crowd = while_stripe_hangs(house, price)
    wait_until_served_at_once(house, price)
    figures = [*compared(quiet, busy), met_with(crowd), *stumbles(house, price)]
    house.stop("web")
    house.start("web")
    house.wait_until_ready()
    return figures


# -- Stripe hangs ----------------------------------------------------------------------------------


def while_stripe_hangs(house: House, price: Price) -> tuple[dict[str, list[float]], Crowd]:
    """The same requests with so many buyers, who come within one of Stripe's answers."""
    crowd, over = Crowd(), threading.Event()
    house.stand_in.fail(CREATION, method="POST", delay=STRIPE_TAKES, times=100_000)
    with ThreadPoolExecutor(BUYERS) as buyers:
        try:
            for number in range(BUYERS):
                comes_after = number * STRIPE_TAKES / BUYERS
                buyers.submit(buy_and_wait, house, price, comes_after, crowd, over)
            busy = beside(house)
        finally:
            over.set()
            house.stand_in.ask("faults/clear", {})
    return busy, crowd


def buy_and_wait(
    house: House, price: Price, comes_after: float, crowd: Crowd, over: threading.Event
) -> None:
    """Press the button, and come back to the waiting page until the payment page is there."""
    if over.wait(comes_after):
        return
    buyer = Customer(house, f"{uuid.uuid4().hex[:12]}@example.com")
    try:
        address = pressed(buyer, price)
        crowd.pressed += 1
        crowd.waiting += address.startswith("/")
        while address.startswith("/") and not over.wait(LOOK_EVERY):
            address = look(buyer, address)
    except (requests.RequestException, KeyError) as error:
        crowd.errors.append(f"{type(error).__name__}: {error}")


def beside(house: House, seconds: int = SECONDS) -> dict[str, list[float]]:
    """Milliseconds of each kind of request, side by side at steady rates for so many seconds."""
    calls: dict[str, Callable[[], None]] = {
        "/healthz": lambda: fetch(f"{house.url}/healthz"),
        "/webhook": lambda: deliver(f"{house.url}/webhook", event()),
        "/": lambda: fetch(f"{house.url}/"),
    }
    with ThreadPoolExecutor(len(calls)) as kinds:
        taken = {name: kinds.submit(steadily, call, seconds) for name, call in calls.items()}
        return {name: one.result() for name, one in taken.items()}


def steadily(call: Callable[[], None], seconds: int) -> list[float]:
    """From the moment each was to begin: one that is slow does not hide what comes after it."""
    began = perf_counter()

    def one(number: int) -> float:
        moment = began + number / A_SECOND
        time.sleep(max(0.0, moment - perf_counter()))
        call()
        return (perf_counter() - moment) * 1000

    with ThreadPoolExecutor(A_SECOND) as hands:
        return list(hands.map(one, range(A_SECOND * seconds)))


def fetch(address: str) -> None:
    """Get a page; an answer other than 2xx is an error."""
    requests.get(address, timeout=GIVE_UP_AFTER).raise_for_status()


def compared(quiet: dict[str, list[float]], busy: dict[str, list[float]]) -> list[Figure]:
    """p99 with the buyers there, beside that of the same run without them."""
    figures = []
    for name in quiet:
        before, then = percentile(quiet[name], 0.99), percentile(busy[name], 0.99)
        limit = TIMES_QUIET * before if name == "/" else PROMPT_MS
        said = f"{TIMES_QUIET} x quiet" if name == "/" else f"{PROMPT_MS} ms"
        figures.append(
            Figure(
                f"{name} p99, Stripe at {STRIPE_TAKES} s and {BUYERS} buyers",
                f"{then:.0f} ms, {then / before:.1f} x quiet ({before:.0f} ms)",
                f"limit: {said}{kept(then <= limit)}",
            )
        )
    return figures


def met_with(crowd: Crowd) -> Figure:
    """Whether the buyers were there at all, and what went wrong for them."""
    wrong = f"; {len(crowd.errors)} errors, {crowd.errors[0]}" if crowd.errors else ""
    return Figure(
        "  the buyers meanwhile",
        f"{crowd.pressed} pressed, {crowd.waiting} to the waiting page{wrong}",
        "no errors",
    )


def kept(is_kept: bool) -> str:
    """A limit as a word, for whoever runs their eye down the table."""
    return ", kept" if is_kept else ", EXCEEDED"


# -- Stripe stumbles -------------------------------------------------------------------------------


def stumbles(house: House, price: Price) -> list[Figure]:
    """Seconds from the press to the payment page when Stripe's first answer goes wrong."""
    # Its sweep, far more often here than in a shop, would carry out what the page should.
    house.stop("beat")
    try:
        return [stumble(name, how, house, price) for name, how in STUMBLES.items()]
    finally:
        house.start("beat")


def stumble(name: str, how: dict[str, Any], house: House, price: Price) -> Figure:
    """The worst of a few buyers, each of whom meets with it once."""
    seconds = []
    for _ in range(TRIES):
        house.stand_in.fail(CREATION, method="POST", **how)
        seconds.append(seconds_to_payment_page(house, price))
    worst = max(seconds)
    return Figure(
        f"To the payment page over one {name}, worst of {TRIES}",
        f"{worst:.1f} s",
        f"limit: {STUMBLE_SECONDS} s{kept(worst <= STUMBLE_SECONDS)}",
    )


def seconds_to_payment_page(house: House, price: Price) -> float:
    """As a browser goes: at once to the waiting page, then back to it every two seconds."""
    buyer = Customer(house, f"{uuid.uuid4().hex[:12]}@example.com")
    began = perf_counter()
    address, pause = pressed(buyer, price), 0.0
    while address.startswith("/"):
        if perf_counter() - began > GIVE_UP_AFTER:
            raise SystemExit(f"No payment page within {GIVE_UP_AFTER:.0f} s.")
        time.sleep(pause)
        address, pause = look(buyer, address), LOOK_EVERY
    return perf_counter() - began


def wait_until_served_at_once(house: House, price: Price) -> None:
    """Until what Stripe held is done, and pages have found out that it answers again."""
    house.wait_until_quiet()
    until = perf_counter() + GIVE_UP_AFTER
    while perf_counter() < until:
        buyer = Customer(house, f"{uuid.uuid4().hex[:12]}@example.com")
        if not pressed(buyer, price).startswith("/"):
            return
        time.sleep(1)
    raise SystemExit(f"Pages did not call Stripe again within {GIVE_UP_AFTER:.0f} s.")


# -- buying ----------------------------------------------------------------------------------------


def pressed(buyer: Customer, price: Price) -> str:
    """Where the button leads: to the payment page, or to the waiting page."""
    answer = buyer.go_to_payment(price=price.key, quantity=1)
    answer.raise_for_status()
    return answer.headers["Location"]


def look(buyer: Customer, address: str) -> str:
    """Where the waiting page leads: to the payment page, or back to itself."""
    page = buyer.http.get(buyer.house.url + address, allow_redirects=False, timeout=GIVE_UP_AFTER)
    page.raise_for_status()
    return page.headers.get("Location", address)
