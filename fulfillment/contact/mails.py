"""What people write, as a mail to who answers it."""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from fulfillment.contact.models import ContactMessage
from fulfillment.emails.sending import composed, hand_over, message_id
from shop import work
from shop.orders.models import Order
from shop.work import Outcome


def send(letter: ContactMessage) -> None:
    """Send it on; to answer the mail is to answer the customer."""
    hand_over(compose(letter))
    work.finish(letter, Outcome.SENT)


def compose(letter: ContactMessage) -> EmailMultiAlternatives:
    """In the shop's own language, but for what was written."""
    return composed(lambda: _written(letter), language=settings.LANGUAGE_CODE)


def order_of(letter: ContactMessage) -> Order | None:
    """The order that was named, if it is one, and was paid for from this address."""
    order = Order.objects.filter(number__iexact=letter.order_number).first()
    is_theirs = order is not None and order.email.lower() == letter.email.lower()
    return order if is_theirs else None


def _written(letter: ContactMessage) -> EmailMultiAlternatives:
    return EmailMultiAlternatives(
        subject=_subject(letter),
        body=_body(letter),
        to=[parseaddr(settings.SUPPORT_EMAIL)[1]],
        reply_to=[letter.email],
        headers={"Message-ID": message_id(letter)},
    )


def _subject(letter: ContactMessage) -> str:
    # In one line, whatever was typed: nobody adds a header of their own.
    number = " ".join(letter.order_number.split())
    about = f"order {number}" if number else "a question"
    return f"{settings.SHOP_NAME}: {about}"


def _body(letter: ContactMessage) -> str:
    lines = [f"{letter.email} writes in {letter.language or 'an unknown language'}:", ""]
    lines += [letter.text, "", "--"]
    if order := order_of(letter):
        path = reverse("admin:orders_order_change", args=[order.pk])
        lines.append(f"Order {order.number}, paid for from this address: {settings.SITE_URL}{path}")
    elif letter.order_number:
        lines.append(f"No order {letter.order_number} was paid for from this address.")
    return "\n".join(lines) + "\n"
