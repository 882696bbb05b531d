"""What a Checkout Session may ask for: lengths and ranges, modes, exclusions, what is offered."""

from typing import Any

from fake_stripe.checkout import custom_fields
from fake_stripe.engine.errors import (
    StripeError,
    exclusive_parameters,
    missing_parameter,
    not_offered,
)
from fake_stripe.methods import rules
from fake_stripe.pricing import order_changes
from fake_stripe.pricing.line_rules import refuse_line_items, refuse_shipping
from fake_stripe.protocol.rules import (
    Rules,
    at_least,
    between,
    currency,
    email,
    longest,
    metadata,
    most_items,
    url,
    values_at,
)

RULES: Rules = {
    **rules.RULES,
    **custom_fields.RULES,
    "line_items": most_items(100),
    "line_items[].quantity": between(1, 999_999_999),
    "line_items[].metadata": metadata,
    "line_items[].price_data.currency": currency,
    "line_items[].price_data.unit_amount": at_least(0),
    "line_items[].price_data.product_data.name": longest(5000),
    "line_items[].price_data.product_data.images": most_items(8),
    "line_items[].price_data.product_data.metadata": metadata,
    "success_url": url,
    "cancel_url": url,
    "customer_email": email,
    "client_reference_id": longest(200),
    "currency": currency,
    "shipping_options": most_items(5),
    "shipping_options[].shipping_rate_data.display_name": longest(100),
    "shipping_options[].shipping_rate_data.fixed_amount.amount": at_least(0),
    "shipping_options[].shipping_rate_data.fixed_amount.currency": currency,
    "custom_text.submit.message": longest(1200),
    "custom_text.after_submit.message": longest(1200),
    "custom_text.shipping_address.message": longest(1200),
    "custom_text.terms_of_service_acceptance.message": longest(1200),
    "discounts": most_items(1),
    "invoice_creation.invoice_data.description": longest(1500),
    "invoice_creation.invoice_data.footer": longest(5000),
    "invoice_creation.invoice_data.metadata": metadata,
    "optional_items": most_items(10),
    "payment_intent_data.metadata": metadata,
    "payment_intent_data.receipt_email": email,
    "payment_intent_data.description": longest(1000),
    "payment_intent_data.statement_descriptor": longest(22),
    "payment_intent_data.statement_descriptor_suffix": longest(22),
    "setup_intent_data.description": longest(1000),
    "setup_intent_data.metadata": metadata,
    "subscription_data.description": longest(500),
    "subscription_data.metadata": metadata,
    "subscription_data.trial_period_days": between(1, 730),
}

# Only with `ui_mode` elements, embedded_page or form.
NOT_HOSTED = ("return_url", "redirect_on_completion", "permissions")
# Parameters that only some modes take.
MODES = {
    "customer_creation": ("payment", "setup"),
    "invoice_creation": ("payment",),
    "payment_intent_data": ("payment",),
    "payment_method_collection": ("subscription",),
    "saved_payment_method_options": ("payment", "subscription"),
    "setup_intent_data": ("setup",),
    "shipping_options": ("payment",),
    "submit_type": ("payment", "subscription"),
    "subscription_data": ("subscription",),
}
NOT_IN_SETUP = (
    "after_expiration",
    "allow_promotion_codes",
    "automatic_tax",
    "discounts",
    "line_items",
    "optional_items",
    "phone_number_collection",
    "shipping_address_collection",
    "tax_id_collection",
)
# Known to Stripe, not played here; with the values that ask for nothing.
NOT_OFFERED: dict[str, tuple[Any, ...]] = {
    "managed_payments.enabled": (False,),
    "payment_intent_data.application_fee_amount": (),
    "payment_intent_data.on_behalf_of": (),
    "payment_intent_data.transfer_data": (),
    "setup_intent_data.on_behalf_of": (),
    "subscription_data.application_fee_percent": (),
    "subscription_data.billing_cycle_anchor": (),
    "subscription_data.billing_cycle_anchor_config": (),
    "subscription_data.billing_mode": ({"type": "flexible"},),
    "subscription_data.default_tax_rates": (),
    "subscription_data.invoice_settings": (),
    "subscription_data.on_behalf_of": (),
    "subscription_data.pending_invoice_item_interval": (),
    "subscription_data.proration_behavior": (),
    "subscription_data.transfer_data": (),
    "subscription_data.trial_settings": (),
    "line_items[].dynamic_tax_rates": ([],),
}


def refuse(params: dict[str, Any]) -> None:
    """Refuse what does not go together, in Stripe's words, before anything is done."""
    refuse_modes(params)
    refuse_exclusions(params)
    refuse_invoice(params)
    custom_fields.refuse(params)
    order_changes.refuse(params)
    for path, harmless in NOT_OFFERED.items():
        for value, name in values_at(params, path):
            if value not in harmless:
                raise not_offered(name)
    refuse_line_items(params.get("line_items", []), params["mode"])
    refuse_shipping(params)
    if params["mode"] == "subscription":
        refuse_subscription(params)


def refuse_modes(params: dict[str, Any]) -> None:
    """Refuse what belongs to another mode, or is missing in this one."""
    if "mode" not in params:
        raise missing_parameter("mode")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_offered("ui_mode")
    for name in NOT_HOSTED:
        if name in params:
            message = f"`{name}` can not be used with `ui_mode` set to `hosted_page`."
            raise StripeError(message, param=name)
    for name, modes in MODES.items():
        if name in params and params["mode"] not in modes:
            needed = " or ".join(f"`{mode}`" for mode in modes)
            message = (
                f"You can not pass `{name}` in `{params['mode']}` mode; it is for {needed} mode."
            )
            raise StripeError(message, param=name)
    if "success_url" not in params:
        raise missing_parameter("success_url")
    if params["mode"] == "setup":
        refuse_setup(params)
    elif not params.get("line_items"):
        raise missing_parameter("line_items")


def refuse_setup(params: dict[str, Any]) -> None:
    """Nothing is sold, and the currency says which methods fit unless they are listed."""
    for name in NOT_IN_SETUP:
        if name in params:
            raise StripeError(f"You can not pass `{name}` in `setup` mode.", param=name)
    if "currency" not in params and not params.get("allowed_payment_method_types"):
        raise missing_parameter("currency")


def refuse_subscription(params: dict[str, Any]) -> None:
    """A subscription pays for up to twenty things again and again, and as many once."""
    if len(params["line_items"]) > 40:
        message = "A subscription has at most 20 recurring and 20 one-time line items."
        raise StripeError(message, param="line_items")
    if params.get("submit_type") not in (None, "auto", "subscribe"):
        message = "`submit_type` must be `auto` or `subscribe` in `subscription` mode."
        raise StripeError(message, param="submit_type")
    data = params.get("subscription_data", {})
    if "trial_end" in data and "trial_period_days" in data:
        param = "subscription_data[trial_period_days]"
        raise exclusive_parameters("trial_end", "trial_period_days", param=param)


def refuse_invoice(params: dict[str, Any]) -> None:
    """Only what is paid at once is invoiced."""
    if not params.get("invoice_creation", {}).get("enabled"):
        return
    held = params.get("payment_intent_data", {}).get("capture_method") == "manual"
    by_method = params.get("payment_method_options", {}).values()
    if held or any(options.get("capture_method") == "manual" for options in by_method):
        message = "You can not use `invoice_creation` with `capture_method` set to `manual`."
        raise StripeError(message, param="invoice_creation")


def refuse_exclusions(params: dict[str, Any]) -> None:
    """Refuse parameters that exclude each other."""
    exclusive = [
        ("customer", "customer_email"),
        ("customer", "customer_creation"),
        ("customer", "customer_account"),
        ("customer_account", "customer_email"),
        ("allow_promotion_codes", "discounts"),
        ("allowed_payment_method_types", "excluded_payment_method_types"),
        ("allowed_payment_method_types", "payment_method_types"),
        ("payment_method_configuration", "payment_method_types"),
    ]
    for name, other in exclusive:
        if name in params and other in params:
            raise exclusive_parameters(name, other, param=other)
    if params.get("automatic_tax", {}).get("enabled"):
        for index, item in enumerate(params.get("line_items", [])):
            if item.get("tax_rates"):
                message = "You cannot use `tax_rates` when `automatic_tax[enabled]` is true."
                raise StripeError(message, param=f"line_items[{index}][tax_rates]")
    for discount in params.get("discounts") or []:
        if len(discount) != 1:
            message = "Each discount has one of `coupon` and `promotion_code`."
            raise StripeError(message, param="discounts[0]")
    if "customer_update" in params and "customer" not in params:
        message = "`customer_update` can only be used with `customer`."
        raise StripeError(message, param="customer_update")
    asks_for_id = params.get("tax_id_collection", {}).get("enabled")
    if asks_for_id and "customer" in params and update_of(params, "name") != "auto":
        message = (
            "Tax ID collection requires updating business name on the customer. To enable tax ID"
            " collection for an existing customer, please set `customer_update[name]` to `auto`."
        )
        raise StripeError(message, param="customer_update[name]")


def update_of(params: dict[str, Any], name: str) -> str:
    """Whether the page may write this down on the customer: auto or never."""
    return str(params.get("customer_update", {}).get(name, "never"))
