"""What the demo takes over from the caller and `.env`, and what it decides itself."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from local.demo import stand_in
from local.demo.environment import Odd, Ports, environment, read_dot_env, stripe_key, web_port
from local.services.processes import ROOT
from local.services.services import Services

REHEARSAL = Ports(web=5001, stand_in=5002)
KEPT = {"secret_key": "kept", "webhook_secret": "whsec_kept"}


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment of a test's own: what it or a file puts there is gone afterwards."""
    for name in list(os.environ):
        monkeypatch.delenv(name)


def given(ports: Ports = REHEARSAL) -> dict[str, str]:
    services = Services("postgres://ours/shop", "redis://ours/0")
    return environment(Path("data"), services, ports, KEPT)


def test_a_copied_example_changes_nothing() -> None:
    before = given()

    read_dot_env(ROOT / ".env.example")

    assert given() == before
    assert stripe_key() == ""


def test_rehearsal_decides_where_stripe_is(monkeypatch: pytest.MonkeyPatch) -> None:
    undisturbed = given()
    monkeypatch.setenv("STRIPE_API_BASE", "https://api.stripe.com")
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRETS", "whsec_of_an_account")
    monkeypatch.setenv("FAKE_STRIPE_PUBLIC_URL", "http://elsewhere")
    monkeypatch.setenv("STRIPE_SECRET_KEY", "")

    assert given() == undisturbed
    assert undisturbed["STRIPE_SECRET_KEY"] == stand_in.KEY
    assert undisturbed["STRIPE_API_BASE"] == "http://127.0.0.1:5002"
    assert undisturbed["STRIPE_WEBHOOK_SECRETS"] == "whsec_kept"


def test_own_account_is_taken_as_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_own")
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRETS", "whsec_own")

    found = given(replace(REHEARSAL, stand_in=None))

    assert stripe_key() == "sk_test_own"
    assert found["STRIPE_SECRET_KEY"] == "sk_test_own"
    assert found["STRIPE_WEBHOOK_SECRETS"] == "whsec_own"
    assert "STRIPE_API_BASE" not in found


def test_where_it_runs_is_decided_and_how_it_sells_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REHEARSAL", "false")
    monkeypatch.setenv("SITE_URL", "https://shop.example")
    monkeypatch.setenv("SITE_URL_FILE", "site-url")
    monkeypatch.setenv("ALLOWED_HOSTS", "shop.example")
    monkeypatch.setenv("CAPTURE_POLICY", "staff")

    found = given()

    assert (found["REHEARSAL"], found["SITE_URL"]) == ("true", "http://localhost:5001")
    assert (found["SITE_URL_FILE"], found["ALLOWED_HOSTS"]) == ("", "localhost,127.0.0.1")
    assert found["CAPTURE_POLICY"] == "staff"


def test_two_currencies_are_offered_unless_somebody_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert given()["CURRENCIES_OFFERED"] == "eur,usd"

    monkeypatch.setenv("DEFAULT_CURRENCY_FILE", "currency")
    assert "CURRENCIES_OFFERED" not in given()
    monkeypatch.delenv("DEFAULT_CURRENCY_FILE")

    monkeypatch.setenv("DEFAULT_CURRENCY", "gbp")
    assert "CURRENCIES_OFFERED" not in given()

    monkeypatch.setenv("CURRENCIES_OFFERED", "gbp,jpy")
    assert given()["CURRENCIES_OFFERED"] == "gbp,jpy"


def test_tax_is_reckoned_unless_somebody_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAX_MODE", raising=False)
    assert given()["TAX_MODE"] == "rates"

    monkeypatch.setenv("TAX_MODE", "none")
    assert given()["TAX_MODE"] == "none"


def test_errors_are_shown_as_to_customers_unless_asked_for_in_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DEBUG", raising=False)
    assert given()["DEBUG"] == "false"

    monkeypatch.setenv("DEBUG", "true")
    assert given()["DEBUG"] == "true"


@pytest.mark.parametrize(
    ("name", "value", "read", "sentence"),
    [
        ("STRIPE_SECRET_KEY", "rk_live_x", stripe_key, "is a live key"),
        ("STRIPE_SECRET_KEY", "pk_test_x", stripe_key, "is no secret test key"),
        ("STRIPE_SECRET_KEY_FILE", "nowhere", stripe_key, "_FILE cannot be read"),
        ("PORT", "fourty", web_port, "PORT is 'fourty'. Use a number such as 4242."),
        ("PORT", "65536", web_port, "PORT is '65536'"),
    ],
)
def test_what_cannot_be_used_is_told(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    read: Callable[[], object],
    sentence: str,
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(Odd, match=sentence.replace(".", r"\.")):
        read()
