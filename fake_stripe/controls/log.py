"""What has happened, page by page: events and requests, each with all that was said."""

import json
from itertools import islice
from typing import Any

from aiohttp import web

from fake_stripe.controls.answers import Refused, said_in, whole_number
from fake_stripe.events import delivery_log
from fake_stripe.hosted.pages import templates
from fake_stripe.protocol.request_log import LoggedRequest
from fake_stripe.schema import Object
from fake_stripe.stand_in import StandIn

# Rows of one page, and how far one can turn.
ROWS = 50
MOST_PAGES = 10_000


class Log:
    """The pages below /_fake/log/."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Put every page where it belongs."""
        router.add_get("/_fake/log/events", self.events)
        router.add_get("/_fake/log/events/{id}", self.event)
        router.add_get("/_fake/log/requests", self.requests)
        router.add_get("/_fake/log/requests/{id}", self.request)

    async def events(self, request: web.Request) -> web.Response:
        """Events, newest first, of a type and about an object."""
        number, wanted = page_number(request), filters(request, "type", "object")
        newest = self.stand_in.store.select(
            "event", None, *conditions(wanted), limit=number * ROWS + 1
        )
        shown, more = newest[(number - 1) * ROWS : number * ROWS], len(newest) > number * ROWS
        events = delivery_log.with_deliveries(self.stand_in.store, shown)
        return page(
            "log_events.html", events=events, page=number, more=more, wanted=wanted,
            said=said_in(request),
        )  # fmt: skip

    async def event(self, request: web.Request) -> web.Response:
        """One event: what it says, and what each endpoint answered."""
        event = self.stand_in.store.find("event", request.match_info["id"])
        events = delivery_log.with_deliveries(self.stand_in.store, [event] if event else [])
        return page("log_event.html", event=events[0] if events else None, said=said_in(request))

    async def requests(self, request: web.Request) -> web.Response:
        """The newest requests, reads among them, of a method and to a path."""
        number, wanted = page_number(request), filters(request, "method", "path", "status")
        fitting = (entry for entry in self.stand_in.request_log.newest if fits(entry, wanted))
        entries = list(islice(fitting, (number - 1) * ROWS, number * ROWS + 1))
        return page(
            "log_requests.html", requests=entries[:ROWS], page=number, more=len(entries) > ROWS,
            wanted=wanted,
        )  # fmt: skip

    async def request(self, request: web.Request) -> web.Response:
        """One request: what was sent, and what was answered."""
        return page(
            "log_request.html", entry=self.stand_in.request_log.find(request.match_info["id"])
        )


def page_number(request: web.Request) -> int:
    """The page that is asked for; the first where no such page can be."""
    try:
        return whole_number(request, "page", 1, MOST_PAGES)
    except Refused:
        return 1


def filters(request: web.Request, *names: str) -> dict[str, str]:
    """What the list is narrowed to, as it was typed."""
    return {name: request.query.get(name, "").strip()[:100] for name in names}


def conditions(wanted: dict[str, str]) -> list[tuple[str, list[Any]]]:
    """The filters of the list of events: a part of the type, and an object's id."""
    clauses: list[tuple[str, list[Any]]] = []
    if wanted["type"]:
        clauses.append(("instr(json_extract(body, '$.type'), ?)", [wanted["type"]]))
    if about := wanted["object"]:
        fields = ("id", "payment_intent", "charge", "customer", "invoice", "subscription")
        paths = " OR ".join(f"json_extract(body, '$.data.object.{field}') = ?" for field in fields)
        clauses.append((f"({paths})", [about] * len(fields)))
    return clauses


def fits(entry: LoggedRequest, wanted: dict[str, str]) -> bool:
    """Whether a request is one of those that are looked for; a status may be its first digit."""
    return (
        wanted["method"] in ("", entry.method)
        and wanted["path"] in entry.path
        and str(entry.status).startswith(wanted["status"])
    )


def page(template: str, **context: Any) -> web.Response:
    """A page of the log; 404 where what it is about is not there."""
    missing = context.get("event", context.get("entry", "")) is None
    body = templates.get_template(template).render(pretty=pretty, **context)
    return web.Response(text=body, status=404 if missing else 200, content_type="text/html")


def pretty(value: Object | None) -> str:
    """JSON for people."""
    return json.dumps(value, indent=2, ensure_ascii=False)
