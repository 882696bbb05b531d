"""What every answer tells the browser, in a rehearsal and in production."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.support.factories import PriceFactory

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DEBUG": "false",
    "REHEARSAL": "false",
    "SECRET_KEY": "k9#" + "".join(chr(97 + n % 26) + str(n) for n in range(40)),
    "SITE_URL": "https://shop.example",
    "ALLOWED_HOSTS": "shop.example",
    "STRIPE_SECRET_KEY": "rk_live_not_a_key",
    "STRIPE_WEBHOOK_SECRETS": "whsec_not_a_secret",
    "STRIPE_API_BASE": "",
    "FAKE_STRIPE_PUBLIC_URL": "",
    "EMAIL_URL": "smtp://localhost:25",
    "DEFAULT_FROM_EMAIL": "Holdfast <shop@shop.example>",
    "SUPPORT_EMAIL": "help@shop.example",
    "SELLER_ADDRESS": "1 Harbour Street, Dublin",
    "SELLER_TAX_NUMBER": "IE0000000X",
    "TRUSTED_PROXIES": "1",
}


def outside() -> dict[str, str]:
    """The environment without what a browser in this process has put into it for Django."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith("DJANGO_ALLOW")
    }


PAGES = ["/", "/cart/", "/search/?q=mug", "/cancel", "/nowhere/", "/success", "/admin/login/",
         "/admin/forgotten-password/", "/admin/forgotten-password/1/x/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_its_guards(client: Client, path: str) -> None:
    PriceFactory()

    answer = client.get(path)

    assert {name: answer.get(name) for name in GUARDS} == GUARDS
    assert sorted(answer["Content-Security-Policy"].split("; ")) == sorted(POLICY)


GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = [
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    f"form-action 'self' {' '.join([*settings.CHECKOUT_ORIGINS, 'https://billing.stripe.com'])}",
]


def test_a_form_may_lead_to_the_payment_page(client: Client) -> None:
    """Chromium applies form-action to the redirect that answers a form."""
    policy = client.get("/cart/")["Content-Security-Policy"]

    assert "form-action 'self' https://checkout.stripe.com" in policy


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(client: Client) -> None:
    price = PriceFactory()
    client.get("/admin/login/")
    client.post("/cart/add/", {"price": price.key, "quantity": "1"})

    kept = {
        name: (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"])
        for name, cookie in client.cookies.items()
    }
    assert kept == {
        "session": (True, "Lax", "/", ""),
        "csrf": (True, "Lax", "/", ""),
    }


@pytest.mark.parametrize("method", ["trace", "options"])
def test_trace_and_options_tell_nothing(client: Client, method: str) -> None:
    answer = getattr(client, method)("/cart/", headers={"x-canary": "canary"})

    assert answer.status_code == 405
    assert "canary" not in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.env", "/static/", "/static/../shop/settings.py", "/media/", "/manage.py",
     "/var/", "/static/%2e%2e/%2e%2e/.env", "/server-status"],
)  # fmt: skip
def test_what_lies_on_the_disk_is_not_served(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "localhost@evil.example", "localhost:x", "a b"])
def test_another_host_is_refused(client: Client, host: str) -> None:
    answer = client.get("/", headers={"host": host})

    assert answer.status_code == 400
    assert host not in answer.content.decode()


# -- production ------------------------------------------------------------------------------------


def in_production(code: str, **more: str) -> Any:
    """What Python code prints as JSON under production's settings."""
    program = f"import django, json; django.setup()\n{code}"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**outside(), **PRODUCTION, **more},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_production_speaks_only_https() -> None:
    told = in_production(
        "from django.conf import settings as s\n"
        "names = 'SESSION_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY"
        " SESSION_COOKIE_SAMESITE CSRF_COOKIE_NAME CSRF_COOKIE_SECURE CSRF_COOKIE_HTTPONLY"
        " SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS"
        " SECURE_HSTS_PRELOAD DEBUG CHECKOUT_ORIGINS STRIPE_LIVE'.split()\n"
        "print(json.dumps({name: getattr(s, name) for name in names}))"
    )

    assert told == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
        "SECURE_HSTS_PRELOAD": False,
        "DEBUG": False,
        "CHECKOUT_ORIGINS": ["https://checkout.stripe.com"],
        "STRIPE_LIVE": True,
    }


def test_production_redirects_people_and_not_stripe() -> None:
    told = in_production(
        "from django.test import Client\n"
        "c = Client(headers={'host': 'shop.example'})\n"
        "safe = {'x-forwarded-proto': 'https'}\n"
        "page, hook, alive = c.get('/cart/'), c.post('/webhook'), c.get('/healthz')\n"
        "secure = c.get('/healthz', headers=safe)\n"
        "print(json.dumps([page.status_code, page['Location'], hook.status_code,"
        " alive.status_code, secure['Strict-Transport-Security']]))"
    )

    assert told == [
        301,
        "https://shop.example/cart/",
        400,
        200,
        "max-age=31536000",
    ]


def test_a_whole_domain_is_bound_to_https_only_when_asked() -> None:
    # T6
    told = in_production(
        "from django.test import Client\n"
        "c = Client(headers={'host': 'shop.example', 'x-forwarded-proto': 'https'})\n"
        "print(json.dumps(c.get('/healthz')['Strict-Transport-Security']))",
        HSTS_PRELOAD="true",
    )

    assert told == "max-age=31536000; includeSubDomains; preload"


def test_without_a_proxy_its_header_is_not_believed() -> None:
    told = in_production(
        "from django.test import Client\n"
        "c = Client(headers={'host': 'shop.example', 'x-forwarded-proto': 'https'})\n"
        "print(json.dumps(c.get('/cart/').status_code))",
        TRUSTED_PROXIES="0",
    )

    assert told == 301


def test_djangos_own_check_finds_nothing() -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**outside(), **PRODUCTION},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stdout.strip()) == (
        0,
        "System check identified no issues (2 silenced).",
    ), ended.stderr


@pytest.mark.parametrize(
    ("odd", "named"),
    [
        ({"DEBUG": "true"}, "STRIPE_SECRET_KEY is a live key while DEBUG is on"),
        ({"REHEARSAL": "true"}, "STRIPE_SECRET_KEY is a live key while REHEARSAL is on"),
        ({"STRIPE_API_BASE": "http://127.0.0.1:12111"}, "STRIPE_API_BASE"),
        ({"FAKE_STRIPE_PUBLIC_URL": "http://127.0.0.1:12111"}, "FAKE_STRIPE_PUBLIC_URL"),
        ({"STRIPE_WEBHOOK_SECRETS": ""}, "STRIPE_WEBHOOK_SECRETS is missing"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
    ],
    ids=str,
)
def test_a_live_shop_does_not_start_half_safe(odd: dict[str, str], named: str) -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**outside(), **PRODUCTION, **odd},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode != 0
    assert named in ended.stderr
    assert "rk_live_not_a_key" not in ended.stderr
