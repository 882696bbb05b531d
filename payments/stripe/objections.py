"""What Stripe tells against a payment: disputes, reviews and warnings, as plain values."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class BalanceMove:
    """One movement of a dispute on the account's balance, in the balance's own currency."""

    id: str
    amount: int
    fee: int
    currency: str


@dataclass(frozen=True)
class DisputeFacts:
    id: str
    amount: int
    currency: str
    status: str
    is_refundable: bool
    reason: str
    due_by: datetime | None
    created_at: datetime
    moves: list[BalanceMove] = field(default_factory=list)


@dataclass(frozen=True)
class ReviewFacts:
    """Somebody at the shop's Stripe account is to look at the payment, or has looked."""

    id: str
    is_open: bool
    # Why it is open (rule, manual) or closed (approved, refunded, …).
    reason: str


@dataclass(frozen=True)
class WarningFacts:
    id: str
    is_actionable: bool
    fraud_type: str


def dispute_facts(dispute: dict[str, Any]) -> DisputeFacts:
    """The facts of a dispute, with what it moved on the balance."""
    return DisputeFacts(
        id=dispute["id"],
        amount=dispute["amount"],
        currency=dispute["currency"],
        status=dispute["status"],
        is_refundable=bool(dispute.get("is_charge_refundable")),
        reason=dispute.get("reason") or "",
        due_by=_moment_or_none((dispute.get("evidence_details") or {}).get("due_by")),
        created_at=moment(dispute["created"]),
        moves=[
            BalanceMove(move["id"], move["amount"], move.get("fee") or 0, move["currency"])
            for move in dispute.get("balance_transactions") or []
        ],
    )


def review_facts(review: dict[str, Any]) -> ReviewFacts:
    """The facts of a review of Stripe Radar."""
    return ReviewFacts(review["id"], review["open"], review["reason"])


def warning_facts(warning: dict[str, Any]) -> WarningFacts:
    """The facts of an early fraud warning."""
    return WarningFacts(warning["id"], warning["actionable"], warning["fraud_type"])


def moment(seconds: int) -> datetime:
    """Stripe's seconds as a moment."""
    return datetime.fromtimestamp(seconds, tz=UTC)


def _moment_or_none(seconds: int | None) -> datetime | None:
    return moment(seconds) if seconds else None
