"""What a promotion code of Stripe's means in the shop's words, and which of them mean too much."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from shop.orders.models import Discount
from shop.orders.models.discounts.words import canonical

LONGEST_NAME = 40


@dataclass(frozen=True)
class Meant:
    """A discount with one code; amounts as {currency: {"amount"?, "least"?}} in minor units."""

    name: str
    kind: str
    percentage: Decimal | None
    amounts: dict[str, dict[str, int]]
    # How often it may still be used; None for no limit.
    left: int | None
    ends_at: datetime | None


def meant_by(code: dict[str, Any]) -> Meant:
    """Of a code that is one for the shop (why_not_ours)."""
    coupon = code["promotion"]["coupon"]
    share = _share(coupon)
    ends = [end for end in (code["expires_at"], coupon["redeem_by"]) if end]
    return Meant(
        name=(coupon["name"] or code["code"])[:LONGEST_NAME],
        kind=Discount.Kind.AMOUNT if share is None else Discount.Kind.PERCENT,
        percentage=share,
        amounts=_amounts(code),
        left=min((left for left in map(_left, (code, coupon)) if left is not None), default=None),
        ends_at=datetime.fromtimestamp(min(ends), UTC) if ends else None,
    )


def why_not_ours(code: dict[str, Any]) -> str:
    """Which of its rules the shop does not have; empty where it has all of them."""
    coupon, restrictions = code["promotion"]["coupon"], code["restrictions"]
    if not isinstance(coupon, dict):
        return "it has no coupon any more"
    share = _share(coupon)
    reasons = {
        "its word is not of letters and digits alone, at most 40": (
            canonical(code["code"]) != code["code"].upper()
        ),
        "it is for one customer": bool(code["customer"] or code.get("customer_account")),
        "it is for a first purchase only": bool(restrictions["first_time_transaction"]),
        "it is for chosen products only": bool((coupon.get("applies_to") or {}).get("products")),
        "its share has more than two decimals": (share is not None and share != round(share, 2)),
        "its amount and its minimum have no currency in common": (
            share is None and not _amounts(code)
        ),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _amounts(code: dict[str, Any]) -> dict[str, dict[str, int]]:
    """By currency: where there is a minimum, it counts in the currencies of that alone."""
    coupon, restrictions = code["promotion"]["coupon"], code["restrictions"]
    least: dict[str, int] = {
        currency: option["minimum_amount"]
        for currency, option in (restrictions.get("currency_options") or {}).items()
        if option["minimum_amount"]
    }
    if restrictions["minimum_amount"]:
        least[restrictions["minimum_amount_currency"]] = restrictions["minimum_amount"]
    if _share(coupon) is not None:
        return {currency: {"least": amount} for currency, amount in least.items()}
    off = {
        currency: option["amount_off"]
        for currency, option in (coupon.get("currency_options") or {}).items()
    }
    off[coupon["currency"]] = coupon["amount_off"]
    return {
        currency: {"amount": amount, **({"least": least[currency]} if least else {})}
        for currency, amount in off.items()
        if not least or currency in least
    }


def _share(coupon: dict[str, Any]) -> Decimal | None:
    share = coupon["percent_off"]
    return None if share is None else Decimal(str(share))


def _left(limited: dict[str, Any]) -> int | None:
    """How often a code or coupon may still be used; an active one at least once."""
    most = limited["max_redemptions"]
    return None if most is None else max(1, most - limited["times_redeemed"])
