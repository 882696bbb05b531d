"""The payment page as plain HTML: forms, errors at their fields, and where they lead."""

import asyncio
import math
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests

from fake_stripe.billing.customers import create_customer
from fake_stripe.controls.webhooks import set_endpoint
from fake_stripe.stand_in import StandIn
from tests.fake_stripe.rig import Fake, Receiver
from tests.support.waiting import PATIENCE, eventually

CARD = {
    "email": "jane@example.com",
    "cardNumber": "4242 4242 4242 4242",
    "cardExpiry": "12 / 40",
    "cardCvc": "123",
    "billingName": "Jane Doe",
    "billingCountry": "AT",
    "payment-method-accordion-item-title": "card",
}
SAVING = {"payment_method_save": "enabled", "payment_method_remove": "enabled"}


def submit(fake: Fake, session: Any, path: str = "", **typed: str) -> requests.Response:
    url = f"{fake.url}/c/pay/{session.id}{path}"
    return requests.post(url, data=typed, allow_redirects=False, timeout=PATIENCE)


def complaints(page: str) -> dict[str, str]:
    """What is said at each field that points to its complaint."""
    pointed = re.findall(r'aria-describedby="(\w+)-error"', page)
    said = dict(re.findall(r'<p class="error" id="(\w+)-error">(.*?)</p>', page))
    assert sorted(pointed) == sorted(said)
    return {name: unescape(text) for name, text in said.items()}


def test_page_shows_what_is_bought_and_the_ids_of_stripes_own(fake: Fake) -> None:
    data = {
        "currency": "eur",
        "unit_amount": 1250,
        "product_data": {
            "name": "Tea <b>pot</b>",
            "description": "Holds <i>six</i> cups",
            "images": ["https://a.test/pot.png"],
        },
    }
    session = fake.session(
        line_items=[{"price_data": data, "quantity": 2}],
        cancel_url="https://shop.test/cart",
        customer_creation="always",
        saved_payment_method_options=SAVING,
        custom_text={"submit": {"message": "Our terms apply."}},
    )

    page = requests.get(session.url, timeout=PATIENCE).text

    names = ["email", "cardNumber", "cardExpiry", "cardCvc", "billingName", "billingCountry",
             "billingPostalCode"]  # fmt: skip
    for name in names:
        assert f'id="{name}" name="{name}"' in page
    for part in (
        'id="enableStripePass" name="savePaymentMethod"',
        'data-testid="card-accordion-item"',
        'placeholder="CVC"',
        'class="SubmitButton"',
        ">Pay €25.00</button>",
        'href="https://shop.test/cart"',
        "Tea &lt;b&gt;pot&lt;/b&gt;",
        "Holds &lt;i&gt;six&lt;/i&gt; cups",
        'src="https://a.test/pot.png"',
        "Our terms apply.",
        "TEST MODE: no real money",
        "4000 0025 0000 3155",
    ):
        assert part in page, part


def test_paying_leads_to_the_success_page_with_the_sessions_id(fake: Fake) -> None:
    session = fake.session()

    answer = submit(fake, session, **CARD)

    assert (answer.status_code, answer.headers["Location"]) == (
        303, f"http://shop.test/success?session_id={session.id}",
    )  # fmt: skip
    assert fake.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    (event,) = fake.v1.events.list({"type": "checkout.session.completed"}).data
    assert event.request is not None
    assert event.request.idempotency_key


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": ""}, {"email": "Enter your email address."}),
        ({"email": "jane@"}, {"email": "This email address is incomplete."}),
        ({"cardNumber": ""}, {"cardNumber": "Enter your card number."}),
        ({"cardNumber": "4242424242424241"}, {"cardNumber": "Your card number is invalid."}),
        ({"cardNumber": "٤" * 16}, {"cardNumber": "Your card number is invalid."}),
        ({"cardExpiry": "01 / 20"}, {"cardExpiry": "Your card's expiration date is in the past."}),
        (
            {"cardExpiry": "13 / 40"},
            {"cardExpiry": "Your card's expiration date is invalid, write it as MM / YY."},
        ),
        ({"cardCvc": "12"}, {"cardCvc": "Your card's security code has 3 digits."}),
        (
            {"cardNumber": "378282246310005"},
            {"cardCvc": "Your card's security code has 4 digits."},
        ),
        ({"billingName": ""}, {"billingName": "Enter the name of the one who pays."}),
        ({"billingCountry": "XX"}, {"billingCountry": "Choose a country."}),
        ({"billingCountry": "US"}, {"billingPostalCode": "Enter your postal code."}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    fake: Fake, typed: dict[str, str], said: dict[str, str]
) -> None:
    session = fake.session()

    answer = submit(fake, session, **{**CARD, **typed})

    assert (answer.status_code, complaints(answer.text)) == (400, said)
    assert 'value="Jane Doe"' in answer.text or "billingName" in said
    assert fake.v1.checkout.sessions.retrieve(session.id).payment_intent is None


@pytest.mark.parametrize("written", ["12/40", "1240", "12 / 2040", "12 / 40"])
def test_date_may_be_written_in_several_ways(fake: Fake, written: str) -> None:
    assert submit(fake, fake.session(), **{**CARD, "cardExpiry": written}).status_code == 303


def test_decline_is_said_at_the_number_and_another_card_pays(fake: Fake) -> None:
    session = fake.session()

    declined = submit(fake, session, **{**CARD, "cardNumber": "4000000000009995"})

    assert declined.status_code == 402
    assert complaints(declined.text) == {
        "cardNumber": "Your card has insufficient funds. Please try another card."
    }
    assert 'value="4000000000009995"' in declined.text
    assert re.search(r'id="cardCvc"[^>]* value=""', declined.text)
    assert submit(fake, session, **CARD).status_code == 303


def test_lost_card_is_not_called_so(fake: Fake) -> None:
    answer = submit(fake, fake.session(), **{**CARD, "cardNumber": "4000000000009987"})

    assert complaints(answer.text) == {
        "cardNumber": "Your card was declined. Please try another card."
    }


def test_challenge_fails_then_passes(fake: Fake) -> None:
    session = fake.session()
    card = {**CARD, "cardNumber": "4000002500003155"}

    challenged = submit(fake, session, **card)
    assert challenged.headers["Location"] == f"/c/pay/{session.id}/authenticate"
    page = requests.get(fake.url + challenged.headers["Location"], timeout=PATIENCE).text
    assert "Complete" in page
    failed = submit(fake, session, "/authenticate", answer="fail")
    back = requests.get(fake.url + failed.headers["Location"], timeout=PATIENCE).text
    assert "We are unable to authenticate your payment method." in back
    submit(fake, session, **card)
    passed = submit(fake, session, "/authenticate", answer="complete")

    assert passed.headers["Location"].startswith("http://shop.test/success")
    assert fake.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    again = submit(fake, session, "/authenticate", answer="complete")
    assert again.headers["Location"] == f"/c/pay/{session.id}"


def test_direct_debit_is_checked_and_accepted(fake: Fake) -> None:
    session = fake.session()
    typed = {
        "email": "jane@example.com",
        "payment-method-accordion-item-title": "sepa_debit",
        "accountHolder": "Jane Doe",
    }

    wrong = submit(fake, session, **typed, iban="AT00 1904 3002 3547 3204")
    right = submit(fake, session, **typed, iban="AT32 1904 3002 3547 3204")

    assert complaints(wrong.text) == {"iban": "Your IBAN is invalid."}
    assert right.status_code == 303
    (intent,) = fake.v1.payment_intents.list().data
    assert intent.status == "processing"


def test_saved_card_is_offered_used_and_removed(fake: Fake) -> None:
    first = fake.session(customer_creation="always", saved_payment_method_options=SAVING)
    submit(fake, first, **CARD, savePaymentMethod="on")
    customer = fake.v1.checkout.sessions.retrieve(first.id).customer
    (method,) = fake.v1.customers.payment_methods.list(str(customer)).data

    second = fake.session(customer=customer, saved_payment_method_options=SAVING)
    page = requests.get(second.url, timeout=PATIENCE).text
    assert "Visa •••• 4242" in page
    assert re.search(r'id="email"[^>]* value="jane@example.com" readonly', page)
    paid = submit(fake, second, **{"payment-method-accordion-item-title": method.id})
    assert paid.status_code == 303

    third = fake.session(customer=customer, saved_payment_method_options=SAVING)
    removed = submit(fake, third, "/remove", remove=method.id)
    assert removed.headers["Location"] == f"/c/pay/{third.id}"
    assert "•••• 4242" not in requests.get(third.url, timeout=PATIENCE).text
    assert fake.v1.customers.payment_methods.list(str(customer)).data == []


def test_saved_card_of_somebody_else_cannot_be_used(fake: Fake) -> None:
    first = fake.session(customer_creation="always", saved_payment_method_options=SAVING)
    submit(fake, first, **CARD, savePaymentMethod="on")
    customer = fake.v1.checkout.sessions.retrieve(first.id).customer
    (method,) = fake.v1.customers.payment_methods.list(str(customer)).data
    stranger = fake.session()

    chosen = {"payment-method-accordion-item-title": method.id}
    answer = submit(fake, stranger, email="eve@example.com", **chosen)

    assert answer.status_code == 400
    assert fake.v1.checkout.sessions.retrieve(stranger.id).status == "open"


def test_shipping_address_is_asked_and_kept(fake: Fake) -> None:
    fixed = {"amount": 490, "currency": "eur"}
    rate = {"display_name": "Post", "type": "fixed_amount", "fixed_amount": fixed}
    session = fake.session(
        shipping_address_collection={"allowed_countries": ["AT", "DE"]},
        shipping_options=[{"shipping_rate_data": rate}],
    )
    where = {
        "shippingName": "Jane Doe",
        "shippingAddressLine1": "Ring 1",
        "shippingPostalCode": "1010",
        "shippingLocality": "Wien",
    }

    missing = submit(fake, session, **CARD)
    wrong = submit(fake, session, **CARD, **where, shippingCountry="US")
    right = submit(fake, session, **CARD, **where, shippingCountry="DE")

    assert set(complaints(missing.text)) == {
        "shippingName", "shippingAddressLine1", "shippingPostalCode", "shippingLocality",
        "shippingCountry",
    }  # fmt: skip
    assert complaints(wrong.text) == {"shippingCountry": "Choose a country."}
    assert right.status_code == 303
    kept = fake.v1.checkout.sessions.retrieve(session.id).collected_information
    assert kept is not None
    assert kept.shipping_details is not None
    assert kept.shipping_details.address.country == "DE"


@pytest.mark.parametrize(
    ("estimate", "language", "words"),
    [
        (
            {"minimum": ("business_day", 2), "maximum": ("business_day", 4)},
            "en",
            "2–4 business days",
        ),
        ({"minimum": ("business_day", 2), "maximum": ("business_day", 4)}, "de", "2–4 Werktage"),
        ({"maximum": ("week", 3)}, "en", "3 weeks"),
        ({"minimum": ("day", 1), "maximum": ("day", 1)}, "de", "1 Tag<"),
        ({"maximum": ("business_day", 1)}, "en", "1 business day<"),
        ({"maximum": ("business_day", 1)}, "de", "1 Werktag<"),
    ],
)
def test_how_long_a_delivery_takes_is_shown(
    fake: Fake, estimate: dict[str, tuple[str, int]], language: str, words: str
) -> None:
    rate: dict[str, Any] = {
        "display_name": "Post",
        "type": "fixed_amount",
        "fixed_amount": {"amount": 490, "currency": "eur"},
        "delivery_estimate": {
            end: {"unit": unit, "value": value} for end, (unit, value) in estimate.items()
        },
    }

    session = fake.session(locale=language, shipping_options=[{"shipping_rate_data": rate}])

    assert words in requests.get(session.url, timeout=PATIENCE).text


def test_nobody_pays_a_total_that_was_not_shown(fake: Fake) -> None:
    def rate(name: str, amount: int) -> dict[str, Any]:
        fixed = {"amount": amount, "currency": "eur"}
        data = {"display_name": name, "type": "fixed_amount", "fixed_amount": fixed}
        return {"shipping_rate_data": data}

    session = fake.session(shipping_options=[rate("Post", 490), rate("Courier", 990)])
    courier = {"shippingRate": session.shipping_options[1].shipping_rate}

    first = submit(fake, session, **CARD, **courier)
    second = submit(fake, session, **CARD, **courier)

    assert first.status_code == 200
    assert "The total has changed" in first.text
    assert ">Pay €29.90</button>" in first.text
    assert second.status_code == 303
    assert fake.v1.checkout.sessions.retrieve(session.id).amount_total == 2990


def test_tax_id_is_kept_with_the_customer(fake: Fake) -> None:
    session = fake.session(customer_creation="always", tax_id_collection={"enabled": True})

    submit(
        fake, session, **CARD, taxIdType="eu_vat", taxId="ATU12345678", businessName="Muster GmbH"
    )

    details = fake.v1.checkout.sessions.retrieve(session.id)
    assert details.customer_details is not None
    assert details.customer_details.tax_ids is not None
    assert details.customer_details.tax_ids[0].value == "ATU12345678"
    assert len(fake.v1.customers.tax_ids.list(str(details.customer)).data) == 1


def test_nothing_to_pay_asks_for_no_card(fake: Fake) -> None:
    session = fake.session(0)

    page = requests.get(session.url, timeout=PATIENCE).text
    done = submit(fake, session, email="jane@example.com")

    assert "cardNumber" not in page
    assert done.status_code == 303


def test_ended_sessions_say_so(fake: Fake) -> None:
    complete, expired = fake.session(), fake.session()
    submit(fake, complete, **CARD)
    fake.v1.checkout.sessions.expire(expired.id)

    pages = [
        requests.get(f"{fake.url}/c/pay/{one}", timeout=PATIENCE)
        for one in (complete.id, expired.id, "cs_test_no")
    ]

    titles = [re.findall("<h1>(.*?)</h1>", page.text)[0] for page in pages]
    assert titles == [
        "You have already paid",
        "This payment page has expired",
        "There is no such payment page",
    ]
    assert [page.status_code for page in pages] == [200, 200, 404]
    assert "has expired" in submit(fake, expired, **CARD).text
    assert fake.v1.checkout.sessions.retrieve(expired.id).payment_intent is None


def test_page_waits_for_the_webhooks_answer_before_it_goes_back(
    fake: Fake, receiver: Receiver
) -> None:
    fake.control("webhooks", {"endpoint": receiver.url})
    receiver.gate.clear()
    session = fake.session()
    answers: list[requests.Response] = []
    customer = threading.Thread(target=lambda: answers.append(submit(fake, session, **CARD)))

    customer.start()
    eventually(lambda: any(b"checkout.session.completed" in body for body in receiver.begun))
    answered_before = len(answers)
    receiver.gate.set()
    customer.join()

    assert (answered_before, [answer.status_code for answer in answers]) == (0, [303])
    assert "checkout.session.completed" in receiver.types()


@pytest.mark.parametrize("mode", ["drop", "hold", "delay"])
def test_page_does_not_wait_for_what_is_held_back(
    fake: Fake, receiver: Receiver, tmp_path: Path, mode: str
) -> None:
    webhook = {"endpoint": receiver.url, "mode": mode, "seconds": 3600}
    fake.control("webhooks", webhook)

    submit(fake, fake.session(), **CARD)

    assert receiver.got == []

    def ask() -> None:
        # The page itself would stop to wait after a while: this never would.
        stand_in = StandIn(tmp_path / "state.sqlite3")
        asyncio.run(asyncio.wait_for(answered(stand_in, webhook), PATIENCE))

    # In a thread of its own, since a browser of this process may keep its event loop in this one.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(ask).result()


async def answered(stand_in: StandIn, webhook: dict[str, Any]) -> None:
    """Have an event and wait until its endpoint has answered."""
    set_endpoint(stand_in, webhook)
    with stand_in.transaction() as tx:
        create_customer(tx, {})
        events = list(tx.events)
    await stand_in.deliveries.answered(events, math.inf)


def test_receipt_can_be_read(fake: Fake) -> None:
    charge = fake.paid(1234).latest_charge

    page = requests.get(charge.receipt_url, timeout=PATIENCE)

    assert page.status_code == 200
    assert "€12.34" in page.text


def test_pressing_twice_leads_to_the_success_page_twice(fake: Fake) -> None:
    session = fake.session()

    first, second = (submit(fake, session, **CARD) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert len(fake.v1.charges.list().data) == 1


def test_whole_billing_address_is_asked_where_required(fake: Fake) -> None:
    session = fake.session(billing_address_collection="required")
    where = {
        "billingAddressLine1": "Ring 1",
        "billingPostalCode": "1010",
        "billingLocality": "Wien",
    }

    missing = submit(fake, session, **CARD)
    right = submit(fake, session, **CARD, **where)

    assert set(complaints(missing.text)) == set(where)
    assert right.status_code == 303
    details = fake.v1.checkout.sessions.retrieve(session.id).customer_details
    assert details is not None
    assert details.address is not None
    assert (details.address.line1, details.address.city) == ("Ring 1", "Wien")


@pytest.mark.parametrize(
    ("params", "shown"),
    [({}, False), ({"customer_creation": "always"}, True), ({"customer": "cus"}, True)],
)
def test_cards_are_offered_to_be_kept_where_there_is_a_customer_to_keep_them_for(
    fake: Fake, params: dict[str, Any], shown: bool
) -> None:
    if "customer" in params:
        params = {"customer": fake.v1.customers.create({"email": "a@example.com"}).id}
    session = fake.session(saved_payment_method_options=SAVING, **params)

    page = requests.get(session.url, timeout=PATIENCE).text

    assert ('id="enableStripePass"' in page) == shown
