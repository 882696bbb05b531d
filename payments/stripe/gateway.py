"""What is asked of Stripe and told by Stripe, in the shop's own words.

Nothing here touches the database, and nothing above here sees a Stripe object.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe
from django.conf import settings

from payments.models import StripeRequest
from payments.stripe import facts
from payments.stripe.facts import PaymentFacts, SessionFacts
from shop.stripe_client import client
from shop.work import TryLater

# One retrieve tells all that settle wants to know.
SESSION_EXPAND = ["line_items", "payment_intent.latest_charge.refunds"]
PAYMENT_EXPAND = ["latest_charge.refunds"]
# Stripe signs each delivery afresh; a clock may run a little ahead or behind.
SIGNATURE_TOLERANCE = 300

# Stripe takes no more in one list.
MOST_TYPES = 20


class Refused(Exception):
    """Stripe's definite no: nothing was done, and the same call will be refused again."""

    def __init__(
        self,
        sentence: str,
        *,
        status: int,
        code: str = "",
        parameter: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.parameter = parameter
        self.request_id = request_id


class OutcomeUnknown(TryLater):
    """No answer, or one that does not tell whether the call was carried out.

    `status` is the answer's, None when there was none.
    """

    def __init__(
        self, sentence: str, *, status: int | None = None, after: timedelta | None = None
    ) -> None:
        super().__init__(sentence, after=after)
        self.status = status


class BadSignature(Exception):
    """The delivery was not signed by Stripe with one of our secrets."""


class NotAnEvent(Exception):
    """The delivery is signed well, but no event that can be stored."""


# What reading a text that may hold anything fails with.
UNREADABLE = (
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    OverflowError,
    OSError,
    RecursionError,
)


# -- reading --------------------------------------------------------------------------------------


def read_session(stripe_session_id: str) -> SessionFacts:
    """The session and its payment as they are now. Raises Refused, OutcomeUnknown."""
    with _translated():
        session = client().v1.checkout.sessions.retrieve(
            stripe_session_id, {"expand": SESSION_EXPAND}
        )
        return _facts_of_session(session.to_dict())


def read_payment(payment_intent_id: str) -> PaymentFacts:
    """The PaymentIntent as it is now. Raises Refused, OutcomeUnknown."""
    with _translated():
        intent = client().v1.payment_intents.retrieve(payment_intent_id, {"expand": PAYMENT_EXPAND})
        return _facts_of_payment(intent.to_dict())


def session_of_payment(payment_intent_id: str) -> str | None:
    """Which Checkout Session a PaymentIntent came from, if any."""
    with _translated():
        found = client().v1.checkout.sessions.list({"payment_intent": payment_intent_id}).data
        return found[0].id if found else None


def events_since(moment: datetime, types: list[str]) -> Iterator[dict[str, Any]]:
    """Stripe's own lists of events from `moment` on, each newest first."""
    since: stripe.params.EventListParamsCreated = {"gte": int(moment.timestamp())}
    with _translated():
        for first in range(0, len(types), MOST_TYPES):
            asked = types[first : first + MOST_TYPES]
            page = client(retries=2).v1.events.list(
                {"created": since, "types": asked, "limit": 100}
            )
            for event in page.auto_paging_iter():
                # A price carries decimals, which the inbox could not keep as they are.
                yield event.to_dict(for_json=True)


def _facts_of_session(session: dict[str, Any]) -> SessionFacts:
    intent = session.get("payment_intent")
    paid = _facts_of_payment(intent) if isinstance(intent, dict) else None
    return facts.session_facts(session, _line_items(session), paid)


def _facts_of_payment(intent: dict[str, Any]) -> PaymentFacts:
    charge = facts.charge_of(intent)
    disputes = _disputes(intent["id"]) if charge.get("disputed") else []
    return facts.payment_facts(intent, _refunds(charge), disputes)


def _line_items(session: dict[str, Any]) -> list[dict[str, Any]] | None:
    """All line items; None when the answer did not carry them."""
    listed = session.get("line_items")
    if listed is None or not listed["has_more"]:
        return listed and list(listed["data"])
    page = client().v1.checkout.sessions.line_items.list(session["id"], {"limit": 100})
    return [item.to_dict() for item in page.auto_paging_iter()]


def _refunds(charge: dict[str, Any]) -> list[dict[str, Any]]:
    listed = charge.get("refunds") or {"data": [], "has_more": False}
    if not listed["has_more"]:
        return list(listed["data"])
    page = client().v1.refunds.list({"charge": charge["id"], "limit": 100})
    return [refund.to_dict() for refund in page.auto_paging_iter()]


def _disputes(payment_intent_id: str) -> list[dict[str, Any]]:
    page = client().v1.disputes.list({"payment_intent": payment_intent_id, "limit": 100})
    return [dispute.to_dict() for dispute in page.auto_paging_iter()]


def verified_event(payload: bytes, header: str) -> dict[str, Any]:
    """The event in a signed delivery. Raises BadSignature or NotAnEvent."""
    text = _signed_text(payload, header)
    try:
        event = _storable(json.loads(text))
        _refuse_incomplete(event)
    except UNREADABLE as error:
        raise NotAnEvent(f"{type(error).__name__}: this is no snapshot event.") from error
    return dict(event)


def _signed_text(payload: bytes, header: str) -> str:
    try:
        text = payload.decode()
        _verify(text, header)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise BadSignature(f"{type(error).__name__}: nobody can have signed this.") from error
    return text


def _refuse_incomplete(event: dict[str, Any]) -> None:
    """Look for all that storing needs, so that an error of storing is one of ours."""
    if event["object"] != "event" or not isinstance(event["data"]["object"], dict):
        raise ValueError("This is another object.")
    if not {"id", "type", "livemode"} <= event.keys():
        raise ValueError("This is a part of an event.")
    moment(event)
    # PostgreSQL's JSON has neither NaN nor infinity; Python's has.
    json.dumps(event, allow_nan=False)


def moment(event: dict[str, Any]) -> datetime:
    """When Stripe made the event."""
    return datetime.fromtimestamp(int(event["created"]), tz=UTC)


def _verify(text: str, header: str) -> None:
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(text, header, secret, SIGNATURE_TOLERANCE)
        except stripe.SignatureVerificationError:
            continue
        # The library accepts any moment in the future; a replayed delivery could be one.
        if _signed_at(header) > time.time() + SIGNATURE_TOLERANCE:
            break
        return
    raise BadSignature("No secret of ours signed this.")


def _signed_at(header: str) -> int:
    """The moment that the library took into the signature: the first `t=` of the header."""
    return next(int(part[2:]) for part in header.split(",") if part.startswith("t="))


def _storable(value: Any) -> Any:
    """PostgreSQL stores neither NUL nor half a surrogate pair in text, and no event needs one."""
    match value:
        case str():
            return value.replace("\0", "").encode(errors="ignore").decode()
        case list():
            return [_storable(item) for item in value]
        case dict():
            return {_storable(name): _storable(item) for name, item in value.items()}
    return value


# -- writing --------------------------------------------------------------------------------------


def send(request: StripeRequest) -> SessionFacts | None:
    """Make the call of a work row, with its frozen key and parameters.

    Notes the answer's status and id on the row, and returns the session's facts for a created
    session. Raises Refused, OutcomeUnknown.
    """
    options: Any = {"idempotency_key": request.key}
    api = client().v1
    with _translated():
        match request.kind:
            case StripeRequest.Kind.CREATE_SESSION:
                session = api.checkout.sessions.create(request.parameters, options)
                _note_answer(request, session)
                return _facts_of_session(session.to_dict())
            case StripeRequest.Kind.EXPIRE_SESSION:
                answer: Any = api.checkout.sessions.expire(_session_id(request), {}, options)
            case StripeRequest.Kind.CAPTURE:
                answer = api.payment_intents.capture(
                    _intent_id(request), request.parameters, options
                )
            case StripeRequest.Kind.RELEASE:
                answer = api.payment_intents.cancel(
                    _intent_id(request), request.parameters, options
                )
            case StripeRequest.Kind.REFUND:
                answer = api.refunds.create(request.parameters, options)
        _note_answer(request, answer)
    return None


def made_session(request: StripeRequest) -> SessionFacts | None:
    """The session that an earlier call of this request made after all, found by our metadata."""
    since = int((request.created_at - timedelta(minutes=5)).timestamp())
    with _translated():
        sessions = client(retries=2).v1.checkout.sessions.list(
            {"created": {"gte": since}, "limit": 100}
        )
        for session in sessions.auto_paging_iter():
            marks = session.to_dict().get("metadata") or {}
            if marks.get("session") == str(request.session_id):
                return read_session(session.id)
    return None


def made_refund(request: StripeRequest) -> bool:
    """Whether an earlier call of this request made its refund after all."""
    with _translated():
        refunds = client(retries=2).v1.refunds.list(
            {"payment_intent": _intent_id(request), "limit": 100}
        )
        return any(
            (refund.to_dict().get("metadata") or {}).get("request") == str(request.pk)
            for refund in refunds.auto_paging_iter()
        )


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the library's errors into the two answers that matter: a definite no, or not known."""
    try:
        yield
    except stripe.StripeError as error:
        raise _translation(error) from error


def _translation(error: stripe.StripeError) -> Exception:
    status = error.http_status
    said = getattr(error.error, "message", None) if error.error else None
    sentence = str(said or error.user_message or error)
    code = str(getattr(error.error, "code", "") or "") if error.error else ""
    if status in {401, 403}:
        # A rotated key or a missing permission: stop calling for a while, a person must mend it.
        return OutcomeUnknown(f"{status}: {sentence}", status=status, after=timedelta(minutes=5))
    if status is None or status in {409, 429} or status >= 500 or status < 400:
        return OutcomeUnknown(f"{status or 'no answer'}: {sentence}", status=status)
    parameter = str(getattr(error, "param", "") or "")
    request_id = error.request_id or ""
    return Refused(sentence, status=status, code=code, parameter=parameter, request_id=request_id)


def _note_answer(request: StripeRequest, answer: Any) -> None:
    request.last_status = answer.last_response.code
    request.stripe_request_id = str(answer.last_response.request_id or "")


def _session_id(request: StripeRequest) -> str:
    assert request.session is not None  # noqa: S101 - an expiry has a session
    return str(request.session.stripe_session_id)


def _intent_id(request: StripeRequest) -> str:
    assert request.payment is not None  # noqa: S101 - money has a payment
    return request.payment.stripe_payment_intent_id
