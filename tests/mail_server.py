"""A mail server on a free port that takes mails, or refuses every recipient with one code."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    port: int = 0
    refuse_with: int = 0
    taken: list[str] = field(default_factory=list)


@contextmanager
def mail_server(*, refuse_with: int = 0) -> Iterator[MailServer]:
    told = MailServer(refuse_with=refuse_with)

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                verb = line[:4].upper()
                if verb == "RCPT" and told.refuse_with:
                    self.say(f"{told.refuse_with} not this one")
                elif verb == "DATA":
                    self.say("354 go on")
                    told.taken.append(self.read_mail())
                    self.say("250 taken")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def read_mail(self) -> str:
            lines = []
            while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                lines.append(line)
            return "\n".join(lines)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield told
        server.shutdown()
        thread.join()
