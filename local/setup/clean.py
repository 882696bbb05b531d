"""`make clean`: the demo's data and whatever can be made again go; `.venv` and `.env` stay.

The system's Python runs this, so that it works when `.venv` does not.
"""

from __future__ import annotations

import shutil
import sys

from local.services import unprivileged
from local.services.directory_lock import InUse, claimed
from local.services.processes import ROOT

MADE_AGAIN = [
    "staticfiles",
    "var/bytecode",
    "var/migrated",
    "test-results",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".import_linter_cache",
    ".hypothesis",
]


def main() -> int:
    demo = ROOT / "var" / "demo"
    try:
        if demo.exists():
            with claimed(demo, wait=0):
                unprivileged.remove(demo / "postgres")
                shutil.rmtree(demo)
    except InUse:
        print("A demo is running on this data. Stop it first (Ctrl-C where it runs).")
        return 2
    for name in MADE_AGAIN:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    print("Removed the demo's data and what can be made again. .venv and .env are as they were.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
