"""Where things may go, and how: what the session keeps, and nothing else."""

from typing import Any

from payments.models import CheckoutSession
from payments.session_parameters.tax import behavior
from shop.orders.models import Order


def delivery(session: CheckoutSession, order: Order) -> dict[str, Any]:
    """What was decided on before the call; nothing for what is not sent."""
    if not session.delivery:
        return {}
    if session.is_subscription:
        # What it costs stands among the lines.
        return {"shipping_address_collection": {"allowed_countries": session.delivery["countries"]}}
    options = [_shipping_option(option, order, session) for option in session.delivery["options"]]
    return {
        "shipping_address_collection": {"allowed_countries": session.delivery["countries"]},
        "shipping_options": options,
    }


def _shipping_option(
    option: dict[str, Any], order: Order, session: CheckoutSession
) -> dict[str, Any]:
    estimate = {
        "minimum": {"unit": "business_day", "value": option["min_days"]},
        "maximum": {"unit": "business_day", "value": option["max_days"]},
    }
    return {
        "shipping_rate_data": {
            "display_name": option["name"],
            "type": "fixed_amount",
            "fixed_amount": {
                "amount": option["amount"],
                "currency": order.currency,
                **_elsewhere(option, order, session),
            },
            "delivery_estimate": estimate,
            "metadata": {"method": str(option["method"])},
            **_taxed(option, session),
        }
    }


def _elsewhere(
    option: dict[str, Any], order: Order, session: CheckoutSession
) -> dict[str, dict[str, Any]]:
    """What it costs in the other currencies that Stripe may choose."""
    options = {
        currency: {"amount": kept["deliveries"][str(option["method"])], **behavior(session)}
        for currency, kept in session.currencies.items()
        if currency != order.currency
    }
    return {"currency_options": options} if options else {}


def _taxed(option: dict[str, Any], session: CheckoutSession) -> dict[str, str]:
    if not session.is_taxed_by_stripe:
        return {}
    return {**behavior(session), "tax_code": session.tax["deliveries"][str(option["method"])]}
