"""The API's face: who asks, what trouble is ordered, whether it was asked before, the answer."""

import base64
import json
import logging
import socket
import struct
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from fake_stripe import ACCOUNT_ID, API_VERSION
from fake_stripe.engine.errors import (
    CardError,
    Forbidden,
    StripeError,
    Unauthorized,
    Unrecognized,
)
from fake_stripe.engine.ids import new_id
from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol import operations, rights
from fake_stripe.protocol.answers import Answer, dressed, failed, refusal, replay
from fake_stripe.protocol.expansion import render
from fake_stripe.protocol.faults import Fault
from fake_stripe.protocol.form import Node, decode
from fake_stripe.protocol.idempotency import Keys, fingerprint
from fake_stripe.protocol.operations import Operation
from fake_stripe.protocol.request_log import LoggedRequest
from fake_stripe.stand_in import StandIn

log = logging.getLogger("fake_stripe")


@dataclass
class ApiRequest:
    """A request to the API: its id, key and version, and its parameters once they are read.

    `decoded` holds them as they were sent, `params` as the operation knows them.
    """

    id: str
    method: str
    path: str
    key: str | None
    version: str | None
    decoded: dict[str, Node] = field(default_factory=dict)
    params: dict[str, Any] | None = None


class Api:
    """Answers everything below /v1/."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in
        self.keys = Keys(stand_in.store)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        began = time.monotonic()
        call = ApiRequest(
            id=new_id("request"),
            method=request.method,
            path=request.raw_path.partition("?")[0],
            key=request.headers.get("Idempotency-Key") if request.method == "POST" else None,
            version=request.headers.get("Stripe-Version"),
        )
        try:
            answer = await self.answer(request, call)
        except Unrecognized as error:
            log.warning("%s %s is not played by this stand-in", call.method, call.path)
            answer = refusal(error)
        except StripeError as error:
            answer = refusal(error)
        except Exception:
            log.exception("%s %s could not be answered", call.method, call.path)
            message = "An unknown error occurred in the stand-in; its log tells more."
            answer = refusal(StripeError(message, status=500, kind="api_error"))
        self.show(call, answer)
        if answer is None:
            return cut(request)
        if not answer.executed and call.method != "GET":
            self.note(call, answer)
        log.info(
            "%s %s %s %s %.1f ms%s", call.method, call.path, answer.status, call.id,
            (time.monotonic() - began) * 1000, " replayed" if answer.replayed else "",
        )  # fmt: skip
        return response(call, answer)

    async def answer(self, request: web.Request, call: ApiRequest) -> Answer | None:
        """The answer, or none where the connection is to be cut."""
        key = authenticate(request.headers.get("Authorization"))
        operation, ids = operations.find(call.method, call.path)
        if right := rights.missing(key, call.method, call.path, self.stand_in.taken):
            raise Forbidden(key, ACCOUNT_ID, right)
        self.stand_in.limits.check(operation.method, operation.path)
        call.decoded = await read(request)
        fault = self.stand_in.faults.take(call.method, call.path)
        if fault and fault.when == "before" and (fault.status or fault.reset or fault.html):
            # It never got as far as the API: no key is looked at and none is kept.
            await self.pause(fault, call)
            return failed(fault)
        if key.startswith("rk_") and operation.path == "/v1/account":
            raise Forbidden(key, ACCOUNT_ID, "rak_accounts_kyc_basic_read")
        print_ = fingerprint(call.method, call.path, call.decoded)
        now = self.stand_in.clock.now()
        if call.key and (row := self.keys.earlier(call.key, print_, now)):
            return await self.spoiled(replay(row), fault, call)
        if call.key:
            self.keys.in_flight.add(call.key)
        try:
            if fault and fault.when == "before":
                await self.pause(fault, call)
            answer = self.execute(operation, ids, call, print_, fault)
        finally:
            self.keys.in_flight.discard(call.key or "")
        return await self.spoiled(answer, fault, call)

    async def pause(self, fault: Fault, call: ApiRequest) -> None:
        """Let a request wait for as long as its fault wants."""
        await self.stand_in.faults.pause(fault, call.method, call.path)

    async def spoiled(self, answer: Answer, fault: Fault | None, call: ApiRequest) -> Answer | None:
        """The answer to what was carried out, as far as the client gets to see it."""
        if fault is None:
            return answer
        if fault.when == "after":
            await self.pause(fault, call)
        if fault.change and answer.status == 200:
            answer.body = {**answer.body, **fault.change}
        return dressed(answer, fault)

    def execute(
        self,
        operation: Operation,
        ids: list[str],
        call: ApiRequest,
        print_: str,
        fault: Fault | None,
    ) -> Answer:
        """Check the parameters, then do it and keep the outcome, all in one transaction."""
        call.params = operation.params(call.decoded, call.version)
        expand = call.params.pop("expand", [])
        if call.method == "GET":
            tx = self.stand_in.read()
            tx.version = call.version or ""
            return Answer(200, render(tx, operation.handler(tx, call.params, *ids), expand))
        with self.stand_in.transaction(
            request_id=call.id, idempotency_key=call.key, version=call.version or ""
        ) as tx:
            answer = Answer(200, {}, executed=True)
            try:
                with self.stand_in.store.savepoint():
                    answer = carry_out(tx, operation, call.params, ids, expand)
            except StripeError as error:
                tx.events.clear()
                answer = refusal(error)
            if fault and (ordered := fault.error()):
                answer = refusal(ordered, executed=answer.executed)
                answer.headers |= fault.headers()
            if call.key:
                self.keys.keep(call.key, print_, answer.status, answer.body, tx.now)
            if answer.executed:
                self.note(call, answer)
        return answer

    def show(self, call: ApiRequest, answer: Answer | None) -> None:
        """Let people see the request and its answer; 0 stands for none at all."""
        seen = answer or Answer(0, {})
        self.stand_in.request_log.add(
            LoggedRequest(
                at=self.stand_in.clock.now(), id=call.id, method=call.method, path=call.path,
                params=call.decoded if call.params is None else call.params, key=call.key,
                status=seen.status, executed=seen.executed, replayed=seen.replayed,
                answer=seen.body,
            )
        )  # fmt: skip

    def note(self, call: ApiRequest, answer: Answer) -> None:
        """Write a line in the log of requests."""
        params = call.decoded if call.params is None else call.params
        self.stand_in.store.execute(
            "INSERT INTO requests (at, id, method, path, params, idempotency_key, status,"
            " executed, replayed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self.stand_in.clock.now(), call.id, call.method, call.path, json.dumps(params),
            call.key, answer.status, answer.executed, answer.replayed,
        )  # fmt: skip


def carry_out(
    tx: Transaction, operation: Operation, params: dict[str, Any], ids: list[str],
    expand: list[str],
) -> Answer:  # fmt: skip
    """Do what is asked. A decline is an outcome too: what the attempt has written stays."""
    try:
        body = render(tx, operation.handler(tx, params, *ids), expand)
    except CardError as error:
        return refusal(error, executed=True)
    return Answer(200, body, executed=True)


def authenticate(header: str | None) -> str:
    """Let test keys in, by Bearer or as the user name of HTTP Basic; returns the key."""
    scheme, _, credentials = (header or "").partition(" ")
    key = credentials.strip()
    if scheme.lower() == "basic":
        try:
            key = base64.b64decode(key, validate=True).decode().partition(":")[0]
        except ValueError:
            key = ""
    elif scheme.lower() != "bearer":
        key = ""
    if not key:
        message = (
            "You did not provide an API key. You need to provide your API key in the Authorization"
            " header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
        raise Unauthorized(message)
    if not key.startswith(("sk_test_", "rk_test_")):
        raise Unauthorized(f"Invalid API Key provided: {key[:8]}{'*' * 8}{key[-4:]}")
    return key


async def read(request: web.Request) -> dict[str, Node]:
    """The parameters: of the query, and of the body of a POST."""
    body = await request.text() if request.method == "POST" else ""
    return decode("&".join(filter(None, [request.rel_url.raw_query_string, body])))


def response(call: ApiRequest, answer: Answer) -> web.Response:
    """The answer as HTTP."""
    headers = {
        "Request-Id": call.id,
        "Stripe-Version": call.version or API_VERSION,
        "Cache-Control": "no-cache, no-store",
        **answer.headers,
    }
    if call.key:
        headers["Idempotency-Key"] = call.key
    if "error" in answer.body:
        url = f"https://dashboard.stripe.com/test/logs/{call.id}"
        answer.body["error"]["request_log_url"] = url
    body, kind = json.dumps(answer.body), "application/json"
    if answer.page:
        body, kind = answer.page, "text/html"
    if answer.cut:
        body = body[: len(body) // 2]
    return web.Response(text=body, status=answer.status, headers=headers, content_type=kind)


def cut(request: web.Request) -> web.StreamResponse:
    """Reset the connection: the client learns nothing of what was done."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()
    return web.Response()
