"""Sessions of the billing portal: a short-lived address for one customer."""

from typing import Any

from stripe.params.billing_portal import SessionCreateParams

from fake_stripe.billing.portal import UNUSED, default_configuration
from fake_stripe.engine.errors import StripeError, missing_parameter, missing_resource, not_offered
from fake_stripe.engine.ids import new_id
from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, url
from fake_stripe.schema import Object

RULES: Rules = {"return_url": url}
NOT_OFFERED = ("after_expiration", "customer_account", "flow_data", "on_behalf_of")


def refuse(params: dict[str, Any]) -> None:
    """A session is for a customer, and shows the whole page."""
    for name in NOT_OFFERED:
        if name in params:
            raise not_offered(name)
    if "customer" not in params:
        raise missing_parameter("customer")


@operation(
    "POST", "/v1/billing_portal/sessions", SessionCreateParams, rules=RULES, refuse=refuse
)  # fmt: skip
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A session, whose address lapses in five minutes unless it is opened."""
    customer = tx.get("customer", params["customer"], "customer")
    if customer.get("deleted"):
        raise missing_resource("customer", params["customer"], "customer")
    configuration = chosen_configuration(tx, params.get("configuration"))
    session_id = new_id("billing_portal.session")
    session = tx.create(
        "billing_portal.session",
        id=session_id,
        configuration=configuration["id"],
        customer=customer["id"],
        locale=params.get("locale"),
        return_url=params.get("return_url") or configuration["default_return_url"],
        url=f"{tx.public_url}/p/session/{session_id}",
        _={"used": False, "ends": tx.now + UNUSED},
    )
    tx.emit("billing_portal.session.created", session)
    return session


def chosen_configuration(tx: Transaction, configuration_id: str | None) -> Object:
    """The configuration that was asked for, if it is in use, else the default one."""
    if configuration_id is None:
        return default_configuration(tx)
    configuration = tx.get("billing_portal.configuration", configuration_id, "configuration")
    if not configuration["active"]:
        message = f"The configuration '{configuration_id}' is not active."
        raise StripeError(message, param="configuration")
    return configuration
