"""A document as its page shows it: what is frozen in it, with amounts as money."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from fulfillment.documents.models import Document
from fulfillment.order_page.page import masked
from shop.money import Money
from shop.orders.models.tax import TaxSum


@dataclass(frozen=True)
class ShownLine:
    """One line; quantity and unit price are None where it is no number of things."""

    title: str
    choice: str
    sku: str
    quantity: int | None
    unit: Money | None
    amount: Money


class Shown:
    """Read by the template; without the right to it, whose it is stays masked."""

    def __init__(self, document: Document, *, in_full: bool) -> None:
        self._content: dict[str, Any] = document.content
        self._currency = document.currency
        self._issued_at = document.issued_at
        self.total = document.money
        self.in_full = in_full

    @property
    def lines(self) -> list[ShownLine]:
        return [
            ShownLine(
                line["title"],
                line["choice"],
                line["sku"],
                line["quantity"],
                None if line["unit"] is None else self._money(line["unit"]),
                self._money(line["amount"]),
            )
            for line in self._content["lines"]
        ]

    @property
    def has_units(self) -> bool:
        """Whether some line is a number of things."""
        return any(line["quantity"] is not None for line in self._content["lines"])

    @property
    def delivery(self) -> ShownLine | None:
        found = self._content["delivery"]
        if not found:
            return None
        return ShownLine(found["title"], "", "", None, None, self._money(found["amount"]))

    @property
    def discounts(self) -> list[tuple[str, Money]]:
        """What was taken off, by name; what has none comes last."""
        named = [(one["name"], one["amount"]) for one in self._content.get("discounts", [])]
        rest = self._content["discount"] - sum(amount for _, amount in named)
        rows = [*named, ("", rest)] if rest else named
        return [(name, self._money(amount)) for name, amount in rows]

    @property
    def on_top(self) -> Money:
        """The tax beside the prices."""
        return self._money(self._content["on_top"])

    @property
    def taxes(self) -> list[TaxSum]:
        return [
            TaxSum(
                tax["name"],
                tax["percentage"],
                self._money(tax["base"]),
                self._money(tax["amount"]),
            )
            for tax in self._content["taxes"]
        ]

    @property
    def seller(self) -> dict[str, Any]:
        return dict(self._content["seller"])

    @property
    def buyer(self) -> list[str]:
        """Names and address, line by line."""
        buyer = self._content["buyer"]
        parts = [*buyer["names"], *buyer["address"]]
        return parts if self.in_full else [masked(part) for part in parts]

    @property
    def is_part(self) -> bool:
        return bool(self._content["is_part"])

    @property
    def refers_to(self) -> str:
        """The numbers of the invoices that a credit note is about."""
        return ", ".join(self._content.get("refers_to", []))

    @property
    def ordered_on(self) -> date:
        """The day where the shop was then."""
        return datetime.fromisoformat(self._content["ordered_at"]).date()

    @property
    def issued_on(self) -> date:
        """Likewise; documents that do not say it are older than any zone but UTC."""
        kept = self._content.get("issued_on")
        return date.fromisoformat(kept) if kept else self._issued_at.astimezone(UTC).date()

    @property
    def paid_with(self) -> str:
        return str(self._content["paid_with"])

    def _money(self, amount: int) -> Money:
        return Money(amount, self._currency)
