"""No more reminders: by the link in one, or in the account. Both say it of the address."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from fulfillment.emails.sending import one_click
from shop.accounts.models import User
from shop.orders.models import Order

# Of the key in a mail's address. It names an order and no e-mail address: logs keep addresses.
SALT = "fulfillment.reminders"


def way_out(order: Order) -> tuple[str, dict[str, str]]:
    """Where who gets this order's reminder ends them, and what tells mail programs so."""
    key = Signer(salt=SALT, sep=".").sign(order.pk.hex)
    address = settings.SITE_URL + reverse("fulfillment:reminders_off", args=[key])
    return address, one_click(address)


def email_of(key: str) -> str | None:
    """Whose key it is; empty where they have ended them, None if it is not ours."""
    try:
        pk = Signer(salt=SALT, sep=".").unsign(key)
    except BadSignature:
        return None
    order = Order.objects.filter(pk=pk).first()
    return order.recovery_email if order else ""


@transaction.atomic
def refuse(email: str) -> None:
    """From now on nothing is sent that was asked for before, and the account's box is empty.

    Whoever ticks the box in a cart anew is reminded of that one.
    """
    Order.objects.filter(recovery_email__iexact=email).update(recovery_email="")
    User.objects.filter(email__iexact=email).update(wants_reminders=False)
