"""Payment method configurations: which methods the pages offer, as the Dashboard would say."""

from typing import Any

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction
from fake_stripe.methods.types import TABLE, WALLETS
from fake_stripe.schema import Object

KIND = "payment_method_configuration"
# What a configuration can switch.
METHODS = (*TABLE, *WALLETS)


def create_configuration(tx: Transaction, **values: Any) -> Object:
    """Write a configuration; what it says nothing about follows the stand-in's usual: on."""
    usual = {"active": True, "is_default": False}
    methods = {name: entry("none") for name in METHODS}
    return tx.create(KIND, **{**usual, **methods, **values})


def entry(preference: str) -> Object:
    """What a configuration tells of one method."""
    value = "off" if preference == "off" else "on"
    shown = {"overridable": None, "preference": preference, "value": value}
    return {"available": value == "on", "display_preference": shown}


def default_configuration(tx: Transaction) -> Object:
    """The account's own configuration, there as if it had been saved in the Dashboard."""
    defaults = tx.store.select(KIND, {"is_default": True}, limit=1)
    if defaults:
        return defaults[0]
    methods = {name: entry("on") for name in METHODS}
    return create_configuration(tx, name="Default", is_default=True, **methods)


def chosen(tx: Transaction, params: dict[str, Any]) -> Object | None:
    """The configuration that decides, unless an older request names the methods itself."""
    if "payment_method_types" in params:
        return None
    if not (configuration_id := params.get(KIND)):
        return default_configuration(tx)
    configuration = tx.get(KIND, configuration_id, KIND)
    if not configuration["active"]:
        message = f"The payment method configuration {configuration_id} is not active."
        raise StripeError(message, param=KIND)
    return configuration


def offered(tx: Transaction, params: dict[str, Any]) -> list[str]:
    """The methods that are switched on."""
    configuration = chosen(tx, params)
    return [name for name in METHODS if is_on(configuration, name)]


def is_on(configuration: Object | None, name: str) -> bool:
    """Whether a configuration offers a method; none at all offers everything."""
    return configuration is None or name not in configuration or configuration[name]["available"]


def details(tx: Transaction, params: dict[str, Any]) -> Object | None:
    """What a session or an intent tells of its configuration."""
    configuration = chosen(tx, params)
    return {"id": configuration["id"], "parent": None} if configuration else None


def wallets(session: Object) -> dict[str, str]:
    """The wallets that a session's page has buttons for."""
    shown = session["_"].get("wallets", list(WALLETS))
    return {name: label for name, label in WALLETS.items() if name in shown}


def none_left() -> StripeError:
    """The error for methods of which none is switched on."""
    message = (
        "No valid payment method types for this Checkout Session. Please ensure that you have"
        " activated payment methods compatible with your chosen currency in your dashboard"
        " (https://dashboard.stripe.com/settings/payments)."
    )
    return StripeError(message, param=KIND)
