"""The settings: every missing or odd value is named at once, and .env.example holds them all."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from django.conf import settings
from stripe.params.checkout import _session_create_params

from shop.configuration.countries import COUNTRIES
from shop.settings import env

ROOT = Path(__file__).parents[3]
BY_PLACE = {"CURRENCY_BY_PLACE": "true", "CURRENCIES_OFFERED": "eur,usd"}
GOOD = {
    "SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgres://u:p@127.0.0.1:1/shop",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "STRIPE_SECRET_KEY": "sk_test_x",
    "STRIPE_WEBHOOK_SECRETS": "whsec_x",
}


# What a shop that takes money must have besides.
LIVE = {
    "STRIPE_SECRET_KEY": "rk_live_x",
    "SECRET_KEY": "k9#" + "abcdefgh12" * 5,
    "SITE_URL": "https://shop.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "DEFAULT_FROM_EMAIL": "Holdfast <shop@shop.example>",
    "SUPPORT_EMAIL": "help@shop.example",
}
SETTINGS = "import shop.settings"


def start(program: str = SETTINGS, **changes: str) -> subprocess.CompletedProcess[str]:
    # An empty value counts as none and keeps a .env from filling it.
    blank = dict.fromkeys(env.names(), "")
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **blank, **GOOD, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_good_values_start() -> None:
    assert start().returncode == 0


def test_days_begin_where_the_shop_is_for_pages_and_for_what_is_done_at_night() -> None:
    # S-8
    program = (
        "from django.conf import settings; from shop.celery import app;"
        "print(settings.TIME_ZONE, app.conf.timezone)"
    )
    use = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings';"

    said = [start(use + program, TIME_ZONE=zone).stdout.split() for zone in ("Europe/Vienna", "")]

    assert said == [["Europe/Vienna"] * 2, ["UTC"] * 2]


def test_everything_missing_is_named_at_once() -> None:
    said = start(**dict.fromkeys(GOOD, "")).stderr

    assert [name for name in GOOD if f"- {name} is missing" in said] == list(GOOD)


def test_odd_values_are_named_at_once() -> None:
    said = start(PORT="many", CAPTURE_POLICY="later", SITE_URL="shop", DEBUG="perhaps").stderr

    assert re.findall(r"  - (\w+)", said) == ["DEBUG", "SITE_URL", "PORT", "CAPTURE_POLICY"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"SWEEP_EVERY": "often"},
            "SWEEP_EVERY is 'often'. Use a whole number of at least 1, such as 30.",
        ),
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
        ({"DEFAULT_CURRENCY": "doubloon"}, "is no currency"),
        ({"BRANDING_BUTTON_COLOR": "mint"}, "is 'mint', no color. Use six digits, such as"),
        ({"BRANDING_BUTTON_COLOR": "ffff00"}, "is #ffff00, which is hardly seen on white."),
        ({"BRANDING_BACKGROUND_COLOR": "#12345"}, "BRANDING_BACKGROUND_COLOR is '#12345', no"),
        ({"BRANDING_BORDER_STYLE": "wavy"}, "Use one of: rounded, rectangular, pill."),
        ({"BRANDING_FONT_FAMILY": "comic"}, "BRANDING_FONT_FAMILY is 'comic'. Use one of"),
        ({"BRANDING_LOGO": "http://shop.example/logo.png"}, "Use a public address, like https"),
        ({"BRANDING_ICON": "https://localhost/i.png"}, "BRANDING_ICON is 'https://localhost/i"),
        ({"BRANDING_ICON": "file_a b"}, "or the id of a file at Stripe, like file_1Mx2YzLkdI"),
        ({"ADAPTIVE_PRICING": "true"}, "ADAPTIVE_PRICING needs CAPTURE_POLICY=automatic"),
        (
            {**BY_PLACE, "ADAPTIVE_PRICING": "true", "CAPTURE_POLICY": "automatic"},
            "CURRENCY_BY_PLACE is on, and so is ADAPTIVE_PRICING: use one of them.",
        ),
        (
            {"CURRENCY_BY_PLACE": "true"},
            "CURRENCY_BY_PLACE needs two or more currencies in CURRENCIES_OFFERED.",
        ),
        (
            {**BY_PLACE, "CAPTURE_REVIEW_ABOVE": "eur:45000"},
            "needs a limit in each currency: CAPTURE_REVIEW_ABOVE has none in usd.",
        ),
        (
            {**BY_PLACE, "TAX_MODE": "rates", "TAX_EXCLUSIVE_CURRENCIES": "usd"},
            "CURRENCY_BY_PLACE needs prices that all include the tax or all do not:",
        ),
        ({"SUBMIT_TYPE": "rent"}, "SUBMIT_TYPE is 'rent'. Use one of: auto, book, donate, pay."),
        ({"BILLING_ADDRESS_COLLECTION": "no"}, "is 'no'. Use one of: auto, required."),
        ({"NAME_COLLECTION": "individual,pet"}, "NAME_COLLECTION holds 'pet'. Use individual,"),
        ({"NAME_COLLECTION": "business:often"}, "NAME_COLLECTION holds 'business:often'. Use"),
        (
            {"CHECKOUT_RECOVERY": "shop", "CHECKOUT_RECOVERY_PROMOTION_CODES": "true"},
            "CHECKOUT_RECOVERY_PROMOTION_CODES is on, and CHECKOUT_RECOVERY is shop: only Stripe's",
        ),
    ],
)
def test_refused_with_a_sentence(changes: dict[str, str], sentence: str) -> None:
    started = start(**changes)

    assert started.returncode != 0
    assert sentence in started.stderr


# Each is one start with everything odd in it: name, value, and what is said of it.
ROUNDS = {
    "what they begin with": [
        ("DATABASE_URL", "mysql://u:p@127.0.0.1/shop", "begins with 'mysql://': the shop needs"),
        ("REDIS_URL", "http://127.0.0.1:1/0", "begins with 'http://': the shop needs Redis"),
        ("EMAIL_URL", "post://mail.example", "begins with 'post://'."),
        ("DEFAULT_FROM_EMAIL", "Holdfast", "holds 'Holdfast', which is no mail address."),
        ("SUPPORT_EMAIL", "help@", "holds 'help@', which is no mail address."),
        ("PORT", "70000", "is '70000'. Use a whole number from 1 to 65535, such as 4242."),
        ("TRUSTED_PROXIES", "-1", "is '-1'. Use a whole number of at least 0, such as 0."),
        ("CHECKOUT_RATE_LIMIT", "-5", "is '-5'. Use a whole number of at least 1"),
        ("CHECKOUT_OPEN_HOLDS", "0", "is '0'. Use a whole number of at least 1"),
        ("LOGIN_CODES", "0", "is '0'. Use a whole number of at least 1, such as 5."),
        ("STAFF_LOGIN_ATTEMPTS", "0", "is '0'. Use a whole number of at least 1, such as 5."),
        ("STAFF_IDLE_MINUTES", "0", "is '0'. Use a whole number of at least 1, such as 30."),
        ("STAFF_LOGIN_HOURS", "-1", "is '-1'. Use a whole number of at least 1, such as 8."),
        ("SITE_URL", "https://shop.example:many", "is 'https://shop.example:many'. Use"),
        ("SENTRY_DSN", "sentry.example", "is no address of Sentry's."),
        ("SECRET_KEY_FILE", "/nowhere/secret", "cannot be read"),
        # S-8
        ("TIME_ZONE", "Europe/Wien", "is 'Europe/Wien', no time zone. Use a name like Europe/"),
    ],
    "their ports": [
        ("DATABASE_URL", "postgres://u:p@127.0.0.1:many/shop", "cannot be read."),
        ("REDIS_URL", "redis://127.0.0.1:99999/0", "cannot be read."),
        ("EMAIL_URL", "smtp://mail.example:99999", "cannot be read."),
        ("DEFAULT_FROM_EMAIL", "Shop shop@a.example", "holds 'Shop shop@a.example', which is no"),
        ("SITE_URL", "https://shop.example/shop", "is 'https://shop.example/shop'. Use"),
        ("SWEEP_EVERY", "0", "is '0'. Use a whole number of at least 1"),
        # S-8
        ("TIME_ZONE", "europe/vienna", "is 'europe/vienna', no time zone. Did you mean Europe/Vi"),
    ],
    "what they name": [
        ("DATABASE_URL", "postgres://u:p@127.0.0.1:1", "names no database."),
        ("REDIS_URL", "redis://127.0.0.1:1/first", "names no server, or its database is no"),
        ("EMAIL_URL", "smtp://", "names no server."),
        ("TIME_ZONE", "../etc/passwd", "is '../etc/passwd', no time zone. Use a name"),
    ],
}


@pytest.mark.parametrize("odd", ROUNDS.values(), ids=ROUNDS)
def test_wrong_kinds_are_named_without_a_traceback(odd: list[tuple[str, str, str]]) -> None:
    # T6
    started = start(**{name: value for name, value, _ in odd})

    said = [name for name, _, of_it in odd if f"  - {name} {of_it}" in started.stderr]
    assert said == [name for name, *_ in odd]
    assert started.returncode != 0
    assert "Traceback" not in started.stderr


# T6
@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-m", "gunicorn", "shop.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket"],
        ["-m", "celery", "-A", "shop", "worker"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_every_process_ends_with_the_sentence_alone(command: list[str]) -> None:
    blank = dict.fromkeys(env.names(), "")
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **blank, **GOOD, "DATABASE_URL": "mysql://u:p@h/shop"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode != 0
    assert "  - DATABASE_URL begins with 'mysql://'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_address_with_a_password_in_it_is_never_printed() -> None:
    # T6
    said = start(
        DATABASE_URL="mysql://u:first-word@h/shop",
        REDIS_URL="http://:second-word@h/0",
        EMAIL_URL="smtp://u:third-word@h:99999",
    ).stderr

    assert [name for name in ("DATABASE", "REDIS", "EMAIL") if f"- {name}_URL" in said] == [
        "DATABASE",
        "REDIS",
        "EMAIL",
    ]
    assert re.findall(r"\w+-word", said) == []


def test_white_space_and_empty_places_count_for_nothing() -> None:
    # T6
    shown = (
        "import json, shop.settings as s; print(json.dumps([s.STRIPE_SECRET_KEY,"
        "s.STRIPE_WEBHOOK_SECRETS, s.ALLOWED_HOSTS, s.DEBUG, s.SITE_URL,"
        "s.CAPTURE_REVIEW_ABOVE, s.PORT, s.DATABASES['default']['NAME'], s.CURRENCIES_OFFERED]))"
    )
    started = start(
        shown,
        STRIPE_SECRET_KEY=" sk_test_x\n",
        STRIPE_WEBHOOK_SECRETS="whsec_old, whsec_new,,",
        ALLOWED_HOSTS=" , ",
        DEBUG=" Yes ",
        SITE_URL=" https://shop.example/ ",
        CAPTURE_REVIEW_ABOVE="usd:50000, eur:45000",
        PORT=" 4000 ",
        DATABASE_URL=" postgres://u:p@127.0.0.1:1/shop ",
        CURRENCIES_OFFERED="eur, usd",
    )

    assert json.loads(started.stdout or "null") == [
        "sk_test_x",
        ["whsec_old", "whsec_new"],
        ["shop.example"],
        True,
        "https://shop.example",
        {"usd": 50000, "eur": 45000},
        4000,
        "shop",
        ["eur", "usd"],
    ], started.stderr


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"REDIS_URL": "redis://:p@h:1/0"}, "redis://:p@h:1/1"),
        ({"REDIS_URL": "rediss://h?ssl_cert_reqs=none"}, "rediss://h/1?ssl_cert_reqs=none"),
        # Emptying the cache empties its database: never the broker's.
        ({"REDIS_URL": "redis://h:1/1"}, "redis://h:1/2"),
        ({"CACHE_URL": "redis://cache:1/0"}, "redis://cache:1/0"),
    ],
)
def test_the_cache_is_apart_from_the_broker(given: dict[str, str], place: str) -> None:
    # K20
    shown = "import shop.settings as s; print(s.CACHES['default']['LOCATION'])"

    assert start(shown, **given).stdout.strip() == place


def test_a_live_shop_starts() -> None:
    assert start(**LIVE).stderr == ""


ALL_THAT_LIVE_WANTS = ["SITE_URL", "SECRET_KEY", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "SUPPORT_EMAIL"]


# T6
@pytest.mark.parametrize(
    "odd",
    [
        dict.fromkeys(ALL_THAT_LIVE_WANTS, "") | {"SECRET_KEY": "short"},
        {
            "SITE_URL": "https://localhost",
            "SECRET_KEY": "only-for-rehearsals-" * 3,
            "EMAIL_URL": "filemail:///tmp/mail",
            "DEFAULT_FROM_EMAIL": "Holdfast <shop@localhost>",
            "SUPPORT_EMAIL": "help@shop.localhost",
        },
    ],
    ids=["left out", "of a rehearsal"],
)
def test_a_live_key_refuses_what_is_for_rehearsals(odd: dict[str, str]) -> None:
    started = start(**LIVE | odd)

    assert re.findall(r"  - (\w+)", started.stderr) == ALL_THAT_LIVE_WANTS


def test_a_test_key_takes_what_is_for_rehearsals() -> None:
    # T6
    blank = dict.fromkeys(ALL_THAT_LIVE_WANTS, "")

    assert start(**blank | {"SECRET_KEY": "short"}).returncode == 0


def test_the_countries_are_those_of_stripes_library() -> None:
    # T6, K21
    collected = vars(_session_create_params)["SessionCreateParamsShippingAddressCollection"]
    words = get_args(get_args(get_type_hints(collected)["allowed_countries"])[0])

    assert set(get_args(words[0])) == COUNTRIES


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
