"""What settle takes of a page whose currency Stripe chose: the one that was allowed, as frozen."""

from copy import deepcopy
from typing import Any

import pytest
import requests
from django.core import mail
from django.test import Client

from fulfillment.models import Document
from payments import checkout, stripe_requests, webhooks
from payments.models import CheckoutSession, MoneyEntry, Payment
from payments.settlement import settle
from payments.stripe.terms.discounts.queue import queue_all
from shop import stripe_client
from shop.catalog.models import Price
from shop.money import Money
from shop.orders.models import Order
from tests.support.books import broken_invariants, money_differences
from tests.support.concurrency import at_once
from tests.support.factories import DiscountFactory, TaxRateFactory
from tests.support.purchases import (
    counted,
    do_the_work,
    do_what_waits,
    order_of,
    paid,
    pay,
    perform_all,
    read,
    settled,
    unpaid,
)
from tests.support.several_currencies import AMERICAN, MUG, sell_in_two, start_as, synced
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)

FAILS = {"method": "us_bank_account", "account": "000111111113", "routing": "110000000"}


@pytest.fixture(autouse=True)
def by_place(settings: Any, stand_in: StandIn) -> None:
    sell_in_two(settings)


def sums(order: Order) -> tuple[Any, ...]:
    return order.currency, order.subtotal, order.discount, order.shipping, order.tax, order.total


def allow(session: CheckoutSession, **changes: Any) -> CheckoutSession:
    """As if something else had been frozen for dollars; None: they were not allowed at all."""
    currencies = deepcopy(session.currencies)
    if changes:
        currencies["usd"] |= changes
    else:
        del currencies["usd"]
    CheckoutSession.objects.filter(pk=session.pk).update(currencies=currencies)
    return CheckoutSession.objects.get(pk=session.pk)


def test_the_order_is_in_the_currency_that_was_chosen(stand_in: StandIn) -> None:
    mug = synced(MUG)
    dollars = mug.variant.prices.get(currency="usd")
    session = start_as(AMERICAN, (mug, 1))
    before = order_of(session)

    order = order_of(paid(stand_in, session))

    assert (before.currency, before.subtotal, before.due) == ("eur", 1800, Money(1800, "eur"))
    assert sums(order) == ("usd", 2150, 0, 590, 0, 2740)
    line = order.lines.get()
    assert (line.unit_amount, line.price, line.total, line.unit_price) == (
        2150, dollars, 2150, Money(2150, "usd")
    )  # fmt: skip
    payment = order.payments.get()
    assert (payment.currency, payment.amount, payment.authorized_amount) == ("usd", 2740, 2740)
    assert (order.status, order.is_held, order.delivery_name) == ("confirmed", False, "Post")


def test_at_home_it_stays_as_it_was(stand_in: StandIn) -> None:
    mug = synced(MUG)

    order = order_of(paid(stand_in, start_as("ana+location_AT@example.com", (mug, 1))))

    assert sums(order) == ("eur", 1800, 0, 490, 0, 2290)
    assert (order.lines.get().price, order.is_held) == (mug, False)


def test_whoever_read_in_dollars_pays_at_home_in_euros(stand_in: StandIn) -> None:
    mug = synced(MUG)
    dollars = mug.variant.prices.get(currency="usd")

    order = order_of(paid(stand_in, start_as("ana+location_AT@example.com", (dollars, 2))))

    assert (sums(order), order.is_held) == (("eur", 3600, 0, 490, 0, 4090), False)
    assert order.lines.get().price == mug


def test_everything_after_goes_on_in_it(stand_in: StandIn, client: Client) -> None:
    session = start_as(AMERICAN, (synced(MUG), 2))
    order = order_of(paid(stand_in, session))
    do_the_work()
    payment = order.payments.get()
    stripe_requests.ask_refund(payment, Money(1000, "usd"), reason="a scratch")
    perform_all()
    do_the_work()
    order, payment = settled(payment)

    assert (payment.captured_amount, payment.refunded) == (4300, Money(1000, "usd"))
    assert set(MoneyEntry.objects.values_list("currency", flat=True)) == {"usd"}
    documents = Document.objects.order_by("-total")
    assert [(one.kind, one.total, one.currency) for one in documents] == [
        ("invoice", 4300, "usd"), ("credit_note", 1000, "usd")
    ]  # fmt: skip
    page = client.get(f"/orders/{order.token}/").content.decode()
    assert ("US$43.00" in page, "€" in page) == (True, False)
    letters = " ".join(str(letter.body) for letter in mail.outbox)
    assert ("US$43.00" in letters, "€" in letters) == (True, False)
    assert broken_invariants() == {}
    assert money_differences(stand_in, order) == []


def test_less_is_captured_in_it(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = order_of(paid(stand_in, start_as(AMERICAN, (synced(MUG), 2))))
    do_the_work()
    payment = order.payments.get()
    stripe_requests.ask_capture(
        payment, Money(2150, "usd"), reason="one is chipped", units_off={1: 1}
    )
    perform_all()
    do_the_work()
    order, payment = settled(payment)

    assert (payment.captured_amount, order.due) == (2150, Money(2150, "usd"))
    assert (order.reductions.get().amount, order.lines.get().left) == (2150, 1)
    assert (order.is_held, broken_invariants()) == (False, {})


@pytest.mark.parametrize("policy", ["stock_check", "automatic"])
def test_staff_look_at_what_is_large_in_the_chosen_currency(
    stand_in: StandIn, settings: Any, policy: str
) -> None:
    settings.CAPTURE_POLICY = policy
    settings.CAPTURE_REVIEW_ABOVE = {"eur": 10_000, "usd": 2739}

    order = order_of(paid(stand_in, start_as(AMERICAN, (synced(MUG), 1))))
    do_the_work()

    payment = order.payments.get()
    assert (payment.status, payment.captured_amount) == ("authorized", 0)


def test_held_for_dollars_and_paid_in_euros_it_is_captured_after_the_stock_check(
    stand_in: StandIn, settings: Any
) -> None:
    settings.CAPTURE_POLICY = "automatic"
    settings.CAPTURE_REVIEW_ABOVE = {"eur": 10_000, "usd": 2739}

    order = order_of(paid(stand_in, start_as("ana+location_AT@example.com", (synced(MUG), 1))))
    before = order.payments.get().captured_amount
    do_the_work()

    assert (before, order.payments.get().captured_amount, order.is_held) == (0, 2290, False)


@pytest.mark.parametrize("exclusive", [[], ["eur", "usd"]], ids=["inclusive", "exclusive"])
def test_tax_is_that_of_the_chosen_currency(
    stand_in: StandIn, settings: Any, exclusive: list[str]
) -> None:
    settings.TAX_MODE = "rates"
    settings.TAX_EXCLUSIVE_CURRENCIES = exclusive
    TaxRateFactory()

    order = order_of(paid(stand_in, start_as(AMERICAN, (synced(MUG), 1))))
    do_the_work()

    on_top = 430 if exclusive else 0
    # 590 of delivery hold 98 in either case.
    vat = {"base": 2642, "amount": 528} if exclusive else {"base": 2284, "amount": 456}
    assert sums(order) == ("usd", 2150, 0, 590, on_top, 2740 + on_top)
    assert order.taxes == [{"name": "VAT", "percentage": "20", **vat}]
    assert not order.is_held
    invoice = Document.objects.get()
    assert (invoice.total, invoice.currency) == (2740 + on_top, "usd")
    assert [tax["amount"] for tax in invoice.content["taxes"]] == [vat["amount"]]


def test_tax_by_stripe_is_taken_in_the_chosen_currency(stand_in: StandIn, settings: Any) -> None:
    settings.TAX_MODE = "stripe"
    session = start_as(AMERICAN, (synced(MUG), 1))

    order = order_of(paid(stand_in, session, country="AT"))

    assert (sums(order), order.is_held) == (("usd", 2150, 0, 590, 0, 2740), False)
    assert sum(tax["amount"] for tax in order.taxes) == 456


def test_a_code_on_the_page_takes_off_in_the_chosen_currency(
    stand_in: StandIn, settings: Any
) -> None:
    settings.ALLOW_PROMOTION_CODES = True
    settings.TAX_MODE = "rates"
    TaxRateFactory()
    DiscountFactory(
        codes=["LESS"], kind="amount", amounts={"eur": {"amount": 100}, "usd": {"amount": 110}}
    )
    mug = synced(MUG)
    queue_all(stripe_client.account())
    do_the_work()
    do_what_waits()

    session = paid(stand_in, start_as(AMERICAN, (mug, 1)), promotion_code="LESS")

    order = order_of(session)
    assert sums(order) == ("usd", 2150, 110, 590, 0, 2630)
    assert (order.taxes[0]["amount"], order.is_held) == (340 + 98, False)


def test_a_currency_that_was_not_allowed_is_in_review(stand_in: StandIn) -> None:
    session = allow(start_as(AMERICAN, (synced(MUG), 1)))

    order = order_of(paid(stand_in, session))

    note = order.holds.get(reason="amounts").note
    assert "The session is in usd, the order in eur." in note
    assert (order.currency, order.subtotal, order.lines.get().unit_amount) == ("eur", 1800, 1800)


@pytest.mark.parametrize(
    ("frozen", "why"),
    [
        ({"subtotal": 2149}, "The lines sum to 2150, not 2149."),
        ({"lines": {"1": {"price": 0, "unit_amount": 2149}}}, "The lines are not the ones that"),
        ({"deliveries": 589}, "Delivery costs 590, not 589."),
    ],
)
def test_other_amounts_than_were_frozen_are_in_review(
    stand_in: StandIn, frozen: dict[str, Any], why: str
) -> None:
    session = start_as(AMERICAN, (synced(MUG), 1))
    if amount := frozen.get("deliveries"):
        kept = session.currencies["usd"]["deliveries"]
        frozen = {"deliveries": dict.fromkeys(kept, amount)}
    session = allow(session, **frozen)

    order = order_of(paid(stand_in, session))

    assert why in order.holds.get(reason="amounts").note
    assert order.payments.get().status == "authorized"


def test_a_price_that_was_changed_at_stripe_is_in_review(stand_in: StandIn) -> None:
    mug = synced(MUG)
    stand_in.call(f"prices/{mug.stripe_price_id}", **{"currency_options[usd][unit_amount]": 150})

    order = order_of(paid(stand_in, start_as(AMERICAN, (mug, 1))))

    assert "The lines sum to 150, not 2150." in order.holds.get(reason="amounts").note


def test_told_twice_and_in_any_order_it_is_the_same(stand_in: StandIn) -> None:
    session = start_as(AMERICAN, (synced(MUG), 1))
    pay(stand_in, session)
    webhooks.pull(livemode=False)
    do_the_work()
    first = sums(order_of(session))

    payment = Payment.objects.get()
    for subject in (payment, session, payment):
        settle.settle(CheckoutSession.objects.get() if subject is session else subject)

    order = order_of(session)
    assert first == sums(order) == ("usd", 2150, 0, 590, 0, 2740)
    assert (order.payments.count(), order.is_held, broken_invariants()) == (1, False, {})


def test_told_by_many_at_once_it_is_the_same(stand_in: StandIn) -> None:
    session = start_as(AMERICAN, (synced(MUG), 1))
    pay(stand_in, session)

    answers = at_once([lambda: settle.settle(session)] * 4)

    order = order_of(session)
    assert [answer for answer in answers if answer is not None] == []
    assert (sums(order), order.payments.count()) == (("usd", 2150, 0, 590, 0, 2740), 1)
    assert (order.transitions.count(), order.is_held, broken_invariants()) == (1, False, {})


def test_a_declined_card_says_nothing_of_the_order(stand_in: StandIn) -> None:
    session = start_as(AMERICAN, (synced(MUG), 1))
    stand_in.pay(str(session.stripe_session_id), card="4000000000000002")
    read(session)
    before = order_of(session)

    order = order_of(paid(stand_in, session))

    assert (before.currency, before.subtotal) == ("eur", 1800)
    assert (order.currency, order.total, order.is_held) == ("usd", 2740, False)


def test_who_leaves_keeps_the_orders_currency(stand_in: StandIn) -> None:
    mug = synced(MUG)
    order = unpaid(stand_in, start_as(AMERICAN, (mug, 1)))

    assert (order.status, order.currency, order.subtotal) == ("expired", "eur", 1800)
    assert counted(mug) == (10, 0)


def test_a_payment_that_failed_is_made_again_in_the_chosen_currency(stand_in: StandIn) -> None:
    mug = synced(MUG)
    session = paid(stand_in, start_as(AMERICAN, (mug, 1)), **FAILS)
    stand_in.advance(days=14)
    settle.settle(session)
    order = order_of(session)
    assert (order.status, order.currency, order.total) == ("payment_failed", "usd", 2740)

    again = checkout.pay_again(order, checkout.Buyer(visitor=order.visitor, user=order.user))  # type: ignore[arg-type]
    asked = again.requests.get(kind="create_session").parameters
    order = order_of(paid(stand_in, again))

    assert (asked["currency"], again.currencies) == ("usd", {})
    assert (sums(order), order.status) == (("usd", 2150, 0, 590, 0, 2740), "confirmed")
    assert not order.is_held


def test_paid_on_a_copy_of_an_expired_page(stand_in: StandIn, settings: Any) -> None:
    settings.CHECKOUT_RECOVERY = "stripe"
    mug = synced(MUG)
    session = start_as(AMERICAN, (mug, 1))
    unpaid(stand_in, session)
    page = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")
    copy = requests.get(page["after_expiration"]["recovery"]["url"], timeout=60).url

    assert stand_in.pay(session_id_in(copy)).status_code == 200
    webhooks.pull(livemode=False)
    do_the_work()

    order = order_of(session)
    assert (sums(order), order.status) == (("usd", 2150, 0, 590, 0, 2740), "confirmed")
    assert (order.is_held, counted(mug), broken_invariants()) == (False, (9, 0), {})


def test_a_copy_at_a_price_that_ended_in_the_chosen_currency_goes_back(
    stand_in: StandIn, settings: Any
) -> None:
    settings.CHECKOUT_RECOVERY = "stripe"
    mug = synced(MUG)
    session = start_as(AMERICAN, (mug, 1))
    unpaid(stand_in, session)
    Price.objects.filter(variant=mug.variant, currency="usd").update(is_active=False)
    page = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")
    copy = requests.get(page["after_expiration"]["recovery"]["url"], timeout=60).url

    assert stand_in.pay(session_id_in(copy)).status_code == 200
    webhooks.pull(livemode=False)
    do_the_work()

    order = order_of(session)
    assert (order.status, order.payments.get().status) == ("cancelled", "released")
    assert counted(mug) == (10, 0)
