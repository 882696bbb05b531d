"""The end of a run: what it has cost, and lint beside it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from local.services.processes import ROOT
from local.testing import pytest_closing

SLOW = "tests/shop/catalog/search/test_ranking.py::test_best[a/b]"
QUICK = "tests/payments/settlement/test_settle.py::test_once"


def test_numbers_say_how_many_how_long_where_and_the_slowest() -> None:
    assert pytest_closing.numbers({QUICK: 1.2, SLOW: 3.14}, 2.6) == [
        "2 tests in 3 s; 4 s of tests",
        "shop/catalog 3 s, payments 1 s",
        "the slowest:",
        f"    3.1 s  {SLOW}",
        f"    1.2 s  {QUICK}",
    ]


def test_only_ten_are_shown() -> None:
    many = {f"tests/docs/test_it.py::test_{number}": float(number) for number in range(12)}

    lines = pytest_closing.numbers(many, 66)

    assert len(lines) == 3 + 10
    assert lines[-1].endswith("test_2")


def run_with(directory: Path, lint: str) -> subprocess.CompletedProcess[str]:
    """A run of one test that passes, in a process of its own, with a lint of our making."""
    (directory / "test_it.py").write_text("def test_it(): pass\n")
    (directory / "conftest.py").write_text(
        f"from local.testing import pytest_closing\npytest_closing.LINT = ['-c', {lint!r}]\n"
    )
    command: list[str | Path]
    command = [sys.executable, "-m", "pytest", "--lint", "-n0", "-c", ROOT / "pyproject.toml"]
    return subprocess.run([*command, directory], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("lint", "code"),
    [("print('style: yes')", 0), ("import sys; print('style: no'); sys.exit(1)", 1)],
)
def test_a_run_fails_with_lint_and_ends_with_pytests_own_line(
    tmp_path: Path, lint: str, code: int
) -> None:
    run = run_with(tmp_path, lint)

    said = run.stdout.splitlines()
    assert run.returncode == code
    assert f"style: {'no' if code else 'yes'}" in said
    assert re.fullmatch(r"=+ 1 passed in [\d.]+s =+", said[-1])
