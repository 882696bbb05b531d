"""What the tests of processes share: starting one, and seeing to its end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.leftovers import Start, Started


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a program of this project; what is still running at the end is killed."""
    started: list[Started] = []

    def start_one(*command: str | Path, **environment: str) -> Started:
        output = tmp_path / f"output-{len(started)}"
        started.append(Started([*map(str, command)], environment, output))
        return started[-1]

    yield start_one
    for one in started:
        one.process.kill()
        one.process.wait()
