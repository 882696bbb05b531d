"""How much tax is in a part of what an order costs: in a capture of less, or in a refund."""

from collections.abc import Sequence
from typing import Any

from shop.orders.tax.arithmetic import in_proportion


def taxes_in(part: int, whole: int, taxes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The taxes in `part` of `whole`, both in minor units, in proportion to those of all of it.

    `taxes` and the answer are as Order.taxes keeps them. All bases and taxes, and what of the whole
    is under no tax, are split at once, to the last unit, by largest remainder: where they are the
    whole, they are the part, and the taxes in all of it are the same as before. Of several parts of
    one order ask for each sum of all until then, and take the difference: so nothing is lost.
    """
    if part == whole:
        return list(taxes)
    cells = [tax[name] for tax in taxes for name in ("base", "amount")]
    under_none = max(0, whole - sum(cells))
    if not part or not any(cells):
        return [{**tax, "base": 0, "amount": 0} for tax in taxes]
    split = in_proportion(part, dict(enumerate([*cells, under_none])))
    return [
        {**tax, "base": split[2 * place], "amount": split[2 * place + 1]}
        for place, tax in enumerate(taxes)
    ]
