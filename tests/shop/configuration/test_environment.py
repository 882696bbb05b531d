"""The settings: every missing or odd value is named at once, and .env.example holds them all."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from shop.settings import env

ROOT = Path(__file__).parents[3]
GOOD = {
    "SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgres://u:p@127.0.0.1:1/shop",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "STRIPE_SECRET_KEY": "sk_test_x",
    "STRIPE_WEBHOOK_SECRETS": "whsec_x",
}


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    # An empty value counts as none and keeps a .env from filling it.
    blank = dict.fromkeys(env.names(), "")
    return subprocess.run(
        [sys.executable, "-c", "import shop.settings"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **blank, **GOOD, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_good_values_start() -> None:
    assert start().returncode == 0


def test_everything_missing_is_named_at_once() -> None:
    said = start(**dict.fromkeys(GOOD, "")).stderr

    assert [name for name in GOOD if f"- {name} is missing" in said] == list(GOOD)


def test_odd_values_are_named_at_once() -> None:
    said = start(PORT="many", CAPTURE_POLICY="later", SITE_URL="shop", DEBUG="perhaps").stderr

    assert re.findall(r"  - (\w+)", said) == ["DEBUG", "SITE_URL", "PORT", "CAPTURE_POLICY"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SWEEP_EVERY": "often"}, "SWEEP_EVERY is 'often'. Use a whole number, such as 30."),
        ({"STRIPE_SECRET_KEY": "sk_live_x", "DEBUG": "true"}, "live key while DEBUG is on"),
        ({"STRIPE_SECRET_KEY": "sk_live_x", "REHEARSAL": "true"}, "live key while REHEARSAL is on"),
        (
            {"STRIPE_SECRET_KEY": "sk_live_x", "STRIPE_API_BASE": "http://127.0.0.1:12111"},
            "points away from Stripe while the key is live",
        ),
        (
            {"STRIPE_SECRET_KEY": "rk_live_x", "FAKE_STRIPE_PUBLIC_URL": "http://localhost:12111"},
            "points away from Stripe while the key is live",
        ),
        ({"STRIPE_SECRET_KEY": "pk_test_x"}, "is no Stripe secret key"),
        ({"STRIPE_WEBHOOK_SECRETS": "secret"}, "does not begin with whsec_"),
        ({"CHECKOUT_DOMAIN": "http://pay.shop.example"}, "CHECKOUT_DOMAIN is no origin of a"),
        ({"CHECKOUT_DOMAIN": "https://pay.shop.example/c/pay"}, "CHECKOUT_DOMAIN is no origin"),
        ({"STRIPE_ACCOUNT": "my account"}, "STRIPE_ACCOUNT is no account of Stripe's"),
        ({"CAPTURE_REVIEW_ABOVE": "eur:many"}, "holds 'eur:many'"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL is 'LOUD'. Use one of: DEBUG, INFO, WARNING, ERROR."),
        ({"DELIVERY_DAYS": "soon"}, "DELIVERY_DAYS is no span of working days."),
        ({"DEFAULT_CURRENCY": "doubloon"}, "is no currency"),
    ],
)
def test_refused_with_a_sentence(changes: dict[str, str], sentence: str) -> None:
    started = start(**changes)

    assert started.returncode != 0
    assert sentence in started.stderr


def test_a_typing_mistake_is_suggested() -> None:
    said = start(STRIPE_SECRET_KEY="", STRIPE_SECERT_KEY="sk_test_x").stderr

    assert "Did you mean the STRIPE_SECERT_KEY that is set?" in said


def test_the_key_itself_is_never_printed() -> None:
    said = start(STRIPE_SECRET_KEY="sk_live_abcdef123456", DEBUG="true").stderr

    assert "abcdef123456" not in said


def test_the_example_holds_every_name_and_no_other() -> None:
    example = (ROOT / ".env.example").read_text()

    assert sorted(re.findall(r"^(?:# )?(\w+)=", example, re.MULTILINE)) == sorted(env.names())


def test_a_copied_example_changes_nothing(tmp_path: Path) -> None:
    # Guard: a line of .env.example with a value of its own that is not commented out.
    settings_after = (
        "import environ, sys; environ.Env.read_env(sys.argv[1]); import shop.settings as settings;"
        "print({name: repr(getattr(settings, name)) for name in dir(settings) if name.isupper()})"
    )
    (tmp_path / "empty").touch()

    def shown(path: Path) -> str:
        said = subprocess.run(
            [sys.executable, "-c", settings_after, path],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0", **GOOD},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        return re.sub(r" at 0x\w+", "", said)

    assert shown(ROOT / ".env.example") == shown(tmp_path / "empty")


def test_tests_rehearse() -> None:
    assert settings.STRIPE_LIVE is False
