"""Work that nobody frees: dead requests, lost events, outages of days."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from payments import stripe_requests
from payments.models import Payment, Refund, StripeRequest, WebhookEvent
from shop import work
from shop.catalog.models import Price
from shop.money import Money
from shop.orders.models import Order
from tests.support.books import assert_adds_up
from tests.support.buyer import Customer
from tests.support.clocks import move_clocks
from tests.support.house import House
from tests.support.house_orders import (
    assert_bought,
    intent_of,
    order_state,
    page_of,
    payment_state,
)
from tests.support.purchases import counted
from tests.support.silence import ALWAYS, nobody_tells, somebody_tells
from tests.support.waiting import eventually

SESSIONS = "^/v1/checkout/sessions$"
SEPA = {"method": "sepa_debit", "iban": "AT321904300235473204"}
PENDING_REFUND = "4000000000007726"
OUTAGES: dict[str, dict[str, Any]] = {
    "refused key": {"status": 401},
    "no answer": {"reset": True},
}

NewCustomer = Callable[[], Customer]
NewPrice = Callable[..., Price]


# -- a page whose request is dead ------------------------------------------------------------------


def test_a_page_that_was_never_made_gives_its_units_back(
    shop: House, price: Price, customer: NewCustomer
) -> None:
    # K15: a request whose worker was lost too often is dead, and its units were held for ever.
    order, request = page_of_a_dead_request(shop, price, customer(), moment="before")
    before = order_state(order), counted(price)

    move_clocks(shop.stand_in, minutes=46)
    eventually(lambda: order_state(order) == "expired")

    request.refresh_from_db()
    assert before == ("pending", (5, 1))
    assert (request.status, request.outcome) == ("done", "gone at Stripe")
    assert counted(price) == (5, 0)
    assert_adds_up(shop.stand_in, order)


def page_of_a_dead_request(
    shop: House, price: Price, buyer: Customer, *, moment: str
) -> tuple[Order, StripeRequest]:
    """The page got no answer; each worker that repeats the call is killed in it."""
    shop.stand_in.fail(SESSIONS, method="POST", when="before", reset=True)
    shop.stand_in.fail(SESSIONS, method="POST", when=moment, hold=True, reset=True, times=ALWAYS)
    answer = buyer.go_to_payment(price=price.key, quantity=1)
    assert answer.headers["Location"].startswith("/checkout/")
    order = Order.objects.get(lines__price=price)
    request = order.stripe_requests.get()
    shop.stand_in.wait_for_held("/v1/checkout/sessions")
    workers_are_lost(shop, request)
    shop.stand_in.ask("faults/clear", {})
    return order, request


def workers_are_lost(shop: House, row: work.Work) -> None:
    """Whoever has it is killed in it, and it was the last one that the row is given."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    killed: set[object] = set()

    def look() -> bool:
        found = rows.get()
        is_begun = found.status == work.Work.Status.LEASED and found.crashes < work.CRASHES_ALLOWED
        if is_begun and found.lease_token not in killed:
            killed.add(found.lease_token)
            rows.update(crashes=work.CRASHES_ALLOWED - 1)
            shop.kill_children("worker")
            shop.end_leases()
        return bool(found.status == work.Work.Status.DEAD)

    eventually(look)


# -- what nobody tells of --------------------------------------------------------------------------


def test_what_becomes_of_money_is_seen_though_no_event_comes(
    shop: House, prices: NewPrice, customer: NewCustomer
) -> None:
    # K15: debits under way, holds and refunds were never looked at again without an event.
    owing, holding, waiting = customer(), customer(), customer()
    debit = owing.begin(prices())
    hold = holding.begin(prices(unit_amount=16_000))
    refund = waiting.begin(prices())
    owing.pay(debit, **SEPA)
    holding.pay(hold)
    waiting.pay(refund, card=PENDING_REFUND)
    eventually(lambda: order_state(debit) == "processing")
    eventually(lambda: payment_state(hold) == "authorized")
    eventually(lambda: payment_state(refund) == "captured")
    stripe_requests.ask_refund(refund.payments.get(), Money(500, "eur"), reason="a scratch")
    eventually(lambda: refunds_of(refund) == ["pending"])
    shop.wait_until_quiet()

    nobody_tells(shop)
    intent = hold.payments.get().stripe_payment_intent_id
    shop.stand_in.call(f"payment_intents/{intent}/cancel")
    move_clocks(shop.stand_in, hours=13)
    eventually(lambda: payment_state(debit) == "captured")
    eventually(lambda: (order_state(hold), payment_state(hold)) == ("cancelled", "released"))
    move_clocks(shop.stand_in, days=8)
    eventually(lambda: refunds_of(refund) == ["succeeded"])

    somebody_tells(shop)
    shop.wait_until_quiet()
    payments = Payment.objects.filter(order__in=[debit, hold, refund])
    assert set(payments.values_list("next_look_at", flat=True)) == {None}
    assert order_state(debit) == "confirmed"
    for order in (debit, hold, refund):
        assert_adds_up(shop.stand_in, order)


def refunds_of(order: Order) -> list[str]:
    return list(Refund.objects.filter(payment__order=order).values_list("status", flat=True))


# -- outages --------------------------------------------------------------------------------------


def test_an_outage_of_days_kills_no_work(
    shop: House, prices: NewPrice, customer: NewCustomer
) -> None:
    # K15: after a weekend of a refused key events and requests were dead.
    bought = {outage: (customer(), prices()) for outage in OUTAGES}
    orders = {outage: buyer.begin(price) for outage, (buyer, price) in bought.items()}
    for outage, order in orders.items():
        break_down(shop, f"/{page_of(order)}$", "GET", outage)
        bought[outage][0].pay(order)
    marks = [str(order.pk) for order in orders.values()]
    events = WebhookEvent.objects.filter(
        metadata_order__in=marks, type="checkout.session.completed"
    )
    captures = StripeRequest.objects.filter(order__in=orders.values(), kind="capture")

    survive_a_weekend(events, of=len(orders))
    # Nobody captures anything before all of that breaks down, too.
    shop.stop("worker")
    shop.stand_in.ask("faults/clear", {})
    for outage, order in orders.items():
        break_down(shop, f"/{intent_of(shop, order)}/capture$", "POST", outage)
    shop.start("worker")
    come_again(events, until=lambda: captures.count() == len(orders))
    survive_a_weekend(captures, of=len(orders))
    shop.stand_in.ask("faults/clear", {})
    come_again(captures, until=lambda: not captures.exclude(status="done").exists())

    for outage, (buyer, price) in bought.items():
        assert_bought(shop, orders[outage], buyer, price)


def break_down(shop: House, path: str, method: str, outage: str) -> None:
    shop.stand_in.fail(path, method=method, times=ALWAYS, **OUTAGES[outage])


def survive_a_weekend(rows: Any, *, of: int) -> None:
    """So many attempts that a row which fails by itself would be dead: all are still to be done."""
    most = rows.model.MAX_ATTEMPTS
    eventually(lambda: rows.filter(attempts__gt=0).count() >= of)
    ids = list(rows.values_list("pk", flat=True))
    these = rows.filter(pk__in=ids)
    these.update(attempts=most)
    come_again(these, until=lambda: these.filter(attempts__gt=most).count() == len(ids))
    assert set(these.values_list("status", flat=True)) <= set(work.Work.OPEN)


def come_again(rows: Any, *, until: Callable[[], bool]) -> None:
    """The pauses between attempts go by."""

    def look() -> bool:
        rows.filter(status=work.Work.Status.READY).update(run_at=timezone.now())
        return until()

    eventually(look)
