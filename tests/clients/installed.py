"""Stripe's Node library and command line, installed from npm once for each lock file."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from local.services.directory_lock import claimed

HERE = Path(__file__).parent
PLACE = HERE.parents[1] / "var" / "stripe-clients"
FILES = ("package.json", "package-lock.json", ".npmrc")
# An installation that hangs must not hang the tests.
INSTALL_WITHIN = 300


def node_modules() -> Path:
    """Where the packages are; installs them when the lock file is new. Needs npm."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.fail(
            "Stripe's Node library and command line come from npm, which is not here: install"
            " Node.js (Debian: `apt-get install npm`), or run `make test`, which does without."
        )
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    place = PLACE / lock
    with claimed(place, wait=INSTALL_WITHIN):
        if not (place / "complete").exists():
            install(place)
            (place / "complete").touch()
    return place / "node_modules"


def install(place: Path) -> None:
    """Fetch what the lock file names; nothing of it runs while it is installed."""
    for name in FILES:
        shutil.copy(HERE / name, place)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        command, cwd=place, capture_output=True, text=True, timeout=INSTALL_WITHIN, check=False
    )
    assert done.returncode == 0, f"npm ci failed:\n{done.stdout}\n{done.stderr}"


def stripe_cli() -> Path:
    """The command line's binary."""
    found = sorted(node_modules().glob("@stripe/cli-*/bin/stripe*"))
    if not found:
        pytest.skip("the lock file names no build of the Stripe CLI for this platform")
    return found[0]


def environment(home: Path) -> dict[str, str]:
    """A home of its own, so that nobody's login of the command line is used or changed."""
    return {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "DO_NOT_TRACK": "1"}
