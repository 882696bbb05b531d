"""Every parameter that Stripe would refuse is refused, with its type, code and param."""

from typing import Any

import pytest
import requests

from tests.fake_stripe.rig import SUCCESS, Fake

LINE = "line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=2000"
LINE += "&line_items[0][price_data][product_data][name]=Kettle&line_items[0][quantity]=1"
SESSION = f"mode=payment&success_url={SUCCESS}&{LINE}"
INVOICED = f"{SESSION}&invoice_creation[enabled]=true"
INLINE = "line_items[0][price_data]"
TOO_LONG = "x" * 501

REFUSED = [
    # method and path, body, code, param
    ("POST /v1/products", "name=a&colour=blue", "parameter_unknown", "colour"),
    ("POST /v1/products", "name=a&metadata[a][b]=c", None, "metadata[a]"),
    ("POST /v1/products", "name=", "parameter_invalid_empty", "name"),
    ("POST /v1/products", "description=x", "parameter_missing", "name"),
    ("POST /v1/products", "name=a&active=perhaps", None, "active"),
    ("POST /v1/products", "name=a&images=x", None, "images"),
    ("POST /v1/products", "name=a&url=nowhere", "url_invalid", "url"),
    ("POST /v1/products", f"name=a&metadata[k]={TOO_LONG}", None, "metadata[k]"),
    ("POST /v1/products", f"name=a&metadata[{'k' * 41}]=v", None, f"metadata[{'k' * 41}]"),
    ("POST /v1/products", ("name=a&default_price_data[currency]=usd"
     "&default_price_data[unit_amount_decimal]=-1"), "parameter_invalid_integer",
     "default_price_data[unit_amount_decimal]"),
    ("POST /v1/prices", "currency=eur&unit_amount_decimal=-1&product={product}",
     "parameter_invalid_integer", "unit_amount_decimal"),
    ("POST /v1/prices", "currency=eur&unit_amount_decimal=1e3&product={product}", None,
     "unit_amount_decimal"),
    ("POST /v1/prices", "currency=eur&unit_amount_decimal=1.1234567890123&product={product}", None,
     "unit_amount_decimal"),
    ("POST /v1/prices", "currency=bhd&unit_amount=5123&product={product}", None, "unit_amount"),
    ("POST /v1/prices", "currency=isk&unit_amount=550&product={product}", None, "unit_amount"),
    ("POST /v1/prices", ("currency=eur&unit_amount=5&product={product}"
     "&currency_options[kwd][unit_amount]=5123"), None, "currency_options[kwd][unit_amount]"),
    ("POST /v1/payment_intents", "currency=bhd&amount=5123", None, "amount"),
    ("POST /v1/products/{product}", "default_price=price_no", "resource_missing", "default_price"),
    ("POST /v1/prices", "unit_amount=5&product={product}", "parameter_missing", "currency"),
    ("POST /v1/prices", "currency=eur&product={product}", "parameter_missing", "unit_amount"),
    ("POST /v1/prices", "currency=eur&unit_amount=5", "parameter_missing", "product"),
    ("POST /v1/prices", "currency=eur&unit_amount=5&product=no", "resource_missing", "product"),
    (
        "POST /v1/prices",
        "currency=eur&unit_amount=1.5&product={product}",
        "parameter_invalid_integer",
        "unit_amount",
    ),
    (
        "POST /v1/prices",
        "currency=eur&unit_amount=-1&product={product}",
        "parameter_invalid_integer",
        "unit_amount",
    ),
    ("POST /v1/prices", "currency=xyz&unit_amount=5&product={product}", None, "currency"),
    (
        "POST /v1/prices",
        "currency=eur&unit_amount=5&unit_amount_decimal=5&product={product}",
        "parameters_exclusive",
        "unit_amount_decimal",
    ),
    ("POST /v1/prices/{price}", "unit_amount=5", "parameter_unknown", "unit_amount"),
    ("POST /v1/prices/{price}", f"lookup_key={'x' * 201}", "parameter_invalid_string",
     "lookup_key"),
    ("POST /v1/prices/{price}", "tax_behavior=perhaps", None, "tax_behavior"),
    ("POST /v1/prices/{price}", "currency_options[usd][unit_amount]=-1",
     "parameter_invalid_integer", "currency_options[usd][unit_amount]"),
    ("POST /v1/customers", "email=nobody", "email_invalid", "email"),
    ("POST /v1/customers", f"business_name={'x' * 151}", "parameter_invalid_string",
     "business_name"),
    ("POST /v1/customers", f"individual_name={'x' * 151}", "parameter_invalid_string",
     "individual_name"),
    ("POST /v1/customers", "invoice_settings[default_payment_method]=pm_no", "resource_missing",
     "invoice_settings[default_payment_method]"),
    ("POST /v1/customers", "payment_method=pm_no", "resource_missing", "payment_method"),
    ("POST /v1/customers", "tax[validate_location]=immediately", None, "tax"),
    ("POST /v1/customers/{customer}", "tax[validate_location]=deferred", None, "tax"),
    ("POST /v1/payment_intents/{intent}", "receipt_email=nobody", "email_invalid",
     "receipt_email"),
    ("POST /v1/payment_intents/{intent}", "amount=0", "parameter_invalid_integer", "amount"),
    ("POST /v1/payment_intents/{intent}", "currency=xyz", None, "currency"),
    ("POST /v1/payment_intents/{intent}", f"statement_descriptor_suffix={'x' * 23}",
     "parameter_invalid_string", "statement_descriptor_suffix"),
    ("POST /v1/checkout/sessions",
     f"{SESSION}&customer={{customer}}&automatic_tax[enabled]=true",
     "customer_tax_location_invalid", None),
    ("POST /v1/customers", "address[street]=x", "parameter_unknown", "address[street]"),
    ("POST /v1/customers", "tax_id_data[0][type]=xx&tax_id_data[0][value]=1", None,
     "tax_id_data[0][type]"),
    ("POST /v1/checkout/sessions", "success_url=https://a.test", "parameter_missing", "mode"),
    ("POST /v1/checkout/sessions", f"mode=payment&{LINE}", "parameter_missing", "success_url"),
    ("POST /v1/checkout/sessions", f"mode=payment&success_url=x&{LINE}", "url_invalid",
     "success_url"),
    ("POST /v1/checkout/sessions", f"mode=payment&success_url={SUCCESS}", "parameter_missing",
     "line_items"),
    ("POST /v1/checkout/sessions", "mode=gift", None, "mode"),
    ("POST /v1/checkout/sessions", f"{SESSION}&ui_mode=hosted", None, "ui_mode"),
    ("POST /v1/checkout/sessions", f"{SESSION}&line_items[0][colour]=blue", "parameter_unknown",
     "line_items[0][colour]"),
    ("POST /v1/checkout/sessions", SESSION.replace("[quantity]=1", "[quantity]=x"),
     "parameter_invalid_integer", "line_items[0][quantity]"),
    ("POST /v1/checkout/sessions", SESSION.replace("[quantity]=1", "[quantity]=0"),
     "parameter_invalid_integer", "line_items[0][quantity]"),
    ("POST /v1/checkout/sessions", SESSION.replace("&line_items[0][quantity]=1", ""),
     "parameter_missing", "line_items[0][quantity]"),
    ("POST /v1/checkout/sessions", SESSION.replace("[unit_amount]=2000", "[unit_amount]=49"),
     "amount_too_small", "line_items"),
    ("POST /v1/checkout/sessions", SESSION.replace("[currency]=eur", "[currency]=xyz"), None,
     f"{INLINE}[currency]"),
    ("POST /v1/checkout/sessions", SESSION.replace("[product_data][name]=Kettle", "[product]=no"),
     "resource_missing", f"{INLINE}[product]"),
    ("POST /v1/checkout/sessions", f"{SESSION}&line_items[0][price]={{price}}",
     "parameters_exclusive", f"{INLINE}"),
    ("POST /v1/checkout/sessions",
     f"{SESSION}&line_items[1][price]={{dollar_price}}&line_items[1][quantity]=1", None,
     "line_items[1][price]"),
    ("POST /v1/checkout/sessions",
     f"mode=payment&success_url={SUCCESS}&line_items[0][price]=no&line_items[0][quantity]=1",
     "resource_missing", "line_items[0][price]"),
    ("POST /v1/checkout/sessions", f"{SESSION}&customer=cus_no", "resource_missing", "customer"),
    ("POST /v1/checkout/sessions", f"{SESSION}&customer={{customer}}&customer_email=a@b.test",
     "parameters_exclusive", "customer_email"),
    ("POST /v1/checkout/sessions", f"{SESSION}&customer_email=x", "email_invalid",
     "customer_email"),
    ("POST /v1/checkout/sessions", f"{SESSION}&expires_at=5", None, "expires_at"),
    ("POST /v1/checkout/sessions", f"{SESSION}&client_reference_id={'x' * 201}",
     "parameter_invalid_string", "client_reference_id"),
    ("POST /v1/checkout/sessions",
     f"{SESSION}&payment_intent_data[capture_method]=later", None,
     "payment_intent_data[capture_method]"),
    ("POST /v1/checkout/sessions",
     f"{SESSION}&payment_method_options[sepa_debit][capture_method]=manual", "parameter_unknown",
     "payment_method_options[sepa_debit][capture_method]"),
    ("POST /v1/checkout/sessions", f"{SESSION}&payment_method_types[0]=card", "parameter_unknown",
     "payment_method_types"),
    ("POST /v1/checkout/sessions",
     f"{SESSION}&shipping_address_collection[allowed_countries][0]=XX", None,
     "shipping_address_collection[allowed_countries][0]"),
    ("POST /v1/checkout/sessions", f"{SESSION}&customer_update[address]=auto", None,
     "customer_update"),
    ("POST /v1/checkout/sessions", f"{SESSION}&subscription_data[description]=x", None,
     "subscription_data"),
    ("POST /v1/checkout/sessions", f"{SESSION}&return_url=https://a.test", None, "return_url"),
    # Known to Stripe, not played here: said, not ignored.
    ("POST /v1/checkout/sessions", f"{SESSION}&adaptive_pricing[enabled]=perhaps", None,
     "adaptive_pricing[enabled]"),
    ("POST /v1/checkout/sessions",
     f"{SESSION}&invoice_creation[enabled]=true&payment_intent_data[capture_method]=manual", None,
     "invoice_creation"),
    ("POST /v1/checkout/sessions",
     f"{INVOICED}&payment_method_options[card][capture_method]=manual", None, "invoice_creation"),
    ("POST /v1/checkout/sessions", f"{SESSION}&managed_payments[enabled]=true", None,
     "managed_payments[enabled]"),
    ("POST /v1/checkout/sessions", f"{SESSION}&discounts[0][coupon]=x", "resource_missing",
     "discounts[0][coupon]"),
    ("POST /v1/checkout/sessions", f"{SESSION}&allow_promotion_codes=true&discounts[0][coupon]=x",
     "parameters_exclusive", "discounts"),
    ("POST /v1/checkout/sessions", "mode=setup&success_url=https://a.test",
     "parameter_missing", "currency"),
    ("POST /v1/checkout/sessions/{session}", "success_url=https://a.test", "parameter_unknown",
     "success_url"),
    ("POST /v1/checkout/sessions/{session}/expire", "now=1", "parameter_unknown", "now"),
    ("GET /v1/checkout/sessions", "status=closed", None, "status"),
    ("GET /v1/checkout/sessions", "limit=-1", "parameter_invalid_integer", "limit"),
    ("GET /v1/checkout/sessions", "starting_after=cs_no", "resource_missing", "starting_after"),
    ("GET /v1/checkout/sessions", "created[since]=5", "parameter_unknown", "created[since]"),
    ("GET /v1/checkout/sessions/{session}", "expand[0]=colour", None, "expand"),
    ("GET /v1/checkout/sessions", "expand[0]=customer", None, "expand"),
    ("POST /v1/payment_intents/{held}/capture", "amount_to_capture=0",
     "parameter_invalid_integer", "amount_to_capture"),
    ("POST /v1/payment_intents/{held}/capture", "amount_to_capture=2001", "amount_too_large",
     "amount_to_capture"),
    ("POST /v1/payment_intents/{held}/capture", "final_capture=false", None, "final_capture"),
    ("POST /v1/payment_intents/{held}/cancel", "cancellation_reason=boredom", None,
     "cancellation_reason"),
    ("POST /v1/refunds", "amount=5", "parameter_missing", "charge"),
    ("POST /v1/refunds", "payment_intent=pi_no", "resource_missing", "payment_intent"),
    ("POST /v1/refunds", "payment_intent={paid}&reason=whim", None, "reason"),
    ("POST /v1/refunds", "payment_intent={paid}&amount=0", "parameter_invalid_integer", "amount"),
    ("POST /v1/refunds", "payment_intent={paid}&amount=2001", None, "amount"),
    ("GET /v1/events", "types[0]=a&type=b", "parameters_exclusive", "types"),
    ("POST /v1/webhook_endpoints", "url=https://a.test", "parameter_missing", "enabled_events"),
    ("POST /v1/webhook_endpoints", "url=x&enabled_events[0]=*", "url_invalid", "url"),
    ("POST /v1/webhook_endpoints", "url=https://a.test&enabled_events[0]=made.up", None,
     "enabled_events[0]"),
    ("POST /v1/payment_methods/{method}", "allow_redisplay=never", None, "allow_redisplay"),
]  # fmt: skip

ILLEGAL = [
    # method and path, body, code, param
    ("POST /v1/payment_intents/{paid}/capture", "", "payment_intent_unexpected_state", None),
    ("POST /v1/payment_intents/{paid}/cancel", "", "payment_intent_unexpected_state", None),
    ("POST /v1/refunds", "payment_intent={held}", "charge_not_refundable", None),
    ("POST /v1/checkout/sessions/{complete}/expire", "", None, "session"),
    ("POST /v1/payment_methods/{method}/detach", "", None, None),
    ("POST /v1/prices/{fixed}", "tax_behavior=inclusive", None, "tax_behavior"),
    ("POST /v1/payment_intents/{paid}", "amount=500", "payment_intent_unexpected_state", None),
    ("DELETE /v1/products/{product}", "", None, None),
]


@pytest.fixture(scope="module")
def stocked(server: str) -> Fake:
    """A stand-in for all tests here: what is refused changes nothing."""
    fake = Fake(server)
    fake.control("reset", {})
    return fake


@pytest.fixture(scope="module")
def known(stocked: Fake) -> dict[str, str]:
    """Objects that the bodies name."""
    fake = stocked
    product = fake.v1.products.create({"name": "Kettle"}).id
    prices = [
        fake.v1.prices.create({"product": product, "currency": currency, "unit_amount": 900}).id
        for currency in ("eur", "usd")
    ]
    fixed: Any = {"unit_amount": 900, "currency": "eur", "tax_behavior": "exclusive"}
    session = fake.session()
    complete = fake.session()
    paid = fake.intent(fake.pay(complete.id)["payment_intent"])
    return {
        "product": product,
        "price": prices[0],
        "fixed": fake.v1.prices.create({"product": product, **fixed}).id,
        "dollar_price": prices[1],
        "customer": fake.v1.customers.create({"email": "a@example.com"}).id,
        "session": session.id,
        "complete": complete.id,
        "paid": paid.id,
        "method": paid.payment_method,
        "held": fake.held().id,
        "intent": fake.v1.payment_intents.create({"amount": 500, "currency": "eur"}).id,
    }


def ask(fake: Fake, known: dict[str, str], call: str, body: str) -> requests.Response:
    method, path = fill(call, known).split(" ")
    sent = fill(body, known)
    headers = {
        "Stripe-Version": "2026-10-28.endive",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    if method == "GET":
        return fake.raw(method, f"{path}?{sent}", headers=headers)
    return fake.raw(method, path, data=sent, headers=headers)


def fill(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace("{" + name + "}", value)
    return text


@pytest.mark.parametrize(("call", "body", "code", "param"), REFUSED)
def test_wrong_parameter_is_refused(
    stocked: Fake,
    known: dict[str, str],
    call: str,
    body: str,
    code: str | None,
    param: str | None,
) -> None:
    answer = ask(stocked, known, call, body)

    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (400, "invalid_request_error")
    assert (error.get("code"), error.get("param")) == (code, param)


@pytest.mark.parametrize(("call", "body", "code", "param"), ILLEGAL)
def test_illegal_state_is_refused(
    stocked: Fake, known: dict[str, str], call: str, body: str, code: str | None,
    param: str | None,
) -> None:  # fmt: skip
    answer = ask(stocked, known, call, body)

    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (400, "invalid_request_error")
    assert (error.get("code"), error.get("param")) == (code, param)


@pytest.mark.parametrize("version", ["2025-03-31.basil", None])
def test_older_version_may_still_name_payment_method_types(
    stocked: Fake, known: dict[str, str], version: str | None
) -> None:
    headers = {"Stripe-Version": version} if version else {}
    body = f"{SESSION}&payment_method_types[0]=card"

    answer = stocked.raw("POST", "/v1/checkout/sessions", data=body, headers={
        **headers, "Content-Type": "application/x-www-form-urlencoded"
    })  # fmt: skip

    assert (answer.status_code, answer.json()["payment_method_types"]) == (200, ["card"])
