"""T2: a part was captured at Stripe. Before anything is packed, staff say what leaves for it."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from fulfillment import invariants
from fulfillment.admin import review
from payments import checkout, stripe_requests
from payments.checkout import Item
from payments.models import Payment
from payments.settlement import settle
from payments.stripe import gateway
from shop.money import Money
from shop.orders.models import Order, OrderHold
from tests.support.concurrency import at_once
from tests.support.factories import PriceFactory, UserFactory
from tests.support.purchases import counted, do_the_work, new_buyer, order_of, paid, settled
from tests.support.staff import messages_on, staff
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

MAY = ["view_order", "change_order", "view_payment", "capture_payment"]
LEAVE_OUT = {"off-1": "1", "fate": "back", "reason": "One is chipped"}
SEND_ALL = {"reason": "Agreed by phone"}


@pytest.fixture
def held(stand_in: StandIn, settings: Any) -> Payment:
    """Three mugs at 10.00 EUR and a bowl at 25.50 EUR: 55.50 EUR are held, the stock is taken."""
    settings.CAPTURE_POLICY = "staff"
    items = [
        Item(PriceFactory(unit_amount=1000, variant__product__title="Kelp mug"), 3),
        Item(PriceFactory(unit_amount=2550, variant__product__title="Tide bowl"), 1),
    ]
    session = paid(stand_in, checkout.start(new_buyer(), items))
    do_the_work()
    return Payment.objects.get(session=session)


def capture_at_stripe(stand_in: StandIn, payment: Payment, amount: int) -> Order:
    """Somebody captures that much in the Dashboard, finally."""
    address = f"payment_intents/{payment.stripe_payment_intent_id}/capture"
    stand_in.call(address, amount_to_capture=amount)
    order, _ = settled(payment)
    do_the_work()
    return order


@pytest.fixture
def order(held: Payment, stand_in: StandIn) -> Order:
    """Of the 55.50 EUR, 45.50 EUR were captured: a mug is missing."""
    return capture_at_stripe(stand_in, held, 4550)


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def page_of(order: Order, how: str = "") -> str:
    return f"/admin/order/{order.pk}/paid-less/{f'{how}/' if how else ''}"


def say(order: Order, how: str, said: dict[str, str], client: Client | None = None) -> Any:
    """What staff say, with the work done that follows."""
    answer = (client or staff(*MAY)).post(page_of(order, how), said, follow=True)
    do_the_work()
    return answer


def hidden_in(page: str) -> dict[str, str]:
    """What the button of the page that foretells sends once more."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def close(order: Order, *permissions: str) -> str:
    """Press "Close the review"; what the page says then."""
    hold = order.holds.get(closed_at=None)
    address = f"/admin/order/{order.pk}/hold/{hold.pk}/close/"
    answer = staff(*(permissions or MAY)).post(address, follow=True)
    do_the_work()
    return messages_on(answer)[0]


def in_review(order: Order) -> list[str]:
    return list(order.holds.filter(closed_at=None).values_list("reason", flat=True))


def reductions(order: Order) -> list[tuple[Any, ...]]:
    return list(order.reductions.values_list("amount", "lines", "reason", "actor_name"))


def parcel(order: Order) -> list[tuple[str, int]]:
    lines = order.shipments.get().lines.order_by("order_line__position")
    return list(lines.values_list("order_line__title", "quantity"))


def stock_of(order: Order) -> list[int]:
    """On hand, of each line: ten there were."""
    return [counted(line.price)[0] for line in order.lines.all()]


def told_on(answer: Any) -> list[str]:
    """What the page says is wrong."""
    note = re.search(r'errornote" role="alert">(.*?)</div>', answer.content.decode(), re.DOTALL)
    return re.findall("<p>(.*?)</p>", note.group(1)) if note else []


# T2
def test_nothing_is_packed_before_it_is_said(order: Order) -> None:
    said = close(order)

    settle.settle(order.payments.get())
    do_the_work()
    assert said == "Say first what leaves for the smaller amount; that closes the review."
    assert (in_review(order), order.shipments.count()) == (["late_fact"], 0)
    assert (reductions(order), order.due) == ([], Money(5550, "eur"))
    assert not any(invariants.broken().values())


# T2
def test_the_order_page_asks_in_place_of_the_button(order: Order) -> None:
    client = staff(*MAY)

    page = text_of(client.get(f"/admin/orders/order/{order.pk}/change/"))
    choice = text_of(client.get(page_of(order)))

    assert "Close the review" not in page
    assert "45.50 EUR of 55.50 EUR was captured" in page
    assert f'href="{page_of(order)}"' in page
    assert "Leave something out" in choice
    assert "Send everything for 45.50 EUR" in choice


# T2
def test_what_was_left_out_is_in_no_parcel_and_back_on_sale(order: Order) -> None:
    foretold = text_of(staff(*MAY).get(page_of(order, "leave-out"), LEAVE_OUT))
    untouched = (in_review(order), reductions(order))
    say(order, "leave-out", LEAVE_OUT)

    order = order_of(order.payments.get())
    assert re.search(r"<h2>Left out</h2> <ul> <li>1 × Kelp mug", foretold)
    assert re.search(r"<li>2 × Kelp mug .*<li>1 × Tide bowl", foretold)
    assert "What is left out costs 10.00 EUR; 10.00 EUR was not captured." in foretold
    assert hidden_in(foretold) == LEAVE_OUT
    assert untouched == (["late_fact"], [])
    assert reductions(order) == [(1000, {"1": 1}, "One is chipped", "Ana")]
    assert (order.due, in_review(order)) == (Money(4550, "eur"), [])
    assert parcel(order) == [("Kelp mug", 2), ("Tide bowl", 1)]
    assert stock_of(order) == [8, 9]
    assert order.holds.get().closed_by == "Ana"
    assert not any(invariants.broken().values())


# T2
def test_what_is_damaged_does_not_go_back_on_sale(order: Order) -> None:
    say(order, "leave-out", LEAVE_OUT | {"fate": "gone"})

    assert (stock_of(order), order.reductions.get().written_off) == ([7, 9], True)
    assert not any(invariants.broken().values())


# T2
def test_everything_is_sent_when_that_is_said(order: Order) -> None:
    client = staff(*MAY)
    foretold = text_of(client.get(page_of(order, "send-all"), SEND_ALL))
    say(order, "send-all", SEND_ALL)

    order = order_of(order.payments.get())
    story = text_of(client.get(f"/admin/orders/order/{order.pk}/change/"))
    assert re.search(r"<li>3 × Kelp mug .*<li>1 × Tide bowl", foretold)
    assert "<h2>Left out</h2>" not in foretold
    assert reductions(order) == [(1000, {}, "Agreed by phone", "Ana")]
    assert parcel(order) == [("Kelp mug", 3), ("Tide bowl", 1)]
    assert (in_review(order), stock_of(order)) == ([], [7, 9])
    assert "took off 10.00 EUR" in story
    assert "everything is sent · Agreed by phone" in story


# T2
def test_mail_order_page_and_history_say_what_is_in_it(order: Order, client: Client) -> None:
    say(order, "leave-out", LEAVE_OUT)

    told = str(mail.outbox[-1].body)
    customers = text_of(client.get(f"/orders/{order.token}/"))
    story = text_of(staff("view_order").get(f"/admin/orders/order/{order.pk}/change/"))
    assert re.search(r"We have taken off:\n+  1 x Kelp mug\n", told)
    assert "Everything is in stock" not in told
    assert "<h1>Confirmed and charged, in part</h1>" in customers
    assert "1 taken off" in customers
    assert "1 × Kelp mug · One is chipped" in story
    assert f"1 × {order.lines.all()[0].sku}" in story.split("stock: restock")[1][:90]


# T2
def test_while_it_is_not_said_the_customer_reads_that_a_person_looks(
    order: Order, client: Client
) -> None:
    page = text_of(client.get(f"/orders/{order.token}/"))

    assert "We are looking at your order" in page
    assert "Your payment of €45.50 has arrived" in page
    assert 'Charged <span class="unseen">(done)' in page


# T2
@pytest.mark.parametrize("second", ["leave-out", "send-all"])
def test_it_is_said_once(order: Order, second: str) -> None:
    client = staff(*MAY)
    say(order, "leave-out", LEAVE_OUT, client)

    answer = say(order, second, LEAVE_OUT, client)

    assert messages_on(answer)[0] == "Nobody has to say any more what leaves."
    assert reductions(order) == [(1000, {"1": 1}, "One is chipped", "Ana")]
    assert (stock_of(order), parcel(order)[0]) == ([8, 9], ("Kelp mug", 2))


# T2
def test_it_is_said_once_by_two_at_the_same_moment(order: Order) -> None:
    ana = UserFactory(is_superuser=True)
    says = partial(review.say_what_leaves, order.pk, units={1: 1}, reason="chipped", by=ana)

    answers = at_once([says, says])

    assert sorted(answers, key=str) == [False, True]
    assert reductions(order) == [(1000, {"1": 1}, "chipped", "Ana")]
    assert stock_of(order) == [8, 9]


BETWEEN = "Kelp mug: leave out between 0 and 3 units."
BOUNDS = {
    "less than nothing": ("leave-out", {"off-1": "-1"}, BETWEEN),
    "more than was ordered": ("leave-out", {"off-1": "4"}, BETWEEN),
    "nothing": ("leave-out", {"off-1": "0"}, "Say what is left out."),
    "everything": (
        "leave-out",
        {"off-1": "3", "off-2": "1"},
        "Nothing would be left to send. Cancel the order instead.",
    ),
    "more than is missing": (
        "leave-out",
        {"off-1": "2"},
        (
            "What is left out costs 20.00 EUR, and only 10.00 EUR is not paid. "
            "Refund 10.00 EUR first, or leave out less."
        ),
    ),
    "no reason": ("leave-out", {"reason": " "}, "Say why something is left out."),
    "no such fate": ("leave-out", {"fate": "eaten"}, "Say what becomes of what is left out."),
    "no reason for all": (
        "send-all",
        {"reason": ""},
        "Say why; the reason stays in the record.",
    ),
}


# T2
@pytest.mark.parametrize("asked", BOUNDS)
@pytest.mark.parametrize("press", [False, True])
def test_what_cannot_be_said_is_told_and_changes_nothing(
    order: Order, asked: str, press: bool
) -> None:
    how, fields, sentence = BOUNDS[asked]
    client = staff(*MAY)
    send = client.post if press else client.get

    answer = send(page_of(order, how), LEAVE_OUT | fields)

    assert (answer.status_code, told_on(answer)) == (400, [sentence])
    assert (in_review(order), reductions(order)) == (["late_fact"], [])


# T2
def test_whoever_may_not_take_money_may_not_say_it(order: Order) -> None:
    client = staff("view_order", "change_order")

    answers = [say(order, "leave-out", LEAVE_OUT, client), say(order, "send-all", SEND_ALL, client)]

    assert ["needs the permission to capture" in messages_on(each)[0] for each in answers] == [
        True,
        True,
    ]
    assert (in_review(order), reductions(order)) == (["late_fact"], [])


# T2
def test_units_that_cost_less_than_is_missing_leave_the_rest_unpaid(
    held: Payment, stand_in: StandIn
) -> None:
    order = capture_at_stripe(stand_in, held, 4500)

    foretold = text_of(staff(*MAY).get(page_of(order, "leave-out"), LEAVE_OUT))
    say(order, "leave-out", LEAVE_OUT)

    assert "What is left out costs 10.00 EUR; 10.50 EUR was not captured." in foretold
    assert "The order is paid in full with 45.00 EUR." in foretold
    assert (reductions(order)[0][:2], order.due) == ((1050, {"1": 1}), Money(4500, "eur"))
    assert parcel(order) == [("Kelp mug", 2), ("Tide bowl", 1)]


# T2
def test_what_was_paid_for_units_left_out_goes_back_first(order: Order) -> None:
    """The rest of a mug that was paid in part: nobody pays for what is not sent."""
    two_mugs = LEAVE_OUT | {"off-1": "2"}
    stripe_requests.ask_refund(order.payments.get(), Money(1000, "eur"), reason="a second mug")
    do_the_work()

    foretold = text_of(staff(*MAY).get(page_of(order, "leave-out"), two_mugs))
    say(order, "leave-out", two_mugs)

    assert "10.00 EUR was not captured and 10.00 EUR was refunded" in foretold
    assert (reductions(order)[0][:2], order.due) == ((2000, {"1": 2}), Money(3550, "eur"))
    assert parcel(order) == [("Kelp mug", 1), ("Tide bowl", 1)]
    assert not any(invariants.broken().values())


# T2
def test_no_unit_leaves_before_the_stock_is_taken(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY = "staff"
    session = paid(stand_in, checkout.start(new_buyer(), [Item(PriceFactory(), 2)]))
    payment = Payment.objects.get(session=session)
    address = f"payment_intents/{payment.stripe_payment_intent_id}/capture"
    stand_in.call(address, amount_to_capture=1800)
    order, _ = settled(payment)
    client = staff(*MAY)

    too_early = client.post(page_of(order, "leave-out"), LEAVE_OUT)
    do_the_work()
    say(order, "leave-out", LEAVE_OUT, client)

    assert told_on(too_early) == ["The stock is not taken yet. Look again in a moment."]
    assert (stock_of(order), [units for _, units in parcel(order)]) == ([9], [1])
    assert not any(invariants.broken().values())


# T2
def test_who_cancels_afterwards_gets_back_only_what_is_still_out(order: Order) -> None:
    say(order, "leave-out", LEAVE_OUT)

    checkout.cancel(order_of(order.payments.get()), reason=Order.CancelReason.STAFF)
    do_the_work()

    order.refresh_from_db()
    assert (order.status, stock_of(order)) == ("cancelled", [10, 10])
    assert not any(invariants.broken().values())


# T2
def test_a_cancelled_order_asks_nothing(order: Order) -> None:
    checkout.cancel(order, reason=Order.CancelReason.STAFF)
    do_the_work()

    said = close(order)

    order.refresh_from_db()
    assert (said, order.status, in_review(order)) == ("Review closed.", "cancelled", [])
    assert reductions(order) == []


# T2
def test_there_are_two_ways_and_no_third(order: Order) -> None:
    assert staff(*MAY).get(page_of(order, "burn"), SEND_ALL).status_code == 404


# T2
def test_another_review_stays_open_and_nothing_is_packed(order: Order) -> None:
    order.hold(OrderHold.Reason.STAFF, "Odd address")

    say(order, "leave-out", LEAVE_OUT)
    between = (in_review(order), order.shipments.count())
    close(order)

    assert between == (["staff"], 0)
    assert parcel(order) == [("Kelp mug", 2), ("Tide bowl", 1)]


# T2
def test_a_capture_in_parts_whose_rest_lapsed_is_asked_about_too(held: Payment) -> None:
    """Its review was closed while the rest was held; nothing was captured when that was let go."""
    facts = replace(gateway.read_payment(held.stripe_payment_intent_id), captured=4550)
    settle._apply(held.session, None, facts, [], None)
    order = order_of(held)
    said = close(order)
    settle._apply(held.session, None, replace(facts, intent_status="succeeded"), [], None)

    say(order, "leave-out", LEAVE_OUT)

    assert said == "Review closed."
    assert parcel(order) == [("Kelp mug", 2), ("Tide bowl", 1)]


def as_it_was_before(order: Order) -> None:
    """The release before took what was missing off at once, without a word of units."""
    order.reductions.create(amount=1000, reason="captured less at Stripe")


# T2
def test_a_review_that_was_open_before_closes_as_before(order: Order) -> None:
    as_it_was_before(order)

    said = close(order)

    assert (said, in_review(order)) == ("Review closed.", [])
    assert parcel(order) == [("Kelp mug", 3), ("Tide bowl", 1)]
    assert not any(invariants.broken().values())


# T2
def test_an_order_whose_review_was_closed_before_goes_on(order: Order) -> None:
    as_it_was_before(order)
    order.close_hold(order.holds.get().pk, by=str(UserFactory()))

    settle.settle(order.payments.get())
    answer = staff(*MAY).get(page_of(order), follow=True)

    assert messages_on(answer)[0] == "Nobody has to say any more what leaves."
    assert "Say what leaves" not in text_of(answer)
    assert in_review(order) == []
