"""The capture queue: what waits, by time left; each button moves money once, for who may."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from payments import method_names, stripe_requests
from payments.capture_queue import bulk, one_time_buttons, queue
from payments.models import ButtonPress, MoneyAction, Payment, StripeRequest
from shop.accounts.models import User
from shop.catalog import stock
from shop.money import Money
from shop.orders.models import OrderHold
from tests.support.concurrency import at_once
from tests.support.factories import OrderFactory, PriceFactory, UserFactory
from tests.support.purchases import buy, do_the_work, do_what_waits, payment_of
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

SEE = ["view_payment"]
CAPTURE = [*SEE, "capture_payment"]
QUEUE = "/admin/capture-queue/"


def staff(*permissions: str, name: str = "Ana") -> tuple[Client, User]:
    user = UserFactory(is_staff=True, first_name=name)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client, user


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def ticket_on(page: str, action: str) -> str:
    """The ticket in the form that posts to .../<action>/."""
    form = re.search(rf'<form method="post"[^>]*/{action}/".*?</form>', page, re.DOTALL)
    assert form, f"no form for {action}"
    match = re.search(r'name="ticket" value="([^"]+)"', form.group())
    assert match
    return match.group(1)


@pytest.fixture
def held(stand_in: StandIn, settings: Any) -> Payment:
    """18.00 EUR held, the stock taken, waiting for staff."""
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in)
    do_the_work()
    return payment_of(order)


def fake_held(**fields: Any) -> Payment:
    """A held payment as the database has it, for the list only."""
    order = OrderFactory(
        status="confirmed", total=1800, email=fields.pop("email", "ada@example.com")
    )
    number = Payment.objects.count()
    defaults = {
        "order": order,
        "account": "acct/test",
        "stripe_payment_intent_id": f"pi_{number}",
        "status": "authorized",
        "currency": "eur",
        "amount": 1800,
        "authorized_amount": 1800,
        "authorized_at": timezone.now(),
        "capture_before": timezone.now() + timedelta(days=7),
        "deadline_source": "charge",
    }
    return Payment.objects.create(**(defaults | fields))


# -- the list --------------------------------------------------------------------------------------


def test_the_most_pressing_is_on_top_and_unknown_at_the_end() -> None:
    now = timezone.now()
    later = fake_held(capture_before=now + timedelta(days=3))
    unknown = fake_held(capture_before=None, deadline_source="unknown")
    sooner = fake_held(capture_before=now + timedelta(hours=5))

    assert [row.payment for row in queue.queue_rows(queue.waiting())] == [
        sooner,
        later,
        unknown,
    ]


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (timedelta(days=1, hours=4, minutes=59), "1 day 4 h", "soon"),
        (timedelta(days=6, hours=1), "6 days 1 h", "calm"),
        (timedelta(hours=5, minutes=20, seconds=30), "5 h 20 min", "last-call"),
        (timedelta(hours=12), "12 h 0 min", "urgent"),
        (timedelta(minutes=12), "12 min", "last-call"),
        (timedelta(seconds=-1), "ended", "last-call"),
    ],
)
def test_time_left_in_words(left: timedelta, words: str, tone: str) -> None:
    now = timezone.now()
    payment = Payment(status="authorized", capture_before=now + left, deadline_source="charge")

    shown = queue.time_left(payment, now)

    assert (shown.words, shown.tone, shown.note) == (words, tone, "")


def test_an_estimated_deadline_is_called_so_and_an_unknown_one_is_not_made_up() -> None:
    now = timezone.now()
    guess = Payment(
        status="authorized", capture_before=now + timedelta(days=7), deadline_source="estimated"
    )
    unknown = Payment(status="authorized")

    assert queue.time_left(guess, now).note == "estimated"
    assert queue.time_left(unknown, now).words == "unknown"


def test_filters_count_and_narrow() -> None:
    fake_held()
    soon = fake_held(capture_before=timezone.now() + timedelta(hours=3))
    review = fake_held()
    assert review.order
    review.order.hold(OrderHold.Reason.STAFF, "look")
    failed = fake_held()
    StripeRequest.objects.create(
        kind="capture",
        status="done",
        outcome="refused",
        detail="no",
        payment=failed,
        key="a",
        account="a",
    )
    client, _ = staff(*SEE)

    counts = queue.counts(timezone.now())
    shown = {
        name: [row.payment for row in client.get(QUEUE, {"show": name}).context["rows"]]
        for name in ("expiring", "review", "failed")
    }

    assert counts == {"all": 4, "ready": 0, "expiring": 1, "review": 1, "failed": 1}
    assert shown == {"expiring": [soon], "review": [review], "failed": [failed]}


@pytest.mark.parametrize(
    "query", ["number", "mara@", "pi_special", "ch_special", "4711", "Mara", "77.70"]
)
def test_search_finds_by(query: str) -> None:
    fake_held()
    wanted = fake_held(
        stripe_payment_intent_id="pi_special",
        stripe_charge_id="ch_special",
        last4="4711",
        email="mara@example.com",
        amount=7770,
    )
    assert wanted.order
    wanted.order.name = "Mara Lind"
    wanted.order.save()
    client, _ = staff(*SEE)

    answer = client.get(QUEUE, {"q": wanted.order.number if query == "number" else query})

    assert [row.payment for row in answer.context["rows"]] == [wanted]


@pytest.mark.parametrize("query", ["\x00", "x" * 5000, "%_'\"", "999999999999999999999"])
def test_odd_searches_find_nothing(query: str) -> None:
    fake_held()
    client, _ = staff(*SEE)

    assert client.get(QUEUE, {"q": query, "page": "-1", "show": "nonsense"}).status_code == 200


def test_staff_are_told_that_subscriptions_never_wait_here() -> None:
    client, _user = staff("view_payment", "capture_payment")

    assert "Subscriptions never wait here" in text_of(client.get(QUEUE))


def test_at_most_ten_queries_however_many_wait(django_assert_max_num_queries: Any) -> None:
    first = fake_held()
    Payment.objects.bulk_create(
        Payment(
            order=first.order,
            purpose="extra",
            account="acct/test",
            stripe_payment_intent_id=f"pi_many_{number}",
            status="authorized",
            currency="eur",
            amount=1800,
            authorized_amount=1800,
            authorized_at=timezone.now(),
        )
        for number in range(1000)
    )
    client, _ = staff(*CAPTURE)

    with django_assert_max_num_queries(10):
        page = client.get(QUEUE)

    assert len(page.context["rows"]) == 50
    assert "Page 1 of 21" in text_of(page)


def test_signs_have_a_column_only_when_there_are_any() -> None:
    client, _ = staff(*SEE)
    payment = fake_held()

    without = text_of(client.get(QUEUE))
    assert payment.order
    payment.order.hold(OrderHold.Reason.STAFF, "look")
    with_one = text_of(client.get(QUEUE))

    assert "Signs" not in without
    assert '<th scope="col">Signs</th>' in with_one
    assert '<span class="pill warn">Held by staff</span>' in with_one


def test_empty_queue_tells_when_the_last_one_came() -> None:
    client, _ = staff(*SEE)

    text = text_of(client.get(QUEUE))

    assert "Nothing waits for capture." in text
    assert "No webhook ever came" in text


def test_the_landing_page_and_every_header_link_to_the_queue(held: Payment) -> None:
    client, _ = staff(*SEE)

    text = text_of(client.get("/admin/"))

    assert '<a href="/admin/capture-queue/"><b>1</b> Payments to capture</a>' in text
    assert "Test money" in text


# -- who may what ----------------------------------------------------------------------------------

MOVES = {"capture": "capture_payment", "release": "release_payment", "refund": "refund_payment"}


def test_each_movement_wants_its_own_permission(held: Payment) -> None:
    pressed = {"ticket": "x", "reason": "x"}

    answers = {
        (move, permission): staff("view_payment", permission)[0]
        .post(f"{QUEUE}{held.pk}/{move}/", pressed)
        .status_code
        for move in MOVES
        for permission in ["view_payment", *MOVES.values()]
    }

    assert answers == {
        (move, permission): 302 if MOVES[move] == permission else 403
        for move, permission in answers
    }
    assert MoneyAction.objects.count() == 0


def test_without_view_permission_there_is_no_queue(held: Payment) -> None:
    client, _ = staff("capture_payment")

    assert client.get(QUEUE).status_code == 403
    assert client.get(f"{QUEUE}{held.pk}/").status_code == 403
    assert Client().get(QUEUE).status_code == 302


def test_many_captures_want_the_permission_to_capture(held: Payment) -> None:
    client, _ = staff(*SEE)

    assert client.post(f"{QUEUE}bulk/", {"payment": str(held.pk)}).status_code == 403
    assert client.post(f"{QUEUE}bulk/start/", {"ticket": "x"}).status_code == 403


# -- one payment -----------------------------------------------------------------------------------


def test_the_page_shows_every_amount_and_the_button_its_own(held: Payment) -> None:
    client, _ = staff(*CAPTURE)

    text = text_of(client.get(f"{QUEUE}{held.pk}/"))

    assert "Capture 18.00 EUR</button>" in text
    assert "Release" not in text
    for label in ("Authorized", "Captured so far", "Left to capture", "Time left", "6 days 23 h"):
        assert label in text


def test_capture_in_full_charges_ships_and_records_who(held: Payment, stand_in: StandIn) -> None:
    client, user = staff(*CAPTURE)
    page = text_of(client.get(f"{QUEUE}{held.pk}/"))

    client.post(f"{QUEUE}{held.pk}/capture/", {"ticket": ticket_on(page, "capture")})
    under_way = text_of(client.get(f"{QUEUE}{held.pk}/"))
    do_the_work()

    held.refresh_from_db()
    action = MoneyAction.objects.get()
    assert held.order
    assert (held.status, held.captured_amount) == ("captured", 1800)
    assert held.order.shipments.get().status == "open"
    assert (action.actor_name, action.kind, action.amount, action.before, action.actor_address) == (
        str(user),
        "capture",
        1800,
        "authorized",
        "127.0.0.1",
    )
    assert "capturing…" in under_way
    assert "Capture 18.00 EUR</button>" not in under_way


# Guard: the used ticket (payments.capture_queue.one_time_buttons.use).
def test_pressing_twice_captures_once(held: Payment, stand_in: StandIn) -> None:
    client, _ = staff(*CAPTURE)
    ticket = ticket_on(text_of(client.get(f"{QUEUE}{held.pk}/")), "capture")

    for _ in range(2):
        answer = client.post(f"{QUEUE}{held.pk}/capture/", {"ticket": ticket}, follow=True)
    do_the_work()

    assert "pressed before" in text_of(answer)
    assert MoneyAction.objects.count() == 1
    assert len(stand_in.executed("/capture")) == 1


# Guard: the lock taken before looking (capture_views.locked). Behind it stand the look for an open
# request in payments.stripe_requests and the constraint one_open_capture_or_release.
def test_two_people_at_once_capture_once_and_the_second_is_told(
    held: Payment, stand_in: StandIn
) -> None:
    (ana, _), (ben, _) = staff(*CAPTURE, name="Ana"), staff(*CAPTURE, name="Ben")
    address = f"{QUEUE}{held.pk}/"
    pages = [text_of(client.get(address)) for client in (ana, ben)]
    at_once(
        [
            partial(client.post, f"{address}capture/", {"ticket": ticket_on(page, "capture")})
            for client, page in zip((ana, ben), pages, strict=True)
        ]
    )
    do_the_work()

    shown = [
        message
        for client in (ana, ben)
        for message in re.findall(r'<li class="error">(.*?)</li>', text_of(client.get(address)))
    ]
    assert len(stand_in.executed("/capture")) == 1
    assert MoneyAction.objects.count() == 1
    assert len(shown) == 1
    assert re.search(r"(Ana|Ben) asked (for a|to) capture", shown[0])


def test_ten_presses_at_once_of_one_button_capture_once(held: Payment, stand_in: StandIn) -> None:
    client, user = staff(*CAPTURE)
    ticket = ticket_on(text_of(client.get(f"{QUEUE}{held.pk}/")), "capture")
    tabs = [Client() for _ in range(10)]
    for tab in tabs:
        tab.force_login(user)

    at_once([partial(tab.post, f"{QUEUE}{held.pk}/capture/", {"ticket": ticket}) for tab in tabs])
    do_the_work()

    assert ButtonPress.objects.count() == 1
    assert MoneyAction.objects.count() == 1
    assert len(stand_in.executed("/capture")) == 1


def test_captured_meanwhile_names_who_was_first(held: Payment) -> None:
    (ana, _), (ben, _) = staff(*CAPTURE, name="Ana"), staff(*CAPTURE, name="Ben")
    address = f"{QUEUE}{held.pk}/"
    tickets = [ticket_on(text_of(client.get(address)), "capture") for client in (ana, ben)]
    ana.post(f"{address}capture/", {"ticket": tickets[0]})
    do_the_work()

    answer = text_of(ben.post(f"{address}capture/", {"ticket": tickets[1]}, follow=True))

    assert re.search(r"18\.00 EUR captured by Ana \d+ (s|min) ago\.", answer)


def test_part_of_it_is_foretold_needs_a_reason_and_lowers_what_is_due(
    held: Payment, stand_in: StandIn
) -> None:
    client, _ = staff(*CAPTURE)
    confirm = f"{QUEUE}{held.pk}/capture/confirm/"

    without = client.get(confirm, {"amount": "10.00", "reason": ""})
    foretold = text_of(client.get(confirm, {"amount": "10.00", "reason": "One is damaged"}))
    client.post(
        f"{QUEUE}{held.pk}/capture/",
        {"ticket": ticket_on(foretold, "capture"), "reason": "One is damaged"},
    )
    do_the_work()

    held.refresh_from_db()
    assert held.order
    assert without.status_code == 400
    assert "Say why less than the full amount" in without.content.decode()
    assert "8.00 EUR</b> of what is authorized goes back" in foretold
    assert "Capture 10.00 EUR</button>" in foretold
    assert (held.status, held.captured_amount) == ("captured", 1000)
    assert held.order.due == Money(1000, "eur")
    assert held.order.reductions.get().reason == "One is damaged"
    assert held.order.shipments.count() == 1


ODD_AMOUNTS = ["0", "-1", "18.01", "1e1", "1,50", "10.001", "", "٣", "999999999999999", "nan"]


def test_odd_amounts_are_told_at_the_field(held: Payment) -> None:
    client, _ = staff(*CAPTURE)
    confirm = f"{QUEUE}{held.pk}/capture/confirm/"

    answers = {
        amount: client.get(confirm, {"amount": amount, "reason": "because"})
        for amount in ODD_AMOUNTS
    }

    shown = {
        amount: (answer.status_code, 'role="alert"' in answer.content.decode())
        for amount, answer in answers.items()
    }
    assert shown == dict.fromkeys(ODD_AMOUNTS, (400, True))
    assert MoneyAction.objects.count() == 0


# Guard: M20, the ticket binds order, payment and amount.
def test_a_ticket_moves_only_the_money_it_was_made_for(held: Payment, stand_in: StandIn) -> None:
    other = payment_of(buy(stand_in))
    do_the_work()
    client, _ = staff(*CAPTURE, "release_payment", "refund_payment")
    ticket = ticket_on(text_of(client.get(f"{QUEUE}{held.pk}/")), "capture")

    client.post(f"{QUEUE}{other.pk}/capture/", {"ticket": ticket})
    client.post(f"{QUEUE}{held.pk}/release/", {"ticket": ticket, "reason": "x"})
    client.post(f"{QUEUE}{held.pk}/capture/", {"ticket": ticket + "x"})
    client.post(f"{QUEUE}{held.pk}/capture/", {"amount": "1.00"})

    assert MoneyAction.objects.count() == 0
    assert ButtonPress.objects.count() == 0


def test_a_page_from_before_the_amounts_changed_moves_nothing(held: Payment) -> None:
    client, _ = staff(*CAPTURE)
    ticket = ticket_on(text_of(client.get(f"{QUEUE}{held.pk}/")), "capture")
    Payment.objects.filter(pk=held.pk).update(authorized_amount=1900)

    answer = client.post(f"{QUEUE}{held.pk}/capture/", {"ticket": ticket}, follow=True)

    assert "The amounts have changed" in text_of(answer)
    assert MoneyAction.objects.count() == 0


def test_in_review_there_is_no_button_and_no_capture(held: Payment) -> None:
    client, _ = staff(*CAPTURE)
    ticket = ticket_on(text_of(client.get(f"{QUEUE}{held.pk}/")), "capture")
    assert held.order
    held.order.hold(OrderHold.Reason.STAFF, "look")

    page = text_of(client.get(f"{QUEUE}{held.pk}/"))
    answer = client.post(f"{QUEUE}{held.pk}/capture/", {"ticket": ticket}, follow=True)

    assert "Capture 18.00 EUR</button>" not in page
    assert "The order is in review" in text_of(answer)
    assert MoneyAction.objects.count() == 0


def test_before_the_stock_is_taken_nothing_is_captured(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY = "staff"
    payment = payment_of(buy(stand_in))
    client, _ = staff(*CAPTURE)

    page = text_of(client.get(f"{QUEUE}{payment.pk}/"))
    # As from a page that was opened before; the guard is the obstacle asked again when pressed.
    ticket = one_time_buttons.issue("capture", payment, payment.capturable, payment.capturable)
    answer = client.post(f"{QUEUE}{payment.pk}/capture/", {"ticket": ticket}, follow=True)

    assert "Capture 18.00 EUR</button>" not in page
    assert "The stock is not taken yet." in page
    assert "The stock is not taken yet." in text_of(answer)
    assert MoneyAction.objects.count() == 0


def test_release_with_a_reason_ends_the_order_uncharged(held: Payment, stand_in: StandIn) -> None:
    client, _ = staff(*SEE, "release_payment")
    ticket = ticket_on(text_of(client.get(f"{QUEUE}{held.pk}/")), "release")

    without = client.post(f"{QUEUE}{held.pk}/release/", {"ticket": ticket}, follow=True)
    client.post(f"{QUEUE}{held.pk}/release/", {"ticket": ticket, "reason": "Fraud"})
    do_the_work()

    held.refresh_from_db()
    assert held.order
    assert "Say why" in text_of(without)
    assert (held.status, held.order.status) == ("released", "cancelled")
    assert MoneyAction.objects.get().reason == "Fraud"
    assert stand_in.executed("/capture") == []


def test_refund_in_part_then_all(held: Payment, stand_in: StandIn) -> None:
    stripe_requests.ask_capture(held, held.capturable, actor=UserFactory())
    do_the_work()
    client, _ = staff(*SEE, "refund_payment")
    address = f"{QUEUE}{held.pk}/refund/"

    for amount in ("5.00", "13.00"):
        page = text_of(client.get(f"{address}confirm/", {"amount": amount, "reason": "Late"}))
        ticket = ticket_on(page, "refund")
        for _ in range(2):
            client.post(address, {"ticket": ticket, "reason": "Late"})
            do_the_work()
    too_much = client.get(f"{address}confirm/", {"amount": "0.01", "reason": "Late"})

    held.refresh_from_db()
    assert held.order
    assert held.refunded == Money(1800, "eur")
    assert len(stand_in.executed("/v1/refunds")) == 2
    assert too_much.status_code == 400
    assert held.order.status == "cancelled"


def test_after_a_release_the_stock_is_returned_and_no_time_is_left(
    held: Payment, stand_in: StandIn
) -> None:
    client, _ = staff(*CAPTURE)
    before = text_of(client.get(f"{QUEUE}{held.pk}/"))
    stripe_requests.ask_release(held, reason="Fraud", actor=UserFactory())
    do_the_work()

    after = text_of(client.get(f"{QUEUE}{held.pk}/"))

    assert fact_on(before, "Stock") == "taken"
    assert "<dt>Time left</dt>" in before
    assert fact_on(after, "Stock") == "returned"
    assert "<dt>Time left</dt>" not in after


def fact_on(page: str, name: str) -> str:
    match = re.search(rf"<dt>{name}</dt> <dd>(.*?)</dd>", page)
    assert match, f"no fact {name}"
    return match.group(1).strip()


# Guard: what went back to the shelf may be sold to somebody else by now.
def test_what_went_back_to_the_shelf_is_not_captured(held: Payment) -> None:
    assert held.order
    stock.give_back(cause_kind="order", cause_id=held.order.reservation)
    client, _ = staff(*CAPTURE)

    page = text_of(client.get(f"{QUEUE}{held.pk}/"))

    assert "The stock has gone back." in page
    assert "Capture 18.00 EUR</button>" not in page
    assert queue.counts(timezone.now())["ready"] == 0


@pytest.mark.parametrize(
    ("method", "brand", "words"),
    [
        ("card", "visa", "Visa"),
        ("card", "mastercard", "Mastercard"),
        ("card", "amex", "American Express"),
        ("card", "unionpay", "UnionPay"),
        ("card", "unknown", "Card"),
        ("card", "", "Card"),
        # What Stripe tells of a bank is its code.
        ("sepa_debit", "19043", "SEPA debit"),
        ("ideal", "ing", "iDEAL"),
        ("klarna", "", "Klarna"),
        ("revolut_pay", "", "Revolut Pay"),
        ("newer_pay", "", "Newer pay"),
        ("", "", ""),
    ],
)
def test_what_was_paid_with_is_spelled_as_people_do(method: str, brand: str, words: str) -> None:
    assert method_names.name_of(Payment(method=method, brand=brand)) == words


def test_the_page_names_card_or_debit_with_its_last_four() -> None:
    client, _ = staff(*SEE)
    debit = fake_held(method="sepa_debit", brand="19043", last4="3204")
    nobody = fake_held()

    shown = [
        fact_on(text_of(client.get(f"{QUEUE}{payment.pk}/")), "Paid with")
        for payment in (debit, nobody)
    ]

    assert shown == ["SEPA debit •••• 3204", "–"]


def test_a_call_without_an_answer_is_unknown_and_never_failed(
    held: Payment, stand_in: StandIn, settings: Any
) -> None:
    client, _ = staff(*CAPTURE)
    stand_in.fail("/capture", when="after", reset=True)
    stripe_requests.ask_capture(held, held.capturable, actor=UserFactory())
    do_the_work()
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    do_what_waits()

    text = text_of(client.get(f"{QUEUE}{held.pk}/"))

    assert "unknown, checking…" in text
    assert "Capture 18.00 EUR</button>" not in text
    assert len(stand_in.executed("/capture")) == 1


def test_what_waits_says_so_without_the_words_of_the_machinery(
    held: Payment, stand_in: StandIn
) -> None:
    client, _ = staff(*CAPTURE)
    stand_in.fail("/capture", status=401)
    stripe_requests.ask_capture(held, held.capturable, actor=UserFactory())
    before = outcome_on(text_of(client.get(f"{QUEUE}{held.pk}/")))
    do_the_work()

    text = text_of(client.get(f"{QUEUE}{held.pk}/"))

    assert before == "under way"
    assert outcome_on(text).startswith("waits, and is tried again <span")
    assert "401: Invalid API Key provided." in outcome_on(text)
    assert "OutcomeUnknown" not in text


def outcome_on(page: str) -> str:
    """What the record of who did what says of the newest."""
    found = re.search(r'<td data-label="Outcome">\s*(.*?)\s*</td>', page)
    assert found
    return found[1]


def test_a_refusal_of_stripe_is_shown_in_its_words(held: Payment, stand_in: StandIn) -> None:
    client, _ = staff(*CAPTURE)
    stand_in.fail("/capture", status=402)
    stripe_requests.ask_capture(held, held.capturable, actor=UserFactory())
    do_the_work()

    assert "Stripe refused:" in text_of(client.get(f"{QUEUE}{held.pk}/"))
    assert queue.counts(timezone.now())["failed"] == 1


def test_unknown_payment_is_404() -> None:
    client, _ = staff(*CAPTURE)

    assert client.get(f"{QUEUE}00000000-0000-0000-0000-000000000000/").status_code == 404


# -- many at once ----------------------------------------------------------------------------------


def test_many_are_previewed_captured_once_and_followed(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY = "staff"
    price = PriceFactory()
    held = [payment_of(buy(stand_in, price=price)) for _ in range(3)]
    do_the_work()
    assert held[2].order
    held[2].order.hold(OrderHold.Reason.STAFF, "look")
    client, _ = staff(*CAPTURE)
    chosen = {"payment": [str(payment.pk) for payment in held]}

    preview = text_of(client.post(f"{QUEUE}bulk/", chosen))
    ticket = ticket_on(preview, "start")
    answers = [client.post(f"{QUEUE}bulk/start/", {"ticket": ticket}) for _ in range(2)]
    before = text_of(client.get(answers[0]["Location"]))
    do_the_work()
    after = text_of(client.get(answers[0]["Location"]))

    assert "Capture 36.00 EUR of 2 payments" in preview
    assert "The order is in review: Held by staff." in preview
    assert answers[0]["Location"] == answers[1]["Location"]
    assert "0 of 2 captured." in before
    assert "2 of 2 captured." in after
    assert len(stand_in.executed("/capture")) == 2
    assert MoneyAction.objects.count() == 2


def test_one_that_changed_since_the_preview_stays_by_itself(
    stand_in: StandIn, settings: Any
) -> None:
    settings.CAPTURE_POLICY = "staff"
    held = [payment_of(buy(stand_in)) for _ in range(2)]
    do_the_work()
    client, _ = staff(*CAPTURE)
    preview = client.post(f"{QUEUE}bulk/", {"payment": [str(payment.pk) for payment in held]})
    assert held[0].order
    held[0].order.hold(OrderHold.Reason.STAFF, "look")

    answer = client.post(
        f"{QUEUE}bulk/start/", {"ticket": ticket_on(text_of(preview), "start")}, follow=True
    )
    do_the_work()

    assert "The order is in review" in text_of(answer)
    assert [Payment.objects.get(pk=payment.pk).status for payment in held] == [
        "authorized",
        "captured",
    ]


# Guard: so many requests to Stripe are one press of a button, and no more.
def test_more_than_a_hundred_at_once_are_left_out() -> None:
    first = fake_held()
    assert first.order
    stock.commit(cause_kind="order", cause_id=first.order.reservation)
    payments = Payment.objects.bulk_create(
        Payment(
            order=OrderFactory(status="confirmed", total=1800, reservation=first.order.reservation),
            account="acct/test",
            stripe_payment_intent_id=f"pi_many_{number}",
            status="authorized",
            currency="eur",
            amount=1800,
            authorized_amount=1800,
            authorized_at=timezone.now(),
        )
        for number in range(bulk.AT_MOST + 1)
    )
    client, _ = staff(*CAPTURE)

    answer = client.post(
        f"{QUEUE}bulk/", {"payment": [str(payment.pk) for payment in [first, *payments]]}
    )

    text = text_of(answer)
    sealed = one_time_buttons.unseal(ticket_on(text, "start"))
    assert "At most 100 at once: 2 of what you chose are left out." in text
    assert "Capture 1800.00 EUR of 100 payments" in text
    assert set(sealed["captures"]) == {str(payment.pk) for payment in [first, *payments[:99]]}


def test_nothing_chosen_goes_back_to_the_queue(held: Payment) -> None:
    client, _ = staff(*CAPTURE)

    answer = client.post(f"{QUEUE}bulk/", {"payment": ["nonsense"]})

    assert (answer.status_code, answer["Location"]) == (302, QUEUE)


def test_s9_all_that_can_be_captured_is_chosen_at_once(held: Payment) -> None:
    # Its stock is not taken yet.
    fake_held()
    client, _ = staff(*CAPTURE)

    before = text_of(client.get(QUEUE))
    after = text_of(client.get(QUEUE, {"choose": "all"}))

    assert "choose=all" in before
    assert " checked>" not in before
    boxes = re.findall(r'<input type="checkbox" [^>]*value="([^"]+)"[^>]* checked>', after)
    assert boxes == [str(held.pk)]
    assert "Choose none" in after
    assert "Choose all" not in text_of(staff(*SEE)[0].get(QUEUE))
