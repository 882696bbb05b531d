"""What a Checkout Session is asked for, under each setting, and that Stripe takes it."""

from typing import Any

import pytest

from payments import checkout, session_parameters
from payments.models import CheckoutSession, Customer, SavedMethod
from payments.settlement.customers.settle import settle_customer
from shop.catalog.models import Price
from shop.catalog.stripe_sync import run
from shop.models import Installation
from shop.orders.models import DeliveryMethod
from shop.stripe_client import account
from tests.support.factories import PriceFactory, UserFactory
from tests.support.purchases import new_buyer, order_of, paid, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN: dict[str, Any] = {
    "PAYMENT_METHOD_SAVE": False,
    "SETUP_FUTURE_USAGE": "",
    "PAYMENT_METHOD_REDISPLAY_FILTERS": ["always"],
    "PAYMENT_METHOD_ALLOW_REDISPLAY": "",
}


@pytest.fixture(autouse=True)
def plain(settings: Any) -> None:
    set_all(settings, PLAIN)


def set_all(settings: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)


def parameters_sent(session: CheckoutSession) -> dict[str, Any]:
    """The frozen parameters; Stripe took them, or the session would have no page."""
    assert session.url
    return dict(session.requests.get(kind="create_session").parameters)


def test_all_that_is_asked_for(stand_in: StandIn) -> None:
    price = PriceFactory(variant__option_values=["Blue"], variant__sku="LAMP-1")

    session = start(price, 2)

    order, method = order_of(session), DeliveryMethod.objects.get()
    marks = {"shop": Installation.current(), "order": str(order.pk), "session": str(session.pk)}
    assert parameters_sent(session) == {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 2,
                "metadata": {"line": "1"},
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 1800,
                    "product_data": {
                        "name": f"{price.variant.product.title} (Blue)",
                        "metadata": {"sku": "LAMP-1"},
                    },
                },
            }
        ],
        "currency": "eur",
        "success_url": "http://localhost:4242/success?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://localhost:4242/cancel",
        "locale": "en",
        "expires_at": int(session.expires_at.timestamp()),
        "client_reference_id": str(order.pk),
        "metadata": marks,
        "payment_intent_data": {"metadata": marks, "description": f"Order {order.number}"},
        "branding_settings": {"display_name": "Holdfast"},
        "adaptive_pricing": {"enabled": False},
        "payment_method_options": {
            name: {"capture_method": "manual"} for name in session_parameters.CAN_HOLD
        },
        "shipping_address_collection": {"allowed_countries": method.countries},
        "shipping_options": [
            {
                "shipping_rate_data": {
                    "display_name": "Delivery",
                    "type": "fixed_amount",
                    "fixed_amount": {"amount": 0, "currency": "eur"},
                    "delivery_estimate": {
                        "minimum": {"unit": "business_day", "value": 2},
                        "maximum": {"unit": "business_day", "value": 8},
                    },
                    "metadata": {"method": str(method.pk)},
                }
            }
        ],
    }


@pytest.mark.parametrize(
    ("chosen", "hold", "limit", "per_method", "whole"),
    [
        ("stock_check", "per_method", {}, True, None),
        ("stock_check", "all", {}, False, "manual"),
        ("staff", "per_method", {}, True, None),
        ("staff", "all", {}, False, "manual"),
        ("automatic", "per_method", {}, False, None),
        ("automatic", "all", {}, False, None),
        ("automatic", "per_method", {"eur": 1799}, True, None),
        ("automatic", "all", {"eur": 1799}, False, "manual"),
    ],
)
def test_how_the_money_is_held(
    stand_in: StandIn,
    settings: Any,
    chosen: str,
    hold: str,
    limit: dict[str, int],
    per_method: bool,
    whole: str | None,
) -> None:
    set_all(
        settings,
        {"CAPTURE_POLICY": chosen, "CAPTURE_HOLD": hold, "CAPTURE_REVIEW_ABOVE": limit},
    )

    sent = parameters_sent(start())

    assert ("payment_method_options" in sent) is per_method
    assert sent["payment_intent_data"].get("capture_method") == whole


def test_under_automatic_the_money_arrives_captured(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY = "automatic"

    payment = order_of(paid(stand_in, start())).payments.get()

    assert (payment.status, payment.captured_amount) == ("captured", 1800)


@pytest.fixture
def synced(stand_in: StandIn) -> Price:
    """A price that Stripe has been told of."""
    price = PriceFactory()
    account()
    run.apply()
    return Price.objects.select_related("variant__product").get(pk=price.pk)


def test_a_synced_price_is_named_by_its_id(synced: Price) -> None:
    item = parameters_sent(start(synced, 3))["line_items"][0]

    assert synced.stripe_price_id.startswith("price_")
    assert item == {"quantity": 3, "metadata": {"line": "1"}, "price": synced.stripe_price_id}


# S-2
def in_german(price: Price, **texts: str) -> None:
    product = price.variant.product
    product.translations = {"de": {"options": {"Blue": "Blau"}, **texts}}
    product.save()


# S-2
def test_a_page_in_another_language_names_things_in_the_customers_words(synced: Price) -> None:
    in_german(synced, title="Leuchte", description="Brennt lange.\n\nSehr lange.")

    session = start(synced, 2, language="de")

    item = parameters_sent(session)["line_items"][0]
    assert item == {
        "quantity": 2,
        "metadata": {"line": "1"},
        "price_data": {
            "currency": "eur",
            "unit_amount": 1800,
            "product_data": {
                "name": "Leuchte",
                "description": "Brennt lange.",
                "metadata": {"sku": synced.variant.sku},
            },
        },
    }
    assert parameters_sent(start(synced))["line_items"][0]["price"] == synced.stripe_price_id


# S-2
def test_what_was_never_translated_keeps_its_synced_price(synced: Price) -> None:
    item = parameters_sent(start(synced, language="de"))["line_items"][0]

    assert item["price"] == synced.stripe_price_id


# S-2
def test_what_is_named_in_the_customers_words_is_taxed_as_its_price_is(
    synced: Price, settings: Any
) -> None:
    set_all(settings, {"TAX_MODE": "stripe", "TAX_CODE_DEFAULT": "txcd_99999999"})
    in_german(synced, title="Leuchte")

    stated = parameters_sent(start(synced, language="de"))["line_items"][0]["price_data"]

    assert stated["tax_behavior"] == "inclusive"
    assert stated["product_data"]["tax_code"] == "txcd_99999999"


# S-2
def test_fewer_can_be_bought_on_a_page_in_the_customers_words(
    synced: Price, stand_in: StandIn, settings: Any
) -> None:
    settings.ADJUSTABLE_QUANTITY = True
    in_german(synced, title="Leuchte")

    session = start(synced, 3, language="de")

    assert parameters_sent(session)["line_items"][0]["adjustable_quantity"]["maximum"] == 3
    paid(stand_in, session)
    assert not order_of(session).is_held


# K14
def test_a_price_that_once_had_another_currency_is_charged_in_the_orders(
    synced: Price, stand_in: StandIn, settings: Any
) -> None:
    """Left to itself Stripe would choose by where the visitor is."""
    settings.PAYMENT_METHOD_SAVE = True
    left_over = {"currency_options[usd][unit_amount]": 2100}
    stand_in.call(f"prices/{synced.stripe_price_id}", **left_over)

    session = start(synced, user=UserFactory(email="jane+location_US@example.com"))

    assert parameters_sent(session)["line_items"][0]["price"] == synced.stripe_price_id
    at_stripe = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")
    assert (at_stripe["currency"], at_stripe["amount_total"]) == ("eur", 1800)


def test_a_price_of_another_account_counts_as_absent(synced: Price) -> None:
    Price.objects.update(stripe_account="acct_other/test")
    price = Price.objects.select_related("variant__product").get()

    item = parameters_sent(start(price))["line_items"][0]

    assert item["price_data"]["unit_amount"] == 1800


@pytest.mark.parametrize(
    ("remove", "usage", "term"),
    [
        (True, "", session_parameters.TERMS),
        (False, "", session_parameters.TERMS),
        (True, "on_session", session_parameters.TERMS_REUSE),
        (True, "off_session", session_parameters.TERMS_LATER),
    ],
)
def test_a_guest_may_save_the_card(
    stand_in: StandIn, settings: Any, remove: bool, usage: str, term: str
) -> None:
    set_all(
        settings,
        {
            "PAYMENT_METHOD_SAVE": True,
            "PAYMENT_METHOD_REMOVE": remove,
            "SETUP_FUTURE_USAGE": usage,
        },
    )

    sent = parameters_sent(start())

    assert (sent["customer_creation"], "customer_email" in sent) == ("always", False)
    assert sent["saved_payment_method_options"] == {
        "payment_method_save": "enabled",
        "payment_method_remove": "enabled" if remove else "disabled",
    }
    assert sent["payment_intent_data"].get("setup_future_usage", "") == usage
    assert sent["custom_text"] == {"submit": {"message": term}}


@pytest.mark.parametrize(
    ("language", "locale"), [("de", "de"), ("pt-br", "pt-BR"), ("zh-hans", "auto"), ("eo", "auto")]
)
def test_the_payment_page_speaks_the_customers_language(
    stand_in: StandIn, language: str, locale: str
) -> None:
    session = start(language=language)

    assert (order_of(session).language, parameters_sent(session)["locale"]) == (language, locale)


def test_what_is_agreed_to_is_said_in_the_customers_language(
    stand_in: StandIn, settings: Any
) -> None:
    settings.PAYMENT_METHOD_SAVE = True

    message = parameters_sent(start(language="de"))["custom_text"]["submit"]["message"]

    assert message.startswith("Wenn Sie das Kästchen ankreuzen")


def test_without_saving_nothing_is_kept(stand_in: StandIn) -> None:
    sent = parameters_sent(start())

    assert {
        "customer",
        "customer_creation",
        "saved_payment_method_options",
        "custom_text",
    }.isdisjoint(sent)


def test_the_next_purchase_of_the_same_person_names_the_customer(
    stand_in: StandIn, settings: Any
) -> None:
    settings.PAYMENT_METHOD_SAVE = True
    user = UserFactory(email="ada@example.com")
    first = start(user=user)
    paid(stand_in, first, save=True)

    again, stranger = parameters_sent(start(user=user)), parameters_sent(start())

    first.refresh_from_db()
    assert parameters_sent(first)["customer_email"] == "ada@example.com"
    assert first.customer is not None
    assert (again["customer"], "customer_creation" in again) == (
        first.customer.stripe_customer_id,
        False,
    )
    assert "customer" not in stranger


def test_a_guest_is_known_by_the_browser_session_and_by_nothing_else(
    stand_in: StandIn, settings: Any
) -> None:
    settings.PAYMENT_METHOD_SAVE = True
    first = start()
    paid(stand_in, first, save=True)
    visitor = order_of(first).visitor

    same, other = parameters_sent(start(visitor=visitor)), parameters_sent(start())
    logged_in = parameters_sent(start(visitor=visitor, user=UserFactory()))

    first.refresh_from_db()
    assert first.customer is not None
    assert same["customer"] == first.customer.stripe_customer_id
    assert "customer" not in other
    assert "customer" not in logged_in


# K21 c
@pytest.mark.parametrize(("ships", "shipping"), [(True, {"shipping": "auto"}), (False, {})])
def test_an_address_that_is_not_asked_for_is_not_kept_either(
    stand_in: StandIn, settings: Any, ships: bool, shipping: dict[str, str]
) -> None:
    settings.PAYMENT_METHOD_SAVE = True
    visitor = new_buyer().visitor
    paid(stand_in, start(visitor=visitor), save=True)

    sent = parameters_sent(start(PriceFactory(variant__requires_shipping=ships), visitor=visitor))

    assert sent["customer_update"] == {"address": "auto", "name": "auto", **shipping}
    assert ("shipping_address_collection" in sent) is ships


def test_a_log_ins_address_is_its_books_and_none_typed_on_the_page(
    stand_in: StandIn, settings: Any
) -> None:
    settings.PAYMENT_METHOD_SAVE = True
    user = UserFactory(email="ada@example.com")
    paid(stand_in, start(user=user), save=True)

    sent = parameters_sent(start(user=user))

    assert sent["customer_update"] == {"address": "auto", "name": "auto"}


def test_what_is_shown_again_is_a_setting(stand_in: StandIn, settings: Any) -> None:
    set_all(
        settings,
        {
            "PAYMENT_METHOD_SAVE": True,
            "PAYMENT_METHOD_REDISPLAY_FILTERS": ["always", "limited"],
            "PAYMENT_METHOD_ALLOW_REDISPLAY": "always",
        },
    )
    price = PriceFactory(variant__product__setup_future_usage="off_session")
    user = UserFactory(email="ada@example.com")

    paid(stand_in, start(price, user=user))
    sent = parameters_sent(start(user=user))

    options = sent["saved_payment_method_options"]
    assert options["allow_redisplay_filters"] == ["always", "limited"]
    assert sent["payment_method_data"] == {"allow_redisplay": "always"}
    # Stripe's own choice would have been limited.
    assert SavedMethod.objects.get().allow_redisplay == "always"


@pytest.mark.parametrize(
    ("setting", "wishes", "usage"),
    [
        ("", ["", ""], None),
        ("", ["", "on_session"], "on_session"),
        ("", ["off_session", "on_session"], "off_session"),
        ("on_session", ["", "off_session"], "off_session"),
        ("off_session", ["", "on_session"], "off_session"),
    ],
)
def test_the_strictest_of_an_order_wins(
    stand_in: StandIn, settings: Any, setting: str, wishes: list[str], usage: str | None
) -> None:
    settings.SETUP_FUTURE_USAGE = setting
    prices = [PriceFactory(variant__product__setup_future_usage=wish) for wish in wishes]
    items = [checkout.Item(price, 1) for price in prices]

    sent = parameters_sent(checkout.start(new_buyer(), items))

    assert sent["payment_intent_data"].get("setup_future_usage") == usage


# C12
def test_an_account_is_sent_in_the_customers_place(stand_in: StandIn, settings: Any) -> None:
    """Accounts v2, as the guide shows it: `customer_account`, and cards may be removed."""
    settings.PAYMENT_METHOD_SAVE = True
    user = UserFactory(email="ada@example.com")
    paid(stand_in, start(user=user), save=True)
    account = stand_in.ask("accounts", {})["id"]
    Customer.objects.update(stripe_account_id=account)

    first = start(user=user)
    sent = parameters_sent(first)
    paid(stand_in, first, save=True, card="5555555555554444")
    second = start(user=user)

    assert {name: sent.get(name) for name in ("customer_account", "customer")} == {
        "customer_account": account,
        "customer": None,
    }
    assert "customer_update" not in sent
    assert sent["saved_payment_method_options"]["payment_method_remove"] == "enabled"
    method = SavedMethod.objects.get(brand="mastercard")
    there = stand_in.api(f"payment_methods/{method.stripe_payment_method_id}")
    assert (there["customer_account"], there["customer"]) == (account, None)
    assert Customer.objects.get() == method.customer
    page = stand_in.http.get(second.url, timeout=60).text
    assert "4444" in page
    settle_customer(method.customer)
    method.refresh_from_db()
    assert method.status == "attached"


def test_an_account_that_stripe_does_not_know_costs_the_order_and_no_more(
    stand_in: StandIn, settings: Any
) -> None:
    settings.PAYMENT_METHOD_SAVE = True
    user = UserFactory(email="ada@example.com")
    paid(stand_in, start(user=user), save=True)
    Customer.objects.update(stripe_account_id="acct_nobody")

    refused = start(user=user)

    assert order_of(refused).status == "cancelled"
    assert "customer" in parameters_sent(start(user=user))
    assert SavedMethod.objects.get().status == "attached"


# C4
@pytest.mark.parametrize("address", ["staff@localhost", "staff@intranet"])
def test_an_address_that_nobody_can_write_to_is_not_sent(
    stand_in: StandIn, settings: Any, address: str
) -> None:
    settings.PAYMENT_METHOD_SAVE = True

    sent = parameters_sent(start(user=UserFactory(email=address)))

    assert "customer_email" not in sent
    assert sent["customer_creation"] == "always"


# C4
def test_an_address_that_stripe_refuses_is_left_out(stand_in: StandIn, settings: Any) -> None:
    """Whatever Stripe has against it: the customer types another on the page."""
    settings.PAYMENT_METHOD_SAVE = True
    # Longer than Stripe takes a local part to be, and as good as any here.
    address = f"{'a' * 65}@example.com"

    session = start(user=UserFactory(email=address))

    request = session.requests.get()
    assert session.url.startswith(stand_in.url)
    assert (request.outcome, request.generation) == ("opened", 2)
    assert "customer_email" not in request.parameters
    assert len(stand_in.executed("/v1/checkout/sessions")) == 1
