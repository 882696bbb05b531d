"""What is agreed with Stripe about a discount, as plain JSON, and the calls that say so.

{"name", "percentage": "12.5" or "", "off": {currency: minor units}, "least": {currency: minor
units}, "most_uses": number or None, "ends_at": Unix seconds or None}
"""

import hashlib
import json
from typing import Any

from shop.orders.models import Discount

Kind = Discount.Kind


def terms_of(discount: Discount) -> dict[str, Any]:
    """Of a discount that works on Stripe's page, as it stands."""
    rows = list(discount.amounts.all())
    if discount.kind == Kind.AMOUNT:
        rows = [row for row in rows if row.amount is not None]
    has_least = discount.kind == Kind.PERCENT or any(row.least for row in rows)
    return {
        "name": discount.name,
        "percentage": discount.share if discount.kind == Kind.PERCENT else "",
        "off": {row.currency: row.amount for row in rows if discount.kind == Kind.AMOUNT},
        # One in some currencies needs one in all of them: Stripe refuses the code in the others,
        # as the shop does with a share that has rows.
        "least": {row.currency: row.least or 1 for row in rows if has_least},
        "most_uses": discount.most_uses,
        "ends_at": int(discount.ends_at.timestamp()) if discount.ends_at else None,
    }


def digest_of(terms: dict[str, Any]) -> str:
    """The same for equal terms."""
    return hashlib.sha256(json.dumps(terms, sort_keys=True).encode()).hexdigest()


def coupon_parameters(
    terms: dict[str, Any], coupon_id: str, left: int | None, marks: dict[str, str]
) -> dict[str, Any]:
    """What makes the coupon; `left` is how often it may still be used."""
    asked: dict[str, Any] = {
        "id": coupon_id,
        "name": terms["name"],
        "duration": "once",
        "metadata": marks,
        **_limit(left),
    }
    if terms["percentage"]:
        return {**asked, "percent_off": terms["percentage"]}
    (currency, amount), *further = terms["off"].items()
    options = {code: {"amount_off": off} for code, off in further}
    return {
        **asked,
        "amount_off": amount,
        "currency": currency,
        **({"currency_options": options} if options else {}),
    }


def code_parameters(
    terms: dict[str, Any], coupon_id: str, word: str, left: int | None, marks: dict[str, str]
) -> dict[str, Any]:
    """What makes a promotion code of the coupon."""
    ends_at = {} if terms["ends_at"] is None else {"expires_at": terms["ends_at"]}
    return {
        "promotion": {"type": "coupon", "coupon": coupon_id},
        "code": word,
        "active": True,
        "metadata": marks,
        **_limit(left),
        **ends_at,
        **_minimum(terms["least"]),
    }


def _limit(left: int | None) -> dict[str, int]:
    return {} if left is None else {"max_redemptions": left}


def _minimum(least: dict[str, int]) -> dict[str, Any]:
    if not least:
        return {}
    (currency, amount), *further = least.items()
    options = {code: {"minimum_amount": other} for code, other in further}
    return {
        "restrictions": {
            "minimum_amount": amount,
            "minimum_amount_currency": currency,
            **({"currency_options": options} if options else {}),
        }
    }
