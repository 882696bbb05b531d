"""How many checkouts one visitor may start, and how much of a thing one order may take.

A visitor is easily made anew, so the network counts too, with far more room: behind it may be an
office, or everybody whom one provider sends out by one address.
"""

import time
from collections.abc import Mapping
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from payments.checkout.buyer import Buyer
from payments.models import CheckoutSession
from shop.catalog import stock
from shop.catalog.models import Stock
from shop.http.client_address import is_private
from shop.orders.cart import TooManyOfOne
from shop.orders.models import Order

log = structlog.get_logger(__name__)

BY_NETWORK = 10
# Fewer visitors from one private address may well sit in the same house.
VISITORS_OF_A_SHOP = 5
LOOK_BACK = timedelta(days=1)
LOOK_EVERY_SECONDS = 3600


class TooMany(Exception):
    """Too many checkouts were started here."""

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


def check_limits(buyer: Buyer) -> None:
    """At most so many checkouts a minute, and so many at a time that hold units unpaid.

    Raises TooMany.
    """
    with connection.cursor() as cursor:
        # One at a time per visitor, or many at once would all count too few. Not so per network:
        # everybody in it would wait for each other, and there a few more do no harm.
        key = buyer.visitor.int & (2**63 - 1)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
    _check(
        Q(visitor_key=key_of(buyer)),
        1,
        _("You have started many checkouts. Please wait a minute."),
        _("You have several open checkouts. Finish or leave one before you start another."),
    )
    if buyer.network:
        _check(
            Q(network=buyer.network),
            BY_NETWORK,
            _("Many checkouts were started from your network. Please wait a minute."),
            _("Many checkouts are open in your network. Please try again in a few minutes."),
        )


def key_of(buyer: Buyer) -> str:
    """Under what the sessions of a visitor are counted."""
    return f"session:{buyer.visitor.hex}"


def _check(whose: Q, times: int, too_fast: str, too_many: str) -> None:
    theirs = CheckoutSession.objects.filter(whose)
    minute_ago = timezone.now() - timedelta(minutes=1)
    if theirs.filter(created_at__gt=minute_ago).count() >= settings.CHECKOUT_RATE_LIMIT * times:
        raise TooMany(too_fast, retry_after=60)
    is_open = theirs.filter(status=CheckoutSession.Status.OPEN)
    # Finished, but by a debit, a voucher or a transfer whose money may never come.
    is_unpaid = theirs.filter(
        status=CheckoutSession.Status.COMPLETE, order__status=Order.Status.PROCESSING
    )
    if is_open.count() + is_unpaid.count() >= settings.CHECKOUT_OPEN_HOLDS * times:
        raise TooMany(too_many, retry_after=600)


def check_shares(units: Mapping[int, int], *, own: Mapping[int, int]) -> None:
    """One order leaves something for others. Raises TooManyOfOne.

    What the buyer's `own` open checkout keeps aside counts as available to them. More than there
    is at all is for `stock.reserve` to refuse.
    """
    rows = Stock.objects.filter(variant__in=units).select_related("variant__product")
    for row in rows.order_by("variant"):
        available = row.available + own.get(row.variant_id, 0)
        most = stock.most_at_once(available)
        if most < units[row.variant_id] <= available:
            raise TooManyOfOne(row.variant.product, most)


def one_private_address() -> str:
    """The private address that the whole day's checkouts came from, though no proxy is trusted.

    Then it is a proxy's, and everybody is counted as one: TRUSTED_PROXIES is to be set. Empty
    when all is well, and in a rehearsal, where everybody sits at one machine.
    """
    if settings.REHEARSAL or settings.TRUSTED_PROXIES:
        return ""
    lately = CheckoutSession.objects.filter(
        created_at__gt=timezone.now() - LOOK_BACK, network__gt=""
    )
    networks = list(lately.order_by().values_list("network", flat=True).distinct()[:2])
    if len(networks) != 1 or not is_private(networks[0]):
        return ""
    visitors = lately.order_by().values_list("visitor_key", flat=True).distinct()
    return networks[0] if len(visitors[:VISITORS_OF_A_SHOP]) == VISITORS_OF_A_SHOP else ""


def tell_of_one_address(buyer: Buyer) -> None:
    """Log that nobody's own address arrives here; each process looks once an hour at most."""
    if not is_private(buyer.network):
        return
    now = time.monotonic()
    if now < _next_look["at"]:
        return
    if address := one_private_address():
        _next_look["at"] = now + LOOK_EVERY_SECONDS
        log.warning(
            "all checkouts come from one private address",
            address=address,
            mend="Set TRUSTED_PROXIES to the number of proxies before the shop.",
        )


_next_look = {"at": 0.0}
