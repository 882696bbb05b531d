"""Files, words and keys are handed out in the transaction that finds the order paid."""

from collections.abc import Iterable
from functools import partial

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from kombu.exceptions import OperationalError

from fulfillment.digital.models import DigitalDelivery
from shop.catalog import digital_goods
from shop.catalog.models import DigitalGood
from shop.orders.models import Order, OrderLine

log = structlog.get_logger(__name__)

LATE_TASK = "fulfillment.hand_out_late"


def hand_out(order: Order, lines: Iterable[OrderLine]) -> bool:
    """Give these lines what their variants give, once; whether all of it was there.

    The order is locked by the caller. A key that is missing follows: see `top_up`.
    """
    by_variant = {line.variant_id: line for line in lines if line.left}
    goods = DigitalGood.objects.filter(
        variant__in=digital_goods.giving(line.variant for line in by_variant.values())
    )
    # In the order of variants, in which everybody takes keys.
    deliveries = [
        _delivery(order, by_variant[good.variant_id], good) for good in goods.order_by("variant_id")
    ]
    # Each is topped up, also where one before it lacks some.
    is_full = [top_up(delivery) for delivery in deliveries]
    return all(is_full)


def top_up(delivery: DigitalDelivery) -> bool:
    """Take the keys that it lacks, as far as there are some; whether it has all of them now."""
    if delivery.keys_missing:
        taken = digital_goods.take_keys(
            delivery.order_line.variant_id, delivery.keys_missing, taker=delivery.pk
        )
        delivery.keys_missing -= taken
        delivery.save(update_fields=["keys_missing"])
    return not delivery.keys_missing


def allow_more(delivery: DigitalDelivery, number: int) -> None:
    """Let its buyer download it so many times more."""
    same = DigitalDelivery.objects.filter(pk=delivery.pk)
    same.update(downloads_allowed=F("downloads_allowed") + number)


def ring_for_waiting(variant_id: int) -> None:
    """Have a worker serve those who wait for keys of this variant, on commit.

    Without a broker the next look for trouble does it.
    """
    transaction.on_commit(partial(_ring, variant_id), robust=True)


def _ring(variant_id: int) -> None:
    try:
        # Where mails and captures wait for others, this need not hold them up.
        current_app.send_task(LATE_TASK, kwargs={"variant_id": variant_id}, queue="sweep")
    except OperationalError as error:
        log.warning("bell not rung", kind=LATE_TASK, row=str(variant_id), why=str(error))


def waiting() -> QuerySet[DigitalDelivery]:
    """Those that lack keys, the oldest first."""
    return DigitalDelivery.objects.filter(keys_missing__gt=0).order_by("delivered_at", "pk")


def _delivery(order: Order, line: OrderLine, good: DigitalGood) -> DigitalDelivery:
    keys = line.left if good.gives_keys else 0
    delivery, _ = DigitalDelivery.objects.get_or_create(
        order_line=line,
        defaults={
            "order": order,
            "file_id": good.file_id,
            "text": good.text,
            "keys_due": keys,
            "keys_missing": keys,
            "downloads_allowed": settings.DOWNLOADS_ALLOWED * line.left,
        },
    )
    return delivery
