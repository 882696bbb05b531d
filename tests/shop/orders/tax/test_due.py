"""What is due on an order, in its delivery, and for each rate together."""

from decimal import Decimal

from shop.orders.models import TaxRate
from shop.orders.tax.due import Due, Line

STANDARD = TaxRate(pk=1, name="VAT", percentage=Decimal(20))
BOOKS = TaxRate(pk=2, name="VAT", tax_class="books", percentage=Decimal(10))


def due(*lines: Line) -> Due:
    return Due("AT", "eur", lines, {"standard": STANDARD, "books": BOOKS})


def test_a_delivery_shares_the_rates_of_what_is_sent() -> None:
    mixed = due(Line(1, "standard", 1800, True), Line(2, "books", 600, True))
    with_a_file = due(Line(1, "standard", 1800, True), Line(2, "books", 600, False))

    assert [(tax.base + tax.amount, tax.amount) for tax in mixed.in_delivery(400)] == [
        (300, 50),
        (100, 9),
    ]
    assert [(tax.rate, tax.amount) for tax in with_a_file.in_delivery(400)] == [(STANDARD, 67)]
    assert due(Line(1, "books", 600, False)).in_delivery(0) == []


def test_for_each_rate_together_the_largest_first() -> None:
    order = due(
        Line(1, "books", 1110, True), Line(2, "standard", 1800, True), Line(3, "books", 555, True)
    )

    sums = [(one.share, one.base.amount, one.amount.amount) for one in order.sums()]
    assert sums == [("20", 1500, 300), ("10", 1009 + 505, 101 + 50)]
