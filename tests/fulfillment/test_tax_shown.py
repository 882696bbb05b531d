"""Where the tax of an order stands: its page, its mails, and the staff's page."""

import uuid
from typing import Any

import pytest
from django.test import Client

from fulfillment.emails import letters
from shop.orders.models import Order, OrderReduction
from tests.fulfillment.emails.mails import paid, refunded, written
from tests.support.factories import OrderFactory

pytestmark = pytest.mark.django_db
TAXES = [
    {"name": "USt.", "percentage": "20", "base": 1500, "amount": 300},
    {"name": "USt.", "percentage": "5.5", "base": 1010, "amount": 56},
]


def read(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def taxed(**more: Any) -> Order:
    return OrderFactory(taxes=TAXES, total=2866, subtotal=2866, **more)


def test_the_customers_page_names_each_rate(client: Client) -> None:
    page = read(client, f"/orders/{taxed().token}/")

    assert "incl. 20% USt. </th> <td>€3.00</td>" in page
    assert "incl. 5.5% USt. </th> <td>€0.56</td>" in page


def test_staff_read_the_base_too(admin_client: Client) -> None:
    page = read(admin_client, f"/admin/orders/order/{taxed().pk}/change/")

    assert "20% USt. in all, of 15.00 EUR</dt> <dd> 3.00 EUR" in page
    assert "5.5% USt. in all, of 10.10 EUR</dt> <dd> 0.56 EUR" in page


@pytest.mark.parametrize(
    ("language", "words", "amount"),
    [("en", "incl. 5.5% USt.", "€0.56"), ("de", "inkl. 5,5 % USt.", "0,56\xa0€")],
)
def test_mails_name_each_rate(language: str, words: str, amount: str) -> None:
    email = written("confirmed", language=language, taxes=TAXES)

    message: Any = letters.compose(email, email.order)

    assert f"  {words}: {amount}\n" in message.body
    html = " ".join(message.alternatives[0].content.split(" "))
    assert words in html
    assert f"{amount}</td>" in html


def test_without_taxes_nothing_is_said_of_them(client: Client) -> None:
    assert "incl." not in read(client, f"/orders/{OrderFactory(total=1800).token}/")


IDS = [{"type": "eu_vat", "value": "ATU12345678"}, {"type": "gb_vat", "value": "GB123456789"}]


def test_tax_ids_are_shown_to_staff_and_in_mails(admin_client: Client) -> None:
    order = OrderFactory(tax_ids=IDS)
    email = written("confirmed", tax_ids=IDS)

    page = read(admin_client, f"/admin/orders/order/{order.pk}/change/")
    message: Any = letters.compose(email, email.order)

    assert "<b>Tax ID:</b> ATU12345678, GB123456789" in page
    assert "Tax ID: ATU12345678, GB123456789\n" in message.body
    assert "<b>Tax ID:</b> ATU12345678, GB123456789" in message.alternatives[0].content


def test_they_are_shown_to_who_ordered_and_to_nobody_else(client: Client) -> None:
    visitor = uuid.uuid4()
    session = client.session
    session["visitor"] = visitor.hex
    session.save()
    order = OrderFactory(tax_ids=IDS, visitor=visitor, email="ada@example.com")

    assert "ATU12345678" in read(client, f"/orders/{order.token}/")
    assert "ATU12345678" not in read(Client(), f"/orders/{order.token}/")


def test_of_what_is_taken_off_the_tax_goes_too(client: Client) -> None:
    order = taxed()
    OrderReduction.objects.create(order=order, amount=1433, reason="scratched")
    email = written("confirmed", taxes=TAXES, total=2866, subtotal=2866)
    OrderReduction.objects.create(order=email.order, amount=1433, reason="scratched")

    page = read(client, f"/orders/{order.token}/")
    message: Any = letters.compose(email, email.order)

    assert "incl. 20% USt. </th> <td>€1.50</td>" in page
    assert "incl. 5.5% USt. </th> <td>€0.28</td>" in page
    assert "  incl. 20% USt.: €1.50\n" in message.body


def test_staff_read_the_tax_in_what_was_captured_and_refunded(admin_client: Client) -> None:
    order = taxed()
    payment = paid(order, amount=2866, authorized_amount=2866, captured_amount=2866)
    refunded(payment, 1433)

    page = read(admin_client, f"/admin/orders/order/{order.pk}/change/")

    assert "<dt>of it 20% USt.</dt> <dd> 3.00 EUR </dd>" in page
    assert "<dt>of it 20% USt.</dt> <dd> 1.50 EUR </dd>" in page
