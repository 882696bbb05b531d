"""A Checkout Session as it is made: lines, totals, methods, everything that was asked for."""

from typing import Any

from fake_stripe.billing import subscriptions, tax_settings
from fake_stripe.checkout import custom_fields
from fake_stripe.checkout.customers import (
    find_account,
    find_customer,
    known_details,
    known_location,
    refuse_location,
)
from fake_stripe.checkout.methods import (
    intent_data_of,
    method_options,
    method_types,
    refuse_descriptor,
)
from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.ids import new_id, random_text
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import merged_metadata
from fake_stripe.methods import configurations, presentment
from fake_stripe.pricing import discounts, local_currency, order_changes, totals
from fake_stripe.pricing.lines import create_items
from fake_stripe.pricing.shipping import create_shipping_rate, in_currency
from fake_stripe.schema import Object, complete

SHORTEST = 30 * 60
LONGEST = 24 * 60 * 60

# Kept and answered as they were sent.
ECHOED = (
    "billing_address_collection", "cancel_url", "customer_account", "client_reference_id",
    "excluded_payment_method_types", "allowed_payment_method_types", "customer_email",
    "integration_identifier", "locale", "origin_context", "submit_type", "success_url",
    "wallet_options", "shipping_address_collection", "consent_collection",
)  # fmt: skip


def create_session(tx: Transaction, params: dict[str, Any]) -> Object:
    """Write a session that waits for its customer."""
    session_id = new_id("checkout.session")
    customer = find_customer(tx, params)
    find_account(tx, params)
    refuse_location(params, customer)
    tax_settings.refuse_inactive(tx, params)
    mode = params["mode"]
    subscriptions.refuse_trial(tx, params)
    expires_at, falls_due = expiry(tx, params)
    currency, items = None, list[Object]()
    if mode != "setup":
        email = (known_details(customer, params) or {}).get("email")
        params = {**params, **local_currency.chosen(tx, params, email)}
        currency, items = create_items(tx, session_id, params)
    options = create_shipping_options(tx, params, currency or "")
    session = tx.create(
        "checkout.session",
        id=session_id,
        **{name: params[name] for name in ECHOED if name in params},
        **optional_fields(tx, params),
        adaptive_pricing={"enabled": params.get("adaptive_pricing", {}).get("enabled", False)},
        after_expiration=after_expiration(params),
        allow_promotion_codes=params.get("allow_promotion_codes"),
        automatic_tax=automatic_tax(params),
        currency=currency or params.get("currency"),
        custom_fields=custom_fields.custom_fields(params),
        custom_text={name: text or None for name, text in params.get("custom_text", {}).items()},
        customer=customer["id"] if customer else None,
        customer_creation=customer_creation(params),
        customer_details=known_details(customer, params),
        expires_at=expires_at,
        invoice_creation=invoice_creation(params),
        metadata=merged_metadata({}, params.get("metadata")),
        mode=mode,
        payment_method_collection=params.get(
            "payment_method_collection", "if_required" if mode == "payment" else "always"
        ),
        payment_method_configuration_details=configurations.details(tx, params),
        payment_method_types=[],
        payment_status="unpaid",
        saved_payment_method_options=saved_options(params, customer),
        shipping_options=[
            {"shipping_amount": shipping_amount(tx, rate, currency), "shipping_rate": rate["id"]}
            for rate in options
        ],
        status="open",
        ui_mode="hosted_page",
        url=f"{tx.public_url}/c/pay/{session_id}#{fragment()}",
        _={
            "intent": intent_data_of(params),
            "customer_update": params.get("customer_update", {}),
            "location": known_location(customer),
            "params": params,
            "presented": presentment.chosen(
                params, (known_details(customer, params) or {}).get("email"), currency, items
            ),
            "redisplay": params.get("payment_method_data", {}).get("allow_redisplay"),
            "shipping_rate": options[0]["id"] if options else None,
            "wallets": configurations.offered(tx, params),
        },
    )
    if mode == "setup":
        types = method_types(tx, params, (params.get("currency") or "").lower(), 0)
        tx.change(
            session,
            payment_method_options=method_options(params, types),
            payment_method_types=types,
            payment_status="no_payment_required",
        )
    else:
        write_totals(tx, session, items, params)
    tx.schedule("expire_session", session_id, falls_due)
    return session


def fragment() -> str:
    """What stands behind the `#` of a page's address: only its browser can read it.

    Addresses are long at Stripe, which a column or a log has to bear.
    """
    return f"fidkdWxOYHwnPyd1blpxYHZxWjA0{random_text(90)}%2F{random_text(180)}%2F{random_text(60)}"


def asks_for_method(session: Object) -> bool:
    """Whether the customer has to name a payment method, even if nothing is due today."""
    return bool(session["amount_total"]) or session["payment_method_collection"] == "always"


def customer_creation(params: dict[str, Any]) -> str | None:
    """Whether a customer is made: always for an invoice, and no question in a subscription."""
    if "customer" in params or params["mode"] == "subscription":
        return None
    if params.get("invoice_creation", {}).get("enabled"):
        return "always"
    sent: str = params.get("customer_creation", "if_required")
    return sent


def invoice_creation(params: dict[str, Any]) -> Object | None:
    """Whether the payment is invoiced, and what the invoice says."""
    if params["mode"] != "payment":
        return None
    sent = params.get("invoice_creation", {})
    data = complete("checkout.session.InvoiceCreation.InvoiceData", sent.get("invoice_data", {}))
    return {"enabled": sent.get("enabled", False), "invoice_data": data}


def write_totals(
    tx: Transaction, session: Object, items: list[Object], params: dict[str, Any]
) -> None:
    """Apply the discount that was sent, work out the sums, and see which methods fit them."""
    if params.get("discounts"):
        subtotal = sum(item["amount_subtotal"] for item in items)
        discount = discounts.discount_of(tx, params, subtotal, session["currency"])
        totals.write_discount(tx, session, discount)
    sums = totals.counted(tx, session, items)
    types = method_types(tx, params, *presentment.paid_in(session, sums["amount_total"]))
    if types == ["card"]:
        refuse_descriptor(params)
    tx.change(
        session,
        **sums,
        payment_method_options=method_options(params, types),
        payment_method_types=types,
        payment_status="unpaid" if sums["amount_total"] else "no_payment_required",
    )


def automatic_tax(params: dict[str, Any]) -> Object:
    """Whether tax is worked out by the customer's address."""
    sent = params.get("automatic_tax", {})
    if not sent.get("enabled"):
        return {"enabled": False}
    return {
        "enabled": True,
        "liability": sent.get("liability", {"type": "self"}),
        "provider": "stripe",
        "status": "requires_location_inputs",
    }


def expiry(tx: Transaction, params: dict[str, Any]) -> tuple[int, int]:
    """When the session ends as the caller sees it, and on the account's clock.

    A time that is sent is checked against wall time, for the caller reads no other clock.
    """
    if "expires_at" not in params:
        return tx.now + LONGEST, tx.now + LONGEST
    sent: int = params["expires_at"]
    ahead = sent - (tx.now - tx.offset)
    if ahead < SHORTEST:
        message = (
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        )
        raise StripeError(message, param="expires_at")
    if ahead > LONGEST:
        message = (
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        )
        raise StripeError(message, param="expires_at")
    return sent, sent + tx.offset


def create_shipping_options(tx: Transaction, params: dict[str, Any], currency: str) -> list[Object]:
    """The rates to choose from; the first is chosen until the customer says otherwise."""
    rates = []
    for index, option in enumerate(params.get("shipping_options", [])):
        param = f"shipping_options[{index}][shipping_rate]"
        if "shipping_rate" in option:
            rate = tx.get("shipping_rate", option["shipping_rate"], param)
        else:
            rate = create_shipping_rate(tx, option["shipping_rate_data"])
        if not in_currency(tx, rate, currency):
            message = f"The shipping rate has no amount in the session's currency, {currency}."
            raise StripeError(message, param=param)
        rates.append(rate)
    return rates


def shipping_amount(tx: Transaction, rate: Object, currency: str | None) -> int:
    """What a rate costs in minor units of the session's currency; 0 where it has no amount."""
    return int((in_currency(tx, rate, currency or "") or {"amount": 0})["amount"])


def saved_options(params: dict[str, Any], customer: Object | None) -> Object | None:
    """Whether cards may be kept, shown again and removed on the page."""
    sent = params.get("saved_payment_method_options")
    if sent is None and customer is None:
        return None
    sent = sent or {}
    return {
        "allow_redisplay_filters": sent.get("allow_redisplay_filters", ["always"]),
        "payment_method_remove": sent.get("payment_method_remove", "disabled"),
        "payment_method_save": sent.get("payment_method_save", "disabled"),
    }


def optional_fields(tx: Transaction, params: dict[str, Any]) -> Object:
    """Fields that stand in a session only when they were asked for."""
    fields: Object = {
        "phone_number_collection": params.get("phone_number_collection", {"enabled": False})
    }
    if sent := params.get("tax_id_collection"):
        fields["tax_id_collection"] = {
            "enabled": sent["enabled"],
            "required": sent.get("required", "never"),
        }
    if "name_collection" in params:
        fields["name_collection"] = custom_fields.name_collection(params)
    if "branding_settings" in params:
        fields["branding_settings"] = custom_fields.branding(params)
    if params.get("optional_items"):
        fields["optional_items"] = order_changes.optional_items(tx, params)
    return fields


def after_expiration(params: dict[str, Any]) -> Object | None:
    """Whether an expired session may be taken up again."""
    sent = params.get("after_expiration", {}).get("recovery")
    if not sent:
        return None
    return {
        "recovery": {
            "allow_promotion_codes": sent.get("allow_promotion_codes", False),
            "enabled": sent["enabled"],
            "expires_at": None,
            "url": None,
        }
    }
