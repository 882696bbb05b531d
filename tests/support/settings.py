"""The settings as a process with an environment of its own would read them."""

import io
import os
import runpy
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shop.settings import env

SETTINGS = Path(__file__).parents[2] / "shop" / "settings.py"
GOOD = {
    "SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgres://u:p@127.0.0.1:1/shop",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "STRIPE_SECRET_KEY": "sk_test_x",
    "STRIPE_WEBHOOK_SECRETS": "whsec_x",
}


@dataclass(frozen=True)
class Reading:
    """Each setting by its name, what was written to standard error, and the exit code."""

    names: dict[str, Any]
    stderr: str
    exit_code: int

    def __getitem__(self, name: str) -> Any:
        return self.names[name]


def environment(**changes: str) -> dict[str, str]:
    """A whole one in which a shop starts, but for what is changed."""
    # An empty value counts as none and keeps a .env from filling it.
    return {"PATH": os.environ["PATH"], **dict.fromkeys(env.names(), ""), **GOOD, **changes}


def settings_of(**changes: str) -> Reading:
    """The module run anew in this process, which costs no import of Django: that of the tests
    stays as it is.
    """
    said, names, code = io.StringIO(), {}, 0
    new = environment(**changes)
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(said):
        for name in os.environ:
            patch.delenv(name)
        for name, value in new.items():
            patch.setenv(name, value)
        try:
            names = runpy.run_path(str(SETTINGS))
        except SystemExit as end:
            code = int(end.code or 0)
    return Reading(names, said.getvalue(), code)
