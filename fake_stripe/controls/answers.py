"""How a control is asked and answered: JSON for tests, forms for people, errors in words."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web

from fake_stripe.errors import StripeError
from fake_stripe.schema import Object
from fake_stripe.transaction import public

Body = dict[str, Any]


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
    plain: Body = {name: int(value) if value.isdigit() else value for name, value in pairs if value}
    switches: Body = {
        name: True for name in ("reset", "keep_endpoints", "html", "cut", "roll") if name in plain
    }
    return {**plain, **switches, **{name: value for name, value in lists.items() if value}}


def shown(endpoint: Object) -> Object:
    """An endpoint with what the controls know of it."""
    private = {name: value for name, value in endpoint["_"].items() if value is not None}
    return {**public(endpoint), **private}


def logged(row: dict[str, Any]) -> dict[str, Any]:
    """A line of the log of requests."""
    row["params"] = json.loads(row["params"])
    row["executed"], row["replayed"] = bool(row["executed"]), bool(row["replayed"])
    return row
