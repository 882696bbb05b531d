"""What a Checkout Session is asked for: frozen in its request before the call."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from payments.models import CheckoutSession
from payments.policy import asks_for_hold
from shop.catalog.stripe_sync.synced_ids import synced_price_ids, synced_product_ids
from shop.models import Installation
from shop.orders.models import Order, OrderLine

# Methods that can hold money and that a shop like this meets (docs.stripe.com/payments/
# place-a-hold-on-a-payment-method); the others stay on offer and arrive captured.
CAN_HOLD = ["card", "link", "klarna", "paypal", "amazon_pay", "revolut_pay"]
TERMS = gettext_noop(
    "If you tick the box, we keep your card with Stripe for your next purchase here. "
    "You can remove it on this page at any time."
)
TERMS_REUSE = gettext_noop(
    "By paying you agree that we keep this payment method with Stripe and use it for later "
    "purchases that you ask us for."
)
# What Stripe's page speaks (the SDK's own list, SessionCreateParams.locale).
SPOKEN = (
    "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb "
    "nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW"
).split()


def parameters_of(session: CheckoutSession, order: Order) -> dict[str, Any]:
    """The whole request, as plain JSON; amounts in minor units, times in Unix seconds."""
    marks = {
        "shop": Installation.current(),
        "order": str(order.pk),
        "session": str(session.pk),
    }
    lines = list(order.lines.select_related("variant", "price__variant"))
    prices = synced_price_ids([line.price for line in lines])
    products = synced_product_ids([line.variant for line in lines if line.price.is_chosen])
    return {
        "mode": session.mode,
        "line_items": [
            _line_item(line, prices.get(line.price_id), products.get(line.variant_id))
            for line in lines
        ],
        # Of a Price in several currencies, today's or of earlier days, the order's: Stripe would
        # choose by where the visitor is.
        "currency": order.currency,
        "success_url": f"{settings.SITE_URL}/success?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{settings.SITE_URL}/cancel",
        "locale": _locale(order),
        "expires_at": int(session.expires_at.timestamp()),
        "client_reference_id": str(order.pk),
        "metadata": marks,
        # A session's metadata is not copied to its PaymentIntent.
        "payment_intent_data": _intent_data(order, marks),
        "branding_settings": {"display_name": settings.SHOP_NAME},
        # What the customer is shown is what the order says.
        "adaptive_pricing": {"enabled": False},
        **_holds(order),
        **_delivery(session, order),
        **_saving(session, order),
    }


def _locale(order: Order) -> str:
    """The language the customer read in the shop; the browser's where Stripe does not speak it."""
    spoken = {tag.lower(): tag for tag in SPOKEN}
    return spoken.get(order.language.lower(), "auto")


def _line_item(
    line: OrderLine, stripe_price_id: str | None, stripe_product_id: str | None
) -> dict[str, Any]:
    """The synced Price while it is current, else the same amount inline."""
    item: dict[str, Any] = {"quantity": line.quantity, "metadata": {"line": str(line.position)}}
    if stripe_price_id and line.price.unit_amount == line.unit_amount:
        return {**item, "price": stripe_price_id}
    stated = {"currency": line.order.currency, "unit_amount": line.unit_amount}
    if stripe_product_id:
        return {**item, "price_data": {**stated, "product": stripe_product_id}}
    name = f"{line.title} ({line.choice})" if line.choice else line.title
    described = {"name": name[:250], "metadata": {"sku": line.sku}}
    return {**item, "price_data": {**stated, "product_data": described}}


def _intent_data(order: Order, marks: dict[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {"metadata": marks, "description": f"Order {order.number}"}
    if asks_for_hold(order) and settings.CAPTURE_HOLD == "all":
        data["capture_method"] = "manual"
    if settings.SETUP_FUTURE_USAGE:
        data["setup_future_usage"] = settings.SETUP_FUTURE_USAGE
    return data


def _holds(order: Order) -> dict[str, Any]:
    if not asks_for_hold(order) or settings.CAPTURE_HOLD == "all":
        return {}
    return {"payment_method_options": {name: {"capture_method": "manual"} for name in CAN_HOLD}}


def _delivery(session: CheckoutSession, order: Order) -> dict[str, Any]:
    """Where it may go and how: what the session keeps, and nothing else."""
    if not session.delivery:
        return {}
    options = [_shipping_option(option, order) for option in session.delivery["options"]]
    return {
        "shipping_address_collection": {"allowed_countries": session.delivery["countries"]},
        "shipping_options": options,
    }


def _shipping_option(option: dict[str, Any], order: Order) -> dict[str, Any]:
    estimate = {
        "minimum": {"unit": "business_day", "value": option["min_days"]},
        "maximum": {"unit": "business_day", "value": option["max_days"]},
    }
    return {
        "shipping_rate_data": {
            "display_name": option["name"],
            "type": "fixed_amount",
            "fixed_amount": {"amount": option["amount"], "currency": order.currency},
            "delivery_estimate": estimate,
            "metadata": {"method": str(option["method"])},
        }
    }


def _saving(session: CheckoutSession, order: Order) -> dict[str, Any]:
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
    if settings.PAYMENT_METHOD_SAVE or settings.SETUP_FUTURE_USAGE:
        terms = TERMS_REUSE if settings.SETUP_FUTURE_USAGE else TERMS
        with translation.override(order.language):
            parameters["custom_text"] = {"submit": {"message": _(terms)}}
    return parameters


def _is_deliverable(address: str) -> bool:
    """Whether Stripe would take it: Django's own check also lets `name@localhost` pass."""
    try:
        EmailValidator(allowlist=[])(address)
    except ValidationError:
        return False
    return True
