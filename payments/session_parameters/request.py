"""What a Checkout Session is asked for: frozen in its request before the call."""

from typing import Any

from django.conf import settings

from payments.models import CheckoutSession
from payments.policy import asks_for_hold
from payments.session_parameters.contact import contact
from payments.session_parameters.delivery import delivery
from payments.session_parameters.discount import codes
from payments.session_parameters.invoice import invoice
from payments.session_parameters.line_items import line_items
from payments.session_parameters.page_changes import optional_items
from payments.session_parameters.questions import questions
from payments.session_parameters.saving import future_usage, saving
from payments.session_parameters.subscription import subscription_data
from payments.session_parameters.tax import tax
from payments.session_parameters.words import locale_of, words
from shop.models import Installation
from shop.orders.models import Order

# Methods that can hold money and that a shop like this meets (docs.stripe.com/payments/
# place-a-hold-on-a-payment-method); the others stay on offer and arrive captured.
CAN_HOLD = ["card", "link", "klarna", "paypal", "amazon_pay", "revolut_pay"]


def parameters_of(session: CheckoutSession, order: Order) -> dict[str, Any]:
    """The whole request, as plain JSON; amounts in minor units, times in Unix seconds."""
    marks = {
        "shop": Installation.current(),
        "order": str(order.pk),
        "session": str(session.pk),
    }
    return {
        "mode": session.mode,
        "line_items": line_items(session, order),
        # Of a Price in several currencies, today's or of earlier days, the order's: Stripe would
        # choose by where the visitor is, and does where it was left to it.
        **({} if session.currencies else {"currency": order.currency}),
        "success_url": f"{settings.SITE_URL}/success?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{settings.SITE_URL}/cancel",
        "locale": locale_of(order.language),
        "expires_at": int(session.expires_at.timestamp()),
        "client_reference_id": str(order.pk),
        "metadata": marks,
        "branding_settings": {"display_name": settings.SHOP_NAME, **settings.BRANDING},
        **_how_it_is_paid(session, order, marks),
        **delivery(session, order),
        **codes(session),
        **questions(session),
        **contact(session, order),
        **tax(session),
        **saving(session, order),
        **words(session, order),
    }


def _how_it_is_paid(
    session: CheckoutSession, order: Order, marks: dict[str, str]
) -> dict[str, Any]:
    """Once, and perhaps held; or again and again: then at once, and by the terms of the
    subscription alone. A copy of such a page could charge what is sold out by then, so there is
    none.
    """
    if session.is_subscription:
        return {"subscription_data": subscription_data(session, order, marks)}
    return {
        # A session's metadata is not copied to its PaymentIntent.
        "payment_intent_data": _intent_data(session, order, marks),
        "adaptive_pricing": {"enabled": _is_adaptive(session, order)},
        **_holds(session, order),
        **invoice(session, order, marks),
        **_recovery(session),
        **optional_items(session),
    }


def _is_adaptive(session: CheckoutSession, order: Order) -> bool:
    """Whether customers may pay in a currency of their own; the order's amounts stay as they are.

    Not where money is held: what a capture comes to in the other currency nobody has seen yet.
    """
    return bool(settings.ADAPTIVE_PRICING) and not _is_held(session, order)


def _intent_data(session: CheckoutSession, order: Order, marks: dict[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {"metadata": marks, "description": f"Order {order.number}"}
    if _is_held(session, order) and settings.CAPTURE_HOLD == "all":
        data["capture_method"] = "manual"
    return {**data, **future_usage(session)}


def _holds(session: CheckoutSession, order: Order) -> dict[str, Any]:
    if not _is_held(session, order) or settings.CAPTURE_HOLD == "all":
        return {}
    return {"payment_method_options": {name: {"capture_method": "manual"} for name in CAN_HOLD}}


def _is_held(session: CheckoutSession, order: Order) -> bool:
    return asks_for_hold(order, besides=session.besides, elsewhere=session.elsewhere)


def _recovery(session: CheckoutSession) -> dict[str, Any]:
    """An address that opens a copy of the page once it has expired.

    Not where something is taken off: others may have what was given back with the first page.
    """
    if settings.CHECKOUT_RECOVERY != "stripe" or "name" in session.discount:
        return {}
    codes = settings.CHECKOUT_RECOVERY_PROMOTION_CODES
    return {"after_expiration": {"recovery": {"enabled": True, "allow_promotion_codes": codes}}}
