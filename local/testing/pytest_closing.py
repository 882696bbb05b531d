"""A pytest plugin: what a run has cost, and with `--lint` whether lint passes, said at its end.

Lint runs beside the tests. Its findings and the numbers come before pytest's own last line, so that
a run ends as every run of pytest does.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

from local.services.processes import Kept

SLOWEST = 10
# For lint that hangs; how long it takes is nobody's promise.
LINTED_WITHIN = 900

Durations = dict[str, float]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lint", action="store_true", help="run `make lint` beside the tests")


def pytest_configure(config: pytest.Config) -> None:
    # What a worker of pytest-xdist does is told by the process that started it.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Closing(config), "closing")


class Closing:
    """The end of one run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.began = time.monotonic()
        self.lint: Lint | None = None

    def pytest_sessionstart(self) -> None:
        if self.config.getoption("lint"):
            self.lint = Lint()

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if self.lint is None:
            return
        if exitstatus == pytest.ExitCode.INTERRUPTED:
            self.lint.stop()
        elif self.lint.failed() and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> Iterator[None]:
        """The outermost wrapper, so that nothing but the last line follows."""
        yield
        if self.lint is not None:
            terminalreporter.section("lint")
            terminalreporter.write_line(self.lint.said())
        durations = durations_of(terminalreporter)
        terminalreporter.section("numbers")
        for line in numbers(durations, time.monotonic() - self.began):
            terminalreporter.write_line(line)
        seed = self.config.getoption("randomly_seed", None)
        if terminalreporter.stats.get("failed") and seed is not None:
            terminalreporter.write_line(f'in the same order: PYTEST_ARGS="--randomly-seed={seed}"')


class Lint:
    """`make lint` in a process of its own, with the run's database and broker."""

    def __init__(self) -> None:
        self.directory = tempfile.TemporaryDirectory(prefix="holdfast-lint-")
        self.log = Path(self.directory.name) / "log"
        self.process = Kept("lint", [sys.executable, "-m", "local.checks.lint"], log=self.log)

    def failed(self) -> bool:
        """Wait for its end."""
        return self.process.finish(timeout=LINTED_WITHIN) != 0

    def stop(self) -> None:
        self.process.stop()

    def said(self) -> str:
        return self.log.read_text().rstrip()


def durations_of(reporter: TerminalReporter) -> Durations:
    """What each test took, with what it needed before and after."""
    durations: Durations = defaultdict(float)
    for reports in reporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                durations[report.nodeid] += report.duration
    return durations


def numbers(durations: Durations, seconds: float) -> list[str]:
    """Lines for people: how many tests, how long, where, and the slowest."""
    folders: Durations = defaultdict(float)
    for test, duration in durations.items():
        folders[folder_of(test)] += duration
    slowest = sorted(durations.items(), key=lambda item: -item[1])[:SLOWEST]
    return [
        f"{len(durations)} tests in {seconds:.0f} s; {sum(durations.values()):.0f} s of tests",
        ", ".join(
            f"{folder} {duration:.0f} s"
            for folder, duration in sorted(folders.items(), key=lambda item: -item[1])
        ),
        "the slowest:",
        *(f"{duration:7.1f} s  {test}" for test, duration in slowest),
    ]


def folder_of(test: str) -> str:
    """`tests/payments/settlement/test_settle.py::test_…` is of payments, below shop of its part."""
    parents = Path(test.partition("::")[0]).parts[1:-1]
    return "/".join(parents[: 2 if parents[:1] == ("shop",) else 1]) or "tests"
