"""What a session asks of its payment methods holds on its page, and is not only repeated."""

from typing import Any

import pytest
import requests
import stripe

from tests.fake_stripe.rig import SUCCESS, Fake
from tests.support.waiting import PATIENCE

OPTIONAL, REQUIRED = "4000000000003055", "4000000000003220"
VISA, AMEX = "4242424242424242", "378282246310005"


def asking(how: str) -> dict[str, Any]:
    return {"card": {"request_three_d_secure": how}}


@pytest.mark.parametrize(
    ("how", "card", "asks", "result"),
    [
        ("any", OPTIONAL, True, "authenticated"),
        ("challenge", OPTIONAL, True, "authenticated"),
        ("automatic", OPTIONAL, False, None),
        ("automatic", REQUIRED, True, "authenticated"),
        ("any", VISA, False, "attempt_acknowledged"),
        ("any", AMEX, False, "not_supported"),
    ],
)
def test_shop_may_ask_for_authentication(
    fake: Fake, how: str, card: str, asks: bool, result: str | None
) -> None:
    intent = fake.paid(card=card, payment_method_options=asking(how))

    secured = intent.latest_charge.payment_method_details.card.three_d_secure
    assert ("payment_intent.requires_action" in fake.types()) == asks
    assert (secured.result if secured else None) == result


def test_server_may_ask_for_authentication(fake: Fake) -> None:
    intent = fake.v1.payment_intents.create(
        {
            "amount": 900, "currency": "eur", "confirm": True,
            "payment_method": "pm_card_threeDSecureOptional",
            "payment_method_options": asking("challenge"),
            "return_url": "https://shop.test/",
        }
    )  # fmt: skip

    assert intent.status == "requires_action"


def test_nobody_authenticates_who_is_not_there(fake: Fake) -> None:
    customer = fake.v1.customers.create({"payment_method": "pm_card_threeDSecureOptional"}).id
    (method,) = fake.v1.payment_methods.list({"customer": customer}).data

    with pytest.raises(stripe.CardError) as caught:
        fake.v1.payment_intents.create(
            {
                "amount": 900, "currency": "eur", "confirm": True, "off_session": True,
                "customer": customer, "payment_method": method.id,
                "payment_method_options": asking("any"), "return_url": "https://shop.test/",
            }
        )  # fmt: skip

    assert caught.value.code == "authentication_required"


def test_setup_may_ask_for_authentication(fake: Fake) -> None:
    fields: Any = {
        "mode": "setup", "currency": "eur", "success_url": SUCCESS,
        "customer_creation": "always", "payment_method_options": asking("any"),
    }  # fmt: skip
    session = fake.v1.checkout.sessions.create(fields)

    done = fake.pay(session.id, card=OPTIONAL)

    intent = fake.v1.setup_intents.retrieve(done["setup_intent"])
    assert intent.payment_method_options.card.request_three_d_secure == "any"
    assert "setup_intent.requires_action" in fake.types()


BLOCKED: list[tuple[dict[str, Any], str, bool]] = [
    ({"brands_blocked": ["visa"]}, VISA, True),
    ({"brands_blocked": ["visa"]}, "5555555555554444", False),
    ({"brands_blocked": ["mastercard"]}, "5555555555554444", True),
    ({"brands_blocked": ["american_express"]}, AMEX, True),
    ({"brands_blocked": ["discover_global_network"]}, "6011111111111117", True),
    ({"brands_blocked": ["discover_global_network"]}, "3056930009020004", True),
    ({"funding_types_blocked": ["prepaid"]}, "5105105105105100", True),
    ({"funding_types_blocked": ["debit"]}, "4000056655665556", True),
    ({"funding_types_blocked": ["debit", "prepaid"]}, VISA, False),
    ({"funding_types_blocked": ["credit"]}, VISA, True),
]


@pytest.mark.parametrize(("restrictions", "card", "blocked"), BLOCKED)
def test_blocked_card_is_not_taken(
    fake: Fake, restrictions: dict[str, Any], card: str, blocked: bool
) -> None:
    session = fake.session(payment_method_options={"card": {"restrictions": restrictions}})

    answer = fake.controlled(f"sessions/{session.id}/pay", {"card": card})

    assert (answer.status_code == 400) == blocked, answer.text
    assert fake.types()[:1] == ([] if blocked else ["payment_intent.created"])


def test_blocked_card_is_refused_on_the_page_and_not_shown_again(fake: Fake) -> None:
    customer = fake.v1.customers.create({"email": "jane@example.com"})
    saving = {"payment_method_save": "enabled"}
    fake.pay(fake.session(customer=customer.id, saved_payment_method_options=saving).id, save=True)
    options: Any = {"card": {"restrictions": {"brands_blocked": ["visa"]}}}
    session = fake.session(
        customer=customer.id, saved_payment_method_options=saving, payment_method_options=options
    )

    page = requests.get(session.url, timeout=PATIENCE).text
    typed = {"cardNumber": VISA, "cardExpiry": "12/40", "cardCvc": "123", "billingName": "Jane",
             "billingCountry": "AT"}  # fmt: skip
    answer = requests.post(session.url, data=typed, timeout=PATIENCE)

    assert "•••• 4242" not in page
    assert answer.status_code == 400
    assert "Cards of this kind are not accepted here." in answer.text
    wallet = requests.post(session.url, data={"express": "apple_pay"}, timeout=PATIENCE)
    assert "Cards of this kind are not accepted here." in wallet.text


def test_link_is_not_shown_where_it_is_to_be_hidden(fake: Fake) -> None:
    shown = fake.session(wallet_options={"link": {"display": "auto"}})
    hidden = fake.session(wallet_options={"link": {"display": "never"}})

    assert "link" in shown.payment_method_types
    assert "link" not in hidden.payment_method_types
    assert 'value="link"' not in requests.get(hidden.url, timeout=PATIENCE).text


AGREEMENT = "to charge your payment method for future payments"
LATER = {"setup_future_usage": "off_session"}


@pytest.mark.parametrize(
    ("params", "shown"),
    [
        ({"payment_intent_data": LATER}, True),
        ({"payment_method_options": {"card": LATER}}, True),
        ({"payment_intent_data": LATER, "position": "auto"}, True),
        ({"payment_intent_data": LATER, "position": "hidden"}, False),
        ({}, False),
    ],
)
def test_page_says_what_keeping_a_method_means(
    fake: Fake, params: dict[str, Any], shown: bool
) -> None:
    if position := params.get("position"):
        agreement = {"payment_method_reuse_agreement": {"position": position}}
        params = {**params, "consent_collection": agreement}
        del params["position"]

    session = fake.session(**params)

    assert (AGREEMENT in requests.get(session.url, timeout=PATIENCE).text) == shown


@pytest.mark.parametrize(
    ("params", "types"),
    [
        ({"currency": "eur"},
         ["card", "link", "amazon_pay", "bancontact", "paypal", "revolut_pay", "sepa_debit"]),
        ({"currency": "usd"}, ["card", "link", "amazon_pay", "paypal", "us_bank_account"]),
        ({"currency": "jpy"}, ["card", "link"]),
        ({"allowed_payment_method_types": ["sepa_debit", "ideal"]}, ["sepa_debit"]),
        ({"currency": "gbp", "excluded_payment_method_types": ["paypal", "amazon_pay"]},
         ["card", "link", "revolut_pay"]),
        ({"currency": "jpy", "wallet_options": {"link": {"display": "never"}}}, ["card"]),
    ],
)  # fmt: skip
def test_setup_mode_offers_what_can_be_kept(
    fake: Fake, params: dict[str, Any], types: list[str]
) -> None:
    fields: Any = {"mode": "setup", "success_url": SUCCESS, **params}

    session = fake.v1.checkout.sessions.create(fields)

    assert session.payment_method_types == types


def test_setup_mode_follows_the_configuration(fake: Fake) -> None:
    made = fake.v1.payment_method_configurations.create(
        {"name": "No Link", "link": {"display_preference": {"preference": "off"}}}
    )
    session = fake.v1.checkout.sessions.create(
        {"mode": "setup", "success_url": SUCCESS, "currency": "jpy",
         "payment_method_configuration": made.id}
    )  # fmt: skip

    assert session.payment_method_types == ["card"]


@pytest.mark.parametrize("method", ["sepa_debit", "paypal", "bancontact", "link"])
def test_other_methods_than_cards_are_set_up(fake: Fake, method: str) -> None:
    session = fake.v1.checkout.sessions.create(
        {"mode": "setup", "success_url": SUCCESS, "currency": "eur",
         "customer_creation": "always"}
    )  # fmt: skip

    done = fake.pay(session.id, method=method)

    (kept,) = fake.v1.payment_methods.list({"customer": done["customer"]}).data
    assert (done["status"], kept.type, kept.allow_redisplay) == ("complete", method, "always")
    assert fake.v1.setup_intents.retrieve(done["setup_intent"]).payment_method == kept.id


def test_setup_that_is_broken_off_elsewhere_keeps_nothing(fake: Fake) -> None:
    customer = fake.v1.customers.create({"email": "jane@example.com"}).id
    session = fake.v1.checkout.sessions.create(
        {"mode": "setup", "success_url": SUCCESS, "currency": "eur", "customer": customer}
    )

    answer = fake.controlled(
        f"sessions/{session.id}/pay", {"method": "paypal", "authenticate": "fail"}
    )

    assert answer.json()["error"]["code"] == "setup_intent_authentication_failure"
    assert fake.v1.payment_methods.list({"customer": customer}).data == []


def test_cards_have_no_descriptor_of_their_own(fake: Fake) -> None:
    named: Any = {"statement_descriptor": "HOLDFAST"}
    session = fake.session(payment_intent_data=named)

    card = fake.controlled(f"sessions/{session.id}/pay", {})
    debit = fake.controlled(f"sessions/{session.id}/pay", {"method": "sepa_debit"})

    assert (card.status_code, card.json()["error"]["param"]) == (400, "statement_descriptor")
    assert debit.status_code == 200
    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.session(payment_intent_data=named, allowed_payment_method_types=["card"])
    assert caught.value.param == "payment_intent_data[statement_descriptor]"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.payment_intents.create(
            {"amount": 900, "currency": "eur", "confirm": True, "payment_method": "pm_card_visa",
             "return_url": "https://shop.test/", **named}
        )  # fmt: skip
    assert caught.value.param == "statement_descriptor"


def test_mandate_of_a_debit_can_be_read(fake: Fake) -> None:
    done = fake.pay(fake.session().id, method="sepa_debit")
    details = fake.intent(done["payment_intent"]).latest_charge.payment_method_details

    mandate = fake.v1.mandates.retrieve(details.sepa_debit.mandate)

    assert (mandate.status, mandate.payment_method_details.type) == ("active", "sepa_debit")
