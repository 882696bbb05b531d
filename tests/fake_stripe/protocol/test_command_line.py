"""What `stripe trigger` asks for, replayed without the program.

`stripe_cli_requests.json` holds the requests that the Stripe CLI 1.52 sends for each event, as
tests/clients sees it do (github.com/stripe/stripe-cli, pkg/fixtures/triggers); `{product}` stands
for the id of the last product that was answered. The CLI names no API version.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.fake_stripe.rig import Fake

REQUESTS: dict[str, list[dict[str, Any]]] = json.loads(
    Path(__file__).with_name("stripe_cli_requests.json").read_text()
)


@pytest.mark.parametrize("event", REQUESTS)
def test_x8_the_requests_of_the_command_line_bring_about_their_event(
    fake: Fake, event: str
) -> None:
    ids: dict[str, str] = {}
    for sent in REQUESTS[event]:
        known = filled_in(sent, ids)
        answer = replayed(fake, known)
        assert answer.status_code == 200, answer.text
        note(answer.json(), ids)
    fake.control("clock", {"advance": 10})

    assert event in fake.types()


def filled_in(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: filled_in(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled_in(inner, ids) for inner in value]
    if isinstance(value, str):
        return re.sub(r"\{([\w.]+)\}", lambda named: ids[named[1]], value)
    return value


def replayed(fake: Fake, sent: dict[str, Any]) -> requests.Response:
    place = "params" if sent["method"] == "GET" else "data"
    return fake.raw(sent["method"], sent["path"], **{place: dict(flat(sent["params"]))})


def flat(value: Any, name: str = "") -> list[tuple[str, str]]:
    """A form as Stripe reads it: `a[b][0]=x`."""
    if isinstance(value, dict):
        inner = [(f"{name}[{key}]" if name else key, one) for key, one in value.items()]
    elif isinstance(value, list):
        inner = [(f"{name}[{index}]", one) for index, one in enumerate(value)]
    else:
        return [(name, str(value).lower() if isinstance(value, bool) else str(value))]
    return [pair for key, one in inner for pair in flat(one, key)]


def note(answer: dict[str, Any], ids: dict[str, str]) -> None:
    """The ids of what was answered; of a list, of its first object."""
    entry = answer["data"][0] if answer["object"] == "list" else answer
    ids[entry["object"]] = entry["id"]
    if charge := entry.get("latest_charge"):
        ids["charge"] = charge
