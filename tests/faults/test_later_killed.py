"""A worker is killed at each call of a later charge: it is taken once, or asked for once."""

from django.test import override_settings

from payments.models import LaterCharge, Payment, StripeRequest
from payments.settlement.customers.settle import settle_customer
from shop.orders.models import Order
from tests.faults.test_killed import HELD, MOMENTS, kill_worker, widen_worker
from tests.faults.test_saved_methods_killed import known
from tests.support.factories import OrderFactory
from tests.support.house import House
from tests.support.later import charge, with_card
from tests.support.waiting import eventually

# The path of each call, and on which card it is made: the one that comes last is held first, so
# that what comes before it goes through.
CALLS = [
    ("/cancel$", "pm_card_chargeCustomerFail"),
    ("/confirm$", "pm_card_visa"),
    ("/v1/payment_intents$", "pm_card_visa"),
]


@MOMENTS
def test_killed_in_each_call_each_counts_once(shop: House, moment: str) -> None:
    """Guards: row and key before each call, the intent known before it is charged, leases."""
    widen_worker(shop)
    charges = []
    for path, card in CALLS:
        charges.append((card, *claimed(shop, card, path, moment)))
        shop.stand_in.wait_for_held(path.strip("$"))
    kill_worker(shop)

    for card, order, made in charges:
        counts_once(shop, order, made, is_declined=card != "pm_card_visa")


def counts_once(shop: House, order: Order, made: LaterCharge, *, is_declined: bool) -> None:
    over = LaterCharge.Status.ASKED if is_declined else LaterCharge.Status.PAID
    eventually(lambda: LaterCharge.objects.filter(pk=made.pk, status=over).exists())

    open_rows = StripeRequest.objects.open().filter(order=order)
    eventually(lambda: not open_rows.exists())
    (payment,) = Payment.objects.filter(later_charge=made)
    intent = shop.stand_in.api(f"payment_intents/{payment.stripe_payment_intent_id}")
    assert (intent["status"], payment.captured_amount) == (
        ("canceled", 0) if is_declined else ("succeeded", 2500)
    )
    confirmed = shop.stand_in.executed(f"/{payment.stripe_payment_intent_id}/confirm")
    assert len(confirmed) == 1
    taken = [
        each
        for each in shop.stand_in.api("payment_intents", limit=100)["data"]
        if each["metadata"].get("later_charge") == str(made.pk) and each["amount_received"]
    ]
    assert len(taken) == (0 if is_declined else 1)


def claimed(shop: House, card: str, path: str, moment: str) -> tuple[Order, LaterCharge]:
    """What somebody owes, being charged by the house's worker, whose call to `path` is held."""
    customer = known(shop)
    method = customer.methods.first()
    assert method is not None
    assert customer.user is not None
    method.consent_at = method.created_at
    order = OrderFactory(user=customer.user, email=customer.user.email, total=9000)
    order.confirm("test")
    with override_settings(STRIPE_API_BASE=shop.stand_in.url):
        agreed = with_card(shop.stand_in, method, card)
        settle_customer(customer)
        shop.stand_in.fail(path, method="POST", when=moment, **HELD)
        made = charge(order, agreed)
    return order, made
