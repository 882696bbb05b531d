"""Adaptive pricing: customers pay in local currency, the shop's amounts stay in its own."""

from typing import Any

import pytest
import requests

from tests.fake_stripe.rig import Fake
from tests.support.waiting import PATIENCE

ADAPTIVE: Any = {"adaptive_pricing": {"enabled": True}}
AMERICAN = "jane+location_US@example.com"


def adaptive(fake: Fake, amount: int = 2000, email: str = AMERICAN, **params: Any) -> Any:
    return fake.session(amount, **{**ADAPTIVE, "customer_email": email, **params})


def test_a_customer_elsewhere_sees_and_pays_local_currency(fake: Fake) -> None:
    session = adaptive(fake)

    page = requests.get(session.url, timeout=PATIENCE).text
    paid = fake.pay(session.id)

    assert ">Pay $22.00</button>" in page
    assert "Charged in USD at 1 EUR = 1.1000 USD." in page
    assert "€" not in page
    assert session.adaptive_pricing.enabled is True
    assert "presentment_details" not in session.to_dict()
    seen = {"presentment_amount": 2200, "presentment_currency": "usd"}
    assert (paid["amount_total"], paid["currency"]) == (2000, "eur")
    assert paid["presentment_details"] == seen
    intent = fake.intent(paid["payment_intent"]).to_dict()
    assert (intent["amount"], intent["currency"], intent["presentment_details"]) == (
        2000, "eur", seen
    )  # fmt: skip
    charge = intent["latest_charge"]
    assert (charge["amount"], charge["currency"], charge["presentment_details"]) == (
        2000, "eur", seen
    )  # fmt: skip
    completed = fake.v1.events.list({"type": "checkout.session.completed"}).data[0].data.object
    assert completed["presentment_details"].to_dict() == seen


def test_what_is_given_back_is_told_in_both_currencies(fake: Fake) -> None:
    paid = fake.pay(adaptive(fake).id)

    refund = fake.v1.refunds.create({"payment_intent": paid["payment_intent"], "amount": 500})

    assert (refund.amount, refund.currency) == (500, "eur")
    assert refund.presentment_details is not None
    assert refund.presentment_details.to_dict() == {
        "presentment_amount": 550, "presentment_currency": "usd"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("email", "button"),
    [
        ("jane+location_JP@example.com", ">Pay ¥3,200</button>"),
        ("jane+location_GB@example.com", ">Pay £17.00</button>"),
        ("jane+location_DE@example.com", ">Pay €20.00</button>"),
        ("jane+location_XX@example.com", ">Pay €20.00</button>"),
        ("jane@example.com", ">Pay €20.00</button>"),
    ],
)
def test_the_country_in_the_address_decides(fake: Fake, email: str, button: str) -> None:
    assert button in requests.get(adaptive(fake, email=email).url, timeout=PATIENCE).text


def test_local_currency_brings_its_own_methods(fake: Fake) -> None:
    polish = adaptive(fake, email="jan+location_PL@example.com")

    assert "blik" in polish.payment_method_types
    assert "sepa_debit" not in polish.payment_method_types
    paid = fake.pay(polish.id, card="4242424242424242")
    assert paid["presentment_details"]["presentment_amount"] == 8500


def test_a_known_customers_address_counts_too(fake: Fake) -> None:
    customer = fake.v1.customers.create({"email": AMERICAN})

    session = fake.session(**ADAPTIVE, customer=customer.id)

    assert ">Pay $22.00</button>" in requests.get(session.url, timeout=PATIENCE).text


def several(fake: Fake) -> dict[str, Any]:
    price = fake.v1.prices.create(
        {
            "currency": "eur", "unit_amount": 2000, "product_data": {"name": "Cup"},
            "currency_options": {"gbp": {"unit_amount": 1800}},
        }
    )  # fmt: skip
    return {"line_items": [{"price": price.id, "quantity": 1}]}


@pytest.mark.parametrize(
    "params",
    [
        {"adaptive_pricing": {"enabled": False}},
        {"payment_intent_data": {"capture_method": "manual"}},
        {"payment_method_options": {"card": {"capture_method": "manual"}}},
        {"several": True},
    ],
)
def test_what_cannot_be_converted_stays_in_the_shops_currency(
    fake: Fake, params: dict[str, Any]
) -> None:
    session = adaptive(fake, **(several(fake) if "several" in params else params))

    page = requests.get(session.url, timeout=PATIENCE).text
    paid = fake.pay(session.id)

    assert ">Pay €20.00</button>" in page
    assert "presentment_details" not in paid
    assert "presentment_details" not in fake.intent(paid["payment_intent"]).to_dict()


def test_the_banks_page_asks_in_local_currency(fake: Fake) -> None:
    session = adaptive(fake)
    requests.post(
        session.url,
        data={
            "cardNumber": "4000002500003155", "cardExpiry": "12 / 40", "cardCvc": "123",
            "billingName": "Jane Doe", "billingCountry": "US", "billingPostalCode": "10001",
        },
        timeout=PATIENCE,
    )  # fmt: skip

    page = requests.get(f"{fake.url}/c/pay/{session.id}/authenticate", timeout=PATIENCE).text

    assert "<strong>$22.00</strong>" in page


def price_in_euros_and_dollars(fake: Fake) -> str:
    price = fake.v1.prices.create(
        {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Cup"},
         "currency_options": {"usd": {"unit_amount": 1000}}}
    )  # fmt: skip
    return price.id


@pytest.mark.parametrize(
    ("email", "params", "charged"),
    [
        ("jane+location_US@example.com", {}, (1000, "usd")),
        ("jane+location_FR@example.com", {}, (900, "eur")),
        ("jane+location_PL@example.com", {}, (900, "eur")),
        ("jane@example.com", {}, (900, "eur")),
        ("jane+location_US@example.com", {"currency": "eur"}, (900, "eur")),
    ],
)
def test_price_with_amounts_of_its_own_is_charged_where_the_customer_is(
    fake: Fake, email: str, params: dict[str, Any], charged: tuple[int, str]
) -> None:
    price = price_in_euros_and_dollars(fake)

    session = fake.session(
        line_items=[{"price": price, "quantity": 1}], customer_email=email, **params
    )
    done = fake.pay(session.id)

    assert (done["amount_total"], done["currency"]) == charged
    intent = fake.intent(done["payment_intent"])
    assert (intent.amount, intent.currency) == charged


@pytest.mark.parametrize("what", ["line", "shipping", "discount"])
def test_currency_is_the_customers_only_if_everything_has_an_amount_in_it(
    fake: Fake, what: str
) -> None:
    params: dict[str, Any] = {"line_items": [{"price": price_in_euros_and_dollars(fake),
                                              "quantity": 1}]}  # fmt: skip
    if what == "line":
        data = {"currency": "eur", "unit_amount": 500, "product_data": {"name": "Tea"}}
        params["line_items"].append({"price_data": data, "quantity": 1})
    elif what == "shipping":
        fixed = {"amount": 500, "currency": "eur"}
        rate = {"display_name": "Post", "type": "fixed_amount", "fixed_amount": fixed}
        params["shipping_options"] = [{"shipping_rate_data": rate}]
    else:
        coupon = fake.v1.coupons.create({"amount_off": 100, "currency": "eur"})
        params["discounts"] = [{"coupon": coupon.id}]

    session = fake.session(customer_email="jane+location_US@example.com", **params)

    assert session.currency == "eur"


def test_delivery_is_charged_in_the_customers_currency_too(fake: Fake) -> None:
    fixed = {"amount": 500, "currency": "eur", "currency_options": {"usd": {"amount": 650}}}
    rate = {"display_name": "Post", "type": "fixed_amount", "fixed_amount": fixed}

    session = fake.session(
        line_items=[{"price": price_in_euros_and_dollars(fake), "quantity": 2}],
        shipping_options=[{"shipping_rate_data": rate}],
        customer_email=AMERICAN,
    )
    page = requests.get(session.url, timeout=PATIENCE).text
    done = fake.pay(session.id)

    assert ">Pay $26.50</button>" in page
    assert "€" not in page
    assert (done["currency"], done["amount_subtotal"], done["amount_total"]) == ("usd", 2000, 2650)
    assert done["shipping_cost"]["amount_total"] == 650
    assert "presentment_details" not in done


def test_a_known_customer_pays_in_the_currency_of_their_address(fake: Fake) -> None:
    customer = fake.v1.customers.create({"email": AMERICAN})

    session = fake.session(
        line_items=[{"price": price_in_euros_and_dollars(fake), "quantity": 1}],
        customer=customer.id,
    )

    assert (session.currency, session.amount_total) == ("usd", 1000)


@pytest.mark.parametrize(
    ("options", "total"), [({"usd": {"amount_off": 120}}, 880), ({}, None)], ids=["both", "one"]
)
def test_a_code_that_is_typed_takes_off_what_it_says_in_that_currency(
    fake: Fake, options: dict[str, Any], total: int | None
) -> None:
    terms: Any = {"amount_off": 100, "currency": "eur"}
    if options:
        terms["currency_options"] = options
    coupon = fake.v1.coupons.create(terms)
    promotion: Any = {"type": "coupon", "coupon": coupon.id}
    fake.v1.promotion_codes.create({"promotion": promotion, "code": "LESS"})

    session = fake.session(
        line_items=[{"price": price_in_euros_and_dollars(fake), "quantity": 1}],
        customer_email=AMERICAN,
        allow_promotion_codes=True,
    )

    assert session.currency == "usd"
    if total is None:
        with pytest.raises(AssertionError, match="does not match the session's, `usd`"):
            fake.pay(session.id, promotion_code="LESS")
    else:
        assert fake.pay(session.id, promotion_code="LESS")["amount_total"] == total
