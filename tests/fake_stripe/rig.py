"""A stand-in process to test against, driven by Stripe's own SDK, and a shop that gets events."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import DefaultCookiePolicy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
import stripe

from tests.fake_stripe import sdk_types
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
SUCCESS = "http://shop.test/success?session_id={CHECKOUT_SESSION_ID}"


def start(state: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    """Start the stand-in on a free port; the process and its address."""
    command = [sys.executable, "-m", "fake_stripe", "--port", "0", "--state", str(state)]
    process = subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert process.stdout
    line = process.stdout.readline()
    return process, line.split()[-1] if line else ""


def stop(process: subprocess.Popen[str]) -> None:
    """End a stand-in as its user does."""
    process.terminate()
    process.wait(PATIENCE)


def http_session() -> requests.Session:
    """Connections that are kept, and no cookies: each request is a customer's first."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


def is_whole(content: str | bytes) -> bool:
    """Whether a body is JSON, and all of it."""
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


class Checking(stripe.RequestsClient):
    """The SDK's own HTTP client, which fails when an answer is not what the SDK's types say."""

    def request(self, *arguments: Any, **options: Any) -> Any:
        content, status, headers = super().request(*arguments, **options)
        # Some tests have the stand-in answer what is no JSON at all.
        if status == 200 and is_whole(content):
            found = list(sdk_types.problems(json.loads(content)))
            assert found == [], found
        return content, status, headers


class Fake:
    """The stand-in as a test sees it: the SDK's client and the controls."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = http_session()
        self.client = self.client_for("sk_test_123")
        self.v1 = self.client.v1

    def client_for(self, key: str, **options: Any) -> stripe.StripeClient:
        addresses: Any = dict.fromkeys(("api", "connect", "files", "meter_events"), self.url)
        options.setdefault("http_client", Checking())
        return stripe.StripeClient(key, base_addresses=addresses, max_network_retries=0, **options)

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self.controlled(path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def controlled(self, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        url = f"{self.url}/_fake/{path}"
        if body is None:
            return self.http.get(url, timeout=PATIENCE)
        return self.http.post(url, json=body, timeout=PATIENCE)

    def raw(self, method: str, path: str, **options: Any) -> requests.Response:
        """A request of one's own making, with a key unless told otherwise."""
        options.setdefault("auth", ("sk_test_123", ""))
        return self.http.request(method, self.url + path, timeout=PATIENCE, **options)

    def session(self, amount: int = 2000, **params: Any) -> Any:
        """An open session of one line."""
        data = {"currency": "eur", "unit_amount": amount, "product_data": {"name": "Kettle"}}
        fields: Any = {
            "mode": "payment",
            "success_url": SUCCESS,
            "line_items": [{"price_data": data, "quantity": 1}],
            **params,
        }
        return self.v1.checkout.sessions.create(fields)

    def pay(self, session_id: str, **body: Any) -> Any:
        return self.control(f"sessions/{session_id}/pay", body)

    def paid(self, amount: int = 2000, *, card: str = "4242424242424242", **params: Any) -> Any:
        """The PaymentIntent of a session that was paid, with its charge."""
        session = self.session(amount, **params)
        return self.intent(self.pay(session.id, card=card)["payment_intent"])

    def held(self, amount: int = 2000, **options: Any) -> Any:
        """The PaymentIntent of a session whose money is only held."""
        return self.paid(amount, payment_intent_data={"capture_method": "manual"}, **options)

    def intent(self, intent_id: Any) -> Any:
        return self.v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]})

    def types(self) -> list[str]:
        """The types of all events, in the order they came about."""
        return [event["type"] for event in self.control("events")["data"]]


class Receiver:
    """A shop's webhook: notes what it gets and answers as it is told, once its gate is open."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, str]] = []
        self.begun: list[bytes] = []
        self.answers: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.begun.append(body)
                receiver.gate.wait(PATIENCE)
                receiver.got.append((body, self.headers["Stripe-Signature"]))
                # The sender may be gone by now: some tests kill it.
                with suppress(ConnectionError):
                    self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                    self.send_header("Content-Length", "2")
                    self.end_headers()
                    self.wfile.write(b"ok")

            def log_message(self, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"

    def events(self) -> list[Any]:
        return [json.loads(body) for body, _ in self.got]

    def types(self) -> list[str]:
        return [event["type"] for event in self.events()]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A webhook that listens while the test runs."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, daemon=True)
    thread.start()
    yield receiver
    receiver.gate.set()
    receiver.server.shutdown()
    receiver.server.server_close()
    thread.join()
