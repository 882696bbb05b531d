"""The mail with a fresh link: to the address that the order has, if that is the one typed."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from fulfillment.emails.sending import hand_over, shop_context, written
from fulfillment.order_links import links
from fulfillment.order_links.models import OrderLink
from shop import work
from shop.orders.models import Order
from shop.orders.models.numbers import number_in
from shop.work import Outcome


def send(asked: OrderLink) -> None:
    """Send it, or nothing. No transaction is open while the mail server is asked."""
    order = order_of(asked)
    if order is None:
        work.finish(asked, Outcome.IGNORED, "no order of this number and address")
        return
    hand_over(compose(asked, order))
    work.finish(asked, Outcome.SENT)


def order_of(asked: OrderLink) -> Order | None:
    """The order of that number, if it was bought with that address."""
    found = Order.objects.filter(number=number_in(asked.number)).first()
    is_theirs = found is not None and found.email.lower() == asked.email.lower()
    return found if is_theirs else None


def compose(asked: OrderLink, order: Order) -> EmailMultiAlternatives:
    """In the language of the page on which it was asked for, to the address as the order has it."""
    try:
        with translation.override(asked.language or settings.LANGUAGE_CODE):
            message = _written(asked, order)
        message.message()
    except Exception as error:
        raise work.Impossible(f"The mail cannot be written: {error!r}") from error
    return message


def _written(asked: OrderLink, order: Order) -> EmailMultiAlternatives:
    context = {
        "order": order,
        "order_url": links.address_in_full(order),
        "hours": round(links.OPENS_FOR.total_seconds() / 3600),
        **shop_context(),
    }
    return written("order_link", context, to=order.email, row=asked, headers={})
