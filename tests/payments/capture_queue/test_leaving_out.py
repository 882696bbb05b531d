"""T2: units are left out of an order, the amount follows, and everybody is told what is in it."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import invariants
from payments import checkout, stripe_requests
from payments.capture_queue.forms import UnitsForm
from payments.checkout import Item
from payments.models import Payment
from payments.settlement import settle
from shop.catalog.models import StockMovement
from shop.money import Money, step
from shop.orders.models import Order, OrderLine
from tests.payments.capture_queue.test_pages import CAPTURE, QUEUE, staff, text_of, ticket_on
from tests.support.factories import PriceFactory
from tests.support.purchases import counted, do_the_work, new_buyer, order_of, paid, perform
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

MUGS, BOWL = 1, 2


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


def chosen(client: Client, payment: Payment, **more: Any) -> Any:
    """The page that foretells what leaving out does; a mug, where nothing else is said."""
    asked = {"off-1": "1", "fate": "back", "reason": "One is chipped", **more}
    return client.get(f"{QUEUE}{payment.pk}/capture/confirm/", asked)


def leave_out(payment: Payment, **more: Any) -> str:
    """Leave something out as staff do, with the work done that follows; what the page foretold."""
    client, _ = staff(*CAPTURE)
    foretold = text_of(chosen(client, payment, **more))
    client.post(
        f"{QUEUE}{payment.pk}/capture/",
        {"ticket": ticket_on(foretold, "capture"), "reason": "One is chipped"},
    )
    do_the_work()
    return foretold


def told_on(answer: Any) -> list[str]:
    """What the page says is wrong."""
    note = re.search(r'errornote" role="alert">(.*?)</div>', answer.content.decode(), re.DOTALL)
    return re.findall("<p>(.*?)</p>", note.group(1)) if note else []


def lines_of(order: Order) -> list[tuple[int, int]]:
    """Ordered and taken off."""
    return list(order.lines.values_list("quantity", "removed"))


def stock_of(order: Order) -> list[tuple[int, int]]:
    """On hand and reserved, of each line."""
    return [counted(line.price) for line in order.lines.all()]


# T2
def test_the_amount_follows_and_the_parcel_holds_what_is_left(held: Payment) -> None:
    foretold = leave_out(held)

    order = order_of(held)
    held.refresh_from_db()
    reduction = order.reductions.get()
    assert "Capture 45.50 EUR</button>" in foretold
    assert re.search(r"<h2>Left out</h2> <ul> <li>1 × Kelp mug", foretold)
    assert re.search(r"<li>2 × Kelp mug .*<li>1 × Tide bowl", foretold)
    assert (held.status, held.captured_amount, order.due) == ("captured", 4550, Money(4550, "eur"))
    assert (reduction.amount, reduction.lines, reduction.reason, reduction.actor_name) == (
        1000,
        {"1": 1},
        "One is chipped",
        "Ana",
    )
    assert lines_of(order) == [(3, 1), (1, 0)]
    assert stock_of(order) == [(8, 0), (9, 0)]
    parcel = order.shipments.get().lines.order_by("order_line__position")
    assert list(parcel.values_list("quantity", flat=True)) == [2, 1]
    assert not any(invariants.broken().values())


# T2
def test_a_line_that_is_left_out_whole_is_in_no_parcel(held: Payment) -> None:
    leave_out(held, **{"off-1": "3"})

    order = order_of(held)
    assert [line.order_line.title for line in order.shipments.get().lines.all()] == ["Tide bowl"]
    assert (order.due, stock_of(order)) == (Money(2550, "eur"), [(10, 0), (9, 0)])


# T2
def test_the_mail_says_what_was_taken_off_and_no_more_that_all_is_there(held: Payment) -> None:
    leave_out(held)

    told = mail.outbox[-1]
    assert isinstance(told, EmailMultiAlternatives)
    text, html = str(told.body), " ".join(str(told.alternatives[0][0]).split())
    assert "confirmed" in told.subject
    assert "Everything is in stock" not in text + html
    assert re.search(r"We have taken off:\n+  1 x Kelp mug\n", text)
    assert "We have taken off:</p>" in html
    assert "All the rest is in stock and set aside for you." in text
    assert "10.00 of what was authorized goes back to you" in text


# T2
def test_the_mail_of_a_lower_price_says_that_all_is_there(held: Payment) -> None:
    """Guard: who pays less for everything gets everything."""
    request = stripe_requests.ask_capture(held, Money(5000, "eur"), reason="agreed")
    perform(request)
    do_the_work()

    assert "Everything is in stock and set aside for you." in mail.outbox[-1].body
    assert lines_of(order_of(held)) == [(3, 0), (1, 0)]


# T2
def test_what_is_damaged_does_not_go_back_on_sale(held: Payment) -> None:
    foretold = leave_out(held, fate="gone")

    order = order_of(held)
    assert "They stay out of the stock" in foretold
    assert (stock_of(order), order.reductions.get().written_off) == ([(7, 0), (9, 0)], True)
    assert not any(invariants.broken().values())


# T2
def test_who_cancels_afterwards_gets_back_only_what_is_still_out(held: Payment) -> None:
    leave_out(held)

    checkout.cancel(order_of(held), reason=Order.CancelReason.STAFF)
    do_the_work()

    order = order_of(held)
    back = StockMovement.objects.filter(kind="restock", stock__variant=order.lines.all()[0].variant)
    assert (order.status, stock_of(order)) == ("cancelled", [(10, 0), (10, 0)])
    assert sorted(back.values_list("cause_kind", "quantity")) == [("order", 2), ("reduction", 1)]
    assert not any(invariants.broken().values())


# T2
def test_so_it_is_when_the_answer_was_lost_and_an_event_tells(
    held: Payment, stand_in: StandIn
) -> None:
    """The units leave with the fact, once, and not with the end of the request."""
    request = stripe_requests.ask_capture(
        held, Money(4550, "eur"), reason="chipped", units_off={MUGS: 1}
    )
    stand_in.fail("/capture", when="after", reset=True)

    perform(request)
    settle.settle(held)
    settle.settle(held)

    order = order_of(held)
    assert (lines_of(order), stock_of(order)) == ([(3, 1), (1, 0)], [(8, 0), (9, 0)])


# T2
def test_a_refused_capture_takes_nothing_off(held: Payment, stand_in: StandIn) -> None:
    stand_in.fail("/capture", status=400)

    leave_out(held)

    order = order_of(held)
    assert (lines_of(order), stock_of(order)) == ([(3, 0), (1, 0)], [(7, 0), (9, 0)])
    assert order.reductions.count() == 0


# T2
def test_units_that_went_back_with_the_order_do_not_go_back_twice(held: Payment) -> None:
    request = stripe_requests.ask_capture(
        held, Money(4550, "eur"), reason="chipped", units_off={MUGS: 1}
    )
    order_of(held).cancel("Stripe was away")

    perform(request)

    assert stock_of(order_of(held)) == [(10, 0), (10, 0)]


BETWEEN = "Kelp mug: leave out between 0 and 3 units."
BOUNDS = {
    "less than nothing": ({"off-1": "-1"}, BETWEEN),
    "more than was ordered": ({"off-1": "4"}, BETWEEN),
    "no number": ({"off-1": "one"}, BETWEEN),
    "half a unit": ({"off-1": "0.5"}, BETWEEN),
    "a billion": ({"off-1": "1000000000"}, BETWEEN),
    "too large a number": ({"off-1": "9" * 400}, BETWEEN),
    "nothing": ({"off-1": "0"}, "Say what is left out."),
    "empty": ({"off-1": ""}, "Say what is left out."),
    "everything": (
        {"off-1": "3", "off-2": "1"},
        "Nothing would be left to send. Cancel the order instead.",
    ),
    "no reason": ({"reason": " "}, "Say why something is left out."),
    "no such fate": ({"fate": "eaten"}, "Say what becomes of what is left out."),
}


# T2
@pytest.mark.parametrize("asked", BOUNDS)
def test_what_cannot_be_left_out_is_told_and_changes_nothing(held: Payment, asked: str) -> None:
    client, _ = staff(*CAPTURE)
    fields, sentence = BOUNDS[asked]

    answer = chosen(client, held, **fields)

    assert (answer.status_code, told_on(answer)) == (400, [sentence])
    assert held.requests.filter(kind="capture").count() == 0


# T2
def test_all_that_is_wrong_is_told_from_the_top(held: Payment) -> None:
    client, _ = staff(*CAPTURE)

    answer = chosen(client, held, **{"off-1": "4", "fate": "", "reason": ""})

    assert told_on(answer) == [BETWEEN, UnitsForm.NO_FATE, UnitsForm.NO_REASON]


# T2
def test_a_page_that_was_made_before_something_changed_counts_no_more(held: Payment) -> None:
    client, _ = staff(*CAPTURE)
    ticket = ticket_on(text_of(chosen(client, held)), "capture")
    order_of(held).reductions.create(amount=500, reason="agreed")

    answer = text_of(
        client.post(
            f"{QUEUE}{held.pk}/capture/", {"ticket": ticket, "reason": "chipped"}, follow=True
        )
    )

    assert "The amount is not what is left to take without these units." in answer
    assert held.requests.filter(kind="capture").count() == 0


# T2
def test_customers_see_it_on_both_pages(held: Payment, client: Client) -> None:
    leave_out(held)
    order = order_of(held)
    admin, _ = staff("view_order", "view_payment")

    customers = text_of(client.get(f"/orders/{order.token}/"))
    story = text_of(admin.get(f"/admin/orders/order/{order.pk}/change/"))

    assert "1 taken off" in customers
    assert "€10.00" in customers.split("Taken off")[1][:60]
    assert "1 × Kelp mug · One is chipped" in story
    assert f"1 × {order.lines.all()[0].sku}" in story.split("stock: restock")[1][:90]


# T2
@given(
    total=st.integers(0, 10**9),
    quantity=st.integers(1, 50),
    currency=st.sampled_from(["eur", "jpy", "kwd", "isk"]),
    cuts=st.lists(st.integers(0, 50), max_size=5),
)
def test_however_a_line_is_taken_off_its_parts_are_its_total(
    total: int, quantity: int, currency: str, cuts: list[int]
) -> None:
    total -= total % step(currency)
    line = OrderLine(order=Order(currency=currency), unit_amount=0, quantity=quantity, total=total)
    worth = []
    for cut in [*cuts, quantity]:
        units = min(cut, line.left)
        worth.append(line.worth_of(units).amount)
        line.removed += units

    assert sum(worth) == total
    assert all(part >= 0 and part % step(currency) == 0 for part in worth)
