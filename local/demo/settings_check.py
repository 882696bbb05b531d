"""What is odd about the settings that somebody gave, found before anything is started with them."""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from local.demo.environment import DEFAULT_PORT, Odd, Ports, environment, stripe_key, web_port
from local.services.processes import ROOT
from local.services.services import Services

# Names that others than the shop take from its environment or from `.env`.
READ_BY_OTHERS = re.compile(
    r"(COMPOSE|DOCKER|PYTHON|PIP|PLAYWRIGHT|DJANGO)_?\w*|(HTTPS?|ALL|NO)_PROXY|SSL_CERT_\w+"
    r"|TZ|LANG|LC_\w+|CHROMIUM|REMAP_SIGTERM|DEMO_ENDPOINT",
    re.IGNORECASE,
)

# Long enough for any check of their form; never used.
PLACEHOLDERS = {"secret_key": "x" * 50, "webhook_secret": "whsec_placeholder"}


def found_by_settings() -> list[str]:
    """What the shop's settings refuse, read as the demo's processes will read them."""
    services = Services(
        os.environ.get("DATABASE_URL") or "postgres://holdfast@127.0.0.1/holdfast",
        os.environ.get("REDIS_URL") or "redis://127.0.0.1/0",
    )
    return refused(environment(ROOT / "var" / "demo", services, likely_ports(), PLACEHOLDERS))


def likely_ports() -> Ports:
    """Those of the demo; an odd port or key is told elsewhere and must not be told twice."""
    try:
        port = web_port()
    except Odd:
        port = DEFAULT_PORT
    try:
        own_account = bool(stripe_key())
    except Odd:
        own_account = False
    return Ports(port, None if own_account else DEFAULT_PORT)


def refused(variables: Mapping[str, str]) -> list[str]:
    """The problems that the shop's settings list with this environment."""
    read = subprocess.run(
        [sys.executable, "-c", "import shop.settings"],
        cwd=ROOT,
        env=dict(variables),
        capture_output=True,
        text=True,
    )
    if read.returncode == 0:
        return []
    return re.findall(r"^  - (.+)", read.stderr, re.MULTILINE) or read.stderr.splitlines()[-1:]


def names_nobody_reads(dot_env: Path = ROOT / ".env") -> list[str]:
    """A sentence for each name in `.env` or, where it is nearly one of ours, in the environment."""
    ours = names_of_the_shop()
    read = {*ours, *(f"{name}_FILE" for name in ours), *names_of_compose()}
    in_file = names_in(dot_env)
    sentences = []
    for name in unread(dict.fromkeys([*in_file, *os.environ]), read):
        close = difflib.get_close_matches(name, ours, 1, 0.8)
        place = ".env" if name in in_file else "the environment"
        if close:
            sentences.append(f"{name} in {place} is read by nobody. Did you mean {close[0]}?")
        elif name in in_file:
            sentences.append(f"{name} in .env is read by nobody. Remove it.")
    return sentences


def unread(names: Iterable[str], read: set[str]) -> list[str]:
    return [name for name in names if name not in read and not READ_BY_OTHERS.fullmatch(name)]


def names_in(dot_env: Path) -> list[str]:
    if not dot_env.exists():
        return []
    return re.findall(r"^(?:export )?(\w+)=", dot_env.read_text(), re.MULTILINE)


def names_of_the_shop() -> list[str]:
    """Every variable that the shop reads; a test holds .env.example to them."""
    return re.findall(r"^(?:# )?(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def names_of_compose() -> list[str]:
    return re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text())
