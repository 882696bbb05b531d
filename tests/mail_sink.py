"""A mail server for tests: keeps what it accepts, and stalls on demand."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import cast


class MailSink(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a sender needs. `stall` is "", "before" or "after" accepting, once."""

    daemon_threads = True
    # Far longer than a sender waits for an answer.
    PATIENCE = 30.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.accepted: list[EmailMessage] = []
        self.stall = ""
        self.stalled = threading.Event()
        self.go_on = threading.Event()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def to(self, address: str) -> list[EmailMessage]:
        """What was accepted for an address."""
        return [mail for mail in self.accepted if mail["To"] == address]

    def receive(self, text: bytes) -> bool:
        """Whether the sender is told that the mail was accepted."""
        mail = cast("EmailMessage", email.message_from_bytes(text, policy=email.policy.default))
        stall, self.stall = self.stall, ""
        if stall != "before":
            self.accepted.append(mail)
        if stall:
            self.stalled.set()
            self.go_on.wait(self.PATIENCE)
        return not stall


class Conversation(socketserver.StreamRequestHandler):
    server: MailSink

    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline():
            match line[:4].upper():
                case b"DATA":
                    self.say("354 go on")
                    if not self.server.receive(self.text()):
                        return
                    self.say("250 kept")
                case b"QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 fine")

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())

    def text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)


@contextmanager
def mail_sink() -> Iterator[MailSink]:
    with MailSink() as sink:
        serving = threading.Thread(target=sink.serve_forever, daemon=True)
        serving.start()
        yield sink
        sink.go_on.set()
        sink.shutdown()
