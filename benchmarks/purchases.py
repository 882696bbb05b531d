"""How long a customer waits for the payment page, and the shop for the money."""

import time
import uuid
from time import perf_counter

from benchmarks.figures import Figure, spread
from fulfillment.models import Email
from payments.models import Payment
from shop.catalog.models import Price
from shop.orders.models import Order
from tests.support.buyer import Customer
from tests.support.house import House

PURCHASES = 10
GIVE_UP_AFTER = 30.0


def measure(house: House, price: Price) -> list[Figure]:
    """Milliseconds to the payment page, and seconds from the payment to the customer's mail."""
    starting, capturing = [], []
    for _ in range(PURCHASES):
        customer = Customer(house, f"{uuid.uuid4().hex[:12]}@example.com")
        began = perf_counter()
        order = customer.begin(price)
        starting.append((perf_counter() - began) * 1000)
        capturing.append(seconds_to_mail(customer, order))
    return [
        Figure("Start a checkout (POST to 303)", spread(starting)),
        Figure(
            "Paid to captured and mail queued",
            spread(capturing, unit="s", digits=2),
            "goal: 3 s at most",
        ),
    ]


def seconds_to_mail(customer: Customer, order: Order) -> float:
    """Pay, and wait for the capture and its mail; ends the run if that takes too long."""
    began = perf_counter()
    customer.pay(order)
    while not is_captured_and_told(order):
        if perf_counter() - began > GIVE_UP_AFTER:
            raise SystemExit(f"{order} was not captured within {GIVE_UP_AFTER:.0f} s.")
        time.sleep(0.01)
    return perf_counter() - began


def is_captured_and_told(order: Order) -> bool:
    """Whether the money is taken and a mail of it exists."""
    captured = Payment.objects.filter(order=order, status=Payment.Status.CAPTURED)
    return captured.exists() and Email.objects.filter(order=order).exists()
