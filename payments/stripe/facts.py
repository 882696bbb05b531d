"""What Stripe tells of sessions and payments, in the shop's own words: facts as plain values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from payments.stripe.answers import Answers, answers_of
from payments.stripe.customers.facts import KeptFacts, kept_by_paying, kept_by_setup
from payments.stripe.failures import advice_of, failure_code_of, failure_of
from payments.stripe.holds import deadline
from payments.stripe.invoices import invoice_of, presentment_of
from payments.stripe.objections import (
    DisputeFacts,
    ReviewFacts,
    WarningFacts,
    dispute_facts,
    moment,
    review_facts,
    warning_facts,
)
from payments.stripe.taxes import Reckoned, reckoned
from payments.stripe.vouchers import voucher_of


@dataclass(frozen=True)
class RefundFacts:
    id: str
    amount: int
    currency: str
    status: str
    reason: str
    is_release: bool
    created_at: datetime
    # The work row of ours that asked for it; empty for one made in the Dashboard.
    request: str = ""


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
    # Stripe's own word for it: the decline code, else the error's.
    failure_code: str
    # What its bank advises, by Stripe's word.
    advice_code: str
    metadata: dict[str, str]
    # What was paid with, and whether that was kept on purpose.
    method_id: str = ""
    kept: KeptFacts | None = None
    refunds: list[RefundFacts] = field(default_factory=list)
    disputes: list[DisputeFacts] = field(default_factory=list)
    # All that went back of what was taken, by the charge's own count; its lists may lag behind.
    returned: int = 0
    risk_level: str = ""
    review: ReviewFacts | None = None
    warnings: list[WarningFacts] = field(default_factory=list)
    # What the customer still has to pay with, as Payment.voucher keeps it.
    voucher: dict[str, Any] = field(default_factory=dict)
    # What the customer saw and paid in another currency, as Payment.presentment keeps it.
    presentment: dict[str, Any] = field(default_factory=dict)

    @property
    def is_paid(self) -> bool:
        """Whether the money is held or taken."""
        return self.intent_status in {"requires_capture", "succeeded"} or self.captured > 0


@dataclass(frozen=True)
class LineFacts:
    position: int | None
    quantity: int
    subtotal: int
    discount: int
    tax: int
    total: int
    stripe_price: str = ""


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
    # The way of delivery that was chosen, by our mark on its rate; empty when there was none.
    delivery_method: str
    lines: list[LineFacts] | None
    payment: PaymentFacts | None
    answers: Answers = field(default_factory=Answers)
    reckoned: Reckoned = field(default_factory=Reckoned)
    # The invoice that Stripe made, as CheckoutSession.stripe_invoice keeps it.
    invoice: dict[str, str] = field(default_factory=dict)
    # The expired session of which it is a copy; empty for any other.
    recovered_from: str = ""
    # Of the discount that was taken off as Stripe's own; empty for none.
    coupon: str = ""
    promotion_code: str = ""
    # What was kept on purpose, with a payment or without one.
    kept: KeptFacts | None = None
    subscription: str = ""


def session_facts(
    session: dict[str, Any], items: list[dict[str, Any]] | None, payment: PaymentFacts | None
) -> SessionFacts:
    """The facts of a session, its line items and its payment, from Stripe's plain data."""
    totals = session.get("total_details") or {}
    details = session.get("customer_details") or {}
    off = (session.get("discounts") or [{}])[0]
    collected = (session.get("collected_information") or {}).get("shipping_details") or {}
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
        customer_id=_id(session.get("customer_account")) or _id(session.get("customer")),
        email=details.get("email") or "",
        name=collected.get("name") or details.get("name") or "",
        phone=details.get("phone") or "",
        billing_address=_plain(details.get("address")),
        shipping_address=_plain(collected.get("address")),
        delivery_method=_delivery_method(session),
        lines=None if items is None else [_line_facts(item) for item in items],
        payment=payment,
        answers=answers_of(session),
        reckoned=reckoned(session, items),
        invoice=invoice_of(session.get("invoice")),
        recovered_from=_id(session.get("recovered_from")),
        coupon=_id(off.get("coupon")),
        promotion_code=_id(off.get("promotion_code")),
        kept=payment.kept if payment else kept_by_setup(session.get("setup_intent")),
        subscription=_id(session.get("subscription")),
    )


def _delivery_method(session: dict[str, Any]) -> str:
    rate = (session.get("shipping_cost") or {}).get("shipping_rate")
    # Not expanded it is an id alone: so a page that was just made tells of what is proposed on it.
    marks = (rate.get("metadata") or {}) if isinstance(rate, dict) else {}
    return str(marks.get("method") or _id(rate))


def _line_facts(item: dict[str, Any]) -> LineFacts:
    return LineFacts(
        position=_position(item),
        quantity=item.get("quantity") or 0,
        subtotal=item["amount_subtotal"],
        discount=item["amount_discount"],
        tax=item["amount_tax"],
        total=item["amount_total"],
        stripe_price=_id(item.get("price")),
    )


def _position(item: dict[str, Any]) -> int | None:
    marked = str((item.get("metadata") or {}).get("line", ""))
    return int(marked) if marked.isascii() and marked.isdigit() else None


def payment_facts(
    intent: dict[str, Any],
    refunds: list[dict[str, Any]],
    disputes: list[dict[str, Any]],
    review: dict[str, Any] | None = None,
    warnings: list[dict[str, Any]] | None = None,
) -> PaymentFacts:
    """The facts of a PaymentIntent with its latest charge, what came back and speaks against it."""
    charge = charge_of(intent)
    details = charge.get("payment_method_details") or {}
    method = details.get("type") or ""
    card = details.get(method) or {}
    held = intent["status"] in {"requires_capture", "succeeded"} or bool(charge.get("paid"))
    capture_before, source = deadline(intent, card, method)
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
        failure=failure_of(intent),
        failure_code=failure_code_of(intent),
        advice_code=advice_of(intent),
        metadata=_plain(intent.get("metadata")),
        returned=_returned(charge),
        risk_level=(charge.get("outcome") or {}).get("risk_level") or "",
        review=review_facts(review) if review else None,
        warnings=[warning_facts(warning) for warning in warnings or []],
        method_id=_id(intent.get("payment_method")),
        kept=kept_by_paying(intent),
        voucher=voucher_of(intent),
        presentment=presentment_of(intent),
        refunds=[_refund_facts(refund, charge) for refund in refunds],
        disputes=[dispute_facts(dispute) for dispute in disputes],
    )


def _returned(charge: dict[str, Any]) -> int:
    """What was refunded; the charge counts what a capture in part let go among it."""
    if not charge.get("captured"):
        return 0
    let_go: int = charge["amount"] - (charge.get("amount_captured") or 0)
    back: int = charge.get("amount_refunded") or 0
    return max(0, back - let_go)


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
        created_at=moment(refund["created"]),
        request=str((refund.get("metadata") or {}).get("request") or ""),
    )


def _is_rest_of_hold(refund: dict[str, Any], charge: dict[str, Any]) -> bool:
    """Whether it is what a capture in part let go: nothing moved on the balance, nobody asked."""
    rest = charge["amount"] - (charge.get("amount_captured") or 0)
    return (
        refund["amount"] == rest
        and refund.get("balance_transaction") is None
        and not (refund.get("metadata") or {}).get("request")
    )


def charge_of(intent: dict[str, Any]) -> dict[str, Any]:
    """The expanded latest charge; empty when there is none."""
    charge = intent.get("latest_charge")
    return charge if isinstance(charge, dict) else {}


def _id(value: Any) -> str:
    """The id of something that may be expanded, plain, or absent."""
    return str(value["id"] if isinstance(value, dict) else value or "")


def _plain(value: Any) -> dict[str, Any]:
    return {key: item for key, item in (value or {}).items() if item is not None}
