"""How a control is asked and answered: JSON for tests, forms for people, errors in words."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import public
from fake_stripe.schema import Object

Body = dict[str, Any]
# Fields of forms that hold numbers, and those that are ticked.
NUMBERS = (
    "advance", "amount", "copies", "delay", "expires_in", "global", "per_endpoint", "seconds",
    "status", "times",
)  # fmt: skip
SWITCHES = ("reset", "keep_endpoints", "html", "cut", "roll", "inquiry", "hold")


class Refused(Exception):
    """The control was used wrongly; the message says how."""


def answering(
    control: Callable[[web.Request, Body], Awaitable[Any]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The control as a web handler: JSON in, JSON out, errors said in words."""

    async def handle(request: web.Request) -> web.Response:
        try:
            if request.content_type == "application/x-www-form-urlencoded":
                raise web.HTTPSeeOther(await after_form(control, request))
            text = await request.text() if request.method == "POST" else ""
            body = json.loads(text) if text.strip() else {}
            if not isinstance(body, dict):
                raise Refused("the body must be a JSON object")
            return web.json_response(await control(request, body))
        except StripeError as error:
            return web.json_response(error.body(), status=error.status)
        except (Refused, json.JSONDecodeError) as error:
            return web.json_response({"error": {"message": str(error)}}, status=400)

    return handle


async def after_form(
    control: Callable[[web.Request, Body], Awaitable[Any]], request: web.Request
) -> str:
    """Do what a form of the control room asks; the page to go back to, which says how it went."""
    try:
        await control(request, form_body(parse_qsl(await request.text())))
        said = "Done."
    except json.JSONDecodeError as error:
        said = f"That was refused: this is no JSON: {error}"
    except (StripeError, Refused) as error:
        said = f"That was refused: {error}"
    back = urlsplit(request.headers.get("Referer", "")).path
    if not back.startswith("/_fake/"):
        back = "/_fake/"
    return f"{back}?{urlencode({'said': said})}"


def said_in(request: web.Request) -> str:
    """What the page is to say of the form that led to it."""
    return request.query.get("said", "")[:500]


def form_body(pairs: list[tuple[str, str]]) -> Body:
    """What a form of the control room sends, as a JSON body would say it."""
    lists = {"events": [value for name, value in pairs if name == "events"]}
    plain: Body = {name: typed(name, value) for name, value in pairs if value}
    switches: Body = {name: True for name in SWITCHES if name in plain}
    return {**plain, **switches, **{name: value for name, value in lists.items() if value}}


def typed(name: str, value: str) -> Any:
    """What is written in a field of a form: a number, a choice of yes and no, JSON, or text."""
    if name in NUMBERS and re.fullmatch(r"\d{1,15}", value, re.ASCII):
        return int(value)
    if name in NUMBERS and re.fullmatch(r"\d{1,15}\.\d{1,6}", value, re.ASCII):
        return float(value)
    if name == "should_retry":
        return {"true": True, "false": False}.get(value, value)
    if name == "change":
        return json.loads(value)
    return value


def whole_number(request: web.Request, name: str, default: int, most: int) -> int:
    """A number in the address, from 1 on."""
    written = request.query.get(name, str(default))
    if not re.fullmatch(r"\d{1,9}", written, re.ASCII) or not 1 <= int(written) <= most:
        raise Refused(f"{name} must be a whole number from 1 to {most}")
    return int(written)


def shown(endpoint: Object) -> Object:
    """An endpoint with what the controls know of it."""
    private = {name: value for name, value in endpoint["_"].items() if value is not None}
    return {**public(endpoint), **private}


def logged(row: dict[str, Any]) -> dict[str, Any]:
    """A line of the log of requests."""
    row["params"] = json.loads(row["params"])
    row["executed"], row["replayed"] = bool(row["executed"]), bool(row["replayed"])
    return row
