"""What the shop keeps of wishes, letters and lost links, and for how long.

A mail to a customer is written when it is sent: its words are kept nowhere, only that it was sent.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from fulfillment.models import BackInStock, ContactMessage, OrderLink, StockAlert
from shop.accounts.privacy.retention import Rule
from shop.work import Work

DONE = Work.Status.DONE


def _told_alerts(before: datetime) -> QuerySet[StockAlert]:
    """But for those whose mail is still to be sent, or was given up and waits for a person."""
    mails = BackInStock.objects.filter(alert=OuterRef("pk")).exclude(status=DONE)
    return StockAlert.objects.filter(~Exists(mails), told_at__lt=before)


def _answered(before: datetime) -> QuerySet[ContactMessage]:
    """What could not be sent on stays, whatever its age."""
    return ContactMessage.objects.filter(status=DONE, created_at__lt=before)


RULES = [
    Rule(
        "alerts_sent",
        "ALERTS_SENT",
        _("The wish to be told that a thing is back, once the mail was sent"),
        _told_alerts,
    ),
    Rule(
        "alerts",
        "ALERTS",
        _("The same, while the thing is not back"),
        lambda before: StockAlert.objects.filter(told_at=None, created_at__lt=before),
    ),
    Rule("messages", "MESSAGES", _("Messages that you send us by the form"), _answered),
    Rule(
        "order_links",
        "ORDER_LINKS",
        _("That somebody asked for the link to an order"),
        lambda before: OrderLink.objects.filter(status=DONE, created_at__lt=before),
    ),
]
