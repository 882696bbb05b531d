"""What make does not pass on to its child, the child finds out by itself."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local.leftovers import own_environment

WATCH = """
import sys, time
from local.demo.parent_watch import Parent
parent = Parent()
print("watching", flush=True)
while not parent.wants_an_end():
    time.sleep(0.05)
print("asked to end", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_end_that_make_was_asked_for_is_seen(number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "watch.py").write_text(WATCH)
    (tmp_path / "Makefile").write_text(f'watch:\n\t@exec "{sys.executable}" watch.py\n')
    make = subprocess.Popen(
        # `make test` runs this inside of make, which would tell of each directory.
        ["make", "--no-print-directory", "watch"],
        cwd=tmp_path,
        env=own_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # A shell has SIGINT ignored by what it starts in the background, nohup SIGHUP.
        preexec_fn=heed_signals,
    )
    with make:
        assert make.stdout
        try:
            assert make.stdout.readline() == "watching\n"

            os.kill(make.pid, number)

            assert make.stdout.readline() == "asked to end\n"
        finally:
            # Whatever came of it: nobody waits for it for ever.
            os.killpg(make.pid, signal.SIGKILL)


def heed_signals() -> None:
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
