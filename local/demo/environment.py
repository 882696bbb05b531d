"""What the shop's processes are told by their environment in the demo.

The caller's environment or the project's `.env` chooses how the shop sells. Where it runs is
decided here and, unless a Stripe test key is given, also all that makes the rehearsal of Stripe.
Secrets are made once and kept with the demo's data.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import environ

from local.demo import stand_in
from local.services.processes import ROOT
from local.services.services import Services
from local.services.state_file import Notes

DEFAULT_PORT = 4242
STAFF = "staff@example.com"
# The sample range has prices in both; a shop in another currency offers what its owner says.
CURRENCIES = "eur,usd"

# One visitor of a demo, and a load generator beside it, come from one address.
GENEROUS = "10000"


@dataclass(frozen=True)
class Ports:
    """Where the shop and, unless real Stripe is used, the stand-in listen."""

    web: int
    stand_in: int | None

    @property
    def stand_in_url(self) -> str:
        return f"http://127.0.0.1:{self.stand_in}"


class Odd(Exception):
    """What somebody gave cannot be used; the message says what to give instead."""


def read_dot_env(path: Path = ROOT / ".env") -> None:
    """Take over what the project's `.env` says and the environment does not."""
    environ.Env.read_env(path)


def web_port() -> int:
    """The port that was asked for, else the usual one."""
    wanted = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise Odd(f"PORT is {wanted!r}. Use a number such as {DEFAULT_PORT}.")
    return int(wanted)


def stripe_key() -> str:
    """The test key that was given; empty without one, and then the demo rehearses."""
    try:
        key = str(environ.FileAwareEnv().str("STRIPE_SECRET_KEY", default="")).strip()
    except OSError as error:
        raise Odd(f"STRIPE_SECRET_KEY_FILE cannot be read: {error}.") from None
    if key.startswith(("sk_live_", "rk_live_")):
        raise Odd(
            "STRIPE_SECRET_KEY is a live key. Use sk_test_… on this machine, or leave it empty."
        )
    if key and not key.startswith(("sk_test_", "rk_test_")):
        raise Odd(
            "STRIPE_SECRET_KEY is no secret test key. Take sk_test_… from the Stripe Dashboard, "
            "or leave it empty."
        )
    return key


def kept_secrets(directory: Path) -> Notes:
    """The secrets of this demo, made at its first start."""
    kept = Notes(directory / "secrets.json")
    made = {
        "secret_key": secrets.token_urlsafe(50),
        "webhook_secret": f"whsec_{secrets.token_urlsafe(32)}",
        "staff_password": secrets.token_urlsafe(9),
        # By which its stand-in is told from another demo's.
        "demo": secrets.token_hex(6),
    }
    kept.remember(**{name: value for name, value in made.items() if not kept.get(name)})
    return kept


def environment(
    directory: Path, services: Services, ports: Ports, kept: Mapping[str, str]
) -> dict[str, str]:
    """The whole environment of every process of the demo."""
    defaults = {
        "SECRET_KEY": kept["secret_key"],
        "STRIPE_WEBHOOK_SECRETS": kept["webhook_secret"],
        "EMAIL_URL": f"filemail://{quote(str(directory / 'mail'))}",
        "DEFAULT_CHECKOUT_SKU": "MUG-KELP",
        "CHECKOUT_RATE_LIMIT": GENEROUS,
        "CHECKOUT_OPEN_HOLDS": GENEROUS,
        "CHECKOUT_MAX_SHARE": "1",
        "STAFF_LOGIN_ATTEMPTS": GENEROUS,
        "LOGIN_CODES": GENEROUS,
        "STAFF_SECOND_FACTOR": "optional",
        # The sample range comes with its rates.
        "TAX_MODE": "rates",
        # So that invoices are whole.
        "SELLER_ADDRESS": "Hafenzeile 7, 1020 Vienna, Austria",
        "SELLER_TAX_NUMBER": "ATU00000000",
        # The box in the cart, to be seen.
        "CHECKOUT_RECOVERY": "shop",
        # A customer's error pages, unless somebody asks for tracebacks.
        "DEBUG": "false",
        "REMAP_SIGTERM": "SIGQUIT",  # a worker that is told to stop finishes what it has begun
    }
    decided = {
        "REHEARSAL": "true",  # static files from where they lie, and mails to read
        "SITE_URL": f"http://localhost:{ports.web}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "PORT": str(ports.web),
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "shop.settings",
    }
    if ports.stand_in is not None:
        decided |= {
            "STRIPE_SECRET_KEY": stand_in.KEY,
            "STRIPE_WEBHOOK_SECRETS": kept["webhook_secret"],
            "STRIPE_API_BASE": ports.stand_in_url,
            "FAKE_STRIPE_PUBLIC_URL": f"http://localhost:{ports.stand_in}",
        }
    # A file that was named for such a value would win over it.
    unnamed = {f"{name}_FILE": "" for name in decided if f"{name}_FILE" in os.environ}
    given = {name: value for name, value in os.environ.items() if value}
    if not given.keys() & {"DEFAULT_CURRENCY", "DEFAULT_CURRENCY_FILE"}:
        defaults["CURRENCIES_OFFERED"] = CURRENCIES
    return defaults | given | decided | unnamed
