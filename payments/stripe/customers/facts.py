"""What Stripe tells of a customer and of payment methods, as plain values."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class MethodFacts:
    """A payment method; `owner` is the customer it is kept for, empty for nobody's."""

    id: str
    owner: str
    type: str
    brand: str
    last4: str
    exp_month: int | None
    exp_year: int | None
    allow_redisplay: str


@dataclass(frozen=True)
class KeptFacts:
    """What a page has kept, and for what its customer has said it may be used."""

    method: MethodFacts
    # By the names of SavedMethod.SetUpBy: tick, on_session, off_session, setup.
    use: str


@dataclass(frozen=True)
class MandateFacts:
    """Whether a method may still be debited, as its owner has agreed to."""

    method: str
    is_active: bool


@dataclass(frozen=True)
class CustomerFacts:
    """A customer with all that is kept for them; deleted ones have nothing."""

    is_gone: bool = False
    default_method: str = ""
    methods: list[MethodFacts] = field(default_factory=list)


def method_facts(method: dict[str, Any]) -> MethodFacts:
    """The facts of a payment method, from Stripe's plain data."""
    details = method.get(method["type"]) or {}
    return MethodFacts(
        id=method["id"],
        owner=_id(method.get("customer_account")) or _id(method.get("customer")),
        type=method["type"][:40],
        brand=str(details.get("brand") or details.get("bank_name") or "")[:40],
        last4=str(details.get("last4") or "")[:4],
        exp_month=details.get("exp_month"),
        exp_year=details.get("exp_year"),
        allow_redisplay=method.get("allow_redisplay") or "",
    )


def mandate_facts(mandate: dict[str, Any]) -> MandateFacts:
    """The facts of a mandate, from Stripe's plain data."""
    return MandateFacts(_id(mandate.get("payment_method")), mandate.get("status") != "inactive")


def kept_by_paying(intent: dict[str, Any]) -> KeptFacts | None:
    """What was kept on purpose with a payment: shown again, or asked to be used again."""
    method = intent.get("payment_method")
    if not isinstance(method, dict):
        return None
    kept, usage = method_facts(method), intent.get("setup_future_usage") or ""
    is_ticked = kept.allow_redisplay == "always" and bool(kept.owner)
    return KeptFacts(kept, use=usage or "tick") if usage or is_ticked else None


def kept_by_setup(intent: Any) -> KeptFacts | None:
    """What was set up without a payment, once it is."""
    if not isinstance(intent, dict) or intent.get("status") != "succeeded":
        return None
    method = intent.get("payment_method")
    return KeptFacts(method_facts(method), use="setup") if isinstance(method, dict) else None


def _id(value: Any) -> str:
    return str(value["id"] if isinstance(value, dict) else value or "")
