"""Runs one command, and ends it as soon as the process that asked for it is gone.

    python -S -m local.services.die_with_parent --lifeline FD [options] -- command ...

The asking process keeps the other end of the pipe FD open for as long as it lives. The system
closes that end however the process ends, kill -9 included; this process sees it, stops the command
and whatever the command started, and ends with the command's exit code. Nothing but the standard
library is imported here, so that the start costs little.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

# Linux's numbers from <linux/prctl.h> and <linux/sched.h>; both are part of its stable interface.
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
CLONE_NEWUSER = 0x10000000

# Who a process is inside the user namespace: any number but 0 will do.
MAPPED_ID = 1000

# How long the keeper sleeps at most before it looks whether its parent is still there: only needed
# where a copy of the pipe's other end lives on in a forked process.
LOOK_EVERY = 0.5

# Heard or ignored by Python or by a shell that started us in the background; ignoring is inherited.
BACK_TO_DEFAULT = (
    signal.SIGTERM,
    signal.SIGINT,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGPIPE,
    signal.SIGCHLD,
)

on_linux = sys.platform == "linux"


class Keeper:
    """One command, from its start until nothing of it is left."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.parent = os.getppid()
        self.stop_signal = signal.Signals[f"SIG{options.stop_signal}"]
        self.stopping = False
        self.kill_at = float("inf")
        self.exit_code: int | None = None

    def run(self) -> int:
        """Start the command, stay until it has ended, and return its exit code."""
        woken = hear_signals(self)
        if on_linux:
            prctl(PR_SET_CHILD_SUBREAPER, 1)
        os.set_inheritable(self.options.lifeline, False)
        self.child = self.start()
        lifelines = [self.options.lifeline, woken]
        while self.exit_code is None:
            readable, _, _ = select.select(lifelines, [], [], LOOK_EVERY)
            if woken in readable:
                os.read(woken, 4096)
            if self.options.lifeline in readable:
                lifelines = [woken]
                self.stop()
            if os.getppid() != self.parent:
                self.stop()
            if time.monotonic() > self.kill_at:
                self.kill_the_rest()
            self.reap()
        self.kill_the_rest()
        return self.exit_code

    def start(self) -> int:
        """Start the command in a session of its own and return its process id."""
        child = os.fork()
        if not child:
            become(self.options, self.stop_signal)
        return child

    def stop(self) -> None:
        """Ask the command to stop, once; `reap` and the time limit see to the rest."""
        if self.stopping:
            return
        self.stopping = True
        self.kill_at = time.monotonic() + self.options.grace
        signal_one(self.child, self.stop_signal)

    def reap(self) -> None:
        """Note the command's end, and that of orphans the system has handed to this process."""
        while True:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not child:
                return
            if child == self.child:
                code = os.waitstatus_to_exitcode(status)
                self.exit_code = code if code >= 0 else 128 - code

    def kill_the_rest(self) -> None:
        """End whatever the command started and did not end itself."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child, signal.SIGKILL)
        while orphans := children():
            for orphan in orphans:
                signal_one(orphan, signal.SIGKILL)
            self.reap()
            time.sleep(0.01)


def hear_signals(keeper: Keeper) -> int:
    """Let an end of the child and requests to stop wake the loop; return what to wait on."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    for asked in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(asked, lambda _number, _frame: keeper.stop())
    return woken


def become(options: argparse.Namespace, stop_signal: signal.Signals) -> NoReturn:
    """Turn this fresh process into the command; never returns."""
    try:
        os.setsid()
        for number in BACK_TO_DEFAULT:
            signal.signal(number, signal.SIG_DFL)
        if options.user_namespace:
            enter_user_namespace()
        if options.user is not None:
            os.setgroups([])
            os.setgid(options.group)
            os.setuid(options.user)
        if on_linux:  # after the change of user, which would undo it
            prctl(PR_SET_PDEATHSIG, stop_signal)
        os.execvp(options.command[0], options.command)  # noqa: S606
    except OSError as error:
        os.write(2, f"{options.command[0]} could not be started: {error}\n".encode())
    os._exit(127)


def enter_user_namespace() -> None:
    """Be an ordinary user to the command, and ourselves to everybody else."""
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "no user namespace to be had")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{MAPPED_ID} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{MAPPED_ID} {group} 1")


def prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def children() -> list[int]:
    """The processes this one is the parent of, by birth or because their own parent died."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(after_name[1]) == os.getpid():
            found.append(int(entry.parent.name))
    return found


def signal_one(process: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="local.services.die_with_parent")
    parser.add_argument("--lifeline", type=int, required=True)
    parser.add_argument("--stop-signal", default="TERM")
    parser.add_argument("--grace", type=float, default=10)
    parser.add_argument("--user-namespace", action="store_true")
    parser.add_argument("--user", type=int)
    parser.add_argument("--group", type=int)
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(Keeper(arguments()).run())
