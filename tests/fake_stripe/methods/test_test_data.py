"""Every test card, account and e-mail ending does what its row says."""

from typing import Any

import pytest

from fake_stripe.methods import test_cards, test_debits
from fake_stripe.payments.blik import SCENARIOS
from tests.fake_stripe.rig import Fake

DAY = 24 * 60 * 60
# What a card's bank answers in the end, and the charge's risk.
CARDS: dict[str, tuple[str, str]] = {
    "4242424242424242": ("paid", "normal"),
    "4000002500003155": ("paid", "normal"),
    "4000000000009995": ("card_declined/insufficient_funds", "normal"),
    "4000000000000002": ("card_declined/generic_decline", "normal"),
    "6205500000000000004": ("paid", "normal"),
    "4000002760003184": ("paid", "normal"),
    "4000003800000446": ("paid", "normal"),
    "4000008260003178": ("card_declined/insufficient_funds", "normal"),
    "4000008400001629": ("card_declined/generic_decline", "normal"),
    "4000000000003220": ("paid", "normal"),
    "4000000000003055": ("paid", "normal"),
    "4000000000009987": ("card_declined/lost_card", "normal"),
    "4000000000009979": ("card_declined/stolen_card", "normal"),
    "4000000000000069": ("expired_card/None", "normal"),
    "4000000000000127": ("incorrect_cvc/None", "normal"),
    "4000000000000119": ("processing_error/None", "normal"),
    "4000000000006975": ("card_declined/card_velocity_exceeded", "normal"),
    "4000000000000341": ("card_declined/generic_decline", "normal"),
    "4100000000000019": ("card_declined/fraudulent", "highest"),
    "4000000000004954": ("paid", "highest"),
    "4000000000009235": ("paid", "elevated"),
    "4000000000000259": ("dispute fraudulent", "normal"),
    "4000000000002685": ("dispute product_not_received", "normal"),
    "4000000000001976": ("inquiry fraudulent", "normal"),
    "4000000000005423": ("warning", "normal"),
    "4000000000007726": ("refund pending, then succeeded", "normal"),
    "4000000000005126": ("refund succeeded, then failed", "normal"),
    "4000000000000077": ("available", "normal"),
    "4000003720000278": ("available", "normal"),
    "4000056655665556": ("visa debit", "normal"),
    "5555555555554444": ("mastercard credit", "normal"),
    "2223003122003222": ("mastercard credit", "normal"),
    "5200828282828210": ("mastercard debit", "normal"),
    "5105105105105100": ("mastercard prepaid", "normal"),
    "378282246310005": ("amex credit", "normal"),
    "371449635398431": ("amex credit", "normal"),
    "6011111111111117": ("discover credit", "normal"),
    "3056930009020004": ("diners credit", "normal"),
    "36227206271667": ("diners credit", "normal"),
    "3566002020360505": ("jcb credit", "normal"),
    "6200000000000005": ("unionpay credit", "normal"),
}
ASKING = {
    "4000002500003155", "4000002760003184", "4000003800000446", "4000008260003178",
    "4000008400001629", "4000000000003220",
}  # fmt: skip


def test_every_card_has_a_row() -> None:
    assert test_cards.TABLE.keys() == CARDS.keys()


@pytest.mark.parametrize("number", CARDS)
def test_card_does_what_its_row_says(fake: Fake, number: str) -> None:
    outcome, risk = CARDS[number]
    session = fake.session()

    answer = fake.controlled(f"sessions/{session.id}/pay", {"card": number})
    (charge,) = fake.v1.charges.list().data
    fake.control("clock", {"advance": 10})

    assert charge.outcome.risk_level == risk
    assert (number in ASKING) == ("payment_intent.requires_action" in fake.types())
    assert (answer.status_code == 402) == ("/" in outcome)
    assert outcome == outcome_of(fake, answer.json(), charge, outcome)


def outcome_of(fake: Fake, answer: dict[str, Any], charge: Any, expected: str) -> str:
    """What has become of a payment, in the words of the table."""
    if "error" in answer:
        return f"{answer['error']['code']}/{answer['error'].get('decline_code')}"
    for dispute in fake.v1.disputes.list().data:
        kind = "inquiry" if dispute.status.startswith("warning") else "dispute"
        return f"{kind} {dispute.reason}"
    if fake.v1.radar.early_fraud_warnings.list().data:
        return "warning"
    if expected.startswith("refund"):
        refund = fake.v1.refunds.create({"charge": charge.id})
        fake.control("clock", {"advance": 70})
        later = fake.v1.refunds.retrieve(refund.id).status
        return f"refund {refund.status}, then {later}"
    (entry,) = fake.v1.balance_transactions.list().data
    if entry.status == "available":
        return "available"
    card = charge.payment_method_details.card
    return f"{card.brand} {card.funding}" if card.brand in expected else "paid"


# How a debit goes: the event of its end, and the failure or what follows.
ACCOUNTS = {
    "AT321904300235473204": ("sepa_debit", "succeeded", ""),
    "AT861904300235473202": ("sepa_debit", "failed", "debit_not_authorized"),
    "AT611904300234573201": ("sepa_debit", "succeeded", ""),
    "AT051904300235473205": ("sepa_debit", "failed", "debit_not_authorized"),
    "AT591904300235473203": ("sepa_debit", "succeeded", "disputed"),
    "IT60X0542811101000000123456": ("sepa_debit", "failed", "debit_not_authorized"),
    "900123456": ("au_becs_debit", "succeeded", ""),
    "111111113": ("au_becs_debit", "failed", "account_closed"),
    "000123456789": ("us_bank_account", "succeeded", ""),
    "000111111113": ("us_bank_account", "failed", "account_closed"),
    "000111111116": ("us_bank_account", "failed", "no_account"),
    "000222222227": ("us_bank_account", "failed", "insufficient_funds"),
    "000333333335": ("us_bank_account", "failed", "debit_not_authorized"),
    "000555555559": ("us_bank_account", "succeeded", "disputed"),
    "000000000009": ("us_bank_account", "processing", ""),
}
CURRENCY = {"au_becs_debit": "aud", "us_bank_account": "usd"}


def session_in(fake: Fake, currency: str, amount: int = 2000, **params: Any) -> Any:
    data = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Kettle"}}
    return fake.session(line_items=[{"price_data": data, "quantity": 1}], **params)


def test_every_account_has_a_row() -> None:
    assert test_debits.TABLE.keys() == ACCOUNTS.keys()


@pytest.mark.parametrize("account", ACCOUNTS)
def test_account_does_what_its_row_says(fake: Fake, account: str) -> None:
    method, ends, more = ACCOUNTS[account]
    session = session_in(fake, CURRENCY.get(method, "eur"))
    routing = {"au_becs_debit": "000000", "us_bank_account": "110000000"}.get(method, "")

    done = fake.pay(session.id, method=method, account=account, routing=routing)
    started = fake.intent(done["payment_intent"])
    fake.control("clock", {"advance": 6 * DAY})

    intent = fake.intent(done["payment_intent"])
    statuses = {"failed": "requires_payment_method"}
    assert started.status == "processing"
    assert intent.status == statuses.get(ends, ends)
    error = intent.last_payment_error
    assert (error.code if error else "disputed" if intent.latest_charge.disputed else "") == more


@pytest.mark.parametrize(
    ("before", "after", "account"),
    [(0, 10, "AT611904300234573201"), (160, 190, "AT051904300235473205")],
)
def test_some_accounts_answer_at_once_and_some_later(
    fake: Fake, before: int, after: int, account: str
) -> None:
    done = fake.pay(fake.session().id, method="sepa_debit", iban=account)

    fake.control("clock", {"advance": before})
    early = fake.intent(done["payment_intent"]).status
    fake.control("clock", {"advance": after - before})

    assert early == "processing"
    assert fake.intent(done["payment_intent"]).status != "processing"


VOUCHERS = [("boleto", "brl"), ("konbini", "jpy"), ("oxxo", "mxn"), ("pix", "brl")]
ENDINGS = [
    ("jane", 170, 190, "succeeded"),
    ("jane+succeed_immediately", 0, 8, "succeeded"),
    ("jane+expire_immediately", 0, 8, "requires_payment_method"),
]


@pytest.mark.parametrize(("method", "currency"), VOUCHERS)
@pytest.mark.parametrize(("local", "before", "after", "status"), ENDINGS)
def test_voucher_goes_as_the_address_says(
    fake: Fake, method: str, currency: str, local: str, before: int, after: int, status: str
) -> None:
    session = session_in(fake, currency, 20000)
    done = fake.pay(session.id, method=method, email=f"{local}@example.com")

    fake.control("clock", {"advance": before})
    early = fake.intent(done["payment_intent"]).status
    fake.control("clock", {"advance": after - before})

    assert (done["status"], done["payment_status"]) == ("complete", "unpaid")
    assert (early, fake.intent(done["payment_intent"]).status) == ("requires_action", status)
    paid = {"succeeded": "paid"}.get(status, "unpaid")
    assert fake.v1.checkout.sessions.retrieve(session.id).payment_status == paid


@pytest.mark.parametrize(
    ("method", "currency", "options", "lifetime"),
    [
        ("konbini", "jpy", {}, 3 * DAY),
        ("konbini", "jpy", {"expires_after_days": 60}, 60 * DAY),
        ("boleto", "brl", {"expires_after_days": 1}, DAY),
        ("oxxo", "mxn", {"expires_after_days": 7}, 7 * DAY),
        ("pix", "brl", {}, 4 * 60 * 60),
        ("pix", "brl", {"expires_after_seconds": 60}, 60),
    ],
)
def test_voucher_expires_when_it_is_told_to(
    fake: Fake, method: str, currency: str, options: dict[str, int], lifetime: int
) -> None:
    session = session_in(fake, currency, 20000, payment_method_options={method: options})
    done = fake.pay(session.id, method=method, email="fill_never@example.com")

    fake.control("clock", {"advance": lifetime - 10})
    early = fake.intent(done["payment_intent"]).status
    fake.control("clock", {"advance": 20})

    intent = fake.intent(done["payment_intent"])
    assert (early, intent.status) == ("requires_action", "requires_payment_method")
    assert intent.last_payment_error.code == "payment_intent_payment_attempt_expired"


def test_konbini_and_pix_tell_how_they_are_paid(fake: Fake) -> None:
    konbini = fake.pay(session_in(fake, "jpy", 20000).id, method="konbini")
    pix = fake.pay(session_in(fake, "brl", 20000).id, method="pix")

    stores = fake.intent(konbini["payment_intent"]).next_action.konbini_display_details.stores
    code = fake.intent(pix["payment_intent"]).next_action.pix_display_qr_code
    assert stores.to_dict().keys() == {"familymart", "lawson", "ministop", "seicomart"}
    assert code.hosted_instructions_url.endswith(pix["payment_intent"])


BLIK_REFUSALS = {
    "code_invalid": "code_invalid",
    "code_expired": "code_expired",
    "insufficient_funds": "insufficient_funds",
    "customer_declined": "customer_declined",
    "limit_exceeded": "payment_limit_exceeded",
    "bank_declined": "partner_generic_decline",
    "timeout": None,
}


def test_every_blik_ending_has_a_row() -> None:
    assert SCENARIOS.keys() == BLIK_REFUSALS.keys()


@pytest.mark.parametrize("ending", BLIK_REFUSALS)
def test_blik_is_refused_as_the_address_says(fake: Fake, ending: str) -> None:
    session = session_in(fake, "pln")

    fake.controlled(
        f"sessions/{session.id}/pay", {"method": "blik", "email": f"{ending}@example.com"}
    )
    fake.control("clock", {"advance": 61})

    (intent,) = fake.v1.payment_intents.list().data
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error
    assert getattr(intent.last_payment_error, "decline_code", None) == BLIK_REFUSALS[ending]


BOUNDS = [
    ("boleto", "brl", 500, 4_999_999),
    ("konbini", "jpy", 120, 300_000),
    ("oxxo", "mxn", 1000, 1_000_000),
    ("pix", "brl", 50, 99_999_999),
    ("sepa_debit", "eur", 50, 1_000_000),
]


@pytest.mark.parametrize(("method", "currency", "least", "most"), BOUNDS)
def test_method_is_on_offer_within_its_bounds(
    fake: Fake, method: str, currency: str, least: int, most: int
) -> None:
    def offered(amount: int) -> bool:
        return method in session_in(fake, currency, amount).payment_method_types

    assert (offered(least), offered(most), offered(most + 1)) == (True, True, False)
    if method in ("boleto", "konbini"):
        assert not offered(least - 1)
