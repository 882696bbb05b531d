"""What holds for every call: keys, unknown ids and paths, the headers of an answer."""

import pytest
import stripe

from tests.fake_stripe.rig import Fake


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("product", "/v1/products/no"),
        ("price", "/v1/prices/no"),
        ("customer", "/v1/customers/no"),
        ("checkout session", "/v1/checkout/sessions/no"),
        ("payment_intent", "/v1/payment_intents/no"),
        ("charge", "/v1/charges/no"),
        ("payment_method", "/v1/payment_methods/no"),
        ("refund", "/v1/refunds/no"),
        ("event", "/v1/events/no"),
        ("dispute", "/v1/disputes/no"),
        ("webhook_endpoint", "/v1/webhook_endpoints/no"),
    ],
)
def test_unknown_id_is_not_found(fake: Fake, kind: str, path: str) -> None:
    answer = fake.raw("GET", path)

    error = answer.json()["error"]
    assert answer.status_code == 404
    assert (error["code"], error["message"]) == ("resource_missing", f"No such {kind}: 'no'")


@pytest.mark.parametrize("call", ["GET /v1/unicorns", "DELETE /v1/charges/x", "POST /v2/x"])
def test_unknown_path_is_told_in_stripes_words(fake: Fake, call: str) -> None:
    method, path = call.split(" ")

    answer = fake.raw(method, path)

    assert answer.status_code == 404
    assert answer.json()["error"]["message"].startswith(
        f"Unrecognized request URL ({method}: {path})."
    )


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (None, "You did not provide an API key."),
        ("Bearer sk_live_4eC39HqLyjWDarjtT1zdp7dc", "Invalid API Key provided: sk_live_"),
        ("Bearer pk_test_abc", "Invalid API Key provided: pk_test_"),
        ("Basic !", "You did not provide an API key."),
    ],
)
def test_other_keys_are_turned_away(fake: Fake, header: str | None, message: str) -> None:
    headers = {"Authorization": header} if header else {}

    answer = fake.raw("GET", "/v1/account", auth=lambda request: request, headers=headers)

    assert answer.status_code == 401
    assert answer.json()["error"]["message"].startswith(message)


@pytest.mark.parametrize("key", ["sk_test_a", "rk_test_b"])
def test_test_keys_share_the_account(fake: Fake, key: str) -> None:
    account = fake.client_for(key).v1.accounts.retrieve_current()

    assert account.id == fake.v1.accounts.retrieve_current().id


def test_answers_carry_what_the_sdk_reads(fake: Fake) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.customers.create({"email": "nobody"}, {"idempotency_key": "a-key"})

    headers = refused.value.headers or {}
    assert headers["Request-Id"].startswith("req_")
    assert headers["Stripe-Version"] == stripe.api_version
    assert headers["Idempotency-Key"] == "a-key"
    assert refused.value.user_message == "Invalid email address: nobody"
