"""What the shop keeps of carts and of who is behind a browser, and for how long."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shop.accounts.privacy.retention import Rule
from shop.orders.models import Cart, DiscountUse, Order

Status = Order.Status
# Something may still come of them, or is to be undone.
UNDER_WAY = [Status.PENDING, Status.PROCESSING]


def _old_carts(before: Any) -> QuerySet[Cart]:
    """But for those of an order under way, which finds its cart when it is bought."""
    under_way = Order.objects.filter(status__in=UNDER_WAY)
    bought = under_way.filter(Q(cart=OuterRef("pk")) | Q(bought_from=OuterRef("pk")))
    return Cart.objects.filter(~Exists(bought), updated_at__lt=before)


def _old_reminders(before: Any) -> QuerySet[Order]:
    """Addresses for a reminder, of what was never bought; what may still be paid keeps its own."""
    over = [Status.EXPIRED, Status.PAYMENT_FAILED, Status.CANCELLED]
    old = Order.objects.filter(created_at__lt=before, status__in=over)
    return old.exclude(recovery_email="")


def _of_browsers(before: Any) -> QuerySet[Order]:
    old = Order.objects.filter(created_at__lt=before, visitor__isnull=False)
    return old.exclude(status__in=UNDER_WAY)


def _uses_of_browsers(before: Any) -> QuerySet[DiscountUse]:
    """While a discount counts who had it, it is counted whole."""
    return DiscountUse.objects.filter(
        at__lt=before, visitor__isnull=False, discount__is_active=False
    )


RULES = [
    Rule("carts", "CARTS", _("Carts that nobody has changed"), _old_carts),
    Rule(
        "reminders",
        "REMINDERS",
        _("The e-mail address for a reminder, of an order that was not paid"),
        _old_reminders,
        lambda rows: rows.update(recovery_email=""),
    ),
    Rule(
        "visitors",
        "VISITORS",
        _("With which browser an order was made"),
        _of_browsers,
        lambda rows: rows.update(visitor=None),
    ),
    Rule(
        "discount_visitors",
        "VISITORS",
        _("With which browser a discount was used, once the discount has ended"),
        _uses_of_browsers,
        lambda rows: rows.update(visitor=None),
    ),
]
