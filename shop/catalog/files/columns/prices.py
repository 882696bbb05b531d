"""What a file says of prices: a plain one, and others in columns that name their currency.

`price:usd` is asked in dollars, `price:eur:month` each month, `price:eur:3-month` each quarter.
Beside a price may stand what a reduced one was (`regular_price`), the lowest of the 30 days before
(`lowest_price`), and between which a customer chooses (`minimum_price`, `maximum_price`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from shop.catalog.files.drafts import BadRow, PriceDraft, PriceKind
from shop.catalog.files.reading import cells
from shop.catalog.files.reading.csv_rows import Row
from shop.catalog.models import Price
from shop.catalog.models.prices import LONGEST_TRIAL
from shop.money import CURRENCIES, MINIMUM_CHARGE, Money

AMOUNTS = ("price", "regular_price", "lowest_price", "minimum_price", "maximum_price")
# These stand for the currency of the import when they name none; as other systems write them.
PLAIN = ("price", "regular_price")
# What is asked for a while instead of the price, which then is the regular one.
SALE = "sale_price"
# How many days of what is paid again and again are free at first.
TRIAL = "trial_days"
INTERVALS = "|".join(Price.Interval.values)
COLUMN = re.compile(
    rf"({'|'.join([*AMOUNTS, TRIAL])}):([a-z]{{3}})(?::(?:([1-9]\d{{0,3}})-)?({INTERVALS}))?",
    re.ASCII,
)
# Says that nothing is asked on purpose, where an empty cell would be a mistake.
NOTHING = "none"


class PriceColumns:
    """The columns of a file that hold prices; `found` is {field: column}."""

    def __init__(self, found: Mapping[str, str], *, currency: str) -> None:
        self._kinds: dict[PriceKind, dict[str, str]] = {}
        self._once = PriceKind(currency)
        plain = (*PLAIN, SALE)
        self._kinds[self._once] = {name: found[name] for name in plain if name in found}
        for field, column in found.items():
            if kind := kind_of(field):
                self._kinds.setdefault(kind, {}).setdefault(field.partition(":")[0], column)

    def read(self, row: Row) -> list[PriceDraft]:
        """The prices of one variant. Only the plain one must be there, if only to say `none`."""
        found = []
        for kind, columns in self._kinds.items():
            if kind == self._once or row[columns.get("price", "")]:
                found.append(self._price(row, kind, columns))
        return found

    def _price(self, row: Row, kind: PriceKind, columns: Mapping[str, str]) -> PriceDraft:
        if row[columns["price"]] == NOTHING:
            return PriceDraft(kind)
        keeps_regular = not row.has(columns.get("regular_price", ""), columns.get(SALE, ""))
        keeps_bounds = not row.has(
            columns.get("minimum_price", ""), columns.get("maximum_price", "")
        )
        amounts = {
            name: cells.money(row, columns[name], kind.currency)
            for name in AMOUNTS
            if name == "price" or row[columns.get(name, "")]
        }
        money, regular = amounts["price"], amounts.get("regular_price")
        if row[columns.get(SALE, "")]:
            sale = cells.money(row, columns[SALE], kind.currency)
            if sale < money:
                money, regular = sale, max(money, regular or money)
        trial = _trial(row, kind, columns)
        if {"minimum_price", "maximum_price"} & set(amounts):
            return self._chosen(row, kind, columns, amounts)
        if regular is None or regular <= money:
            # Systems that know no reduction repeat the price, or name a lower one.
            return PriceDraft(
                kind,
                money,
                trial_days=trial,
                keeps_regular=keeps_regular,
                keeps_bounds=keeps_bounds,
                keeps_trial=not row.has(columns.get(TRIAL, "")),
            )
        if kind.interval:
            sentence = "Only a price that is paid once can be reduced."
            raise BadRow(row.line, columns["regular_price"], sentence)
        return PriceDraft(kind, money, regular=regular, lowest=amounts.get("lowest_price"))

    def _chosen(
        self, row: Row, kind: PriceKind, columns: Mapping[str, str], amounts: Mapping[str, Money]
    ) -> PriceDraft:
        column, money = columns["price"], amounts["price"]
        least, most = amounts.get("minimum_price"), amounts.get("maximum_price")
        if least is None or most is None:
            raise BadRow(row.line, column, "Where customers choose, there are a least and a most.")
        if kind.interval:
            raise BadRow(row.line, column, "A chosen amount is paid once; Stripe knows no other.")
        floor = Money(MINIMUM_CHARGE.get(kind.currency, 1), kind.currency)
        if least < floor:
            raise BadRow(row.line, column, f"Stripe charges at least {floor}; {least} is less.")
        if not least <= money <= most:
            raise BadRow(row.line, column, f"{money} is not between {least} and {most}.")
        return PriceDraft(kind, money, minimum=least, maximum=most)


def _trial(row: Row, kind: PriceKind, columns: Mapping[str, str]) -> int | None:
    """How many days are free at first; 0, or an empty cell, for none."""
    column = columns.get(TRIAL, "")
    if not row[column]:
        return None
    days = cells.whole_number(row, column)
    if days and not kind.interval:
        raise BadRow(row.line, column, "Only what is paid again and again can be free at first.")
    if days > LONGEST_TRIAL:
        raise BadRow(row.line, column, f"Stripe allows at most {LONGEST_TRIAL} days, not {days}.")
    return days or None


def kind_of(field: str) -> PriceKind | None:
    """What `price:eur:month` and its like are about; None for any other field."""
    match = COLUMN.fullmatch(field)
    if match is None or match[2] not in CURRENCIES:
        return None
    return PriceKind(match[2], match[4] or "", int(match[3] or 1))


def columns_of(prices: Iterable[Price], *, currency: str) -> Iterator[tuple[str, str]]:
    """How `read` wants these prices written: names of columns, and what stands there."""
    for price in prices:
        kind = PriceKind(price.currency, price.interval, price.interval_count)
        written = (
            price.unit_amount,
            price.regular_amount,
            price.lowest_recent_amount,
            price.minimum_amount,
            price.maximum_amount,
        )
        for name, amount in zip(AMOUNTS, written, strict=True):
            if amount is not None:
                is_plain = name in PLAIN and kind == PriceKind(currency)
                yield (
                    name if is_plain else f"{name}:{kind}",
                    str(Money(amount, price.currency).decimal),
                )
        if price.trial_days is not None:
            yield f"{TRIAL}:{kind}", str(price.trial_days)
