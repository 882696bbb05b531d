"""What the shop's processes are told by their environment in the demo.

Whatever the caller's environment or the project's `.env` says wins; what they leave open is filled
in here. Secrets are made once and kept with the demo's data.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import environ

from local import stand_in
from local.notes import Notes
from local.processes import ROOT
from local.services import Services

STAFF = "staff@localhost"

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


def read_dot_env() -> None:
    """Take over what the project's `.env` says and the environment does not."""
    environ.Env.read_env(ROOT / ".env")


def uses_real_stripe() -> bool:
    return bool(os.environ.get("STRIPE_SECRET_KEY"))


def kept_secrets(directory: Path) -> Notes:
    """The secrets of this demo, made at its first start."""
    kept = Notes(directory / "secrets.json")
    made = {
        "secret_key": secrets.token_urlsafe(50),
        "webhook_secret": f"whsec_{secrets.token_urlsafe(32)}",
        "staff_password": secrets.token_urlsafe(9),
    }
    kept.remember(**{name: value for name, value in made.items() if not kept.get(name)})
    return kept


def environment(directory: Path, services: Services, ports: Ports, kept: Notes) -> dict[str, str]:
    """The whole environment of every process of the demo."""
    defaults = {
        "DEBUG": "true",
        "SECRET_KEY": kept["secret_key"],
        "SITE_URL": f"http://localhost:{ports.web}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "STRIPE_WEBHOOK_SECRETS": kept["webhook_secret"],
        "EMAIL_URL": f"filemail://{quote(str(directory / 'mail'))}",
        "DEFAULT_CHECKOUT_SKU": "MUG-KELP",
        "CHECKOUT_RATE_LIMIT": GENEROUS,
        "CHECKOUT_OPEN_HOLDS": GENEROUS,
        "REMAP_SIGTERM": "SIGQUIT",  # a worker that is told to stop finishes what it has begun
    }
    if ports.stand_in is not None:
        defaults |= {
            "STRIPE_SECRET_KEY": stand_in.KEY,
            "STRIPE_API_BASE": ports.stand_in_url,
            "FAKE_STRIPE_PUBLIC_URL": f"http://localhost:{ports.stand_in}",
        }
    decided = {
        "PORT": str(ports.web),
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "shop.settings",
    }
    given = {name: value for name, value in os.environ.items() if value}
    return defaults | given | decided
