"""The control room as people use it: in a browser, live, with buttons that do something."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fake_stripe.browser import TAGS, opened
from tests.fake_stripe.rig import Fake
from tests.support.browser import faults_in_all_ways


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[Page]:
    """One window for all: what it shows is in the stand-in, which is emptied for each test."""
    page = opened(chromium)
    yield page
    page.close()


@pytest.fixture
def room(window: Page) -> Iterator[Page]:
    yield window
    window.goto("about:blank")


def at_payment(room: Page, fake: Fake, intent: str) -> None:
    room.goto(f"{fake.url}/_fake/payments/{intent}")


def test_part_of_a_hold_is_captured_and_part_of_that_refunded(fake: Fake, room: Page) -> None:
    intent = fake.held().id
    at_payment(room, fake, intent)

    room.get_by_label("Amount to capture").fill("1500")
    room.get_by_role("button", name="Capture").click()
    expect(room.get_by_role("status")).to_have_text("Done.")
    room.get_by_label("Amount to refund").fill("400")
    room.get_by_role("button", name="Refund").click()
    expect(room.get_by_role("status")).to_have_text("Done.")

    charge = fake.intent(intent).latest_charge
    assert (charge.amount_captured, charge.amount_refunded) == (1500, 900)
    assert fake.types()[-1] == "charge.refunded"


def test_what_is_left_of_a_partial_capture_can_be_refunded(fake: Fake, room: Page) -> None:
    intent = fake.held().id
    fake.v1.payment_intents.capture(intent, {"amount_to_capture": 1500})
    fake.v1.refunds.create({"payment_intent": intent, "amount": 1200})
    at_payment(room, fake, intent)

    room.get_by_role("button", name="Refund", exact=True).click()
    expect(room.get_by_role("status")).to_have_text("Done.")

    assert fake.intent(intent).latest_charge.amount_refunded == 2000
    expect(room.get_by_role("button", name="Refund", exact=True)).to_have_count(0)


def test_hold_is_released(fake: Fake, room: Page) -> None:
    intent = fake.held().id
    at_payment(room, fake, intent)

    room.get_by_role("button", name="Release the hold").click()

    expect(room.locator("main")).to_contain_text("There is nothing to do with this payment.")
    assert fake.intent(intent).status == "canceled"


@pytest.mark.parametrize(("button", "status"), [("Win", "won"), ("Lose", "lost")])
def test_payment_is_disputed_and_decided(fake: Fake, room: Page, button: str, status: str) -> None:
    intent = fake.paid().id
    at_payment(room, fake, intent)

    room.get_by_role("combobox").select_option("product_not_received")
    room.get_by_role("button", name="Let the customer dispute it").click()
    room.get_by_role("button", name=f"{button} the dispute").click()
    expect(room.get_by_role("status")).to_have_text("Done.")

    dispute = fake.v1.disputes.list({"payment_intent": intent}).data[0]
    assert (dispute.status, dispute.reason) == (status, "product_not_received")
    assert "charge.dispute.closed" in fake.types()


@pytest.mark.parametrize(
    ("method", "currency", "button"),
    [("ideal", "eur", "Refund"), ("sepa_debit", "eur", ""), ("oxxo", "mxn", "Pay the voucher")],
)
def test_payment_by_any_method_has_its_page(
    fake: Fake, room: Page, method: str, currency: str, button: str
) -> None:
    data = {"currency": currency, "unit_amount": 20000, "product_data": {"name": "Kettle"}}
    session = fake.session(line_items=[{"price_data": data, "quantity": 1}])
    intent = fake.pay(session.id, method=method)["payment_intent"]

    at_payment(room, fake, intent)

    expect(room.get_by_role("heading", level=1)).to_contain_text("200.00")
    assert not button or room.get_by_role("button", name=button).is_visible()


def test_what_cannot_be_done_is_said(fake: Fake, room: Page) -> None:
    intent = fake.held().id
    at_payment(room, fake, intent)

    room.get_by_label("Amount to capture").fill("9999")
    room.get_by_role("button", name="Capture").click()

    expect(room.get_by_role("status")).to_contain_text("greater than the capturable amount")
    assert fake.intent(intent).status == "requires_capture"


def test_room_shows_what_happens_without_being_read_again(fake: Fake, room: Page) -> None:
    room.goto(f"{fake.url}/_fake/")

    intent = fake.paid().id

    expect(room.locator("[data-live=payments]")).to_contain_text(intent)
    expect(room.locator("[data-live=events]")).to_contain_text("payment_intent.succeeded")


def test_every_part_of_the_room_is_live(fake: Fake, room: Page) -> None:
    fake.control("faults", {"path": "/v1/account", "status": 500})
    room.goto(f"{fake.url}/_fake/")
    expect(room.locator("[data-live=faults]")).to_contain_text("/v1/account")

    session = fake.session().id
    fake.raw("GET", "/v1/account")
    fake.control("clock", {"advance": 86400})
    fake.control("lag", {"seconds": 7})
    fake.control("webhooks", {"endpoint": "https://shop.test/late", "mode": "hold"})

    for part, told in {
        "sessions": session[:24],
        "requests": "/v1/account",
        "clock": "86400 seconds ahead",
        "faults": "Nothing is armed.",
        "endpoints": "https://shop.test/late",
    }.items():
        expect(room.locator(f"[data-live={part}]")).to_contain_text(told)
    expect(room.get_by_label("Lists are late by")).to_have_value("7")


def test_buttons_of_a_payment_are_live(fake: Fake, room: Page) -> None:
    intent = fake.held().id
    at_payment(room, fake, intent)
    expect(room.get_by_role("button", name="Capture", exact=True)).to_be_visible()

    fake.v1.payment_intents.capture(intent)

    expect(room.get_by_role("button", name="Capture", exact=True)).to_have_count(0)
    expect(room.get_by_role("button", name="Refund", exact=True)).to_be_visible()


def arm(room: Page, fake: Fake, **fields: str) -> None:
    room.goto(f"{fake.url}/_fake/")
    form = room.locator("form[action='/_fake/faults']")
    for name, text in fields.items():
        control = form.locator(f"[name={name}]")
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)
    form.get_by_role("button", name="Arm").click()


def test_all_sorts_of_trouble_are_armed_by_hand(fake: Fake, room: Page) -> None:
    arm(
        room, fake, path="/v1/customers", method="POST", status="429", code="lock_timeout",
        should_retry="true", delay="0.5", when="after", times="2",
    )  # fmt: skip
    expect(room.get_by_role("status")).to_have_text("Done.")
    arm(room, fake, path="/v1/account", change='{"country": "FR"}')
    arm(room, fake, path="/v1/prices", status="429", reason="global-concurrency")

    told = fake.control("faults")["data"]
    assert (told[0]["method"], told[0]["code"], told[0]["should_retry"], told[0]["delay"]) == (
        "POST", "lock_timeout", True, 0.5,
    )  # fmt: skip
    assert told[2]["reason"] == "global-concurrency"
    assert fake.raw("GET", "/v1/account").json()["country"] == "FR"


@pytest.mark.parametrize(("field", "text"), [("change", "{x"), ("delay", "²"), ("times", "0.5")])
def test_trouble_that_cannot_be_is_refused_in_words(
    fake: Fake, room: Page, field: str, text: str
) -> None:
    arm(room, fake, **{field: text})

    expect(room.get_by_role("status")).to_contain_text("That was refused")
    assert fake.control("faults")["data"] == []


def test_mode_of_an_endpoint_has_its_numbers(fake: Fake, room: Page) -> None:
    fake.control("webhooks", {"endpoint": "https://shop.test/webhook"})
    room.goto(f"{fake.url}/_fake/")

    room.get_by_label("Mode for").select_option("delay")
    room.get_by_label("Seconds (delay, shuffle)").fill("2.5")
    room.get_by_role("button", name="Set").click()
    expect(room.get_by_role("status")).to_have_text("Done.")

    (endpoint,) = fake.control("webhooks")["data"]
    assert (endpoint["mode"], endpoint["seconds"]) == ("delay", 2.5)


def test_bank_may_only_ask(fake: Fake, room: Page) -> None:
    at_payment(room, fake, fake.paid().id)

    room.get_by_label("the bank only asks").check()
    room.get_by_role("button", name="Let the customer dispute it").click()
    expect(room.get_by_role("status")).to_have_text("Done.")

    assert [one.status for one in fake.v1.disputes.list().data] == ["warning_needs_response"]


def test_session_is_paid_and_another_expired_by_a_press(fake: Fake, room: Page) -> None:
    paid, expired = fake.session().id, fake.session().id
    room.goto(f"{fake.url}/_fake/")

    room.get_by_role("button", name=f"Pay with 4242 {paid}").click()
    room.get_by_role("button", name=f"Expire {expired}").click()
    expect(room.get_by_role("status")).to_have_text("Done.")

    statuses = [fake.v1.checkout.sessions.retrieve(one).status for one in (paid, expired)]
    assert statuses == ["complete", "expired"]


def test_room_works_without_script(fake: Fake, chromium: Browser) -> None:
    intent = fake.held().id
    page = opened(chromium, script=False)
    at_payment(page, fake, intent)

    page.get_by_role("button", name="Capture").click()

    expect(page.get_by_role("status")).to_have_text("Done.")
    assert fake.intent(intent).status == "succeeded"
    page.close()


def test_room_is_for_everybody(fake: Fake, room: Page) -> None:
    fake.control("webhooks", {"endpoint": "https://shop.test/webhook", "mode": "hold"})
    intent = fake.paid(card="4000000000000259").id
    fake.control("clock", {"advance": 10})
    wrong = []

    event = fake.v1.events.list().data[0].id
    request = fake.raw("GET", "/v1/account").headers["Request-Id"]
    paths = [
        "", f"payments/{intent}", "payments/pi_none", "log/events", f"log/events/{event}",
        "log/requests", f"log/requests/{request}", "log/requests/req_none",
    ]  # fmt: skip
    for path in (f"/_fake/{one}" for one in paths):
        room.goto(f"{fake.url}{path}")
        wrong += [(path, *one) for one in faults_in_all_ways(room, (360, 1280), TAGS)]

    assert wrong == []


@pytest.mark.parametrize(
    "wrong", [{"reason": "whim"}, {"amount": 2001}, {"amount": 0}, {"amount": "5"}, {"inquiry": 1}]
)
def test_dispute_that_cannot_be_is_refused_in_words(fake: Fake, wrong: dict[str, Any]) -> None:
    intent = fake.paid().id

    answers = [fake.controlled("disputes", {"payment_intent": intent, **wrong})]
    if "inquiry" not in wrong:
        answers.append(fake.controlled(f"payment_intents/{intent}/dispute", wrong))

    assert {answer.status_code for answer in answers} == {400}
    assert all(answer.json()["error"]["message"] for answer in answers)
    assert fake.v1.disputes.list().data == []
