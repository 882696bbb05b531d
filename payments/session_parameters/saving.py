"""Who the customer is at Stripe, and whether the page offers to keep the card."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from payments.models import CheckoutSession
from shop.orders.models import Order

TERMS = gettext_noop(
    "If you tick the box, we keep your card with Stripe for your next purchase here. "
    "You can remove it on this page at any time."
)
TERMS_REUSE = gettext_noop(
    "By paying you agree that we keep this payment method with Stripe and use it for later "
    "purchases that you ask us for."
)


def saving(session: CheckoutSession, order: Order) -> dict[str, Any]:
    """Who the customer is at Stripe, and whether the page offers to keep the card."""
    parameters: dict[str, Any] = {}
    if session.customer is not None:
        parameters["customer"] = session.customer.stripe_customer_id
        parameters["customer_update"] = {"address": "auto", "name": "auto"}
        if session.delivery:
            parameters["customer_update"]["shipping"] = "auto"
    elif settings.PAYMENT_METHOD_SAVE:
        parameters["customer_creation"] = "always"
        if order.user is not None and _is_deliverable(order.user.email):
            parameters["customer_email"] = order.user.email
    if settings.PAYMENT_METHOD_SAVE:
        parameters["saved_payment_method_options"] = {
            "payment_method_save": "enabled",
            "payment_method_remove": "enabled" if settings.PAYMENT_METHOD_REMOVE else "disabled",
        }
    return parameters


def terms_of_saving(order: Order) -> str:
    """What keeping a card means, in the order's language; empty where none is kept."""
    if not (settings.PAYMENT_METHOD_SAVE or settings.SETUP_FUTURE_USAGE):
        return ""
    with translation.override(order.language):
        return _(TERMS_REUSE if settings.SETUP_FUTURE_USAGE else TERMS)


def _is_deliverable(address: str) -> bool:
    """Whether Stripe would take it: Django's own check also lets `name@localhost` pass."""
    try:
        EmailValidator(allowlist=[])(address)
    except ValidationError:
        return False
    return True
