"""What Stripe tells of a subscription and its invoices, as plain values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from payments.stripe.objections import moment


@dataclass(frozen=True)
class ItemFacts:
    """One thing of a subscription."""

    id: str
    price: str
    unit_amount: int
    quantity: int
    interval: str
    interval_count: int
    marks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SubscriptionFacts:
    """A subscription; amounts in minor units of its currency."""

    id: str
    status: str
    customer_id: str
    currency: str
    method_id: str
    items: list[ItemFacts]
    marks: dict[str, str]
    period_start: datetime | None
    period_end: datetime | None
    trial_end: datetime | None
    cancel_at_period_end: bool
    cancel_at: datetime | None
    canceled_at: datetime | None
    ended_at: datetime | None
    # Stripe's pause_collection: what becomes of invoices meanwhile; empty while they are collected.
    paused_by: str
    resumes_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class InvoiceLineFacts:
    """One line of an invoice: what it comes to before discount, and what of that changes."""

    item: str
    price: str
    title: str
    quantity: int
    subtotal: int
    discount: int
    # In all, and what of it comes on top of the price.
    tax: int
    tax_on_top: int
    is_proration: bool
    period_start: datetime
    period_end: datetime

    @property
    def total(self) -> int:
        return self.subtotal - self.discount + self.tax_on_top


@dataclass(frozen=True)
class InvoiceFacts:
    """An invoice of a subscription; amounts in minor units of its currency."""

    id: str
    number: str
    billing_reason: str
    status: str
    currency: str
    total: int
    amount_due: int
    amount_paid: int
    # What pays it, as its own list of payments says; empty where nothing was due.
    payment_intent: str
    hosted_url: str
    pdf_url: str
    attempts: int
    next_attempt_at: datetime | None
    created_at: datetime
    lines: list[InvoiceLineFacts]

    @property
    def recurring(self) -> list[InvoiceLineFacts]:
        """What was invoiced for a period, and evens out nothing."""
        return [line for line in self.lines if line.item and not line.is_proration]

    @property
    def period(self) -> tuple[datetime | None, datetime | None]:
        """Of what recurs in it: an invoice's own dates are those of the period before."""
        lines = self.recurring or self.lines
        if not lines:
            return None, None
        return min(line.period_start for line in lines), max(line.period_end for line in lines)


def subscription_facts(told: dict[str, Any]) -> SubscriptionFacts:
    """The facts of a subscription, from Stripe's plain data."""
    items = told["items"]["data"]
    paused = told.get("pause_collection") or {}
    return SubscriptionFacts(
        id=told["id"],
        status=told["status"],
        customer_id=_id(told.get("customer_account")) or _id(told.get("customer")),
        currency=told["currency"],
        method_id=_id(told.get("default_payment_method")),
        items=[_item_facts(item) for item in items],
        marks={name: str(value) for name, value in (told.get("metadata") or {}).items()},
        # They stand with the items, which share one rhythm here.
        period_start=moment(min(item["current_period_start"] for item in items)) if items else None,
        period_end=moment(max(item["current_period_end"] for item in items)) if items else None,
        trial_end=_moment(told.get("trial_end")),
        cancel_at_period_end=bool(told.get("cancel_at_period_end")),
        cancel_at=_moment(told.get("cancel_at")),
        canceled_at=_moment(told.get("canceled_at")),
        ended_at=_moment(told.get("ended_at")),
        paused_by=paused.get("behavior") or "",
        resumes_at=_moment(paused.get("resumes_at")),
        created_at=moment(told["created"]),
    )


def _item_facts(item: dict[str, Any]) -> ItemFacts:
    price = item["price"]
    rhythm = price.get("recurring") or {}
    return ItemFacts(
        id=item["id"],
        price=price["id"],
        unit_amount=price.get("unit_amount") or 0,
        quantity=item.get("quantity") or 1,
        interval=rhythm.get("interval") or "month",
        interval_count=rhythm.get("interval_count") or 1,
        marks={name: str(value) for name, value in (item.get("metadata") or {}).items()},
    )


def invoice_facts(told: dict[str, Any], lines: list[dict[str, Any]]) -> InvoiceFacts:
    """The facts of an invoice with all its lines, from Stripe's plain data."""
    return InvoiceFacts(
        id=told["id"],
        number=told.get("number") or "",
        billing_reason=told.get("billing_reason") or "",
        status=told.get("status") or "draft",
        currency=told["currency"],
        total=told["total"],
        amount_due=told["amount_due"],
        amount_paid=told["amount_paid"],
        payment_intent=payment_intent_of(told),
        hosted_url=told.get("hosted_invoice_url") or "",
        pdf_url=told.get("invoice_pdf") or "",
        attempts=told.get("attempt_count") or 0,
        next_attempt_at=_moment(told.get("next_payment_attempt")),
        created_at=moment(told["created"]),
        lines=[_line_facts(line) for line in lines],
    )


def payment_intent_of(invoice: Any) -> str:
    """What has paid an invoice, else what is to; empty before there is one, or unless expanded."""
    listed = invoice.get("payments") if isinstance(invoice, dict) else None
    rows = [
        row
        for row in (listed or {}).get("data", [])
        if row["payment"]["type"] == "payment_intent" and row["status"] != "canceled"
    ]
    ranked = sorted(rows, key=lambda row: (row["status"] != "paid", not row["is_default"]))
    return _id(ranked[0]["payment"].get("payment_intent")) if ranked else ""


def _line_facts(line: dict[str, Any]) -> InvoiceLineFacts:
    parent = line.get("parent") or {}
    details = parent.get(parent.get("type") or "") or {}
    price = ((line.get("pricing") or {}).get("price_details") or {}).get("price")
    taxes = line.get("taxes") or []
    return InvoiceLineFacts(
        item=_id(details.get("subscription_item")),
        price=_id(price),
        title=line.get("description") or "",
        quantity=line.get("quantity") or 1,
        subtotal=line["amount"],
        discount=sum(off["amount"] for off in line.get("discount_amounts") or []),
        tax=sum(tax["amount"] for tax in taxes),
        tax_on_top=sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == "exclusive"),
        is_proration=bool(details.get("proration")),
        period_start=moment(line["period"]["start"]),
        period_end=moment(line["period"]["end"]),
    )


def _moment(told: int | None) -> datetime | None:
    return moment(told) if told else None


def _id(value: Any) -> str:
    """The id of something that may be expanded, plain, or absent."""
    return str(value["id"] if isinstance(value, dict) else value or "")
