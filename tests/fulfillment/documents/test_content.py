"""What documents say: to the last unit what was sold, captured and given back."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.documents import making
from fulfillment.models import Document
from shop.money import CURRENCIES, Money, step
from shop.orders import reduction
from shop.orders.models import Order
from tests.fulfillment.documents.sales import again, capture, credited, refund, sold, sums_up
from tests.support.properties import examples

pytestmark = pytest.mark.django_db

TWO_LINES = [(1200, 2, "1"), (1055, 1, "2")]


def lines(document: Document) -> list[tuple[Any, ...]]:
    return [(line["title"], line["quantity"], line["amount"]) for line in document.content["lines"]]


def taxes(document: Document) -> list[tuple[str, int, int]]:
    return [(tax["percentage"], tax["base"], tax["amount"]) for tax in document.content["taxes"]]


def kinds(order: Order) -> list[tuple[str, int]]:
    return [(document.kind, document.total) for document in order.documents.all()]


# -- what they say --------------------------------------------------------------------------------


def test_each_rate_has_its_base_and_amount_delivery_included() -> None:
    payment = sold(TWO_LINES, delivery=400)

    document = capture(payment, 3855)

    assert lines(document) == [("Lantern 1", 2, 2400), ("Lantern 2", 1, 1055)]
    assert document.content["delivery"] == {"title": "Standard", "amount": 400}
    assert taxes(document) == [("20", 2232, 446), ("5.5", 1116, 61)]
    assert sums_up(document)


@pytest.mark.parametrize("is_inclusive", [True, False])
def test_what_was_changed_on_the_page_is_taxed_as_it_was_paid(is_inclusive: bool) -> None:
    """Fewer units, or a code that was typed there: the tax that was frozen before is another."""
    payment = sold(TWO_LINES, delivery=400, is_inclusive=is_inclusive)
    session, order = payment.session, payment.order
    assert session
    assert order
    for tax in session.tax["lines"].values():
        tax["base"], tax["amount"] = 2 * tax["base"], 2 * tax["amount"]
    session.save()

    document = capture(payment, payment.amount)

    assert taxes(document) == [
        (tax["percentage"], tax["base"], tax["amount"]) for tax in order.taxes
    ]
    assert sums_up(document)


def test_tax_on_top_stands_below_the_lines() -> None:
    payment = sold(TWO_LINES, currency="usd", is_inclusive=False)

    document = capture(payment, 3993)

    assert (document.content["on_top"], taxes(document)) == (
        538, [("20", 2400, 480), ("5.5", 1055, 58)],
    )  # fmt: skip
    assert sums_up(document)


def test_captures_in_parts_have_an_invoice_each() -> None:
    payment = sold(TWO_LINES, delivery=400)

    documents = [capture(payment, amount) for amount in (1, 1000, 2854)]

    assert [document.total for document in documents] == [1, 1000, 2854]
    assert all(document.content["is_part"] and sums_up(document) for document in documents)
    assert [sum(line[2] for each in documents for line in lines(each) if line[0] == title)
            for title in ("Lantern 1", "Lantern 2")] == [2400, 1055]  # fmt: skip
    in_all = [sum(tax[2] for each in documents for tax in taxes(each) if tax[0] == share)
              for share in ("20", "5.5")]  # fmt: skip
    assert in_all == [446, 61]


def test_all_of_an_invoice_is_given_back_line_by_line() -> None:
    payment = sold(TWO_LINES, delivery=400)
    invoice = capture(payment, 3855)

    note = credited(payment, 3855)

    assert lines(note) == lines(invoice)
    assert taxes(note) == taxes(invoice)


def test_parts_given_back_share_the_taxes_to_the_last_unit() -> None:
    payment = sold(TWO_LINES, delivery=400)
    capture(payment, 3855)

    notes = [credited(payment, amount) for amount in (1000, 1, 2854)]

    assert taxes(notes[0]) == [("20", 579, 116), ("5.5", 289, 16)]
    in_all = [sum(tax[2] for note in notes for tax in taxes(note) if tax[0] == share)
              for share in ("20", "5.5")]  # fmt: skip
    assert in_all == [446, 61]


def test_a_refund_that_is_sent_once_more_is_no_second_credit() -> None:
    payment = sold(TWO_LINES)
    capture(payment, 3455)
    refund(payment, 500)
    making.make_missing(again(payment))
    payment.refunds.update(status="failed")

    refund(payment, 500)
    once_more = making.make_missing(again(payment))
    credited(payment, 300)

    assert once_more == []
    assert payment.order is not None
    assert kinds(payment.order) == [("invoice", 3455), ("credit_note", 500), ("credit_note", 300)]


def test_a_second_payment_by_mistake_sells_nothing() -> None:
    payment = sold(TWO_LINES)
    payment.purpose = payment.Purpose.EXTRA
    payment.save()
    payment.entries.create(kind="capture", stripe_object_id="ch", amount=3455, currency="eur")
    refund(payment, 3455)

    assert making.make_missing(again(payment)) == []


def test_words_are_those_of_the_order() -> None:
    payment = sold(TWO_LINES, delivery=400)
    assert payment.order_id
    Order.objects.filter(pk=payment.order_id).update(language="de", delivery_name="")
    invoice = capture(payment, 3855)

    note = credited(payment, 5)

    assert invoice.content["delivery"]["title"] == "Versand"
    assert invoice.content["buyer"]["address"] == ["Kelp Road 7", "Österreich"]
    assert lines(note) == [("Rückzahlung eines Teils", None, 5)]


def test_nothing_of_a_document_changes() -> None:
    document = capture(sold(TWO_LINES), 3455)

    for change in (lambda: Document.objects.update(total=1), document.delete):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            change()


def test_the_seller_is_frozen(settings: Any) -> None:
    settings.SELLER_NAME = "Harbour Goods Ltd."
    settings.SELLER_ADDRESS = "1 Harbour Street, Dublin"
    settings.SELLER_TAX_NUMBER = "IE1234567T"
    document = capture(sold(TWO_LINES), 3455)

    settings.SELLER_NAME = "Somebody else"
    document.refresh_from_db()

    assert document.content["seller"] == {
        "name": "Harbour Goods Ltd.",
        "address": ["1 Harbour Street", "Dublin"],
        "tax_number": "IE1234567T",
        "email": "help@localhost",
    }


# -- whatever is sold -----------------------------------------------------------------------------


@st.composite
def sales(draw: Any) -> dict[str, Any]:
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    parts = step(currency)
    unit = st.integers(1, 30_000).map(lambda n: n * parts)
    line = st.tuples(unit, st.integers(1, 5), st.sampled_from(["1", "2"]))
    lines = draw(st.lists(line, min_size=1, max_size=4))
    first = lines[0][0] * lines[0][1]
    return {
        "lines": lines,
        "currency": currency,
        "delivery": draw(st.integers(0, 50)) * 10 * parts,
        "is_inclusive": draw(st.booleans()),
        "is_taxed": draw(st.booleans()),
        "discount": draw(st.sampled_from([0, 0, first // 3])),
    }


def test_whatever_is_sold_its_documents_add_up() -> None:
    """Σ lines + delivery + tax − discounts = total, all invoices what was captured, and all credit
    notes take back exactly their taxes.
    """

    @examples(30, database=None)
    @given(sales(), st.data())
    def add_up(sale: dict[str, Any], data: Any) -> None:
        payment = sold(sale.pop("lines"), **sale)
        order = payment.order
        assert order is not None
        whole = order.total
        assert whole is not None
        units = {
            line.position: data.draw(st.integers(0, line.quantity), label="left out")
            for line in order.lines.all()
        }
        if any(units.values()) and any(
            line.quantity > units[line.position] for line in order.lines.all()
        ):
            off = reduction.worth(order, units)
            if off:
                reduction.write(order, off, reason="test", units=units)
        due = order.due.amount
        less = data.draw(st.integers(0, due // 2), label="less")
        if less:
            reduction.write(order, Money(less, order.currency), reason="test")
        cuts = data.draw(st.lists(st.integers(1, max(1, due - less)), max_size=2), label="cuts")
        bounds = sorted({cut for cut in cuts if cut < due - less} | {0, due - less})
        invoices = [capture(payment, end - begin) for begin, end in pairwise(bounds)]
        total = sum(invoice.total for invoice in invoices)
        back = data.draw(st.integers(0, total), label="back")
        notes = [credited(payment, part) for part in (back, total - back) if part]

        assert total == due - less
        assert [document for document in [*invoices, *notes] if not sums_up(document)] == []
        assert summed(invoices) == summed(notes)

    add_up()


def summed(documents: list[Document]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for document in documents:
        for share, base, amount in taxes(document):
            before = sums.get(share, (0, 0))
            sums[share] = (before[0] + base, before[1] + amount)
    return {share: sum_ for share, sum_ in sums.items() if any(sum_)}
