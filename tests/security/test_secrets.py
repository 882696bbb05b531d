"""Nothing secret is in the repository, in a log line or in a form."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shop.configuration.logging import redact

ROOT = Path(__file__).resolve().parents[2]
SECRET = re.compile(
    rb"(?:sk|rk)_live_[0-9A-Za-z]{16,}|(?:sk|rk)_test_[0-9A-Za-z]{20,}|whsec_[0-9A-Za-z+/]{24,}"
    rb"|-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{30,}"
    rb"|xox[abprs]-[0-9A-Za-z-]{20,}"
)


# Stripe's documentation prints this key as its example.
EXAMPLE = b"sk_live_" + b"4eC39HqLyjWDarjtT1zdp7dc"


def git(*arguments: str) -> bytes:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, check=True, timeout=60
    ).stdout


def test_the_pattern_finds_what_it_is_for() -> None:
    found = [
        b"sk_live_" + b"a1" * 12,
        b"whsec_" + b"Zz9" * 9,
        b"-----BEGIN RSA " + b"PRIVATE KEY-----",
    ]

    assert [bool(SECRET.search(secret)) for secret in found] == [True, True, True]


def test_no_file_holds_a_secret() -> None:
    names = git("ls-files", "-z").decode().rstrip("\0").split("\0")

    holding = [
        name
        for name in names
        if (ROOT / name).is_file()
        and SECRET.search((ROOT / name).read_bytes().replace(EXAMPLE, b""))
    ]

    assert holding == []


def test_no_commit_ever_held_one() -> None:
    added = git("log", "--all", "-p", "--no-color", "--unified=0", "--no-textconv", "--no-ext-diff")

    assert SECRET.findall(added.replace(EXAMPLE, b"")) == []


def test_no_file_that_holds_settings_is_tracked() -> None:
    names = git("ls-files").decode().splitlines()

    odd = re.compile(r"(^|/)\.env$|\.(pem|key|p12|sqlite3|pyc|log)$|(^|/)id_(rsa|ed25519)$")
    assert [name for name in names if odd.search(name)] == []


def test_no_page_of_ours_asks_for_a_card() -> None:
    """PCI SAQ A: card data are typed on Stripe's page and nowhere else."""
    asked = re.compile(
        r"""autocomplete=["']cc-|name=["'](card|cvc|cvv|cc_|pan|exp)|js\.stripe\.com|data-stripe""",
        re.IGNORECASE,
    )
    templates = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("shop/**/*.html")]

    assert len(templates) > 20
    assert [str(path) for path in templates if asked.search(path.read_text())] == []


def test_no_page_loads_a_script_from_elsewhere() -> None:
    foreign = re.compile(r"""<(script|link|img|iframe)[^>]+(src|href)=["'](https?:)?//""")
    inline = re.compile(r"<script(?![^>]*(src=|application/(ld\+)?json))|\son[a-z]+=[\"']")
    templates = [*ROOT.glob("templates/**/*.html")]

    assert [str(path) for path in templates if foreign.search(path.read_text())] == []
    assert [str(path) for path in templates if inline.search(path.read_text())] == []


# -- logs ------------------------------------------------------------------------------------------

CANARIES = [
    "sk_test_" + "canary123",
    "rk_live_" + "canary123",
    "whsec_" + "canary123",
    "pi_123_secret_canary123",
    "4242424242424242",
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    "6205500000000000004",
    "ada.lovelace+shop@example.co.uk",
]


@pytest.mark.parametrize("canary", CANARIES)
def test_a_log_line_masks_it(canary: str) -> None:
    """Guard: logs.redact."""
    line = redact(None, "info", {"event": f"told {canary}", "why": f"({canary})", "number": 7})

    assert line == {"event": "told [masked]", "why": "([masked])", "number": 7}


@pytest.mark.parametrize("kept", ["HF-7K3M9QTD", "cs_test_a1B2c3", "1795397967", "18.00 EUR"])
def test_a_log_line_keeps_what_is_needed(kept: str) -> None:
    assert redact(None, "info", {"event": kept}) == {"event": kept}


def test_a_log_line_stays_one_line() -> None:
    line = redact(None, "info", {"event": "one\ntwo"})

    assert line == {"event": "one\\ntwo"}


SPEAK = {
    "ours": "structlog.get_logger('shop.trial').warning('spoken', why=said, all=[said])",
    "a library's": "logging.getLogger('library').warning('spoken %s', said)",
    "with a traceback": "fail()",
}
PROGRAM = """
import django, logging, structlog
django.setup()
said = "told sk_test_" + "canary123 and ada.lovelace@example.co.uk"
def fail():
    try:
        raise ValueError(said)
    except ValueError:
        structlog.get_logger("shop.trial").exception("spoken")
        logging.getLogger("library").exception("spoken")
"""


@pytest.mark.parametrize("rehearsal", ["true", "false"])
@pytest.mark.parametrize("way", SPEAK)
def test_every_way_into_the_log_is_masked(way: str, rehearsal: str) -> None:
    """Guards: logs.configure, and the traceback made text before logs.redact."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM + SPEAK[way]],
        cwd=ROOT,
        env={**os.environ, "REHEARSAL": rehearsal},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    heard = ended.stdout + ended.stderr
    assert ended.stdout == ""
    assert "spoken" in heard
    assert "[masked]" in heard
    assert "canary123" not in heard
    assert "ada.lovelace" not in heard
