"""A session from its making to its end, and the events that Stripe sends on the way."""

import time
from typing import Any

import pytest
import stripe

from tests.fake_stripe.rig import Fake

HOUR = 60 * 60
INSTANT = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "charge.updated",
    "checkout.session.completed",
]


def test_fresh_session_has_totals_and_no_payment_intent(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Cup", "images": ["https://a.test/cup.png"]})
    price = fake.v1.prices.create({"product": product.id, "currency": "eur", "unit_amount": 450})
    fields: Any = {
        "mode": "payment",
        "success_url": "https://shop.test/done",
        "line_items": [
            {"price": price.id, "quantity": 2},
            {
                "price_data": {
                    "currency": "eur",
                    "unit_amount_decimal": "33.5",
                    "product_data": {"name": "Ribbon"},
                },
                "quantity": 3,
            },
        ],
        "metadata": {"order": "1"},
        "expand": ["line_items.data.price.product"],
    }

    session = fake.v1.checkout.sessions.create(fields)

    assert (session.amount_subtotal, session.amount_total, session.currency) == (1001, 1001, "eur")
    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert session.payment_intent is None
    assert session.metadata.to_dict() == {"order": "1"}
    assert str(session.url).startswith(f"{fake.url}/c/pay/{session.id}#")
    lines = [
        (line.description, line.quantity, line.amount_total, line.price.product.active)
        for line in session.line_items.data
    ]
    assert lines == [("Cup", 2, 900, True), ("Ribbon", 3, 101, False)]


def test_card_pays_at_once(fake: Fake) -> None:
    session = fake.session(
        payment_intent_data={"metadata": {"order": "7"}, "description": "Order 7"},
        metadata={"order": "7"},
    )

    fake.pay(session.id, card="4242 4242 4242 4242", email="jane@example.com", name="Jane")

    session = fake.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert session.customer_details.email == "jane@example.com"
    assert session.customer is None
    intent = session.payment_intent
    assert (intent.status, intent.amount_received) == ("succeeded", 2000)
    assert intent.metadata.to_dict() == {"order": "7"}
    charge = intent.latest_charge
    assert (charge.captured, charge.amount_captured, charge.paid) == (True, 2000, True)
    assert charge.payment_method_details.card.last4 == "4242"
    assert charge.balance_transaction.net == 2000 - charge.balance_transaction.fee
    assert fake.types() == INSTANT


def test_declined_card_leaves_the_session_open_for_another(fake: Fake) -> None:
    session = fake.session()

    refused = fake.controlled(f"sessions/{session.id}/pay", {"card": "4000000000009995"})

    error = refused.json()["error"]
    assert refused.status_code == 402
    assert (error["code"], error["decline_code"]) == ("card_declined", "insufficient_funds")
    session = fake.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert session.payment_intent.status == "requires_payment_method"
    assert session.payment_intent.last_payment_error.decline_code == "insufficient_funds"
    first = session.payment_intent.id
    assert fake.pay(session.id)["payment_intent"] == first
    assert fake.types() == [
        "payment_intent.created", "charge.failed", "payment_intent.payment_failed", *INSTANT[1:]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000000000009987", "card_declined", "lost_card"),
        ("4000000000000069", "expired_card", None),
        ("4000000000000127", "incorrect_cvc", None),
        ("4000000000000119", "processing_error", None),
        ("4000008260003178", "card_declined", "insufficient_funds"),
        ("4111111111111111", "card_declined", "test_mode_live_card"),
        ("4242424242424241", "incorrect_number", None),
    ],
)
def test_each_card_is_declined_in_its_way(
    fake: Fake, card: str, code: str, decline_code: str | None
) -> None:
    session = fake.session()

    refused = fake.controlled(f"sessions/{session.id}/pay", {"card": card})

    error = refused.json()["error"]
    assert refused.status_code == 402
    assert (error["code"], error.get("decline_code")) == (code, decline_code)


@pytest.mark.parametrize(
    ("card", "brand"),
    [
        ("6205500000000000004", "unionpay"),
        ("5555555555554444", "mastercard"),
        ("378282246310005", "amex"),
        ("36227206271667", "diners"),
    ],
)
def test_each_brand_pays(fake: Fake, card: str, brand: str) -> None:
    charge = fake.paid(card=card).latest_charge

    assert charge.payment_method_details.card.brand == brand
    assert charge.payment_method_details.card.last4 == card[-4:]


def test_authentication_passes_or_fails(fake: Fake) -> None:
    failing, passing = fake.session(), fake.session()

    refused = fake.controlled(
        f"sessions/{failing.id}/pay", {"card": "4000002500003155", "authenticate": "fail"}
    )
    paid = fake.pay(passing.id, card="4000002500003155")

    assert refused.json()["error"]["code"] == "payment_intent_authentication_failure"
    assert paid["payment_status"] == "paid"
    charge = fake.intent(paid["payment_intent"]).latest_charge
    assert charge.payment_method_details.card.three_d_secure.result == "authenticated"
    assert fake.types() == [
        "payment_intent.created",
        "payment_intent.requires_action",
        "payment_intent.payment_failed",
        "payment_intent.created",
        "payment_intent.requires_action",
        *INSTANT[1:],
    ]


@pytest.mark.parametrize(
    "options",
    [
        {"payment_intent_data": {"capture_method": "manual"}},
        {"payment_method_options": {"card": {"capture_method": "manual"}}},
    ],
)
def test_held_card_completes_unpaid(fake: Fake, options: dict[str, Any]) -> None:
    session = fake.session(**options)

    before = fake.control("clock")["now"]
    paid = fake.pay(session.id)
    after = fake.control("clock")["now"]

    assert (paid["status"], paid["payment_status"]) == ("complete", "unpaid")
    intent = fake.intent(paid["payment_intent"])
    assert (intent.status, intent.amount_capturable, intent.amount_received) == (
        "requires_capture", 2000, 0,
    )  # fmt: skip
    charge = intent.latest_charge
    week = 7 * 24 * 60 * 60
    assert before <= charge.payment_method_details.card.capture_before - week <= after
    assert (charge.captured, charge.balance_transaction) == (False, None)
    assert fake.types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "checkout.session.completed",
    ]


def test_hold_for_all_takes_direct_debit_off_the_page_and_per_method_keeps_it(fake: Fake) -> None:
    everywhere = fake.session(payment_intent_data={"capture_method": "manual"})
    on_cards = fake.session(payment_method_options={"card": {"capture_method": "manual"}})

    assert everywhere.payment_method_types == [
        "card", "link", "amazon_pay", "klarna", "paypal", "revolut_pay",
    ]  # fmt: skip
    assert "sepa_debit" in on_cards.payment_method_types
    fake.pay(on_cards.id, method="sepa_debit")
    fake.control("clock", {"advance": 200})
    session = fake.v1.checkout.sessions.retrieve(on_cards.id, {"expand": ["payment_intent"]})
    assert (session.payment_status, session.payment_intent.status) == ("paid", "succeeded")


def test_direct_debit_succeeds_three_minutes_later(fake: Fake) -> None:
    session = fake.session()

    processing = fake.pay(session.id, method="sepa_debit", iban="AT321904300235473204")

    assert (processing["status"], processing["payment_status"]) == ("complete", "unpaid")
    assert fake.intent(processing["payment_intent"]).status == "processing"
    fake.control("clock", {"advance": 170})
    assert fake.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    fake.control("clock", {"advance": 15})
    assert fake.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert fake.types() == [
        "payment_intent.created",
        "payment_intent.processing",
        "charge.pending",
        "checkout.session.completed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
        "checkout.session.async_payment_succeeded",
    ]


def test_direct_debit_fails(fake: Fake) -> None:
    session = fake.session()
    fake.pay(session.id, method="sepa_debit", iban="AT861904300235473202")

    fake.control("clock", {"advance": 180})

    session = fake.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    assert session.payment_intent.status == "requires_payment_method"
    assert fake.types()[-3:] == [
        "charge.failed",
        "payment_intent.payment_failed",
        "checkout.session.async_payment_failed",
    ]


def test_nothing_to_pay_completes_without_a_payment(fake: Fake) -> None:
    session = fake.session(0)

    done = fake.pay(session.id)

    assert (done["status"], done["payment_status"]) == ("complete", "no_payment_required")
    assert done["payment_intent"] is None
    assert fake.types() == ["checkout.session.completed"]


def test_session_ends_by_call_and_cannot_be_paid_any_more(fake: Fake) -> None:
    session = fake.session()

    ended = fake.v1.checkout.sessions.expire(session.id)

    assert (ended.status, ended.url) == ("expired", None)
    assert fake.types() == ["checkout.session.expired"]
    assert fake.controlled(f"sessions/{session.id}/pay", {}).status_code == 409
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.checkout.sessions.expire(session.id)


def test_session_ends_by_the_clock_and_cancels_what_was_tried(fake: Fake) -> None:
    expires_at = int(time.time()) + 2 * HOUR
    session = fake.session(expires_at=expires_at)
    fake.controlled(f"sessions/{session.id}/pay", {"card": "4000000000000002"})

    fake.control("clock", {"advance": HOUR})
    assert fake.v1.checkout.sessions.retrieve(session.id).status == "open"
    fake.control("clock", {"advance": HOUR + 10})

    session = fake.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (session.status, session.expires_at) == ("expired", expires_at)
    assert session.payment_intent.status == "canceled"
    assert fake.types()[-2:] == ["payment_intent.canceled", "checkout.session.expired"]


def test_sent_expiry_is_read_on_the_wall_and_falls_due_with_the_offset(fake: Fake) -> None:
    fake.control("clock", {"advance": 10 * 24 * 60 * 60})
    expires_at = int(time.time()) + 2 * HOUR

    session = fake.session(expires_at=expires_at)

    assert (session.status, session.expires_at) == ("open", expires_at)
    fake.control("clock", {"advance": HOUR})
    assert fake.v1.checkout.sessions.retrieve(session.id).status == "open"
    fake.control("clock", {"advance": HOUR + 10})
    assert fake.v1.checkout.sessions.retrieve(session.id).status == "expired"


@pytest.mark.parametrize("ahead", [29 * 60, 24 * HOUR + 10 * 60])
def test_expiry_has_bounds(fake: Fake, ahead: int) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(expires_at=int(time.time()) + ahead)

    assert refused.value.param == "expires_at"


def test_session_of_a_hold_counts_as_paid_after_capture(fake: Fake) -> None:
    intent = fake.held()

    fake.v1.payment_intents.capture(intent.id, {"amount_to_capture": 1500})

    (session,) = fake.v1.checkout.sessions.list({"payment_intent": intent.id}).data
    assert session.payment_status == "paid"


def test_shipping_choice_is_part_of_the_total(fake: Fake) -> None:
    def rate(name: str, amount: int) -> dict[str, object]:
        fixed = {"amount": amount, "currency": "eur"}
        return {"shipping_rate_data": {
            "display_name": name, "type": "fixed_amount", "fixed_amount": fixed
        }}  # fmt: skip

    session = fake.session(
        shipping_address_collection={"allowed_countries": ["AT", "DE"]},
        shipping_options=[rate("Post", 490), rate("Courier", 990)],
        phone_number_collection={"enabled": True},
    )
    assert session.amount_total == 2490
    courier = session.shipping_options[1].shipping_rate

    paid = fake.pay(session.id, shipping_rate=courier, name="Jane", phone="+431234")

    assert (paid["amount_subtotal"], paid["amount_total"]) == (2000, 2990)
    assert paid["shipping_cost"]["amount_total"] == 990
    assert paid["collected_information"]["shipping_details"]["name"] == "Jane"
    intent = fake.intent(paid["payment_intent"])
    assert (intent.amount, intent.shipping.phone) == (2990, "+431234")


def test_sessions_are_listed_by_filters(fake: Fake) -> None:
    customer = fake.v1.customers.create({"email": "jane@example.com"}).id
    mine = fake.session(customer=customer)
    other = fake.session()
    fake.pay(other.id, email="joe@example.com")

    def ids(**filters: object) -> list[str]:
        return [one.id for one in fake.v1.checkout.sessions.list(filters).data]  # type: ignore[arg-type]

    assert ids() == [other.id, mine.id]
    assert ids(customer=customer) == [mine.id]
    assert ids(status="complete") == [other.id]
    assert ids(customer_details={"email": "joe@example.com"}) == [other.id]
    assert ids(created={"gt": int(time.time()) + 100}) == []


def test_line_items_are_listed_in_order_page_by_page(fake: Fake) -> None:
    lines = [
        {
            "price_data": {
                "currency": "eur", "unit_amount": 100 + index,
                "product_data": {"name": f"Item {index}"},
            },
            "quantity": 1,
        }
        for index in range(23)
    ]  # fmt: skip
    session = fake.session(line_items=lines, expand=["line_items"])

    listed = fake.v1.checkout.sessions.line_items.list(session.id, {"limit": 10})

    assert len(session.line_items.data) == 10
    assert session.line_items.has_more
    names = [item.description for item in listed.auto_paging_iter()]
    assert names == [f"Item {index}" for index in range(23)]


def test_metadata_of_a_session_is_merged_and_unset(fake: Fake) -> None:
    session = fake.session(metadata={"a": "1", "b": "2"})

    fake.v1.checkout.sessions.update(session.id, {"metadata": {"a": "", "c": "3"}})

    session = fake.v1.checkout.sessions.retrieve(session.id)
    assert session.metadata.to_dict() == {"b": "2", "c": "3"}


def test_inactive_price_or_product_cannot_be_bought(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Cup"})
    price = fake.v1.prices.create({"product": product.id, "currency": "eur", "unit_amount": 450})
    line = [{"price": price.id, "quantity": 1}]
    fake.v1.products.update(product.id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(line_items=line)
    assert refused.value.code == "product_inactive"

    fake.v1.products.update(product.id, {"active": True})
    fake.v1.prices.update(price.id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.session(line_items=line)
    assert refused.value.param == "line_items[0][price]"


def test_price_in_several_currencies_follows_the_session(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Cup"})
    price = fake.v1.prices.create(
        {
            "product": product.id,
            "currency": "eur",
            "unit_amount": 450,
            "currency_options": {"usd": {"unit_amount": 500}},
            "expand": ["currency_options"],
        }
    )

    session = fake.session(line_items=[{"price": price.id, "quantity": 2}], currency="usd")

    assert price.currency_options is not None
    assert sorted(price.currency_options.to_dict()) == ["eur", "usd"]
    assert (session.currency, session.amount_total) == ("usd", 1000)
    assert session.payment_method_types == [
        "card", "link", "amazon_pay", "klarna", "paypal", "us_bank_account",
    ]  # fmt: skip
