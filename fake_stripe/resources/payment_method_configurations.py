"""Payment method configurations, as the API offers them."""

from typing import Any

from stripe.params import (
    PaymentMethodConfigurationCreateParams,
    PaymentMethodConfigurationListParams,
    PaymentMethodConfigurationRetrieveParams,
    PaymentMethodConfigurationUpdateParams,
)

from fake_stripe.engine.errors import StripeError, not_offered
from fake_stripe.engine.transaction import Transaction
from fake_stripe.methods.configurations import (
    KIND,
    METHODS,
    create_configuration,
    default_configuration,
    entry,
)
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, longest
from fake_stripe.schema import Object

PATH = "/v1/payment_method_configurations"
RULES: Rules = {"name": longest(100)}
# What is not a method of payment among the parameters.
OTHERS = ("active", "expand", "name")


def refuse(params: dict[str, Any]) -> None:
    """Only what the pages here can offer can be switched."""
    for name in params:
        if name not in METHODS and name not in OTHERS:
            raise not_offered(name)


def preferences(params: dict[str, Any]) -> Object:
    """The methods that a request switches on or off."""
    sent = {name: params[name].get("display_preference", {}) for name in METHODS if name in params}
    return {
        name: entry(method["preference"]) for name, method in sent.items() if "preference" in method
    }


@operation("POST", PATH, PaymentMethodConfigurationCreateParams, rules=RULES, refuse=refuse)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A configuration beside the default one."""
    default_configuration(tx)
    # Stripe leaves the name to chance; here it says what it is.
    name = params.get("name", "Payment method configuration")
    return create_configuration(tx, name=name, **preferences(params))


@operation("GET", PATH + "/{id}", PaymentMethodConfigurationRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], configuration_id: str) -> Object:
    """One configuration."""
    return tx.at_path(KIND, configuration_id, "configuration")


@operation(
    "POST", PATH + "/{id}", PaymentMethodConfigurationUpdateParams, rules=RULES, refuse=refuse
)  # fmt: skip
def update(tx: Transaction, params: dict[str, Any], configuration_id: str) -> Object:
    """Switch methods on or off, for the payments that begin from now on."""
    configuration = tx.at_path(KIND, configuration_id, "configuration")
    if configuration["is_default"] and params.get("active") is False:
        message = "You cannot deactivate the default payment method configuration."
        raise StripeError(message, param="active")
    named = {name: params[name] for name in ("active", "name") if name in params}
    tx.change(configuration, **named, **preferences(params))
    return configuration


@operation("GET", PATH, PaymentMethodConfigurationListParams)
def list_configurations(tx: Transaction, params: dict[str, Any]) -> Object:
    """Configurations, newest first; the default one is always among them."""
    default_configuration(tx)
    if params.get("application"):
        raise not_offered("application")
    return listing(tx, KIND, PATH, params, {"active": params.get("active")})
