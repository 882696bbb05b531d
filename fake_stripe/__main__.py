"""`python -m fake_stripe`: run the stand-in until it is told to stop."""

import argparse
import asyncio
import contextlib
import ctypes
import errno
import logging
import os
import signal
import socket
import sys
from pathlib import Path

from aiohttp import web

from fake_stripe.app import build
from fake_stripe.stand_in import StandIn

log = logging.getLogger("fake_stripe")

# Linux: the signal that the kernel sends when the parent dies.
PR_SET_PDEATHSIG = 1


def main() -> None:
    """Read the command line and run."""
    arguments = parse()
    logging.basicConfig(
        level=arguments.log_level.upper(), format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments))


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="fake_stripe", description="A Stripe to rehearse against: API, payment page, controls."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=12111, help="0 picks a free one")
    parser.add_argument("--fd", type=int, help="a listening socket to take over, for --port")
    parser.add_argument("--owner", default="", help="who has started it, as its health says")
    parser.add_argument(
        "--state", type=Path, default=Path("var/fake_stripe.sqlite3"), help="file of all objects"
    )
    parser.add_argument(
        "--public-url",
        default=os.environ.get("FAKE_STRIPE_PUBLIC_URL", ""),
        help="address that customers reach the payment page by (default: the one listened on)",
    )
    parser.add_argument(
        "--log-level", default="warning", choices=["debug", "info", "warning", "error"]
    )
    parser.add_argument(
        "--die-with-parent", action="store_true", help="stop when the starting process is gone"
    )
    return parser.parse_args()


async def serve(arguments: argparse.Namespace) -> None:
    """Listen, say so, and wait for the end."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    watcher = None
    if arguments.die_with_parent:
        watcher = asyncio.create_task(watch_parent(stopped))
    stand_in = StandIn(arguments.state, arguments.public_url.rstrip("/"), arguments.owner)
    runner = web.AppRunner(build(stand_in), access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = site_of(runner, arguments)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        in_use = error.errno == errno.EADDRINUSE
        reason = "the address is already in use" if in_use else error.strerror
        sys.exit(f"fake_stripe cannot listen on port {arguments.port}: {reason}")
    port = runner.addresses[0][1]
    stand_in.public_url = stand_in.public_url or f"http://{arguments.host}:{port}"
    sys.stdout.write(f"fake_stripe listening on http://{arguments.host}:{port}\n")
    sys.stdout.flush()
    await stopped.wait()
    if watcher:
        watcher.cancel()
    await runner.cleanup()


def site_of(runner: web.AppRunner, arguments: argparse.Namespace) -> web.BaseSite:
    """Where it listens: at a door that is held open for it, else at one of its own."""
    if arguments.fd is None:
        return web.TCPSite(runner, arguments.host, arguments.port)
    return web.SockSite(runner, socket.socket(fileno=arguments.fd))


async def watch_parent(stopped: asyncio.Event) -> None:
    """Stop once the process that started this one has gone, however it went.

    The kernel's signal also comes when only the starting thread ends: the parent's id tells.
    """
    parent = os.getppid()
    look = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, look.set)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGUSR1)
    while os.getppid() == parent:
        look.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(look.wait(), 0.5)
    stopped.set()


if __name__ == "__main__":
    main()
