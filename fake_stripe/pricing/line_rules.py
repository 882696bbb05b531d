"""What the lines and the shipping options of a session may be."""

from typing import Any

from fake_stripe.engine.errors import StripeError, exclusive_parameters, missing_parameter
from fake_stripe.pricing.catalog import refuse_amounts
from fake_stripe.pricing.shipping import refuse_options

RECURS = (
    "You specified `payment` mode but passed a recurring price. Either switch to `subscription`"
    " mode or use only one-time prices."
)
UNSUPPORTED_COUNTRIES = frozenset(
    "AS CX CC CU HM IR KP MH FM NF MP PW SY UM VI".split()
)  # fmt: skip


def refuse_line_items(items: list[dict[str, Any]], mode: str) -> None:
    """Each line has one price and a quantity."""
    for index, item in enumerate(items):
        name = f"line_items[{index}]"
        if "price" in item and "price_data" in item:
            raise exclusive_parameters("price", "price_data", param=f"{name}[price_data]")
        if "quantity" not in item:
            raise missing_parameter(f"{name}[quantity]")
        if data := item.get("price_data"):
            refuse_price_data(data, f"{name}[price_data]", mode)
        elif "price" not in item:
            raise missing_parameter(f"{name}[price]")


def refuse_price_data(data: dict[str, Any], name: str, mode: str) -> None:
    """An inline price has an amount and a product, and recurs only in a subscription."""
    refuse_amounts(data, name)
    if "recurring" in data and mode == "payment":
        raise StripeError(RECURS, param=f"{name}[recurring]")
    if "product" in data and "product_data" in data:
        raise exclusive_parameters("product", "product_data", param=f"{name}[product_data]")
    if "product" not in data and "product_data" not in data:
        raise missing_parameter(f"{name}[product_data]")


def refuse_shipping(params: dict[str, Any]) -> None:
    """Countries that Stripe ships to, options that have one rate."""
    collection = params.get("shipping_address_collection") or {}
    if "shipping_address_collection" in params and not collection.get("allowed_countries"):
        raise missing_parameter("shipping_address_collection[allowed_countries]")
    for index, country in enumerate(collection.get("allowed_countries", [])):
        if country in UNSUPPORTED_COUNTRIES:
            param = f"shipping_address_collection[allowed_countries][{index}]"
            raise StripeError(f"Invalid country: {country} is not supported.", param=param)
    for index, option in enumerate(params.get("shipping_options", [])):
        name = f"shipping_options[{index}]"
        if "shipping_rate" in option and "shipping_rate_data" in option:
            param = f"{name}[shipping_rate_data]"
            raise exclusive_parameters("shipping_rate", "shipping_rate_data", param=param)
        if "shipping_rate" not in option and "shipping_rate_data" not in option:
            raise missing_parameter(f"{name}[shipping_rate]")
        if "shipping_rate_data" in option and "fixed_amount" not in option["shipping_rate_data"]:
            raise missing_parameter(f"{name}[shipping_rate_data][fixed_amount]")
        if "shipping_rate_data" in option:
            data = f"{name}[shipping_rate_data]"
            refuse_options(option["shipping_rate_data"]["fixed_amount"], data)
