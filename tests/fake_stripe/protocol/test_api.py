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


def test_test_keys_share_the_account(fake: Fake) -> None:
    account = fake.client_for("sk_test_a").v1.accounts.retrieve_current()
    customer = fake.client_for("rk_test_b").v1.customers.create({"name": "Ada"})

    assert account.id == fake.v1.accounts.retrieve_current().id
    assert fake.v1.customers.retrieve(customer.id).name == "Ada"


# K1
def test_a_restricted_key_may_not_read_its_account_and_is_told_whose_it_is(fake: Fake) -> None:
    with pytest.raises(stripe.PermissionError) as refused:
        fake.client_for("rk_test_restricted").v1.accounts.retrieve_current()

    account = fake.v1.accounts.retrieve_current().id
    assert refused.value.http_status == 403
    assert refused.value.user_message == (
        "The provided key 'rk_test_********ricted' does not have the required permissions for"
        f" this endpoint on account '{account}'. Having the 'rak_accounts_kyc_basic_read'"
        " permission would allow this request to continue."
    )


def test_answers_carry_what_the_sdk_reads(fake: Fake) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.customers.create({"email": "nobody"}, {"idempotency_key": "a-key"})

    headers = refused.value.headers or {}
    assert headers["Request-Id"].startswith("req_")
    assert headers["Stripe-Version"] == stripe.api_version
    assert headers["Idempotency-Key"] == "a-key"
    assert refused.value.user_message == "Invalid email address: nobody"
