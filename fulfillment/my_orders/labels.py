"""Where an order stands, in two or three words, for lists; its own page says it in full."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shop.orders.models import Order

Status = Order.Status

LABELS: dict[str, str | Promise] = {
    Status.PENDING: _("Not paid yet"),
    Status.PROCESSING: _("Payment under way"),
    Status.CONFIRMED: _("Being prepared"),
    Status.PARTLY_SHIPPED: _("Sent in part"),
    Status.SHIPPED: _("Sent"),
    Status.COMPLETED: _("Complete"),
    Status.CANCELLED: _("Cancelled"),
    Status.EXPIRED: _("Not paid in time"),
    Status.PAYMENT_FAILED: _("Payment failed"),
}
