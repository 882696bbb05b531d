"""The mail that says that a thing is back: sent once, and only while it is."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.http import urlencode

from fulfillment.emails.sending import (
    composed,
    hand_over,
    one_click,
    shop_context,
    written,
)
from fulfillment.restock import alerts
from fulfillment.restock.models import BackInStock, StockAlert
from shop import work
from shop.accounts.language import language_for
from shop.work import Outcome


def send(mail: BackInStock) -> None:
    """Send it if the thing is still there; no transaction is open while the server is asked."""
    alert = StockAlert.objects.select_related("variant__product").get(pk=mail.alert_id)
    if not alerts.is_there(alert.variant):
        alerts.wait_on(alert)
        work.finish(mail, Outcome.OVERTAKEN)
        return
    hand_over(compose(mail, alert))
    work.finish(mail, Outcome.SENT)


def compose(mail: BackInStock, alert: StockAlert) -> EmailMultiAlternatives:
    """In the language of the page on which it was asked for, unless its account has another."""
    language = language_for(alert.email) or alert.language
    return composed(lambda: _written(mail, alert), language=language)


def _written(mail: BackInStock, alert: StockAlert) -> EmailMultiAlternatives:
    off = settings.SITE_URL + reverse("fulfillment:alerts_off", args=[alerts.key_of(alert)])
    context = {**_context(alert), "off_url": off, **shop_context()}
    return written("back_in_stock", context, to=alert.email, row=mail, headers=one_click(off))


def _context(alert: StockAlert) -> dict[str, Any]:
    variant = alert.variant
    query = urlencode({"variant": variant.sku, "language": alert.language})
    return {
        "thing": variant.name,
        "product_url": f"{settings.SITE_URL}{variant.product.get_absolute_url()}?{query}",
    }
