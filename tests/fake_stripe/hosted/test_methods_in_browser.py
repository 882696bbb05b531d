"""Every payment method and outcome of Stripe's "Accept a payment" guide, played on the page."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from fake_stripe.methods.types import TABLE
from tests.fake_stripe.browser import opened, session_for, violations
from tests.fake_stripe.rig import Fake
from tests.support.browser import changed_on_the_way, scroll_width, without_refresh
from tests.support.waiting import PATIENCE

METHOD = "payment-method-accordion-item-title"
COMPLETE, FAIL = "Complete test payment", "Fail test payment"
REFUSE = "Complete, and let the bank refuse it later"
# What follows the customer's last click at once, and after the clock was moved.
PAID = ["charge.succeeded", "payment_intent.succeeded", "charge.updated"]
ON_THE_WAY = ["payment_intent.processing", "charge.pending", "checkout.session.completed"]
ARRIVED = [*PAID, "checkout.session.async_payment_succeeded"]
FAILED = ["charge.failed", "payment_intent.payment_failed"]
DID_NOT_COME = [*FAILED, "checkout.session.async_payment_failed"]
ACTION = ["payment_intent.requires_action"]
PAID_AT_ONCE = [*PAID, "checkout.session.completed"]


@dataclass
class Row:
    """One row of the guide: what the customer does, and what has become of it in the end."""

    method: str
    typed: dict[str, str] = field(default_factory=dict)
    currency: str = "eur"
    email: str = "jane@example.com"
    button: str = ""
    # Seconds that the clock is moved once the customer is done.
    later: int = 0
    events: list[str] = field(default_factory=list)
    # Status of the session, its payment_status, status of the PaymentIntent.
    ends: tuple[str, str, str] = ("complete", "paid", "succeeded")
    notice: str = ""

    @property
    def name(self) -> str:
        """What the test is called by."""
        return "-".join(filter(None, [self.method, *self.typed.values(), self.button, self.email]))


UNPAID = ("open", "unpaid", "requires_payment_method")
LOST = ("complete", "unpaid", "requires_payment_method")
UNCONFIRMED = "We are unable to authenticate your payment method"


def card(number: str, **outcome: Any) -> Row:
    """A row of the table of cards."""
    fields = {"cardNumber": number, "cardExpiry": "1240", "cardCvc": "123", "billingName": "Jane"}
    return Row("card", fields, **outcome)


def redirect(method: str, currency: str = "eur") -> list[Row]:
    """A method that is confirmed, or not, on a page of its own and answers at once."""
    return [
        Row(method, currency=currency, button=COMPLETE, events=[*ACTION, *PAID_AT_ONCE]),
        Row(
            method,
            currency=currency,
            button=FAIL,
            events=[*ACTION, "payment_intent.payment_failed"],
            ends=UNPAID,
            notice=UNCONFIRMED,
        ),
    ]


def debit(method: str, currency: str, **typed: str) -> Row:
    """A bank debit whose money comes."""
    return Row(method, typed, currency, later=200, events=[*ON_THE_WAY, *ARRIVED])


def bounced(method: str, currency: str, **typed: str) -> Row:
    """A bank debit whose money does not come."""
    events = [*ON_THE_WAY, *DID_NOT_COME]
    return Row(method, typed, currency, later=200, events=events, ends=LOST)


def blik(email: str, notice: str, *, later: int = 0) -> Row:
    """A BLIK payment that is refused."""
    events = [*(ACTION if later else []), *FAILED]
    if later == 60:
        events = [*ACTION, "payment_intent.payment_failed"]
    typed = {"blikCode": "123456"}
    return Row("blik", typed, "pln", email, later=later, events=events, ends=UNPAID, notice=notice)


def voucher(method: str, currency: str, **typed: str) -> list[Row]:
    """A voucher that is paid, and one that is not."""
    done = [*ACTION, "checkout.session.completed"]
    expired = [*done, "payment_intent.payment_failed", "checkout.session.async_payment_failed"]
    return [
        Row(method, typed, currency, later=200, events=[*done, *ARRIVED]),
        Row(method, typed, currency, "jane+fill_never@example.com", later=4 * 24 * 60 * 60,
            events=expired, ends=LOST),
    ]  # fmt: skip


SEPA = {"accountHolder": "Jane Doe"}
BECS = {"au_becs_debitRouting": "000000", "au_becs_debitHolder": "Jane Doe"}
ROWS = [
    card("4242424242424242", events=PAID_AT_ONCE),
    card("4000002500003155", button="Complete", events=[*ACTION, *PAID_AT_ONCE]),
    card("4000002500003155", button="Fail", events=[*ACTION, "payment_intent.payment_failed"],
         ends=UNPAID, notice=UNCONFIRMED),
    card("4000000000009995", events=FAILED, ends=UNPAID, notice="insufficient funds"),
    card("6205500000000000004", events=PAID_AT_ONCE),
    *redirect("alipay"),
    *redirect("bancontact"),
    *redirect("eps"),
    *redirect("ideal"),
    *redirect("p24"),
    *redirect("p24", "pln"),
    *redirect("klarna"),
    *redirect("paypal"),
    *redirect("revolut_pay"),
    *redirect("amazon_pay"),
    Row("pay_by_bank", currency="gbp", button=COMPLETE, later=200,
        events=[*ACTION, *ON_THE_WAY, *ARRIVED]),
    Row("pay_by_bank", currency="gbp", button=REFUSE, later=200,
        events=[*ACTION, *ON_THE_WAY, *DID_NOT_COME], ends=LOST),
    Row("pay_by_bank", currency="gbp", button=FAIL,
        events=[*ACTION, "payment_intent.payment_failed"], ends=UNPAID, notice=UNCONFIRMED),
    debit("au_becs_debit", "aud", **BECS, au_becs_debitAccount="900123456"),
    bounced("au_becs_debit", "aud", **BECS, au_becs_debitAccount="111111113"),
    debit("sepa_debit", "eur", **SEPA, iban="AT32 1904 3002 3547 3204"),
    bounced("sepa_debit", "eur", **SEPA, iban="AT86 1904 3002 3547 3202"),
    debit("us_bank_account", "usd", us_bank_accountRouting="110000000",
          us_bank_accountAccount="000123456789", us_bank_accountHolder="Jane Doe"),
    Row("blik", {"blikCode": "123456"}, "pln", later=3, events=[*ACTION, *PAID_AT_ONCE]),
    blik("code_invalid@example.com", "not valid"),
    blik("code_expired@example.com", "has expired"),
    blik("jane+insufficient_funds@example.com", "insufficient funds", later=8),
    blik("jane+bank_declined@example.com", "Your bank has declined", later=8),
    blik("jane+timeout@example.com", "not confirmed in time", later=60),
    *voucher("boleto", "brl", boletoTaxId="000.000.000-00", boletoName="Joana"),
    *voucher("oxxo", "mxn"),
    *voucher("konbini", "jpy"),
    *voucher("pix", "brl"),
    Row("link", {"linkCode": "123456"}, events=PAID_AT_ONCE),
]  # fmt: skip


def kind_of_pages(row: Row) -> tuple[Any, ...]:
    """What tells the pages of a row from those of others: rows of a kind differ in words alone."""
    fields = [(name, len(text)) for name, text in row.typed.items()]
    return (TABLE[row.method].family, *fields, row.button, bool(row.notice), bool(row.later))


# Every form, every way on and every way back is gone by a browser, once; the other rows send what
# the same forms send.
IN_BROWSER = list({kind_of_pages(row): row for row in reversed(ROWS)}.values())[::-1]
SENT = [row for row in ROWS if row not in IN_BROWSER]


@pytest.mark.parametrize("row", IN_BROWSER, ids=lambda row: row.name)
def test_every_row_of_the_guide_goes_as_it_says(fake: Fake, chromium: Browser, row: Row) -> None:
    session = session_for(fake, **in_currency(row))
    page = opened(chromium)

    play(page, session.url, row)
    if row.notice and not row.later:
        expect(page.get_by_role("alert").first).to_contain_text(row.notice)
    elif row.method != "blik":
        expect(page).to_have_url(re.compile(r"session_id=cs_test_"))
    fake.control("clock", {"advance": row.later})
    if row.method == "blik":
        where = row.notice or "ok"
        expect(page.locator("body")).to_contain_text(where)

    assert (outcome(fake, session.id), types_after_creation(fake)) == (row.ends, row.events)
    page.close()


@pytest.mark.parametrize("row", SENT, ids=lambda row: row.name)
def test_every_other_row_of_the_guide_goes_as_it_says(fake: Fake, row: Row) -> None:
    session = session_for(fake, **in_currency(row))

    answer_page = send(session.url, row)
    if row.notice and not row.later:
        assert row.notice in alert_in(answer_page)
    elif row.method != "blik":
        assert f"session_id={session.id}" in answer_page.url
    fake.control("clock", {"advance": row.later})
    if row.method == "blik":
        answer_page = requests.get(f"{fake.url}/c/pay/{session.id}/authenticate", timeout=PATIENCE)
        assert row.notice in alert_in(answer_page)

    assert (outcome(fake, session.id), types_after_creation(fake)) == (row.ends, row.events)


def types_after_creation(fake: Fake) -> list[str]:
    """What the shop was told of a payment after it came to be."""
    return [kind for kind in fake.types() if kind != "payment_intent.created"]


def send(url: str, row: Row) -> requests.Response:
    """Send what the forms send on which a row is played; the page to which that leads."""
    page = requests.get(url, timeout=PATIENCE).text
    for name in row.typed:
        assert f'id="{name}" name="{name}"' in page
    assert f'name="{METHOD}" value="{row.method}"' in page
    form = {"email": row.email, METHOD: row.method, **row.typed}
    answer_page = requests.post(url, data=form, timeout=PATIENCE)
    if row.button:
        answer = found(rf'name="answer" value="(\w+)">{row.button}</button>', answer_page)
        action = found(r'<form method="post" action="(/c/pay/\w+/authenticate)"', answer_page)
        answer_page = requests.post(
            requests.compat.urljoin(url, action), {"answer": answer}, timeout=PATIENCE
        )
    if TABLE[row.method].family == "voucher":
        answer_page = requests.get(
            found(r'data-testid="close-voucher" href="([^"]+)"', answer_page), timeout=PATIENCE
        )
    return answer_page


def found(pattern: str, page: requests.Response) -> str:
    """The part of a page that a pattern asks for."""
    match = re.search(pattern, page.text)
    assert match, page.text
    return unescape(match[1])


def alert_in(page: requests.Response) -> str:
    """What a page says at once to who listens to it."""
    return found(r'(?s)role="alert"[^>]*>(.*?)</', page)


def in_currency(row: Row) -> dict[str, Any]:
    """A line in the currency of the row."""
    data = {"currency": row.currency, "unit_amount": 20000, "product_data": {"name": "Kettle"}}
    return {"line_items": [{"price_data": data, "quantity": 1}]}


def play(page: Page, url: str, row: Row) -> None:
    """Do what the customer of a row does."""
    page.goto(url)
    page.fill("#email", row.email)
    page.locator(f"input[name={METHOD}][value={row.method}]").check()
    for name, text in row.typed.items():
        page.locator(f"#{name}").press_sequentially(text)
    page.click(".SubmitButton")
    if row.button:
        page.get_by_role("button", name=row.button, exact=True).click()
    if TABLE[row.method].family == "voucher":
        page.get_by_test_id("close-voucher").click()


def outcome(fake: Fake, session_id: str) -> tuple[Any, Any, Any]:
    """How a session and its PaymentIntent stand."""
    session = fake.v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent"]})
    return session.status, session.payment_status, session.payment_intent.status


@pytest.mark.parametrize("wallet", ["apple_pay", "google_pay"])
def test_wallet_button_pays_with_a_card_of_that_wallet(
    fake: Fake, chromium: Browser, wallet: str
) -> None:
    session = session_for(fake)
    page = opened(chromium, width=360)

    page.goto(session.url)
    page.get_by_test_id(f"{wallet}-button").click()
    page.wait_for_url(re.compile("session_id=cs_test_"))

    assert outcome(fake, session.id) == ("complete", "paid", "succeeded")
    charge = fake.intent(
        fake.v1.checkout.sessions.retrieve(session.id).payment_intent
    ).latest_charge
    assert charge.payment_method_details.card.wallet.type == wallet
    page.close()


def test_link_refuses_its_wrong_codes(fake: Fake, chromium: Browser) -> None:
    session = session_for(fake)
    page = opened(chromium)

    play(page, session.url, Row("link", {"linkCode": "000001"}))
    expect(page.locator("#linkCode-error")).to_contain_text("not valid")
    for code, complaint in {"000002": "expired", "000003": "too many"}.items():
        page.fill("#linkCode", code)
        page.click(".SubmitButton")
        expect(page.locator("#linkCode-error")).to_contain_text(complaint)

    assert fake.v1.checkout.sessions.retrieve(session.id).payment_intent is None
    page.close()


def test_abandoned_redirect_leaves_the_session_payable(fake: Fake, chromium: Browser) -> None:
    session = session_for(fake)
    page = opened(chromium)
    play(page, session.url, Row("ideal"))
    page.goto(session.url)

    play(page, session.url, Row("sepa_debit", {**SEPA, "iban": "AT321904300235473204"}))
    page.wait_for_url(re.compile("session_id=cs_test_"))

    assert outcome(fake, session.id) == ("complete", "unpaid", "processing")
    page.close()


@pytest.mark.parametrize(
    ("row", "heading"),
    [
        (Row("ideal"), "iDEAL test payment page"),
        (Row("pay_by_bank"), "Pay by Bank test payment page"),
        (Row("blik", {"blikCode": "123456"}, "pln", "jane+timeout@example.com"), "Confirm in"),
    ],
    ids=["ideal", "pay_by_bank", "blik"],
)
def test_pages_on_the_way_are_for_everybody(
    fake: Fake, chromium: Browser, row: Row, heading: str
) -> None:
    page = opened(chromium, width=360)

    with changed_on_the_way(page, "**/authenticate", without_refresh):
        play(page, session_for(fake, **in_currency(row)).url, row)

        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        assert violations(page) == []
    page.close()


def test_page_with_the_methods_of_a_currency_is_for_everybody(
    fake: Fake, chromium: Browser
) -> None:
    page = opened(chromium, width=360)

    wrong = {}
    for currency in sorted({row.currency for row in ROWS}):
        page.goto(session_for(fake, **in_currency(Row("card", currency=currency))).url)
        wrong[currency] = (violations(page), scroll_width(page) > 360)

    assert wrong == dict.fromkeys(
        ["aud", "brl", "eur", "gbp", "jpy", "mxn", "pln", "usd"], ([], False)
    )
    page.close()


def test_voucher_can_be_looked_at_until_it_is_paid(fake: Fake, chromium: Browser) -> None:
    row = Row("oxxo", currency="mxn")
    session = session_for(fake, **in_currency(row))
    page = opened(chromium, width=360)
    play(page, session.url, row)
    intent = fake.intent(fake.v1.checkout.sessions.retrieve(session.id).payment_intent)
    details = intent.next_action.oxxo_display_details

    page.goto(details.hosted_voucher_url)
    open_voucher = page.locator("main").inner_text()
    wrong = violations(page)
    fake.control("clock", {"advance": 200})
    page.reload()

    assert details.number[:4] in open_voucher
    assert wrong == []
    expect(page.locator("main")).to_contain_text("It has been paid")
    page.close()


def test_what_was_typed_is_there_after_a_failed_authentication(
    fake: Fake, chromium: Browser
) -> None:
    page = opened(chromium)

    play(page, session_for(fake).url, card("4000002500003155", button="Fail"))
    kept = {name: page.input_value(f"#{name}") for name in ("email", "billingName", "cardNumber")}

    assert kept == {"email": "jane@example.com", "billingName": "Jane", "cardNumber": ""}
    page.close()
