"""What was captured before there were documents gets them by a command, which may be stopped."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fulfillment.doctor import documents as doctor
from fulfillment.doctor.amiss import Amiss
from fulfillment.documents import making, missing
from fulfillment.models import Document
from payments.models import Payment
from tests.fulfillment.documents.sales import capture, refund, sold

pytestmark = pytest.mark.django_db


def captured_before(amount: int = 1200) -> Payment:
    """An order from before the release that makes documents."""
    payment = sold([(amount, 1, "1")])
    payment.captured_amount, payment.status = amount, "captured"
    payment.captured_at = payment.created_at
    payment.save()
    payment.entries.create(
        kind="capture", stripe_object_id="ch_1", sequence=amount, amount=amount, currency="eur"
    )
    return payment


def made(*options: str) -> str:
    out = StringIO()
    call_command("make_documents", *options, stdout=out)
    return out.getvalue()


def kinds() -> list[tuple[str, int]]:
    return list(Document.objects.order_by("issued_at").values_list("kind", "total"))


def test_orders_from_before_get_theirs_the_oldest_first() -> None:
    first, _ = captured_before(1200), captured_before(3400)
    refund(first, 500)

    assert made("--count") == "2 payments lack a document.\n"
    assert made() == "3 documents made.\n"
    assert kinds() == [("invoice", 1200), ("credit_note", 500), ("invoice", 3400)]
    assert made() == "0 documents made.\n"


def test_one_that_fails_costs_itself_alone_and_is_made_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    odd = captured_before(1200)
    captured_before(3400)
    invoice = making._invoice

    def fails(order: Any, payment: Payment, entry: Any) -> Document:
        if payment == odd:
            raise ValueError("odd")
        return invoice(order, payment, entry)

    monkeypatch.setattr(making, "_invoice", fails)
    with pytest.raises(CommandError, match=str(odd.pk)):
        made()
    monkeypatch.undo()

    assert kinds() == [("invoice", 3400)]
    assert made() == "1 documents made.\n"
    assert [document.number[-6:] for document in Document.objects.all()] == ["000001", "000002"]


def test_only_what_was_captured_since_a_day() -> None:
    captured_before()

    assert made("--since", "2999-01-01") == "0 documents made.\n"


def test_a_refund_of_an_order_from_before_makes_its_invoice_first() -> None:
    payment = captured_before()
    refund(payment, 500)

    making.make_missing(payment)

    assert kinds() == [("invoice", 1200), ("credit_note", 500)]


def test_the_doctor_names_what_failed_and_not_what_is_from_before(settings: Any) -> None:
    settings.SELLER_ADDRESS, settings.SELLER_TAX_NUMBER = "1 Harbour Street", "IE1"
    captured_before()
    none_yet = doctor.made()
    capture(sold([(1200, 1, "1")]), 1200)
    from_before = doctor.made()
    captured_before()

    with pytest.raises(Amiss, match="1 payments lack"):
        doctor.made()
    assert none_yet == from_before == "invoices name the seller, and each capture has one"
    assert missing.lacking().count() == 2


def test_what_invoices_do_not_say_is_named(settings: Any) -> None:
    settings.SELLER_TAX_NUMBER = "IE1"

    with pytest.raises(Amiss, match="SELLER_ADDRESS is empty"):
        doctor.made()
    assert [message.id for message in doctor.check_documents()] == ["fulfillment.W003"]
    settings.SELLER_ADDRESS = "1 Harbour Street"
    assert doctor.check_documents() == []
