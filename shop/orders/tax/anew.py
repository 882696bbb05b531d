"""The taxes of a page, worked out anew where a code on Stripe's page took something off."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shop.orders.tax.arithmetic import in_proportion, tax_on


def on_what_is_left(
    frozen: Mapping[str, Any], left: Mapping[int, tuple[int, bool]], deliveries: Mapping[str, int]
) -> dict[str, Any]:
    """What was frozen (Due.frozen), at the same rates, for what lines and deliveries cost now.

    `left` is {line's position: (minor units, whether it is sent)}, `deliveries` {method: minor
    units}.
    """
    lines: dict[str, dict[str, int]] = {}
    weights: dict[int, int] = defaultdict(int)
    for place, before in frozen["lines"].items():
        amount, is_sent = left[int(place)]
        rate = before["rate"]
        lines[place] = _tax(frozen, rate, amount, is_inclusive=frozen["is_inclusive"])
        if is_sent:
            weights[rate] += amount
    return {
        **frozen,
        "lines": lines,
        "deliveries": {
            method: [
                _tax(frozen, rate, part, is_inclusive=True)
                for rate, part in (in_proportion(amount, weights) if weights else {}).items()
            ]
            for method, amount in deliveries.items()
        },
    }


def _tax(
    frozen: Mapping[str, Any], rate: int, amount: int, *, is_inclusive: bool
) -> dict[str, int]:
    percentage = Decimal(frozen["rates"][str(rate)]["percentage"])
    tax = tax_on(amount, percentage, is_inclusive=is_inclusive)
    return {"rate": rate, "base": amount - tax if is_inclusive else amount, "amount": tax}
