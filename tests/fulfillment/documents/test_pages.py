"""The page of a document: in the order's language, in full for whom it is, and linked from where
people look for it.
"""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from fulfillment.documents.shown import Shown
from fulfillment.models import Document
from payments import stripe_requests
from payments.models import Payment
from shop.money import Money
from shop.orders import reduction
from shop.orders.models import Order
from tests.fulfillment.documents.sales import again, capture, credited, sold
from tests.support.purchases import buy, do_the_work, payment_of
from tests.support.staff import staff
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db

TWO_LINES = [(1200, 2, "1"), (1055, 1, "2")]
STREET = "Kelp Road 7"


def read(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def invoice(**sale: Any) -> Document:
    payment = sold(TWO_LINES, **sale)
    assert payment.order
    assert payment.order.total
    return capture(payment, payment.order.total)


def test_everything_stands_on_it() -> None:
    document = invoice(delivery=400)

    page = read(Client().get(document.get_absolute_url()))

    assert f"<h1>Invoice {document.number}</h1>" in page
    assert "Lantern 1" in page
    assert "<td>2</td> <td>€12.00</td> <td>€24.00</td>" in page
    assert "Delivery: Standard </th> <td>€4.00</td>" in page
    assert "Total</th> <td>€38.55</td>" in page
    assert "VAT 20&nbsp;%</th> <td>€22.32</td> <td>€4.46</td>" in page
    assert "VAT 5.5&nbsp;%</th> <td>€11.16</td> <td>€0.61</td>" in page
    assert "€38.55 is paid." in page
    assert "Tax number" not in page


def reduced(code: str = "", **sale: Any) -> Payment:
    payment = sold(TWO_LINES, discount=500, **sale)
    kept = {"name": "Summer sale", "code": code, "amount": 500}
    Order.objects.filter(documents=None, payments=payment).update(discounts=[kept])
    return again(payment)


def due_of(payment: Payment) -> int:
    assert payment.order
    return payment.order.due.amount


def test_the_discount_has_its_name() -> None:
    payment = reduced()

    document = capture(payment, due_of(payment))

    page = read(Client().get(document.get_absolute_url()))
    assert "Summer sale</th> <td>−€5.00</td>" in page
    assert ">Discount<" not in page


def test_a_credit_note_names_the_discount_too() -> None:
    payment = reduced(code="SUMMER")
    document = capture(payment, due_of(payment))

    note = credited(payment, document.total)

    page = read(Client().get(note.get_absolute_url()))
    assert "Summer sale (SUMMER)</th> <td>−€5.00</td>" in page


def test_what_staff_took_off_besides_is_not_called_by_it() -> None:
    payment = reduced()
    assert payment.order
    reduction.write(payment.order, Money(200, "eur"), reason="a scratch")

    document = capture(payment, due_of(again(payment)))

    page = read(Client().get(document.get_absolute_url()))
    assert "Summer sale</th> <td>−€5.00</td>" in page
    assert "Discount</th> <td>−€2.00</td>" in page


def test_of_fewer_units_it_is_their_share() -> None:
    payment = reduced()
    assert payment.order
    units = {1: 1}
    reduction.write(
        payment.order, reduction.worth(payment.order, units), reason="one is lost", units=units
    )

    document = capture(payment, due_of(again(payment)))

    page = read(Client().get(document.get_absolute_url()))
    assert "Summer sale</th> <td>−€2.50</td>" in page
    assert ">Discount<" not in page


def test_one_that_was_made_before_names_says_discount() -> None:
    payment = reduced()
    document = capture(payment, due_of(payment))
    content = {name: value for name, value in document.content.items() if name != "discounts"}
    before = Document(content=content, currency="eur", total=document.total)

    assert Shown(before, in_full=True).discounts == [("", Money(500, "eur"))]


def test_it_speaks_the_orders_language(settings: Any) -> None:
    settings.SELLER_TAX_NUMBER = "ATU12345678"
    payment = sold(TWO_LINES)
    assert payment.order_id
    Order.objects.filter(pk=payment.order_id).update(language="de")
    document = capture(payment, 3455)

    page = read(Client(HTTP_ACCEPT_LANGUAGE="en").get(document.get_absolute_url()))

    assert '<html lang="de">' in page
    assert f"<h1>Rechnung {document.number}</h1>" in page
    assert "VAT 5,5&nbsp;%</th> <td>10,00 €</td> <td>0,55 €</td>" in page
    assert "Steuernummer: ATU12345678" in page


def test_a_part_given_back_has_no_units_and_names_its_invoice() -> None:
    document = invoice()
    note = credited(document.payment, 500)

    page = read(Client().get(note.get_absolute_url()))

    assert f"<h1>Credit note {note.number}</h1>" in page
    assert f"For invoice</dt> <dd> {document.number} </dd>" in page
    assert "Refund of a part" in page
    assert "Unit price" not in page
    assert "€5.00 went back to you." in page


def test_only_with_the_mails_address_a_stranger_reads_whose_it_is() -> None:
    document = invoice()
    bare = document.get_absolute_url()
    key = re.sub(r"^.*\?key=", "", document.address_in_full)

    full, stranger = read(Client().get(bare, {"key": key})), read(Client().get(bare))

    assert (STREET in full, "Ada Byron" in full) == (True, True)
    assert (STREET in stranger, "Ada Byron" in stranger) == (False, False)
    assert "A••• B•••" in stranger
    for wrong in (key[:-1], invoice().address_in_full.rpartition("=")[2], "", "\x00", "ﷺ"):
        assert STREET not in read(Client().get(bare, {"key": wrong}))


def test_staff_read_it_in_full_and_find_it() -> None:
    document = invoice()
    other = credited(document.payment, 500)
    ana = staff("view_document", "view_order")

    assert STREET in read(ana.get(document.get_absolute_url()))
    found = read(ana.get("/admin/fulfillment/document/", {"q": document.number, "kind": "invoice"}))
    assert document.get_absolute_url() in found
    assert other.get_absolute_url() not in found
    order = read(ana.get(f"/admin/orders/order/{document.order_id}/change/"))
    assert f"Invoice {document.number}</a>, 34.55 EUR" in order
    assert f"Credit note {other.number}</a>, 5.00 EUR" in order
    row = ana.get(f"/admin/fulfillment/document/{document.pk}/change/")
    assert "Save" not in read(row)


@pytest.mark.parametrize("wrong", ["/orders/{other}/documents/{number}/",
                                   "/orders/{token}/documents/2026-999999/"])  # fmt: skip
def test_of_another_order_or_none_it_is_404(wrong: str) -> None:
    document, other = invoice(), invoice()

    address = wrong.format(
        other=other.order.token, token=document.order.token, number=document.number
    )

    assert Client().get(address).status_code == 404


def test_nobody_keeps_or_indexes_it() -> None:
    answer = Client().get(invoice().get_absolute_url())

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db(transaction=True)
def test_it_is_linked_from_order_success_page_and_mails(stand_in: StandIn) -> None:
    mine = Client()
    order = buy(stand_in, client=mine, email="ada@example.com")
    before = read(mine.get(f"/orders/{order.token}/"))
    do_the_work()
    stripe_requests.ask_refund(payment_of(order), Money(500, "eur"), reason="scratched")
    do_the_work()
    made, note = order.documents.order_by("-kind")
    session = str(order.checkout_sessions.get().stripe_session_id)

    page = read(mine.get(f"/orders/{order.token}/"))
    thanks = read(mine.get("/success", {"session_id": session}))
    strangers = read(Client().get("/success", {"session_id": session}))
    written: list[Any] = mail.outbox
    confirmed, refunded = written

    assert "Invoices</h2>" not in before
    assert f'<a href="{made.get_absolute_url()}">Invoice {made.number}</a>, €18.00' in page
    assert f'<a href="{note.get_absolute_url()}">Credit note {note.number}</a>, €5.00' in page
    assert made.get_absolute_url() in thanks
    assert made.get_absolute_url() not in strangers
    assert f"Invoice {made.number}: {made.address_in_full}" in " ".join(confirmed.body.split())
    assert note.number not in confirmed.body
    assert f"Credit note {note.number}: {note.address_in_full}" in " ".join(refunded.body.split())
    assert note.address_in_full in str(refunded.alternatives[0].content)


def taxed_by_stripe(lines: list[tuple[int, int]], *taxes: tuple[str, str, int, int]) -> Payment:
    """Lines of (unit amount, tax) with the sums of (name, percentage, base, amount) on top."""
    payment = sold([(unit, 1, "1") for unit, _ in lines], is_taxed=False)
    order, session = payment.order, payment.session
    assert order
    assert session
    for line, (unit, tax) in zip(order.lines.all(), lines, strict=True):
        line.tax, line.total = tax, unit + tax
        line.save()
    order.taxes = [
        {"name": name, "percentage": percentage, "base": base, "amount": amount}
        for name, percentage, base, amount in taxes
    ]
    order.tax = sum(tax for _, tax in lines)
    order.total = order.subtotal + order.tax
    order.save()
    session.tax = {"mode": "stripe", "is_inclusive": False}
    session.save()
    Payment.objects.filter(pk=payment.pk).update(amount=order.total, authorized_amount=order.total)
    return again(payment)


def test_each_of_several_taxes_on_one_line_is_shown() -> None:
    payment = taxed_by_stripe(
        [(1000, 40 + 49)], ("State tax", "4", 1000, 40), ("City tax", "4.875", 1000, 49)
    )

    document = capture(payment, 1089)

    page = read(Client().get(document.get_absolute_url()))
    assert "State tax 4&nbsp;%</th> <td>€10.00</td> <td>€0.40</td>" in page
    assert "City tax 4.875&nbsp;%</th> <td>€10.00</td> <td>€0.49</td>" in page
    assert "State tax + City tax" not in page
    assert document.content["on_top"] == 89


def test_a_line_has_only_the_taxes_that_come_to_its_own() -> None:
    payment = taxed_by_stripe(
        [(1000, 89), (2000, 80)], ("State tax", "4", 3000, 120), ("City tax", "4.875", 1000, 49)
    )

    page = read(Client().get(capture(payment, 3169).get_absolute_url()))

    assert "State tax 4&nbsp;%</th> <td>€30.00</td> <td>€1.20</td>" in page
    assert "City tax 4.875&nbsp;%</th> <td>€10.00</td> <td>€0.49</td>" in page


def test_a_credit_note_for_a_part_shares_each_of_them() -> None:
    payment = taxed_by_stripe(
        [(1000, 89)], ("State tax", "4", 1000, 40), ("City tax", "4.875", 1000, 49)
    )
    capture(payment, 1089)

    note = credited(payment, 545)

    sums = [(tax["name"], tax["base"], tax["amount"]) for tax in note.content["taxes"]]
    assert sums == [("City tax", 500, 25), ("State tax", 500, 20)]
