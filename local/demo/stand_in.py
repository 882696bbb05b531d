"""What the demo says to the Stripe stand-in."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from local.services.processes import PATIENCE

KEY = "sk_test_holdfast_demo"


def register_endpoint(base: str, endpoint: str, secret: str) -> str:
    """Have events sent, signed with the secret, to this address; returns the endpoint's id."""
    body = {"endpoint": endpoint, "secret": secret}
    return str(request("POST", f"{base}/_fake/webhooks", body).get("id", ""))


def remove_endpoint(base: str, identifier: str) -> None:
    request("DELETE", f"{base}/v1/webhook_endpoints/{identifier}")


def is_owned(base: str, *, by: str) -> bool:
    """Whether a stand-in answers there, and is the one that was started under this name."""
    answers, said = ask(f"{base}/_fake/health")
    return answers and json.loads(said).get("owner") == by


def ask(url: str) -> tuple[bool, str]:
    """Whether the address answers 200, and what it says."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            return answer.status == 200, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return False, error.read().decode(errors="replace")
    except OSError as error:
        return False, str(error)


def request(method: str, url: str, body: dict[str, str] | None = None) -> dict[str, object]:
    """Ask for something; an answer that refuses it is returned like any other."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
    data = json.dumps(body).encode() if body else None
    asked = urllib.request.Request(url, data, headers, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        return dict(json.load(error))
