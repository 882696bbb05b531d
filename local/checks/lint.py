"""`make lint`: every check that needs no test run; each says its name, and all are run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from local.services import services
from local.services.processes import ROOT
from local.testing import environment as rehearsal

AT_ONCE = 2

# The tool's own script names its Python in a first line, which a path with a space breaks.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"

DJLINT = ["-m", "djlint", "--quiet"]
JINJA = ["--profile", "jinja"]


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]


@dataclass(frozen=True)
class Outcome:
    check: Check
    passed: bool
    seconds: float
    output: str


CHECKS = [
    Check("types (mypy)", ["-m", "mypy"]),
    Check(
        "migrations are complete (makemigrations --check)",
        ["manage.py", "makemigrations", "--check", "--dry-run"],
    ),
    Check("migrations are safe (django-migration-linter)", ["-m", "local.checks.migrations"]),
    Check(
        "style (ruff check)", ["-m", "ruff", "check", "--quiet", "--output-format", "concise", "."]
    ),
    Check("format (ruff format --check)", ["-m", "ruff", "format", "--check", "--quiet", "."]),
    Check("layers (lint-imports)", ["-c", LINT_IMPORTS]),
    Check("templates (djlint --lint)", [*DJLINT, "templates", "--lint"]),
    Check("templates (djlint --check)", [*DJLINT, "templates", "--check"]),
    Check("the stand-in's (djlint --lint)", [*DJLINT, "fake_stripe", *JINJA, "--lint"]),
    Check(
        "translations (local.checks.translations --check)",
        ["-m", "local.checks.translations", "--check"],
    ),
    Check(
        "hooks (pre-commit validate-config)",
        ["-m", "pre_commit", "validate-config", ".pre-commit-config.yaml"],
    ),
    Check("lock files", ["-m", "local.checks.requirements", "--check"]),
]


def main() -> int:
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="holdfast-lint-") as directory,
        services.running(Path(directory), durable=False) as found,
    ):
        addresses = {"DATABASE_URL": found.database_url, "REDIS_URL": found.redis_url}
        failed = run_all(os.environ | rehearsal.environment() | addresses)
    print(f"lint: {len(CHECKS)} checks in {time.monotonic() - began:.0f} s, {failed} failed")
    return 1 if failed else 0


def run_all(environment: dict[str, str]) -> int:
    """Run the checks, a few at once, and return how many failed."""
    failed = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for running in as_completed([pool.submit(run, check, environment) for check in CHECKS]):
            outcome = running.result()
            mark = "ok    " if outcome.passed else "FAILED"
            print(f"{mark} {outcome.check.name} ({outcome.seconds:.1f} s)", flush=True)
            if not outcome.passed:
                failed += 1
                print(outcome.output.rstrip(), flush=True)
    return failed


def run(check: Check, environment: dict[str, str]) -> Outcome:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, *check.command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Outcome(check, done.returncode == 0, time.monotonic() - began, done.stdout)


if __name__ == "__main__":
    sys.exit(main())
