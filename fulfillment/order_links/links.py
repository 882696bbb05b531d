"""Addresses that show an order in full for a while: sent to its own e-mail address alone.

When the time is over the address still leads to the order, which then shows what everybody sees who
has its link.
"""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.http import urlencode

from shop.orders.models import Order

SALT = "fulfillment.order_links"
# A mail is read the same day; who reads it later asks anew.
OPENS_FOR = timedelta(days=1)


def address_in_full(order: Order) -> str:
    """What the mail says. It begins to count now."""
    query = urlencode({"key": _key_of(order)})
    return f"{settings.SITE_URL}{reverse('fulfillment:order', args=[order.token])}?{query}"


def is_opened_by(order: Order, key: str) -> bool:
    """Whether the key was made for this order, and lately."""
    try:
        signed = f"{order.pk.hex}.{key}"
        return _signer().unsign(signed, max_age=OPENS_FOR) == order.pk.hex
    except BadSignature:
        return False


def _key_of(order: Order) -> str:
    """The signature alone: whose it is stands in the address already."""
    return _signer().sign(order.pk.hex).partition(".")[2]


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=SALT, sep=".")
