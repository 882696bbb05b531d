"""Cards made ready for later: by Checkout in setup mode, and by SetupIntents of a server."""

from typing import Any

import pytest
import requests
import stripe
from playwright.sync_api import Browser

from tests.fake_stripe.browser import fill, opened, violations
from tests.fake_stripe.rig import SUCCESS, Fake
from tests.support.waiting import PATIENCE

ONCE = "4000002500003155"
DECLINED = "4000000000000002"
# Can be saved, and declines when it is charged.
SAVES_ONLY = "4000000000000341"
NO_REDIRECTS = {"enabled": True, "allow_redirects": "never"}


def session_of(fake: Fake, customer: Any = None, **params: Any) -> Any:
    if customer:
        params["customer"] = customer.id
    fields: Any = {"mode": "setup", "currency": "eur", "success_url": SUCCESS, **params}
    return fake.v1.checkout.sessions.create(fields)


def jane(fake: Fake) -> Any:
    return fake.v1.customers.create({"email": "jane@example.com", "name": "Jane"})


def setup(fake: Fake, **params: Any) -> Any:
    fields: Any = {"automatic_payment_methods": NO_REDIRECTS, **params}
    return fake.v1.setup_intents.create(fields)


def test_card_is_kept_openly_and_nothing_is_charged(fake: Fake) -> None:
    customer = jane(fake)
    session = session_of(fake, customer, setup_intent_data={"metadata": {"why": "tab"}})

    done = fake.pay(session.id)

    assert (session.amount_total, session.payment_status) == (None, "no_payment_required")
    assert (done["status"], done["payment_intent"]) == ("complete", None)
    assert done["customer_details"]["address"] is None
    intent = fake.v1.setup_intents.retrieve(done["setup_intent"], {"expand": ["latest_attempt"]})
    assert (intent.status, intent.customer, intent.usage) == (
        "succeeded", customer.id, "off_session"
    )  # fmt: skip
    assert (intent.metadata["why"], intent.latest_attempt.status) == ("tab", "succeeded")
    (method,) = fake.v1.payment_methods.list({"customer": customer.id}).data
    assert (method.id, method.allow_redisplay) == (intent.payment_method, "always")
    assert fake.v1.charges.list().data == []


def test_events_of_setting_up_come_in_order(fake: Fake) -> None:
    session = session_of(fake, customer_creation="always")

    fake.pay(session.id, card=ONCE)

    assert fake.types() == [
        "setup_intent.created", "setup_intent.requires_action", "customer.created",
        "payment_method.attached", "setup_intent.succeeded", "checkout.session.completed",
    ]  # fmt: skip


def test_declined_card_is_not_kept_and_another_can_be_tried(fake: Fake) -> None:
    customer = jane(fake)
    session = session_of(fake, customer)

    refused = fake.controlled(f"sessions/{session.id}/pay", {"card": DECLINED})
    kept = fake.v1.payment_methods.list({"customer": customer.id}).data
    done = fake.pay(session.id, card=SAVES_ONLY)

    assert (refused.status_code, refused.json()["error"]["code"]) == (402, "card_declined")
    assert kept == []
    assert done["status"] == "complete"
    assert fake.types().count("setup_intent.setup_failed") == 1


def test_authentication_that_fails_leaves_the_session_open(fake: Fake) -> None:
    session = session_of(fake, jane(fake))

    answer = fake.controlled(f"sessions/{session.id}/pay", {"card": ONCE, "authenticate": "fail"})

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (402, "setup_intent_authentication_failure")
    assert fake.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_expired_session_cancels_its_setup_intent(fake: Fake) -> None:
    session = session_of(fake, jane(fake))
    fake.controlled(f"sessions/{session.id}/pay", {"card": DECLINED})

    fake.v1.checkout.sessions.expire(session.id)

    (intent,) = fake.v1.setup_intents.list().data
    assert (intent.status, intent.cancellation_reason) == ("canceled", "abandoned")
    assert fake.types()[-2:] == ["setup_intent.canceled", "checkout.session.expired"]


def test_saved_card_pays_while_the_customer_is_away(fake: Fake) -> None:
    customer = jane(fake)
    done = fake.pay(session_of(fake, customer).id, card=ONCE)
    method = fake.v1.setup_intents.retrieve(done["setup_intent"]).payment_method

    intent = fake.v1.payment_intents.create(
        {
            "amount": 900, "currency": "eur", "customer": customer.id, "confirm": True,
            "payment_method": str(method), "off_session": True,
            "automatic_payment_methods": NO_REDIRECTS,
        }
    )  # fmt: skip

    assert intent.status == "succeeded"


def test_trial_asks_for_a_card_and_charges_it_when_it_ends(fake: Fake) -> None:
    data = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Tea"}}
    line = {"price_data": {**data, "recurring": {"interval": "month"}}, "quantity": 1}
    session = fake.session(
        mode="subscription", line_items=[line], subscription_data={"trial_period_days": 7}
    )

    done = fake.pay(session.id)
    trial = fake.v1.subscriptions.retrieve(done["subscription"])
    before = len(fake.types())
    fake.control("clock", {"advance": 8 * 24 * 60 * 60})

    assert (session.amount_total, done["payment_status"]) == (0, "no_payment_required")
    assert (trial.status, trial.trial_end - trial.trial_start) == ("trialing", 7 * 24 * 60 * 60)
    assert fake.types()[before] == "customer.subscription.trial_will_end"
    assert fake.types()[-1] == "invoice_payment.paid"
    assert fake.v1.subscriptions.retrieve(trial.id).status == "active"
    totals = [one.total for one in fake.v1.invoices.list({"subscription": trial.id}).data]
    assert totals == [900, 0]


def test_trial_without_a_card_where_none_is_asked(fake: Fake) -> None:
    data = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Tea"}}
    line = {"price_data": {**data, "recurring": {"interval": "month"}}, "quantity": 1}
    session = fake.session(
        mode="subscription", line_items=[line], payment_method_collection="if_required",
        subscription_data={"trial_period_days": 7},
    )  # fmt: skip

    done = fake.pay(session.id)
    fake.control("clock", {"advance": 8 * 24 * 60 * 60})

    subscription = fake.v1.subscriptions.retrieve(done["subscription"])
    assert (subscription.default_payment_method, subscription.status) == (None, "past_due")


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"currency": None}, "currency"),
        ({"line_items": [{"price": "price_1", "quantity": 1}]}, "line_items"),
        ({"payment_intent_data": {"description": "x"}}, "payment_intent_data"),
        ({"submit_type": "pay"}, "submit_type"),
        ({"phone_number_collection": {"enabled": True}}, "phone_number_collection"),
        ({"setup_intent_data": {"on_behalf_of": "acct_1"}}, "setup_intent_data[on_behalf_of]"),
    ],
)
def test_what_belongs_to_a_sale_is_refused(fake: Fake, params: dict[str, Any], param: str) -> None:
    fields = {"mode": "setup", "currency": "eur", "success_url": SUCCESS, **params}

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.checkout.sessions.create(
            {name: value for name, value in fields.items() if value is not None}  # type: ignore[arg-type]
        )

    assert refused.value.param == param


def test_server_sets_a_card_up(fake: Fake) -> None:
    customer = jane(fake)

    intent = setup(fake, customer=customer.id)
    waiting = fake.v1.setup_intents.update(intent.id, {"payment_method": "pm_card_visa"})
    done = fake.v1.setup_intents.confirm(intent.id)

    assert [one.status for one in (intent, waiting, done)] == [
        "requires_payment_method", "requires_confirmation", "succeeded"
    ]  # fmt: skip
    method = fake.v1.payment_methods.retrieve(str(done.payment_method))
    assert method.customer == customer.id
    (attempt,) = fake.v1.setup_attempts.list({"setup_intent": intent.id}).data
    assert (attempt.status, attempt.payment_method) == ("succeeded", method.id)
    assert [one.id for one in fake.v1.setup_intents.list({"customer": customer.id}).data] == [
        intent.id
    ]


def test_server_learns_of_a_decline(fake: Fake) -> None:
    with pytest.raises(stripe.CardError) as declined:
        setup(fake, confirm=True, payment_method="pm_card_chargeDeclined")

    (intent,) = fake.v1.setup_intents.list().data
    assert declined.value.code == "card_declined"
    assert (intent.status, intent.last_setup_error.code) == (
        "requires_payment_method", "card_declined"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "status", "outcome"),
    [("complete", "succeeded", "succeeded"), ("fail", "requires_payment_method", "failed")],
)
def test_customer_authenticates_on_a_page_of_the_bank(
    fake: Fake, answer: str, status: str, outcome: str
) -> None:
    intent = fake.v1.setup_intents.create(
        {
            "confirm": True, "payment_method": "pm_card_authenticationRequired",
            "return_url": "http://shop.test/back",
        }
    )  # fmt: skip
    there = str(intent.next_action.redirect_to_url.url)

    shown = requests.get(there, timeout=PATIENCE)
    back = requests.post(there, data={"answer": answer}, allow_redirects=False, timeout=PATIENCE)

    assert (intent.status, shown.status_code) == ("requires_action", 200)
    assert back.headers["Location"].startswith("http://shop.test/back?setup_intent=seti_")
    assert back.headers["Location"].endswith(f"redirect_status={outcome}")
    assert fake.v1.setup_intents.retrieve(intent.id).status == status


def test_only_a_pending_setup_can_be_canceled(fake: Fake) -> None:
    intent = setup(fake)

    canceled = fake.v1.setup_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})

    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    for verb in (fake.v1.setup_intents.cancel, fake.v1.setup_intents.confirm):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            verb(intent.id)
        assert refused.value.code == "setup_intent_unexpected_state"


def test_setup_of_a_session_is_left_to_the_session(fake: Fake) -> None:
    session = session_of(fake, jane(fake))
    fake.controlled(f"sessions/{session.id}/pay", {"card": DECLINED})
    (intent,) = fake.v1.setup_intents.list().data

    for verb in (fake.v1.setup_intents.cancel, fake.v1.setup_intents.confirm):
        with pytest.raises(stripe.InvalidRequestError):
            verb(intent.id)


@pytest.mark.parametrize("script", [True, False])
def test_saving_a_card_in_the_browser(fake: Fake, chromium: Browser, script: bool) -> None:
    back = f"{fake.url}/_fake/health?session_id={{CHECKOUT_SESSION_ID}}"
    session = session_of(fake, jane(fake), success_url=back)
    page = opened(chromium, width=360, script=script)

    page.goto(session.url)
    heading, button = page.locator("h1").inner_text(), page.locator(".SubmitButton").inner_text()
    wrong = violations(page) if script else []
    fill(page, cardNumber=ONCE)
    page.click(".SubmitButton")
    page.get_by_role("button", name="Complete").click()

    assert (heading, button) == ("Save your card with Test shop", "Save card")
    assert wrong == []
    assert page.url == f"{fake.url}/_fake/health?session_id={session.id}"
    page.close()


def test_subscribing_in_the_browser(fake: Fake, chromium: Browser) -> None:
    data = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Tea"}}
    line = {"price_data": {**data, "recurring": {"interval": "month"}}, "quantity": 2}
    back = f"{fake.url}/_fake/health?session_id={{CHECKOUT_SESSION_ID}}"
    session = fake.session(mode="subscription", line_items=[line], success_url=back)
    page = opened(chromium)

    page.goto(session.url)
    said = page.locator(".rhythm").inner_text()
    wrong = violations(page)
    fill(page)
    page.get_by_role("button", name="Subscribe").click()

    assert said == "€18.00 per month"
    assert wrong == []
    assert page.url == f"{fake.url}/_fake/health?session_id={session.id}"
    (subscription,) = fake.v1.subscriptions.list().data
    assert subscription.status == "active"
    page.close()
