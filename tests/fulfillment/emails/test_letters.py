"""Mails: once per occasion, only while they are true, readable as text and HTML."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.template.loader import select_template

from fulfillment.emails import later, letters, sending
from fulfillment.models import Email, Shipment
from shop import work
from shop.orders.models import Order
from tests.fulfillment.emails.mails import order_in, paid, parcel, refunded, written
from tests.support.factories import OrderFactory, PriceFactory
from tests.support.mail_server import MailServer, mail_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def who_left_is_reminded(settings: Any) -> None:
    settings.CHECKOUT_RECOVERY = "shop"


@pytest.mark.parametrize("template", Email.Template.values)
def test_every_mail_says_its_order_in_text_and_html(template: str) -> None:
    email = written(template)

    work.run(Email, email.pk, letters.send)

    message: Any = mail.outbox[0]
    html = message.alternatives[0].content
    order = email.order
    for text in (message.body, html):
        assert order.number in text
        assert f"http://localhost:4242/orders/{order.token}/" in text
        # What is in a parcel is told by the piece.
        assert ("€18.00" in text) is (template not in {"shipped", *later.TEMPLATES})
    assert "&amp;" not in message.body
    assert 'name="viewport"' in html
    assert message.to == ["ada@example.com"]
    assert email_row(email) == ("done", "sent")


def email_row(email: Email) -> tuple[str, str]:
    email.refresh_from_db()
    return email.status, email.outcome


@pytest.mark.parametrize("template", Email.Template.values)
def test_no_subject_tells_a_secret(template: str) -> None:
    email = written(template)

    message = letters.compose(email, email.order)

    assert email.order.token not in message.subject
    assert "ada@example.com" not in message.subject
    assert message.subject.startswith(f"Order {email.order.number}: ")


def test_every_template_has_its_three_files() -> None:
    for template in Email.Template.values:
        for ending in ("subject.txt", "txt", "html"):
            assert select_template([f"emails/{template}.{ending}"])


# Guard: the unique row per template and occasion.
def test_queued_twice_is_one_mail() -> None:
    email = written("confirmed")

    letters.queue(Email.Template.CONFIRMED, email.order)
    work.drain(Email, letters.send)
    work.drain(Email, letters.send)

    assert len(mail.outbox) == 1


# Guard: E05, the state is read again before sending.
def test_a_mail_that_is_no_longer_true_is_not_sent() -> None:
    email = written("confirmed")
    email.order.cancel("changed")
    Email.objects.exclude(pk=email.pk).delete()

    work.run(Email, email.pk, letters.send)

    assert mail.outbox == []
    assert email_row(email) == ("done", "overtaken")


def test_received_is_overtaken_once_the_parcel_is_opened() -> None:
    email = written("received")
    Shipment.objects.create(order=email.order)

    work.run(Email, email.pk, letters.send)

    assert mail.outbox == []


@pytest.mark.parametrize("template", ["cancelled", "out_of_stock"])
def test_money_that_was_taken_is_never_called_not_charged(template: str) -> None:
    email = written(template)
    refund = refunded(paid(email.order), 1800, status="pending")

    before = letters.compose(email, email.order).body
    refund.status = "succeeded"
    refund.save()
    after = letters.compose(email, email.order).body

    assert "We are sending €18.00 back to you" in before
    assert "We have sent €18.00 back to you" in after


def test_received_and_charged_is_not_called_not_yet_charged() -> None:
    email = written("received")
    paid(email.order)

    body = letters.compose(email, email.order).body

    assert "has arrived" in body
    assert "not yet charged" not in body


def test_what_was_not_charged_is_told_when_less_is_captured() -> None:
    email = written("confirmed")
    paid(email.order, captured_amount=1300)
    email.order.reductions.create(amount=500, reason="one is scratched")

    body = letters.compose(email, email.order).body

    assert "Your payment of €13.00 is charged." in body
    assert "€5.00 of what was authorized goes back to you and is not charged." in body
    assert "scratched" not in body


def test_shipped_lists_what_is_in_the_parcel_and_nothing_else() -> None:
    order = order_in("shipped")
    other = PriceFactory(variant__product__title="Voucher")
    order.lines.create(
        position=2,
        variant=other.variant,
        price=other,
        sku="V",
        title="Voucher",
        unit_amount=900,
        quantity=1,
    )
    letters.queue(Email.Template.SHIPPED, order, about=parcel(order).pk)
    email = Email.objects.get()

    message: Any = letters.compose(email, order)

    for text in (message.body, message.alternatives[0].content):
        assert order.lines.get(position=1).title in text
        assert "Voucher" not in text


# -- money back -----------------------------------------------------------------------------------


def test_a_refund_says_how_much_came_back_what_is_kept_and_when_it_arrives() -> None:
    email = written("refunded")

    body = letters.compose(email, email.order).body

    assert "We have sent €5.00 back to you. Most banks show it within 5 to 10 days." in body
    assert "Of the €18.00 that you paid, we keep €13.00." in body


def test_the_last_refund_says_that_all_went_back() -> None:
    email = written("refunded")
    refunded(email.order.payments.get(), 1300)

    assert "all that you paid has gone back" in letters.compose(email, email.order).body


def test_a_second_payment_that_went_back_is_called_so() -> None:
    email = written("refunded")
    email.order.payments.update(purpose="extra")

    body = letters.compose(email, email.order).body

    assert "The order was paid twice" in body
    assert "we keep" not in body


def test_a_refund_that_came_back_is_not_told() -> None:
    email = written("refunded")
    email.order.payments.get().refunds.update(status="failed")

    work.run(Email, email.pk, letters.send)

    assert mail.outbox == []
    assert email_row(email) == ("done", "overtaken")


@pytest.mark.parametrize(
    ("farewell_sent", "purpose", "is_told"),
    [
        (None, "checkout", False),
        (timedelta(minutes=1), "checkout", False),
        (timedelta(minutes=-1), "checkout", True),
        (timedelta(minutes=1), "extra", True),
    ],
    ids=["will be told", "was told", "money came after it", "money paid twice"],
)
def test_a_refund_is_not_told_twice(
    farewell_sent: timedelta | None, purpose: str, is_told: bool
) -> None:
    email = written("refunded")
    payment = email.order.payments.get()
    email.order.payments.update(purpose=purpose)
    letters.queue(Email.Template.CANCELLED, email.order)
    if farewell_sent is not None:
        assert payment.captured_at
        at = payment.captured_at + farewell_sent
        Email.objects.filter(template="cancelled").update(sent_at=at)

    work.run(Email, email.pk, letters.send)

    assert len(mail.outbox) == is_told


# -- the customer's language ----------------------------------------------------------------------


def test_a_mail_speaks_the_language_of_its_order() -> None:
    email = written("confirmed", language="de", subtotal=123456, total=123456)
    product = email.order.lines.get().variant.product
    product.translations = {"de": {"title": "Leuchte"}}
    product.save()

    message: Any = letters.compose(email, email.order)

    html = message.alternatives[0].content
    assert message.subject == f"Bestellung {email.order.number}: bestätigt"
    assert message.message()["Content-Language"] == "de"
    assert '<html lang="de">' in html
    for text in (message.body, html):
        assert "Ihre Zahlung von 1.234,56\xa0€ ist abgebucht." in text
        assert "1 x Leuchte" in text.replace("×", "x")


def test_a_product_that_is_called_otherwise_by_now_keeps_its_name_of_that_day() -> None:
    email = written("confirmed", language="de")
    line = email.order.lines.get()
    product = line.variant.product
    product.title, product.translations = "Lamp", {"de": {"title": "Lampe"}}
    product.save()

    body = letters.compose(email, email.order).body

    assert line.title in body
    assert "Lampe" not in body


def test_long_lines_are_broken_and_addresses_are_not() -> None:
    email = written("processing", language="de")

    lines = letters.compose(email, email.order).body.splitlines()

    long = [line for line in lines if len(line) > sending.LINE_LENGTH and "http" not in line]
    assert long == []
    assert any(email.order.token in line for line in lines)
    assert "-- " in lines


def test_a_mail_sent_again_after_a_crash_has_the_same_message_id() -> None:
    email = written("confirmed")

    first = letters.compose(email, email.order).message()["Message-ID"]
    second = letters.compose(email, email.order).message()["Message-ID"]

    assert first == second == f"<{email.pk}@localhost>"


@pytest.mark.parametrize(
    ("code", "status"),
    [(550, "dead"), (451, "ready")],
    ids=["for good: a person looks", "for now: tried again"],
)
def test_a_refusing_mail_server(code: int, status: str, settings: Any) -> None:
    email = written("confirmed")

    with mail_server(refuse_with=code) as server:
        speak_to(server, settings)
        work.run(Email, email.pk, letters.send)

    assert email_row(email)[0] == status
    assert str(code) in email.last_error
    assert server.taken == []


def test_a_mail_server_takes_the_mail_with_its_own_id(settings: Any) -> None:
    email = written("confirmed")

    with mail_server() as server:
        speak_to(server, settings)
        work.run(Email, email.pk, letters.send)

    assert email_row(email) == ("done", "sent")
    assert [mail["Message-ID"] for mail in server.taken] == [f"<{email.pk}@localhost>"]


def test_no_mail_server_at_all_is_waited_for(settings: Any) -> None:
    email = written("confirmed")
    speak_to(MailServer(port=9), settings)

    work.run(Email, email.pk, letters.send)

    assert email_row(email)[0] == "ready"


def speak_to(server: MailServer, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port


def test_an_address_that_breaks_the_header_is_given_up() -> None:
    email = written("confirmed")
    Order.objects.filter(pk=email.order_id).update(email="a@example.com\nBcc: b@example.com")

    work.run(Email, email.pk, letters.send)

    assert email_row(email)[0] == "dead"
    assert mail.outbox == []


def test_without_an_address_nothing_is_queued() -> None:
    order = OrderFactory()

    order.confirm("test")

    assert Email.objects.count() == 0


def test_a_customer_is_told_that_the_time_ran_out() -> None:
    # T5
    reason = "We did not get to confirm your order before the hold on your money ended."
    email, told = written("cancelled"), []
    for because in (Order.CancelReason.DEADLINE, Order.CancelReason.STAFF):
        Order.objects.update(cancel_reason=because)
        told.append(letters.compose(email, Order.objects.get()))

    texts = [" ".join(str(message.body).split()) for message in told]
    pages = [" ".join(str(message.alternatives[0][0]).split()) for message in told]
    assert [reason in text for text in texts] == [True, False]
    assert [reason in page for page in pages] == [True, False]


# -- what the law wants in a mail ------------------------------------------------------------------


# S-5
def test_the_confirmation_brings_terms_and_the_right_to_withdraw() -> None:
    """On a durable medium: the text itself, not where to read it."""
    with_parcel = written("confirmed")
    parcel(with_parcel.order)

    message: Any = letters.compose(with_parcel, with_parcel.order)

    text = " ".join(message.body.split())
    html = " ".join(message.alternatives[0].content.split())
    for said in (text, html):
        assert "you may withdraw from the contract within fourteen days" in said
        assert "If you withdraw, we pay back all that you paid" in said
        assert "http://localhost:4242/terms/" in said
        assert "http://localhost:4242/imprint/" in said


def test_no_mail_but_the_confirmation_does() -> None:
    others = [template for template in Email.Template.values if template != "confirmed"]

    bodies = [letters.compose(email, email.order).body for email in map(written, others)]

    assert not any("withdraw" in body for body in bodies)
