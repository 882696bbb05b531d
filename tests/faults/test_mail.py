"""A mail server that holds what it is sent: customers wait for a mail, nobody waits for money."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fulfillment.models import Email
from local.demo.workers import WORKERS, command
from payments.models import Payment
from shop.catalog.models import Price
from tests.support.books import assert_adds_up
from tests.support.buyer import Customer
from tests.support.house import House
from tests.support.mail_server import mail_server
from tests.support.waiting import PATIENCE, eventually

NewCustomer = Callable[[], Customer]

# A mail that is held is held until the test lets it go: no time limit frees its worker before.
PATIENT = "tests.support.patient_worker"


@contextmanager
def workers_of_a_demo(shop: House, **environment: str) -> Iterator[None]:
    """Those that the demo starts in the place of the house's one."""
    shop.stop("worker")
    for name in WORKERS:
        patient = [PATIENT if part == "shop" else part for part in command(name)]
        shop.start_as(name, patient, **environment)
    try:
        yield
    finally:
        # Else those who come after a test that failed would mail to a server that is gone.
        for name in WORKERS:
            shop.kill(name)
        shop.end_leases()


def test_money_is_taken_while_a_mail_server_holds_every_mail(
    shop: House, price: Price, customer: NewCustomer
) -> None:
    # K20
    first, second = customer(), customer()
    with mail_server() as server, workers_of_a_demo(shop, EMAIL_URL=server.url):
        # What an earlier test's order still has to say is taken at once.
        server.holds = first.email
        order = first.begin(price)
        first.pay(order)
        assert server.stalled.wait(PATIENCE)

        later = second.begin(price)
        second.pay(later)

        def captured() -> bool:
            return later.payments.filter(status=Payment.Status.CAPTURED).exists()

        eventually(captured)
        held = Email.objects.get(order=order)
        taken = server.to(first.email)
        assert (held.status, held.attempts, taken) == ("leased", 1, [])
        # The sweep, too, goes on: its bells would expire behind the mails.
        eventually(lambda: later.shipments.exists())
        server.holds = ""
        server.go_on.set()

    shop.heal()
    shop.wait_until_quiet()
    assert_adds_up(shop.stand_in, later)
