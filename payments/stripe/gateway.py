"""What is asked of Stripe and told by Stripe, in the shop's own words.

Nothing here touches the database, and nothing above here sees a Stripe object.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import stripe
import structlog

from payments.models import StripeRequest
from payments.stripe import facts
from payments.stripe.billing import changes as subscriptions
from payments.stripe.billing.facts import payment_intent_of
from payments.stripe.customers import calls as customers
from payments.stripe.errors import Refused, translated
from payments.stripe.facts import PaymentFacts, SessionFacts
from shop.stripe_client import client, plain

# One retrieve tells all that settle wants to know.
SESSION_EXPAND = [
    "line_items",
    "payment_intent.latest_charge.refunds",
    "payment_intent.payment_method",
    "shipping_cost.shipping_rate",
]
# Where Stripe Tax works out what is due; a key of a shop without it need not be allowed more.
TAX_EXPAND = ["line_items.data.taxes", "total_details.breakdown", "shipping_cost.taxes"]
PAYMENT_EXPAND = ["latest_charge.refunds"]
# Stripe takes no more in one list.
MOST_TYPES = 20
# What is looked up only where there is a reason to.
DISPUTES, WARNINGS, TAXES, INVOICE = "disputes", "warnings", "taxes", "invoice"
SET_UP = "setup_intent.payment_method"
# How a page that begins a subscription was paid: its own field says nothing.
FIRST_INVOICE = "invoice.payments"

log = structlog.get_logger(__name__)


def read_session(stripe_session_id: str, *, also: Collection[str] = ()) -> SessionFacts:
    """The session and its payment as they are now. Raises Refused, OutcomeUnknown.

    `also`: what somebody has told us of, whatever the charge says of it yet: DISPUTES, WARNINGS;
    TAXES, with what each rate of Stripe Tax came to; INVOICE for one that was asked for, SET_UP for
    what was to be set up, FIRST_INVOICE of a subscription: a key may not read these otherwise.
    """
    more = [*(TAX_EXPAND if TAXES in also else []), *({INVOICE, SET_UP, FIRST_INVOICE} & {*also})]
    expand = [*SESSION_EXPAND, *more]
    with translated():
        session = client().v1.checkout.sessions.retrieve(stripe_session_id, {"expand": expand})
        return _facts_of_session(plain(session), also=also)


def read_payment(payment_intent_id: str, *, also: Collection[str] = ()) -> PaymentFacts:
    """The PaymentIntent as it is now. Raises Refused, OutcomeUnknown."""
    with translated():
        intent = client().v1.payment_intents.retrieve(payment_intent_id, {"expand": PAYMENT_EXPAND})
        return _facts_of_payment(plain(intent), also=also)


def session_of_payment(payment_intent_id: str) -> tuple[str, dict[str, str]] | None:
    """Which Checkout Session a PaymentIntent came from, if any, and our marks on it."""
    with translated():
        sessions = client().v1.checkout.sessions.list({"payment_intent": payment_intent_id}).data
        return (sessions[0].id, plain(sessions[0])["metadata"] or {}) if sessions else None


def payment_of_charge(charge_id: str) -> str:
    """Which PaymentIntent a charge belongs to; empty when to none, or nobody knows the charge."""
    try:
        with translated():
            charge = plain(client().v1.charges.retrieve(charge_id))
    except Refused:
        return ""
    return str(charge.get("payment_intent") or "")


def events_between(
    start: datetime, end: datetime | None, types: list[str], *, at_most: int | None = None
) -> list[dict[str, Any]] | None:
    """All events of these types that Stripe made from `start` on and before `end`, if one is given.

    None when a list of them holds more than `at_most`, 100 or less: then ask for a shorter time.
    """
    created: stripe.params.EventListParamsCreated = {"gte": int(start.timestamp())}
    if end is not None:
        created["lt"] = int(end.timestamp())
    found: list[dict[str, Any]] = []
    with translated():
        for first in range(0, len(types), MOST_TYPES):
            some_types = types[first : first + MOST_TYPES]
            page = client(retries=2).v1.events.list(
                {"created": created, "types": some_types, "limit": at_most or 100}
            )
            if at_most and page.has_more:
                return None
            # A price carries decimals, which the inbox could not keep as they are.
            found += [plain(event, for_json=True) for event in page.auto_paging_iter()]
    return found


def _facts_of_session(session: dict[str, Any], *, also: Collection[str] = ()) -> SessionFacts:
    intent = session.get("payment_intent")
    paid = _facts_of_payment(intent, also=also) if isinstance(intent, dict) else None
    if paid is None and (first := payment_intent_of(session.get("invoice"))):
        paid = read_payment(first, also=also)
    items = _line_items(session, with_taxes=TAXES in also)
    return facts.session_facts(session, items, paid)


def _facts_of_payment(intent: dict[str, Any], *, also: Collection[str]) -> PaymentFacts:
    charge = facts.charge_of(intent)
    disputes = _disputes(intent["id"]) if DISPUTES in also or charge.get("disputed") else []
    warnings = _warnings(intent["id"]) if WARNINGS in also else []
    review = _review(intent["review"]) if intent.get("review") else None
    return facts.payment_facts(intent, _refunds(charge), disputes, review, warnings)


def _line_items(session: dict[str, Any], *, with_taxes: bool) -> list[dict[str, Any]] | None:
    """All line items; None when the answer did not carry them."""
    listed = session.get("line_items")
    if listed is None or not listed["has_more"]:
        return listed and list(listed["data"])
    expand = ["data.taxes"] if with_taxes else []
    page = client().v1.checkout.sessions.line_items.list(
        session["id"], {"limit": 100, "expand": expand}
    )
    return [plain(item) for item in page.auto_paging_iter()]


def _refunds(charge: dict[str, Any]) -> list[dict[str, Any]]:
    listed = charge.get("refunds") or {"data": [], "has_more": False}
    if not listed["has_more"]:
        return list(listed["data"])
    page = client().v1.refunds.list({"charge": charge["id"], "limit": 100})
    return [plain(refund) for refund in page.auto_paging_iter()]


def _disputes(payment_intent_id: str) -> list[dict[str, Any]]:
    page = client().v1.disputes.list({"payment_intent": payment_intent_id, "limit": 100})
    return [plain(dispute) for dispute in page.auto_paging_iter()]


def _warnings(payment_intent_id: str) -> list[dict[str, Any]]:
    page = client().v1.radar.early_fraud_warnings.list(
        {"payment_intent": payment_intent_id, "limit": 100}
    )
    return [plain(warning) for warning in page.auto_paging_iter()]


def _review(review_id: str) -> dict[str, Any]:
    """The review as it is now: asked for by itself, so that a key without the right reads the rest.

    For such a key it is open; staff then decide here.
    """
    try:
        return plain(client().v1.reviews.retrieve(review_id))
    except stripe.PermissionError:
        log.warning("the key may not read reviews", review=review_id)
        return {"id": review_id, "open": True, "reason": "the key may not read it"}


def send(request: StripeRequest) -> SessionFacts | PaymentFacts | None:
    """Make the call of a work row, with its frozen key and parameters.

    Notes the answer's status and id on the row, and returns the facts of a session or an intent
    that was created. Raises Refused, OutcomeUnknown.
    """
    options: Any = {"idempotency_key": request.key}
    api = client().v1
    with translated():
        match request.kind:
            case StripeRequest.Kind.CREATE_SESSION:
                session = api.checkout.sessions.create(request.parameters, options)
                _note_answer(request, session)
                return _facts_of_session(plain(session))
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
            case StripeRequest.Kind.MAKE_INTENT:
                intent = api.payment_intents.create(request.parameters, options)
                _note_answer(request, intent)
                return _facts_of_payment(plain(intent), also=())
            case StripeRequest.Kind.CHARGE:
                answer = api.payment_intents.confirm(
                    _intent_id(request), request.parameters, options
                )
            case StripeRequest.Kind.UPDATE_SUBSCRIPTION | StripeRequest.Kind.CANCEL_SUBSCRIPTION:
                answer = subscriptions.change(request, options)
            case _:
                answer = customers.change(request, options)
        _note_answer(request, answer)
    return None


def made_session(request: StripeRequest) -> SessionFacts | None:
    """The session that an earlier call of this request made after all, found by our metadata."""
    since = int((request.created_at - timedelta(minutes=5)).timestamp())
    with translated():
        sessions = client(retries=2).v1.checkout.sessions.list(
            {"created": {"gte": since}, "limit": 100}
        )
        for session in sessions.auto_paging_iter():
            marks = plain(session).get("metadata") or {}
            if marks.get("session") == str(request.session_id):
                return read_session(session.id)
    return None


def made_refund(request: StripeRequest) -> bool:
    """Whether an earlier call of this request made its refund after all."""
    with translated():
        refunds = client(retries=2).v1.refunds.list(
            {"payment_intent": _intent_id(request), "limit": 100}
        )
        return any(
            (plain(refund).get("metadata") or {}).get("request") == str(request.pk)
            for refund in refunds.auto_paging_iter()
        )


def _note_answer(request: StripeRequest, answer: Any) -> None:
    request.last_status = answer.last_response.code
    request.stripe_request_id = str(answer.last_response.request_id or "")


def _session_id(request: StripeRequest) -> str:
    assert request.session is not None  # noqa: S101 - an expiry has a session
    return str(request.session.stripe_session_id)


def _intent_id(request: StripeRequest) -> str:
    assert request.payment is not None  # noqa: S101 - money has a payment
    return request.payment.stripe_payment_intent_id
