"""The web server that production runs, as a process of its own, spoken to byte by byte."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.services.ports import free_port
from local.services.processes import Kept
from tests.support.stand_in import HANGS_AFTER
from tests.support.waiting import eventually


@contextmanager
def web_server(directory: Path, **environment: str) -> Iterator[int]:
    """gunicorn with the shop, until the end of the block; its port."""
    port = free_port()
    command = f"-m gunicorn shop.wsgi -b 127.0.0.1:{port} -k gthread --threads 4"
    web = Kept(
        "web",
        [sys.executable, *command.split()],
        log=directory / "web.log",
        environment={**os.environ, **environment},
    )
    try:
        eventually(lambda: answers(port))
        yield port
    finally:
        web.stop()


def answers(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def sent_raw(
    port: int, head: str, body: bytes, *, path: str = "/webhook", cut: bool = False
) -> bytes:
    """What the server answers to a sender that first sends all it has and then listens.

    With `cut` the sender says that nothing more comes.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=HANGS_AFTER) as wire:
        lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Connection: close", head, "", ""]
        wire.sendall("\r\n".join(lines).encode())
        # Piece by piece: whoever is cut off meanwhile is told by the next piece, not the answer.
        for begin in range(0, len(body), 50_000):
            wire.sendall(body[begin : begin + 50_000])
            time.sleep(0.005)
        if cut:
            wire.shutdown(socket.SHUT_WR)
        return all_of(wire)


def all_of(wire: socket.socket) -> bytes:
    """All that comes until the server hangs up."""
    pieces = []
    try:
        while piece := wire.recv(65536):
            pieces.append(piece)
    except ConnectionResetError:
        assert pieces, "a reset and no answer"
    return b"".join(pieces)


def in_chunks(body: bytes, size: int = 1000) -> bytes:
    """A body as it goes over the wire when its length is not told."""
    chunks = [body[begin : begin + size] for begin in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
