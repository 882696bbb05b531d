"""A variant is a Product at Stripe, a price a Price: their parameters."""

from typing import Any

from django.conf import settings

from shop.catalog.models import (
    Price,
    Variant,
)
from shop.catalog.stripe_plan import pictures, taxed

# Fields that are cleared at Stripe by sending them empty.
CLEARABLE = ("description", "images", "tax_code")


# It stands under the name on the payment page; the whole description has no room there.
LONGEST_DESCRIPTION = 500


def main_price(variant: Variant) -> Price | None:
    """The current price that is the variant's Price at Stripe: the one in the shop's currency."""
    current = [price for price in variant.prices.all() if price.is_active and not price.interval]
    current.sort(key=lambda price: (price.currency != settings.DEFAULT_CURRENCY, price.currency))
    return next(iter(current), None)


def options_of(variant: Variant) -> list[Price]:
    """The current prices in further currencies: `currency_options` of the main one."""
    main = main_price(variant)
    return [
        price
        for price in variant.prices.all()
        if price.is_active and not price.interval and price != main
    ]


def marks_of(parameters: dict[str, Any]) -> dict[str, Any]:
    """What may change of a price, and tells it as ours."""
    names = (
        "lookup_key", "transfer_lookup_key", "metadata", "currency_options", "tax_behavior",
    )  # fmt: skip
    return {name: parameters[name] for name in names if name in parameters}


def product_parameters(variant: Variant, shop: str) -> dict[str, Any]:
    """What Stripe's Product of a variant should say; `shop` is the installation's name."""
    product = variant.product
    return filled(
        {
            "name": str(variant),
            "active": variant.is_on_sale,
            "description": description_of(product.description),
            "images": pictures.addresses(variant.image, product.images.all()),
            "shippable": variant.requires_shipping,
            "tax_code": taxed.tax_code(variant),
            "metadata": {"shop": shop, "sku": variant.sku},
        }
    )


def description_of(text: str) -> str:
    """Its first paragraph, as far as there is room."""
    opening, _, _ = text.replace("\r\n", "\n").partition("\n\n")
    return opening[:LONGEST_DESCRIPTION]


def price_parameters(variant: Variant, price: Price, shop: str) -> dict[str, Any]:
    """What Stripe's Price of this price should say; `shop` is the installation's name."""
    parameters = {
        "currency": price.currency,
        **amount_of(price),
        **taxed.behavior(price.currency),
        "product": variant.stripe_product_id,
        # It stays with what is current: the new price takes it from the old one.
        "lookup_key": lookup_key(variant, price, shop),
        "transfer_lookup_key": True,
        "metadata": {"shop": shop, "sku": variant.sku, "price": price.key},
    }
    if price.interval:
        parameters["recurring"] = rhythm_of(price)
    elif price.is_active and price == main_price(variant) and (options := options_of(variant)):
        parameters["currency_options"] = {
            one.currency: {**amount_of(one), **taxed.behavior(one.currency)} for one in options
        }
    return parameters


def lookup_key(variant: Variant, price: Price, shop: str) -> str:
    """As "3f2a…:MUG-KELP:eur", for a subscription "…:eur:1month"."""
    key = f"{shop}:{variant.sku}:{price.currency}"
    return f"{key}:{price.interval_count}{price.interval}" if price.interval else key


def rhythm_of(price: Price) -> dict[str, Any]:
    """How often it is paid; nothing for once."""
    if not price.interval:
        return {}
    return {"interval": price.interval, "interval_count": price.interval_count}


def amount_of(price: Price) -> dict[str, Any]:
    """The amount as Stripe's parameters say it, in minor units: fixed, or to be chosen."""
    if not price.is_chosen:
        return {"unit_amount": price.unit_amount}
    bounds = {
        "minimum": price.minimum_amount,
        "preset": price.unit_amount,
        "maximum": price.maximum_amount,
    }
    return {"custom_unit_amount": {"enabled": True, **bounds}}


def filled(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters that say something, without the id that a creation chooses."""
    return {
        name: value for name, value in parameters.items() if value not in ("", []) and name != "id"
    }
