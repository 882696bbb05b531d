"""What is asked of Stripe and told by Stripe, in the shop's own words.

Nothing here touches the database, and nothing above here sees a Stripe object.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe
from django.conf import settings

from payments.models import Payment, StripeRequest
from shop.stripe_client import client
from shop.work import TryLater

# One retrieve tells all that settle wants to know.
SESSION_EXPAND = ["line_items", "payment_intent.latest_charge.refunds"]
PAYMENT_EXPAND = ["latest_charge.refunds"]
# Stripe signs each delivery afresh; a clock may run a little ahead or behind.
SIGNATURE_TOLERANCE = 300
# The usual window of a card authorization, where the charge does not name its own
# (docs.stripe.com/payments/place-a-hold-on-a-payment-method).
USUAL_WINDOW = {"card": timedelta(days=7), "link": timedelta(days=7), "klarna": timedelta(days=28)}


class Refused(Exception):
    """Stripe's definite no: nothing was done, and the same call will be refused again."""

    def __init__(self, sentence: str, *, code: str = "", request_id: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.request_id = request_id


class OutcomeUnknown(TryLater):
    """No answer, or one that does not tell whether the call was carried out."""


class BadSignature(Exception):
    """The delivery was not signed by Stripe with one of our secrets, or is no event."""


@dataclass(frozen=True)
class RefundFacts:
    id: str
    amount: int
    currency: str
    status: str
    reason: str
    is_release: bool
    created_at: datetime


@dataclass(frozen=True)
class DisputeFacts:
    id: str
    amount: int
    currency: str
    status: str
    reason: str
    due_by: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class PaymentFacts:
    """A PaymentIntent with its latest charge; amounts in minor units of `currency`."""

    id: str
    intent_status: str
    cancellation_reason: str
    amount: int
    currency: str
    authorized: int
    captured: int
    charge_id: str
    method: str
    brand: str
    last4: str
    multicapture: bool
    capture_before: datetime | None
    deadline_source: str
    failure: str
    metadata: dict[str, str]
    refunds: list[RefundFacts] = field(default_factory=list)
    disputes: list[DisputeFacts] = field(default_factory=list)


@dataclass(frozen=True)
class LineFacts:
    position: int | None
    quantity: int
    subtotal: int
    discount: int
    tax: int
    total: int


@dataclass(frozen=True)
class SessionFacts:
    """A Checkout Session; amounts in minor units of the session's own currency."""

    id: str
    status: str
    payment_status: str
    url: str
    currency: str
    subtotal: int
    discount: int
    shipping: int
    tax: int
    total: int
    customer_id: str
    email: str
    name: str
    phone: str
    billing_address: dict[str, Any]
    shipping_address: dict[str, Any]
    lines: list[LineFacts] | None
    payment: PaymentFacts | None


# -- reading --------------------------------------------------------------------------------------


def read_session(stripe_session_id: str) -> SessionFacts:
    """The session and its payment as they are now. Raises Refused, OutcomeUnknown."""
    with _translated():
        session = client().v1.checkout.sessions.retrieve(
            stripe_session_id, {"expand": SESSION_EXPAND}
        )
        return _session_facts(session.to_dict())


def read_payment(payment_intent_id: str) -> PaymentFacts:
    """The PaymentIntent as it is now. Raises Refused, OutcomeUnknown."""
    with _translated():
        intent = client().v1.payment_intents.retrieve(payment_intent_id, {"expand": PAYMENT_EXPAND})
        return _payment_facts(intent.to_dict())


def session_of_payment(payment_intent_id: str) -> str | None:
    """Which Checkout Session a PaymentIntent came from, if any."""
    with _translated():
        found = client().v1.checkout.sessions.list({"payment_intent": payment_intent_id}).data
        return found[0].id if found else None


def events_since(moment: datetime, types: list[str]) -> Iterator[dict[str, Any]]:
    """Stripe's own list of events from `moment` on, newest first."""
    with _translated():
        page = client(retries=2).v1.events.list(
            {"created": {"gte": int(moment.timestamp())}, "types": types, "limit": 100}
        )
        for event in page.auto_paging_iter():
            yield event.to_dict()


def verified_event(payload: bytes, header: str) -> dict[str, Any]:
    """The event in a signed delivery. Raises BadSignature, also for whatever is no event."""
    try:
        text = payload.decode()
        _verify(text, header)
        event = _storable(json.loads(text))
        if event["object"] != "event" or not isinstance(event["data"]["object"], dict):
            raise BadSignature("This is no snapshot event.")
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise BadSignature(f"{type(error).__name__}: this is no signed event.") from error
    return dict(event)


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

    Returns the session's facts for a created session. Raises Refused, OutcomeUnknown.
    """
    options: Any = {"idempotency_key": request.key}
    api = client().v1
    with _translated():
        match request.kind:
            case StripeRequest.Kind.CREATE_SESSION:
                session = api.checkout.sessions.create(request.parameters, options)
                request.stripe_request_id = _request_id(session)
                return _session_facts(session.to_dict())
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
        request.stripe_request_id = _request_id(answer)
    return None


def made_session(request: StripeRequest) -> SessionFacts | None:
    """The session that an earlier call of this request made after all, found by our metadata."""
    since = int((request.created_at - timedelta(minutes=5)).timestamp())
    with _translated():
        sessions = client(retries=2).v1.checkout.sessions.list(
            {"created": {"gte": since}, "limit": 100}
        )
        for session in sessions.auto_paging_iter():
            if session.to_dict().get("metadata", {}).get("session") == str(request.session_id):
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
        return OutcomeUnknown(f"{status}: {sentence}", after=timedelta(minutes=5))
    if status is None or status in {409, 429} or status >= 500 or status < 400:
        return OutcomeUnknown(f"{status or 'no answer'}: {sentence}")
    return Refused(sentence, code=code, request_id=error.request_id or "")


def _request_id(answer: Any) -> str:
    return str(answer.last_response.request_id or "") if answer.last_response else ""


def _session_id(request: StripeRequest) -> str:
    assert request.session is not None  # noqa: S101 - an expiry has a session
    return str(request.session.stripe_session_id)


def _intent_id(request: StripeRequest) -> str:
    assert request.payment is not None  # noqa: S101 - money has a payment
    return request.payment.stripe_payment_intent_id


# -- facts from objects ---------------------------------------------------------------------------


def _session_facts(session: dict[str, Any]) -> SessionFacts:
    totals = session.get("total_details") or {}
    details = session.get("customer_details") or {}
    collected = (session.get("collected_information") or {}).get("shipping_details") or {}
    intent = session.get("payment_intent")
    return SessionFacts(
        id=session["id"],
        status=session["status"],
        payment_status=session["payment_status"],
        url=session.get("url") or "",
        currency=session.get("currency") or "",
        subtotal=session.get("amount_subtotal") or 0,
        discount=totals.get("amount_discount") or 0,
        shipping=totals.get("amount_shipping") or 0,
        tax=totals.get("amount_tax") or 0,
        total=session.get("amount_total") or 0,
        customer_id=_id(session.get("customer")),
        email=details.get("email") or "",
        name=collected.get("name") or details.get("name") or "",
        phone=details.get("phone") or "",
        billing_address=_plain(details.get("address")),
        shipping_address=_plain(collected.get("address")),
        lines=_lines(session),
        payment=_payment_facts(intent) if isinstance(intent, dict) else None,
    )


def _lines(session: dict[str, Any]) -> list[LineFacts] | None:
    """All lines; None when the answer did not carry them."""
    listed = session.get("line_items")
    if listed is None:
        return None
    items = listed["data"]
    if listed["has_more"]:
        page = client().v1.checkout.sessions.line_items.list(session["id"], {"limit": 100})
        items = [item.to_dict() for item in page.auto_paging_iter()]
    return [
        LineFacts(
            position=_position(item),
            quantity=item.get("quantity") or 0,
            subtotal=item["amount_subtotal"],
            discount=item["amount_discount"],
            tax=item["amount_tax"],
            total=item["amount_total"],
        )
        for item in items
    ]


def _position(item: dict[str, Any]) -> int | None:
    marked = str((item.get("metadata") or {}).get("line", ""))
    return int(marked) if marked.isascii() and marked.isdigit() else None


def _payment_facts(intent: dict[str, Any]) -> PaymentFacts:
    charge = intent.get("latest_charge")
    charge = charge if isinstance(charge, dict) else {}
    details = charge.get("payment_method_details") or {}
    method = details.get("type") or ""
    card = details.get(method) or {}
    held = intent["status"] in {"requires_capture", "succeeded"} or bool(charge.get("paid"))
    capture_before, source = _deadline(intent, charge, card, method)
    return PaymentFacts(
        id=intent["id"],
        intent_status=intent["status"],
        cancellation_reason=intent.get("cancellation_reason") or "",
        amount=intent["amount"],
        currency=intent["currency"],
        authorized=(charge.get("amount") or intent["amount"]) if held else 0,
        captured=intent.get("amount_received") or 0,
        charge_id=charge.get("id") or _id(intent.get("latest_charge")),
        method=method,
        brand=card.get("brand") or card.get("bank_code") or "",
        last4=card.get("last4") or "",
        multicapture=(card.get("multicapture") or {}).get("status") == "available",
        capture_before=capture_before,
        deadline_source=source,
        failure=_failure(intent),
        metadata=_plain(intent.get("metadata")),
        refunds=[_refund_facts(refund, charge) for refund in _refunds(charge)],
        disputes=_disputes(intent["id"]) if charge.get("disputed") else [],
    )


def _deadline(
    intent: dict[str, Any], charge: dict[str, Any], card: dict[str, Any], method: str
) -> tuple[datetime | None, str]:
    """When the authorization ends: the charge's own word, else the method's usual window."""
    source = Payment.DeadlineSource
    if moment := card.get("capture_before"):
        return _moment(moment), source.CHARGE
    if intent["status"] == "requires_capture" and method in USUAL_WINDOW and charge:
        return _moment(charge["created"]) + USUAL_WINDOW[method], source.ESTIMATED
    return None, source.UNKNOWN


def _failure(intent: dict[str, Any]) -> str:
    error = intent.get("last_payment_error") or {}
    code = error.get("decline_code") or error.get("code") or ""
    return f"{error.get('message') or ''} ({code})"[:300] if error else ""


def _refunds(charge: dict[str, Any]) -> list[dict[str, Any]]:
    listed = charge.get("refunds") or {"data": [], "has_more": False}
    if not listed["has_more"]:
        return list(listed["data"])
    page = client().v1.refunds.list({"charge": charge["id"], "limit": 100})
    return [refund.to_dict() for refund in page.auto_paging_iter()]


def _refund_facts(refund: dict[str, Any], charge: dict[str, Any]) -> RefundFacts:
    reason = refund.get("reason") or ""
    return RefundFacts(
        id=refund["id"],
        amount=refund["amount"],
        currency=refund["currency"],
        status=refund.get("status") or "",
        reason=reason,
        # A hold that ends shows as a refund, though no money was ever taken.
        is_release=reason == "expired_uncaptured_charge"
        or not charge.get("captured")
        or _is_rest_of_hold(refund, charge),
        created_at=_moment(refund["created"]),
    )


def _is_rest_of_hold(refund: dict[str, Any], charge: dict[str, Any]) -> bool:
    """Whether it is what a capture in part let go: nothing moved on the balance, nobody asked."""
    rest = charge["amount"] - (charge.get("amount_captured") or 0)
    return (
        refund["amount"] == rest
        and refund.get("balance_transaction") is None
        and not (refund.get("metadata") or {}).get("request")
    )


def _disputes(payment_intent_id: str) -> list[DisputeFacts]:
    page = client().v1.disputes.list({"payment_intent": payment_intent_id, "limit": 100})
    found = [dispute.to_dict() for dispute in page.auto_paging_iter()]
    return [
        DisputeFacts(
            id=dispute["id"],
            amount=dispute["amount"],
            currency=dispute["currency"],
            status=dispute["status"],
            reason=dispute.get("reason") or "",
            due_by=_moment_or_none((dispute.get("evidence_details") or {}).get("due_by")),
            created_at=_moment(dispute["created"]),
        )
        for dispute in found
    ]


def _id(value: Any) -> str:
    """The id of something that may be expanded, plain, or absent."""
    return str(value["id"] if isinstance(value, dict) else value or "")


def _plain(value: Any) -> dict[str, Any]:
    return {key: item for key, item in (value or {}).items() if item is not None}


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _moment_or_none(seconds: int | None) -> datetime | None:
    return _moment(seconds) if seconds else None
