"""What still needs a saved method. What pays again and again, too, has its line here."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from payments.models import LaterCharge, Payment, SavedMethod

# Its money is under way, or held and not taken.
UNDER_WAY = [
    Payment.Status.PENDING,
    Payment.Status.REQUIRES_ACTION,
    Payment.Status.PROCESSING,
    Payment.Status.AUTHORIZED,
]


class StillNeeded(Exception):
    """It cannot be removed now; the message says why, and what to do."""


def needs(methods: Iterable[SavedMethod]) -> dict[str, list[str]]:
    """By Stripe's id of each: where it is used, in sentences; nothing for one that may go."""
    methods = list(methods)
    ids = [method.stripe_payment_method_id for method in methods]
    found: dict[str, list[str]] = {}
    payments = Payment.objects.filter(
        session__customer__in={method.customer_id for method in methods},
        stripe_payment_method_id__in=ids,
        status__in=UNDER_WAY,
        order__isnull=False,
    ).select_related("order")
    for payment in payments.order_by("created_at"):
        said = _("It pays order %(number)s, which is under way.") % {
            "number": payment.order.number if payment.order else ""
        }
        found.setdefault(payment.stripe_payment_method_id, []).append(said)
    charges = LaterCharge.objects.filter(
        method__in=methods, status=LaterCharge.Status.CHARGING
    ).select_related("order", "method")
    for charge in charges:
        said = _("It is being charged for order %(number)s: %(what)s.") % {
            "number": charge.order.number,
            "what": charge.for_what,
        }
        found.setdefault(charge.method.stripe_payment_method_id, []).append(said)
    return found


def check(method: SavedMethod) -> None:
    """Raises StillNeeded."""
    if said := needs([method]).get(method.stripe_payment_method_id):
        way_out = _("You can remove it once that is paid.")
        raise StillNeeded(" ".join([*said, way_out]))
