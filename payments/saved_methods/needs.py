"""What still needs a saved method: an order that is under way, what is paid again and again."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from payments.models import LaterCharge, Payment, SavedMethod, Subscription

# Its money is under way, or held and not taken.
UNDER_WAY = [
    Payment.Status.PENDING,
    Payment.Status.REQUIRES_ACTION,
    Payment.Status.PROCESSING,
    Payment.Status.AUTHORIZED,
]


class StillNeeded(Exception):
    """It cannot be removed now; the message says why, and what to do."""


@dataclass(frozen=True)
class Need:
    """Where a method is used, and how it can be let go of there, in two sentences."""

    said: str
    way_out: str


def needs(methods: Iterable[SavedMethod]) -> dict[str, list[str]]:
    """By Stripe's id of each: where it is used, in sentences; nothing for one that may go."""
    found = _found(list(methods))
    return {method_id: [need.said for need in some] for method_id, some in found.items()}


def ways_out(method: SavedMethod) -> list[str]:
    """What would have to be done first, in sentences."""
    some = _found([method]).get(method.stripe_payment_method_id, [])
    return list(dict.fromkeys(need.way_out for need in some))


def check(method: SavedMethod) -> None:
    """Raises StillNeeded."""
    if some := _found([method]).get(method.stripe_payment_method_id):
        way_out = dict.fromkeys(need.way_out for need in some)
        raise StillNeeded(" ".join([*(need.said for need in some), *way_out]))


def _found(methods: list[SavedMethod]) -> dict[str, list[Need]]:
    found: dict[str, list[Need]] = {}
    for method_id, need in [
        *_by_payments(methods),
        *_by_charges(methods),
        *_by_subscriptions(methods),
    ]:
        found.setdefault(method_id, []).append(need)
    return found


def _by_payments(methods: list[SavedMethod]) -> Iterable[tuple[str, Need]]:
    payments = Payment.objects.filter(
        session__customer__in={method.customer_id for method in methods},
        stripe_payment_method_id__in=[method.stripe_payment_method_id for method in methods],
        status__in=UNDER_WAY,
        order__isnull=False,
    ).select_related("order")
    for payment in payments.order_by("created_at"):
        said = _("It pays order %(number)s, which is under way.") % {
            "number": payment.order.number if payment.order else ""
        }
        way_out = _("You can remove it once that is paid.")
        yield payment.stripe_payment_method_id, Need(said, way_out)


def _by_charges(methods: list[SavedMethod]) -> Iterable[tuple[str, Need]]:
    charges = LaterCharge.objects.filter(
        method__in=methods, status=LaterCharge.Status.CHARGING
    ).select_related("order", "method")
    for charge in charges:
        said = _("It is being charged for order %(number)s: %(what)s.") % {
            "number": charge.order.number,
            "what": charge.for_what,
        }
        way_out = _("You can remove it once that is paid.")
        yield charge.method.stripe_payment_method_id, Need(said, way_out)


def _by_subscriptions(methods: list[SavedMethod]) -> Iterable[tuple[str, Need]]:
    """Of what is live, that which names the method, or names none and so takes the default."""
    ids = {method.stripe_payment_method_id for method in methods}
    customers = {method.customer_id for method in methods}
    named = Q(stripe_payment_method_id__in=ids)
    unnamed = Q(stripe_payment_method_id="", customer__stripe_default_method_id__in=ids)
    live = Subscription.objects.filter(
        named | unnamed, customer__in=customers, status__in=Subscription.LIVE
    )
    for row in live.select_related("customer").prefetch_related("items").order_by("created_at"):
        goods = [item.title for item in row.items.all() if not item.is_delivery]
        said = _("It pays your subscription: %(things)s.") % {"things": ", ".join(goods)}
        way_out = _("Choose something else to pay the subscription with, or end it, first.")
        default = row.customer.stripe_default_method_id if row.customer else ""
        yield row.stripe_payment_method_id or default, Need(said, way_out)
