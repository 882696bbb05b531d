"""A mail server on a free port: keeps what it takes, and stalls or refuses on demand."""

import asyncio
import email
import email.policy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from local.services.ports import free_port
from tests.support.waiting import PATIENCE

# In seconds, between the lines of an answer that is kept back.
PAUSE = 0.5


class MailServer:
    """What it took, and how it behaves.

    `stall` is "", "before" or "after" taking a mail, once. None to the address that it `holds` is
    taken, and whoever sends one waits.
    """

    def __init__(self, port: int = 0, *, refuse_with: int = 0) -> None:
        self.port = port
        self.taken: list[EmailMessage] = []
        self.refuse_with = refuse_with
        self.stall = ""
        self.holds = ""
        self.stalled = threading.Event()
        self.go_on = threading.Event()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """What was taken for an address."""
        return [mail for mail in self.taken if mail["To"] == address]


class Handler:
    """The hooks that aiosmtpd calls by their names."""

    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_RCPT(  # noqa: N802
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.server.refuse_with:
            return f"{self.server.refuse_with} not this one"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, smtp: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        is_held = self.server.holds in envelope.rcpt_tos
        stall = "before" if is_held else self.server.stall
        self.server.stall = ""
        if stall != "before":
            self.server.taken.append(read(envelope.content))
        if stall:
            self.server.stalled.set()
            while not self.server.go_on.is_set():
                # The beginning of an answer: whoever sends waits for as long as lines come, however
                # short their patience is.
                await smtp.push("421-wait")
                await asyncio.sleep(PAUSE)
            return "421 too late"
        return "250 taken"


def read(content: Any) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


@contextmanager
def mail_server(*, refuse_with: int = 0) -> Iterator[MailServer]:
    server = MailServer(free_port(), refuse_with=refuse_with)
    # The machine may be busy, with as many tests as it has processors.
    controller = Controller(Handler(server), "127.0.0.1", server.port, ready_timeout=PATIENCE)
    controller.start()
    try:
        yield server
    finally:
        server.go_on.set()
        controller.stop()
