"""What the customer answered on the payment page beside the payment, as plain values."""

from dataclasses import dataclass, field
from typing import Any

# What Stripe calls a consent that was given: to the terms, to news and offers.
GIVEN = {"accepted", "opt_in"}


@dataclass(frozen=True)
class Answers:
    """Empty where nothing was asked or answered; `given` is by the key of the question."""

    given: dict[str, str] = field(default_factory=dict)
    business_name: str = ""
    individual_name: str = ""
    # By Stripe's names: terms_of_service, promotions.
    agreed_to: frozenset[str] = frozenset()


def answers_of(session: dict[str, Any]) -> Answers:
    """The answers in a session, from Stripe's plain data."""
    fields = session.get("custom_fields") or []
    given = {each["key"]: (each.get(each["type"]) or {}).get("value") for each in fields}
    names = session.get("collected_information") or {}
    details = session.get("customer_details") or {}
    consent = session.get("consent") or {}
    return Answers(
        given={key: str(answer) for key, answer in given.items() if answer},
        business_name=names.get("business_name") or details.get("business_name") or "",
        individual_name=names.get("individual_name") or "",
        agreed_to=frozenset(to for to, answer in consent.items() if answer in GIVEN),
    )
