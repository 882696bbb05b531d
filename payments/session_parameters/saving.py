"""Who the customer is at Stripe, what is kept there of what they pay with, and on which terms."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from payments.models import CheckoutSession, SavedMethod
from shop.orders.models import Order

Use = SavedMethod.SetUpBy

TERMS = gettext_noop(
    "If you tick the box, we keep your card with Stripe for your next purchase here. "
    "You can remove it on this page at any time."
)
TERMS_REUSE = gettext_noop(
    "By paying you agree that we keep this payment method with Stripe and use it for later "
    "purchases that you ask us for."
)
TERMS_LATER = gettext_noop(
    "By paying you agree that we keep this payment method with Stripe and may charge it later, "
    "also while you are not here, with what you owe us by what you have ordered and by our terms "
    "of sale. You can withdraw this by removing it in your account, or by a message to us."
)
TERMS_SETUP = gettext_noop(
    "By saving this payment method you agree that we keep it with Stripe, offer it to you when you "
    "pay here, and may charge it later, also while you are not here, with what you owe us by what "
    "you have ordered and by our terms of sale. You can withdraw this by removing it in your "
    "account, or by a message to us."
)
TERMS_SUBSCRIPTION = gettext_noop(
    "By subscribing you agree that we keep this payment method with Stripe and charge it each time "
    "your subscription renews, until it is canceled. You can cancel it in your account, or by a "
    "message to us."
)
TEXTS = {
    Use.TICK: TERMS,
    Use.ON_SESSION: TERMS_REUSE,
    Use.OFF_SESSION: TERMS_LATER,
    Use.SETUP: TERMS_SETUP,
    Use.SUBSCRIPTION: TERMS_SUBSCRIPTION,
}
# What lets the method be used most comes last.
STRICTEST = ["", "on_session", "off_session"]


def terms(use: SavedMethod.SetUpBy, language: str) -> dict[str, str]:
    """What is agreed to, as CheckoutSession.saving keeps it.

    The version is the text's own mark: who changes a text cannot forget to raise it.
    """
    text = TEXTS[use]
    with translation.override(language):
        said = _(text)
    version = hashlib.sha256(text.encode()).hexdigest()[:12]
    return {"use": use.value, "text": said, "version": f"{language}:{version}"}


def terms_of_paying(order: Order, *, renews: bool) -> dict[str, str]:
    """What paying for this order agrees to; empty where nothing is kept."""
    if renews:
        return terms(Use.SUBSCRIPTION, order.language)
    if usage := _future_usage(order):
        return terms(Use(usage), order.language)
    return terms(Use.TICK, order.language) if settings.PAYMENT_METHOD_SAVE else {}


def _future_usage(order: Order) -> str:
    """For what the method is kept: as the setting says, or the strictest of what is bought."""
    wished = order.lines.values_list("variant__product__setup_future_usage", flat=True)
    return max([settings.SETUP_FUTURE_USAGE, *wished], key=STRICTEST.index)


def future_usage(session: CheckoutSession) -> dict[str, str]:
    """What PaymentIntents are told of it."""
    usage = session.saving.get("use", "")
    return {"setup_future_usage": usage} if usage in STRICTEST[1:] else {}


def saving(session: CheckoutSession, order: Order) -> dict[str, Any]:
    """Who the customer is at Stripe, and whether the page offers to keep the card."""
    parameters: dict[str, Any] = {}
    if session.customer is not None:
        parameters.update(session.customer.named)
    # The page of an Account (Accounts v2) writes nothing back.
    if "customer" in parameters:
        parameters["customer_update"] = {"address": "auto", "name": "auto"}
        # What Stripe proposes to a log-in is the default of its address book, wherever this goes.
        if session.delivery and session.user is None:
            parameters["customer_update"]["shipping"] = "auto"
    elif session.customer is None and session.is_subscription:
        # This mode always makes one.
        parameters.update(_typed_for(order.user))
    elif session.customer is None and settings.PAYMENT_METHOD_SAVE:
        parameters.update(new_customer(order.user))
    if settings.PAYMENT_METHOD_SAVE:
        filters = settings.PAYMENT_METHOD_REDISPLAY_FILTERS
        parameters["saved_payment_method_options"] = {
            "payment_method_save": "enabled",
            "payment_method_remove": "enabled" if settings.PAYMENT_METHOD_REMOVE else "disabled",
            **({} if filters == ["always"] else {"allow_redisplay_filters": filters}),
        }
    if shown := settings.PAYMENT_METHOD_ALLOW_REDISPLAY:
        parameters["payment_method_data"] = {"allow_redisplay": shown}
    return parameters


def new_customer(user: Any) -> dict[str, str]:
    """A customer to be made of what is typed on the page; a user's address stands there."""
    return {"customer_creation": "always", **_typed_for(user)}


def _typed_for(user: Any) -> dict[str, str]:
    email = user.email if user is not None and _is_deliverable(user.email) else ""
    return {"customer_email": email} if email else {}


def _is_deliverable(address: str) -> bool:
    """Whether Stripe would take it: Django's own check also lets `name@localhost` pass."""
    try:
        EmailValidator(allowlist=[])(address)
    except ValidationError:
        return False
    return True
