"""How long each payment method holds money, where the charge itself does not say it.

Only cards do (`capture_before`). Too early an end costs a day of waiting, too late a one the money:
where the sources leave it open, the earlier moment counts.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from payments.models import Payment

Ends = Callable[[datetime], datetime]


def _after(days: int) -> Ends:
    return lambda begun: begun + timedelta(days=days)


def _at_midnight_after(days: int) -> Ends:
    """As the day begins in UTC."""

    def ends(begun: datetime) -> datetime:
        day = begun.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return day + timedelta(days=days)

    return ends


# An uncaptured PaymentIntent is canceled 7 days after it was created, unless its method says
# otherwise (docs.stripe.com/api/payment_intents).
LEAST = _after(7)

# Every method that takes `capture_method` (the SDK's SessionCreateParams.payment_method_options),
# by docs.stripe.com/payments/place-a-hold-on-a-payment-method and the page of the method.
WINDOWS: dict[str, Ends] = {
    "affirm": _after(30),
    "afterpay_clearpay": _after(13),
    "alma": LEAST,
    "amazon_pay": LEAST,
    "billie": LEAST,
    "card": LEAST,
    "cashapp": LEAST,
    "kakao_pay": LEAST,
    # "Midnight UTC of the 28th day" could be the one in which it begins or ends.
    "klarna": _at_midnight_after(28),
    "kr_card": LEAST,
    "link": LEAST,
    "mobilepay": LEAST,
    "naver_pay": LEAST,
    "payco": LEAST,
    # Stripe prolongs it once to 20 days, if PayPal agrees.
    "paypal": _after(10),
    "revolut_pay": LEAST,
    "samsung_pay": LEAST,
    "satispay": LEAST,
    "scalapay": LEAST,
    "sequra": LEAST,
    "sunbit": LEAST,
}


def usual_end(method: str, begun: datetime) -> datetime:
    """When a hold that began then ends; of a method that is new to us, the least that any has."""
    return WINDOWS.get(method, LEAST)(begun)


def deadline(
    intent: dict[str, Any], card: dict[str, Any], method: str
) -> tuple[datetime | None, str]:
    """When the authorization ends: the charge's own word, else the method's usual window."""
    source = Payment.DeadlineSource
    if until := card.get("capture_before"):
        return datetime.fromtimestamp(until, UTC), source.CHARGE
    if intent["status"] == "requires_capture":
        # The intent is older than its charge, if anything; Stripe counts from either.
        begun = datetime.fromtimestamp(intent["created"], UTC)
        return usual_end(method, begun), source.ESTIMATED
    return None, source.UNKNOWN
