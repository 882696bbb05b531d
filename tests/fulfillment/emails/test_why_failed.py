"""Why a payment failed, in plain words: on the order's page, the success page and in the mail."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from fulfillment.emails import why_failed
from payments.models import Payment
from shop.orders.models import Order
from tests.support.factories import PriceFactory
from tests.support.purchases import (
    buy,
    do_the_work,
    order_of,
    paid,
    payment_of,
    settle_order,
    start,
)
from tests.support.stand_in import StandIn

FAILS: dict[str, Any] = {"method": "sepa_debit", "iban": "AT861904300235473202"}
# How each method fails in the stand-in, as Stripe's test data does: (currency, how it is paid, the
# code, what the customer reads).
DEBITS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "SEPA": ("eur", FAILS, "debit_not_authorized", "The bank does not allow this debit."),
    "BECS": (
        "aud",
        {"method": "au_becs_debit", "account": "111111113", "routing": "000000"},
        "account_closed",
        "The bank account has been closed.",
    ),
    "ACH, closed": (
        "usd",
        {"method": "us_bank_account", "account": "000111111113", "routing": "110000000"},
        "account_closed",
        "The bank account has been closed.",
    ),
    "ACH, none": (
        "usd",
        {"method": "us_bank_account", "account": "000111111116", "routing": "110000000"},
        "no_account",
        "The bank account could not be found, or takes no debits.",
    ),
    "ACH, empty": (
        "usd",
        {"method": "us_bank_account", "account": "000222222227", "routing": "110000000"},
        "insufficient_funds",
        "There was not enough money on the card or in the account.",
    ),
    "a voucher": (
        "mxn",
        {"method": "oxxo", "email": "ada+expire_immediately@example.com"},
        "payment_intent_payment_attempt_expired",
        "The payment was not made in time.",
    ),
}
# What a customer reads on the page itself and may mend there: only the code is kept.
CARDS = {
    "4000000000000002": "generic_decline",
    "4000000000009995": "insufficient_funds",
    "4000000000009987": "lost_card",
    "4000000000009979": "stolen_card",
    "4000000000000069": "expired_card",
    "4000000000000127": "incorrect_cvc",
    "4000000000000119": "processing_error",
    "4000000000006975": "card_velocity_exceeded",
    "4100000000000019": "fraudulent",
}
BLIK = {
    "code_invalid": "code_invalid",
    "code_expired": "code_expired",
    "insufficient_funds": "insufficient_funds",
    "customer_declined": "customer_declined",
    "limit_exceeded": "payment_limit_exceeded",
    "bank_declined": "partner_generic_decline",
    "timeout": "payment_intent_payment_attempt_expired",
}


@pytest.fixture
def currencies(settings: Any) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "aud", "usd", "mxn", "pln"]


def failed(stand_in: StandIn, currency: str = "eur", language: str = "en", **how: Any) -> Order:
    """An order whose money did not come, with the client that ordered."""
    client = Client(headers={"Accept-Language": language})
    price = PriceFactory(currency=currency, unit_amount=20_000)
    order = buy(stand_in, price=price, client=client, **(how or FAILS))
    stand_in.advance(days=14)
    order = settle_order(order)
    assert order.status == "payment_failed"
    do_the_work()
    return order


def read(address: str, client: Client | None = None, language: str = "en") -> str:
    client = client or Client(headers={"Accept-Language": language})
    return " ".join(client.get(address).content.decode().split())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("currencies")
@pytest.mark.parametrize("case", DEBITS)
def test_the_order_page_says_it_of_each_method(stand_in: StandIn, case: str) -> None:
    currency, how, code, words = DEBITS[case]

    order = failed(stand_in, currency, **how)

    assert payment_of(order).failure_code == code
    assert f"{words} Nothing was charged and nothing is shipped." in read(f"/orders/{order.token}/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The bank does not allow this debit. Nothing was charged"),
        ("de", "Die Bank lässt diese Lastschrift nicht zu. Es wurde nichts abgebucht"),
    ],
)
def test_the_mail_says_it_in_text_and_html(stand_in: StandIn, language: str, words: str) -> None:
    failed(stand_in, language=language)

    message: Any = mail.outbox[-1]
    html = " ".join(str(message.alternatives[0][0]).split())
    assert words in " ".join(message.body.split())
    assert words in html


@pytest.mark.django_db(transaction=True)
def test_the_success_page_says_it_and_pays_again_by_one_click(stand_in: StandIn) -> None:
    client = Client()
    order = buy(stand_in, client=client, **FAILS)
    stand_in.advance(days=14)
    settle_order(order)
    session = payment_of(order).session
    assert session
    address = f"/success?session_id={session.stripe_session_id}"

    mine, strangers = read(address, client), read(address)

    button = f'<form method="post" action="/checkout/{order.token}/again">'
    for page in (mine, strangers):
        assert "The bank does not allow this debit." in page
    assert (button in mine, button in strangers) == (True, False)
    assert client.post(f"/checkout/{order.token}/again").status_code == 303


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("card", CARDS)
def test_a_declined_card_is_kept_by_its_code(stand_in: StandIn, card: str) -> None:
    session = start()
    stand_in.pay(str(session.stripe_session_id), card=card)

    order = order_of(session)
    settle_order(order)

    assert payment_of(order).failure_code == CARDS[card]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("currencies")
@pytest.mark.parametrize("ending", BLIK)
def test_a_refused_blik_is_kept_by_its_code(stand_in: StandIn, ending: str) -> None:
    session = start(PriceFactory(currency="pln"))
    email = f"ada+{ending}@example.com"
    stand_in.pay(str(session.stripe_session_id), method="blik", code="123456", email=email)
    stand_in.advance(seconds=61)

    order = order_of(session)
    settle_order(order)

    assert payment_of(order).failure_code == BLIK[ending]


@pytest.mark.django_db(transaction=True)
def test_who_pays_after_all_is_told_of_no_failure(stand_in: StandIn) -> None:
    session = start()
    stand_in.pay(str(session.stripe_session_id), card="4000000000009995")
    settle_order(order_of(session))

    order = order_of(paid(stand_in, session))

    assert Payment.objects.get(order=order).failure_code == ""
    assert "enough money" not in read(f"/orders/{order.token}/")


@pytest.mark.parametrize(
    "code", ["lost_card", "stolen_card", "pickup_card", "fraudulent", "restricted_card", "new_one"]
)
def test_what_is_nobodys_business_and_what_is_unknown_is_said_generally(code: str) -> None:
    assert why_failed.words(code) == "The payment was declined."


def test_every_code_is_known_once_and_said_in_german() -> None:
    codes = [code for codes in why_failed.SAID.values() for code in codes]

    english = {words() for words in why_failed.SAID}
    with translation.override("de"):
        german = {words() for words in why_failed.SAID}

    assert sorted(codes) == sorted(set(codes))
    assert english & german == set()


def test_without_a_reason_none_is_said() -> None:
    assert why_failed.words("") == ""
