"""Wishes to be told: taken down, counted against what is there again, and called off."""

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from fulfillment.restock.models import BackInStock, StockAlert
from shop import work
from shop.catalog.models import Price, Product, Variant

# Of the key in a mail's address. It names a wish and no e-mail address: logs keep addresses.
SALT = "fulfillment.restock"
# As many are decided on in one transaction.
AT_ONCE = 500


def sold_out(sku: str) -> Variant | None:
    """The variant of that SKU, if it is for sale and none of it is left."""
    variant = _offered().filter(sku=sku).select_related("product").first()
    return None if variant is None or _there().filter(pk=variant.pk).exists() else variant


def is_there(variant: Variant) -> bool:
    """Whether one of it can be bought now."""
    return _there().filter(pk=variant.pk).exists()


def wait(variant: Variant, email: str, language: str) -> None:
    """Take the wish down; one that waits already is the same."""
    StockAlert.objects.bulk_create(
        [StockAlert(variant=variant, email=email, language=language)], ignore_conflicts=True
    )


def tell() -> None:
    """Write the mails of what is back, a batch in each transaction."""
    while _tell_some() == AT_ONCE:
        pass


@transaction.atomic(durable=True)
def _tell_some() -> int:
    waiting = (
        StockAlert.objects.select_for_update(skip_locked=True)
        .filter(told_at=None, variant__in=_there())
        .order_by("created_at", "pk")[:AT_ONCE]
    )
    alerts = list(waiting)
    StockAlert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(told_at=timezone.now())
    mails = BackInStock.objects.bulk_create(BackInStock(alert=alert) for alert in alerts)
    if mails:
        work.ring(mails)
    return len(alerts)


@transaction.atomic
def wait_on(alert: StockAlert) -> None:
    """What was back is gone again, before its mail went: the wish waits on.

    Unless the customer has asked anew meanwhile.
    """
    again = StockAlert.objects.filter(
        variant=alert.variant_id, email__iexact=alert.email, told_at=None
    )
    if not again.exists():
        StockAlert.objects.filter(pk=alert.pk).update(told_at=None)


def key_of(alert: StockAlert) -> str:
    """Opens the page that calls off all that the address of this wish waits for."""
    return Signer(salt=SALT, sep=".").sign(alert.pk.hex)


def email_of(key: str) -> str | None:
    """Whose key it is; empty where nothing is kept of them any more, None if it is not ours."""
    try:
        pk = Signer(salt=SALT, sep=".").unsign(key)
    except BadSignature:
        return None
    alert = StockAlert.objects.filter(pk=pk).first()
    return alert.email if alert else ""


def call_off(email: str) -> None:
    """Whoever asks for it is written to no more; also not of what is back already."""
    StockAlert.objects.filter(email__iexact=email).delete()


def waiting(email: str) -> QuerySet[StockAlert]:
    """What the address waits for, the newest wish first."""
    waits = StockAlert.objects.filter(email__iexact=email, told_at=None)
    return waits.select_related("variant__product").order_by("-created_at", "pk")


def _offered() -> QuerySet[Variant]:
    """What has a price in some currency, once or again and again, and is shown."""
    prices = Price.objects.asked()
    return Variant.objects.filter(
        is_active=True,
        product__status=Product.Status.ACTIVE,
        pk__in=prices.values("variant"),
    )


def _there() -> QuerySet[Variant]:
    return _offered().filter(stock__reserved__lt=F("stock__on_hand") + F("stock__backorder"))
