"""PaymentIntents that a server makes: confirmed at once or later, raised, captured in parts."""

from typing import Any

import pytest
import requests
import stripe

from tests.fake_stripe.rig import Fake
from tests.support.waiting import PATIENCE

BACK = "https://shop.test/back"


def create(fake: Fake, **params: Any) -> Any:
    fields: Any = {"amount": 2000, "currency": "eur", "payment_method": "pm_card_visa", **params}
    if fields.get("confirm"):
        fields.setdefault("return_url", BACK)
    return fake.v1.payment_intents.create(fields)


def refused(fake: Fake, **params: Any) -> Any:
    with pytest.raises(stripe.StripeError) as caught:
        create(fake, **params)
    return caught.value


def saved_card(fake: Fake, number: str) -> tuple[str, str]:
    """A customer with a card that they have kept on the payment page."""
    customer = fake.v1.customers.create({"email": "ada@example.com"}).id
    keeping = {"setup_future_usage": "off_session"}
    session = fake.session(customer=customer, payment_intent_data=keeping)
    fake.pay(session.id, card=number)
    return customer, fake.v1.payment_methods.list({"customer": customer}).data[0].id


def test_unconfirmed_intent_waits_and_confirms_later(fake: Fake) -> None:
    bare = fake.v1.payment_intents.create({"amount": 2000, "currency": "eur"})
    waiting = create(fake)

    confirmed = fake.v1.payment_intents.confirm(waiting.id, {"return_url": BACK})

    assert (bare.status, waiting.status) == ("requires_payment_method", "requires_confirmation")
    assert (confirmed.status, confirmed.amount_received) == ("succeeded", 2000)


def test_manual_intent_is_held_then_captured(fake: Fake) -> None:
    held = create(fake, confirm=True, capture_method="manual")

    captured = fake.v1.payment_intents.capture(held.id)

    assert (held.status, held.amount_capturable) == ("requires_capture", 2000)
    assert (captured.status, captured.amount_received) == ("succeeded", 2000)


def test_decline_is_a_card_error_and_the_attempt_is_kept(fake: Fake) -> None:
    error = refused(fake, payment_method="pm_card_chargeDeclinedInsufficientFunds", confirm=True)

    assert isinstance(error, stripe.CardError)
    assert (error.http_status, error.code) == (402, "card_declined")
    assert error.error.decline_code == "insufficient_funds"
    kept = fake.intent(error.error.payment_intent.id)
    assert (kept.status, kept.latest_charge.status) == ("requires_payment_method", "failed")
    assert fake.types() == ["payment_intent.created", "charge.failed",
                            "payment_intent.payment_failed"]  # fmt: skip


def test_decline_is_replayed_under_its_key_and_not_tried_again(fake: Fake) -> None:
    data = {"amount": 2000, "currency": "eur", "payment_method": "pm_card_chargeDeclined",
            "confirm": "true", "return_url": BACK}  # fmt: skip

    answers = [
        fake.raw("POST", "/v1/payment_intents", data=data, headers={"Idempotency-Key": "once"})
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [402, 402]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert fake.types().count("charge.failed") == 1


def test_saved_card_is_charged_without_its_customer(fake: Fake) -> None:
    customer, card = saved_card(fake, "4242424242424242")

    paid = create(fake, customer=customer, payment_method=card, off_session=True, confirm=True)

    assert (paid.status, paid.customer, paid.payment_method) == ("succeeded", customer, card)


@pytest.mark.parametrize(
    ("number", "passes"),
    [("4000002500003155", True), ("4000002760003184", False), ("4000003800000446", True)],
)
def test_card_that_asks_can_or_cannot_be_charged_alone(
    fake: Fake, number: str, passes: bool
) -> None:
    customer, card = saved_card(fake, number)
    params = {"customer": customer, "payment_method": card, "off_session": True, "confirm": True}

    if passes:
        assert create(fake, **params).status == "succeeded"
        return
    error = refused(fake, **params)

    assert (error.http_status, error.error.code) == (402, "authentication_required")
    assert error.error.payment_intent.status == "requires_payment_method"


def test_x1_who_is_away_is_sent_nowhere(fake: Fake) -> None:
    customer, card = saved_card(fake, "4242424242424242")
    params: Any = {"amount": 900, "currency": "eur", "customer": customer, "payment_method": card}

    paid = fake.v1.payment_intents.create({**params, "off_session": True, "confirm": True})

    assert paid.status == "succeeded"


def test_x4_an_authentication_that_nobody_can_give_makes_no_charge(fake: Fake) -> None:
    customer, card = saved_card(fake, "4000002760003184")
    params = {"customer": customer, "payment_method": card, "off_session": True, "confirm": True}
    charges = len(fake.v1.charges.list().data)

    error = refused(fake, **params).error

    assert error.decline_code == "authentication_required"
    assert (error.payment_intent.latest_charge, error.charge) == (None, None)
    assert len(fake.v1.charges.list().data) == charges


def test_x4_a_method_that_was_never_kept_pays_once(fake: Fake) -> None:
    method = fake.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}}).id
    assert create(fake, payment_method=method, confirm=True).status == "succeeded"

    again = refused(fake, payment_method=method, confirm=True)
    with pytest.raises(stripe.InvalidRequestError) as kept:
        fake.v1.payment_methods.attach(method, {"customer": fake.v1.customers.create().id})

    assert "may not be used again" in str(again)
    assert "may not be used again" in str(kept.value)


def test_x4_a_method_that_was_declined_can_be_tried_again(fake: Fake) -> None:
    method = fake.v1.payment_methods.create(
        {"type": "card", "card": {"token": "tok_chargeDeclined"}}
    ).id

    errors = [refused(fake, payment_method=method, confirm=True) for _ in range(2)]

    assert [error.code for error in errors] == ["card_declined", "card_declined"]


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("tok_chargeDeclined", "card_declined"),
        ("tok_chargeDeclinedExpiredCard", "expired_card"),
        ("tok_chargeCustomerFail", None),
        ("tok_visa", None),
    ],
)
def test_x4_a_card_that_declines_is_not_kept(fake: Fake, token: str, code: str | None) -> None:
    method = fake.v1.payment_methods.create({"type": "card", "card": {"token": token}}).id
    customer = fake.v1.customers.create().id

    if code is None:
        assert fake.v1.payment_methods.attach(method, {"customer": customer}).customer == customer
        return
    with pytest.raises(stripe.CardError) as declined:
        fake.v1.payment_methods.attach(method, {"customer": customer})

    assert declined.value.code == code
    assert fake.v1.payment_methods.retrieve(method).customer is None


def test_another_customers_card_is_refused(fake: Fake) -> None:
    _, card = saved_card(fake, "4242424242424242")
    other = fake.v1.customers.create({"email": "bob@example.com"}).id

    error = refused(fake, customer=other, payment_method=card, off_session=True, confirm=True)

    assert (error.http_status, error.param) == (400, "payment_method")


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"off_session": True}, "off_session"),
        ({"amount": 10}, "amount"),
        ({"amount": 0}, "amount"),
        ({"currency": "xxx"}, "currency"),
        ({"payment_method": "pm_nobody"}, "payment_method"),
        ({"customer": "cus_nobody"}, "customer"),
        ({"confirm": True, "return_url": "nowhere"}, "return_url"),
        ({"payment_method_types": ["card"]}, "payment_method_types"),
        ({"capture_method": "later"}, "capture_method"),
        ({"receipt_email": "nobody"}, "receipt_email"),
    ],
)
def test_wrong_parameter_is_refused_and_nothing_is_made(
    fake: Fake, params: dict[str, Any], param: str
) -> None:
    error = refused(fake, **params)

    assert (error.http_status, error.param) == (400, param)
    assert fake.v1.payment_intents.list().data == []


def test_confirming_needs_an_address_to_come_back_to(fake: Fake) -> None:
    waiting = create(fake)

    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.payment_intents.confirm(waiting.id)
    paid = create(
        fake, confirm=True, automatic_payment_methods={"enabled": True, "allow_redirects": "never"}
    )

    assert caught.value.param == "return_url"
    assert paid.status == "succeeded"


@pytest.mark.parametrize(("answer", "ends"), [("complete", "succeeded"), ("fail", "failed")])
def test_customer_confirms_on_a_page_and_comes_back(fake: Fake, answer: str, ends: str) -> None:
    asking = create(fake, payment_method="pm_card_authenticationRequired", confirm=True)
    there = asking.next_action.redirect_to_url.url

    shown = requests.get(there, timeout=PATIENCE)
    back = requests.post(there, data={"answer": answer}, allow_redirects=False, timeout=PATIENCE)

    assert (asking.status, shown.status_code) == ("requires_action", 200)
    assert back.headers["Location"].startswith(f"{BACK}?payment_intent={asking.id}")
    assert back.headers["Location"].endswith(f"redirect_status={ends}")
    status = fake.intent(asking.id).status
    assert status == ("succeeded" if answer == "complete" else "requires_payment_method")


def test_checkouts_own_intent_cannot_be_confirmed(fake: Fake) -> None:
    session = fake.session()
    fake.controlled(f"sessions/{session.id}/pay", {"card": "4000000000000002"})
    intent = fake.v1.checkout.sessions.retrieve(session.id).payment_intent

    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.payment_intents.confirm(str(intent), {"payment_method": "pm_card_visa"})

    assert caught.value.code == "payment_intent_unexpected_state"


def test_hold_is_raised_only_where_that_was_asked(fake: Fake) -> None:
    options = {"card": {"request_incremental_authorization": "if_available"}}
    plain = create(fake, confirm=True, capture_method="manual")
    held = create(fake, confirm=True, capture_method="manual", payment_method_options=options)

    raised = fake.v1.payment_intents.increment_authorization(held.id, {"amount": 2500})
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.payment_intents.increment_authorization(plain.id, {"amount": 2500})
    with pytest.raises(stripe.InvalidRequestError) as lower:
        fake.v1.payment_intents.increment_authorization(held.id, {"amount": 2400})

    assert (raised.amount, raised.amount_capturable) == (2500, 2500)
    assert lower.value.param == "amount"
    assert fake.intent(plain.id).amount == 2000


def test_hold_is_captured_in_parts_where_that_was_asked(fake: Fake) -> None:
    options = {"card": {"request_multicapture": "if_available"}}
    held = create(fake, confirm=True, capture_method="manual", payment_method_options=options)
    part: Any = {"amount_to_capture": 500, "final_capture": False}

    first = fake.v1.payment_intents.capture(held.id, part)
    last = fake.v1.payment_intents.capture(held.id, {"amount_to_capture": 700})

    assert (first.status, first.amount_received, first.amount_capturable) == (
        "requires_capture", 500, 1500,
    )  # fmt: skip
    assert (last.status, last.amount_received) == ("succeeded", 1200)
    charge = fake.intent(held.id).latest_charge
    assert (charge.amount_captured, charge.amount_refunded) == (1200, 800)


def test_part_capture_that_goes_on_is_refused_elsewhere(fake: Fake) -> None:
    held = create(fake, confirm=True, capture_method="manual")

    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.payment_intents.capture(held.id, {"amount_to_capture": 5, "final_capture": False})

    assert caught.value.param == "final_capture"
    assert fake.intent(held.id).status == "requires_capture"


VERBS = {
    "confirm": {"requires_payment_method", "requires_confirmation", "requires_action"},
    "capture": {"requires_capture"},
    "cancel": {
        "requires_payment_method", "requires_confirmation", "requires_action", "requires_capture",
    },
    "update": {"requires_payment_method", "requires_confirmation", "requires_action"},
}  # fmt: skip


def intent_in(fake: Fake, status: str) -> str:
    """An intent that has come to a status."""
    match status:
        case "requires_payment_method":
            made = fake.v1.payment_intents.create({"amount": 2000, "currency": "eur"})
        case "requires_confirmation":
            made = create(fake)
        case "requires_action":
            made = create(fake, payment_method="pm_card_authenticationRequired", confirm=True)
        case "requires_capture":
            made = create(fake, confirm=True, capture_method="manual")
        case "succeeded":
            made = create(fake, confirm=True)
        case _:
            made = fake.v1.payment_intents.cancel(create(fake).id)
    assert made.status == status
    return str(made.id)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", [*sorted(VERBS["cancel"]), "succeeded", "canceled"])
def test_each_status_allows_its_verbs_and_no_others(fake: Fake, verb: str, status: str) -> None:
    intent = intent_in(fake, status)
    intents = fake.v1.payment_intents
    calls = {
        "confirm": lambda: intents.confirm(
            intent, {"payment_method": "pm_card_visa", "return_url": BACK}
        ),
        "capture": lambda: intents.capture(intent),
        "cancel": lambda: intents.cancel(intent),
        "update": lambda: intents.update(intent, {"amount": 3000}),
    }

    if status in VERBS[verb]:
        calls[verb]()
        return
    with pytest.raises(stripe.InvalidRequestError) as caught:
        calls[verb]()

    assert caught.value.code == "payment_intent_unexpected_state"
    assert fake.intent(intent).status == status


@pytest.mark.parametrize(("kind", "currency", "later"), [("oxxo", "mxn", 200), ("blik", "pln", 5)])
def test_method_without_a_page_is_paid_by_the_clock(
    fake: Fake, kind: str, currency: str, later: int
) -> None:
    data = {"type": kind, "billing_details": {"email": "ada@example.com", "name": "Ada"}}
    waiting = fake.v1.payment_intents.create(
        {"amount": 20000, "currency": currency, "confirm": True, "return_url": BACK,
         "payment_method_data": data}
    )  # fmt: skip
    details = waiting.next_action.to_dict().get("oxxo_display_details")
    shown = requests.get(details["hosted_voucher_url"], timeout=PATIENCE).text if details else ""

    fake.control("clock", {"advance": later})

    assert waiting.status == "requires_action"
    assert fake.intent(waiting.id).status == "succeeded"
    assert not details or "Your OXXO voucher" in shown


def test_account_that_cannot_be_one_is_refused(fake: Fake) -> None:
    data = {"type": "sepa_debit", "sepa_debit": {"iban": "AT00"}}

    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.payment_intents.create(
            {"amount": 2000, "currency": "eur", "payment_method_data": data}
        )

    assert caught.value.param == "payment_method_data[sepa_debit]"


DAY = 24 * 60 * 60


@pytest.mark.parametrize(
    ("card", "away", "lasts"),
    [
        ("visa", True, 4 * DAY + 18 * 3600),
        ("visa", False, 7 * DAY),
        ("mastercard", True, 7 * DAY),
    ],
)
def test_hold_lasts_as_the_network_allows(fake: Fake, card: str, away: bool, lasts: int) -> None:
    customer = fake.v1.customers.create({"payment_method": f"pm_card_{card}"}).id
    (method,) = fake.v1.payment_methods.list({"customer": customer}).data
    intent = fake.v1.payment_intents.create(
        {
            "amount": 2000, "currency": "eur", "customer": customer, "payment_method": method.id,
            "capture_method": "manual", "confirm": True, "off_session": away,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
    )  # fmt: skip

    charge = fake.intent(intent.id).latest_charge
    assert charge.payment_method_details.card.capture_before == charge.created + lasts
    fake.control("clock", {"advance": lasts - 60})
    assert fake.intent(intent.id).status == "requires_capture"
    fake.control("clock", {"advance": 120})
    assert fake.intent(intent.id).status == "canceled"


def test_currency_of_an_intent_is_changed_in_small_letters(fake: Fake) -> None:
    intent = fake.v1.payment_intents.create({"amount": 500, "currency": "eur"})

    changed = fake.v1.payment_intents.update(intent.id, {"currency": "USD"})

    assert changed.currency == "usd"


def test_method_of_another_or_taken_away_is_refused_before_the_confirmation(fake: Fake) -> None:
    customer, method = saved_card(fake, "4242424242424242")
    other = fake.v1.customers.create({"email": "bob@example.com"}).id

    of_another = refused(fake, customer=other, payment_method=method)
    fake.v1.payment_methods.detach(method)
    taken_away = refused(fake, customer=customer, payment_method=method)

    assert (of_another.http_status, of_another.param) == (400, "payment_method")
    assert "must be attached to the customer" in str(of_another)
    assert "may not be used again" in str(taken_away)


def test_method_that_is_taken_away_before_its_confirmation_is_refused(fake: Fake) -> None:
    customer, method = saved_card(fake, "4242424242424242")
    intent = create(fake, customer=customer, payment_method=method)
    fake.v1.payment_methods.detach(method)

    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.payment_intents.confirm(intent.id, {"off_session": True})

    assert caught.value.param == "payment_method"
    assert fake.v1.payment_intents.retrieve(intent.id).status == "requires_confirmation"


@pytest.mark.parametrize(
    "advice", ["do_not_try_again", "try_again_later", "confirm_card_data", "none"]
)
def test_declined_card_carries_what_its_bank_advises(fake: Fake, advice: str) -> None:
    fake.control("assumptions", {"advice": advice})
    told = None if advice == "none" else advice

    error = refused(fake, payment_method="pm_card_chargeDeclined", confirm=True)

    intent = fake.v1.payment_intents.retrieve(
        error.error.payment_intent.id, {"expand": ["latest_charge"]}
    )
    assert getattr(error.error, "advice_code", None) == told
    assert getattr(intent.last_payment_error, "advice_code", None) == told
    assert getattr(intent.latest_charge.outcome, "advice_code", None) == told
