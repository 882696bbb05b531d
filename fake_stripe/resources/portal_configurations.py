"""Configurations of the billing portal: which features its page has."""

from typing import Any

from stripe.params.billing_portal import (
    ConfigurationCreateParams,
    ConfigurationListParams,
    ConfigurationRetrieveParams,
    ConfigurationUpdateParams,
)

from fake_stripe.billing.portal import (
    DETAILS,
    FEATURES,
    SWITCHED_OFF,
    create_configuration,
    default_configuration,
)
from fake_stripe.engine.errors import StripeError, not_offered
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes, merged_metadata
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, longest, url
from fake_stripe.schema import Object

KIND = "billing_portal.configuration"
PATH = "/v1/billing_portal/configurations"


def url_or_none(value: Any, name: str) -> None:
    """An address, or an empty text that takes it away."""
    if value:
        url(value, name)


RULES: Rules = {
    "business_profile.headline": longest(60),
    "business_profile.privacy_policy_url": url_or_none,
    "business_profile.terms_of_service_url": url_or_none,
    "default_return_url": url_or_none,
}


def refuse(params: dict[str, Any]) -> None:
    """What the page cannot show or do yet."""
    if params.get("login_page", {}).get("enabled"):
        raise not_offered("login_page[enabled]")
    features = params.get("features", {})
    for name in SWITCHED_OFF.keys() & features.keys():
        for part, value in features[name].items():
            if part != "enabled" or value:
                raise not_offered(f"features[{name}][{part}]")
    cancel = features.get("subscription_cancel", {})
    if cancel.get("cancellation_reason", {}).get("enabled"):
        raise not_offered("features[subscription_cancel][cancellation_reason]")
    if cancel.get("proration_behavior", "none") != "none":
        raise not_offered("features[subscription_cancel][proration_behavior]")
    if "payment_method_configuration" in features.get("payment_method_update", {}):
        raise not_offered("features[payment_method_update][payment_method_configuration]")
    for name in features.get("customer_update", {}).get("allowed_updates") or []:
        if name not in DETAILS:
            raise not_offered(f"features[customer_update][allowed_updates]={name}")


@operation("POST", PATH, ConfigurationCreateParams, rules=RULES, refuse=refuse)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A configuration beside the default one."""
    default_configuration(tx)
    configuration = create_configuration(
        tx,
        business_profile=merged({}, params.get("business_profile", {})),
        default_return_url=params.get("default_return_url") or None,
        features=merged_features(FEATURES, params["features"]),
        metadata=merged_metadata({}, params.get("metadata")),
        name=params.get("name") or None,
    )
    tx.emit("billing_portal.configuration.created", configuration)
    return configuration


def merged(present: Object, sent: Object) -> Object:
    """A hash after an update: what was not sent stays, an empty text is null."""
    return {**present, **{name: None if value == "" else value for name, value in sent.items()}}


def merged_features(present: dict[str, Object], sent: Object) -> Object:
    """The features after an update, each of them merged."""
    features = {name: {**present[name], **sent.get(name, {})} for name in present}
    updates = features["customer_update"]
    updates["allowed_updates"] = updates["allowed_updates"] or []
    return features


@operation("GET", PATH + "/{id}", ConfigurationRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], configuration_id: str) -> Object:
    """One configuration."""
    return tx.at_path(KIND, configuration_id, "configuration")


@operation("POST", PATH + "/{id}", ConfigurationUpdateParams, rules=RULES, refuse=refuse)
def update(tx: Transaction, params: dict[str, Any], configuration_id: str) -> Object:
    """Change a configuration; sessions that are open see the change at once."""
    configuration = tx.at_path(KIND, configuration_id, "configuration")
    if configuration["is_default"] and params.get("active") is False:
        message = "You cannot deactivate the default configuration."
        raise StripeError(message, param="active")
    changed = changes(configuration, params)
    for name in ("business_profile", "login_page"):
        if name in params:
            changed[name] = merged(configuration[name], params[name])
    if "features" in params:
        changed["features"] = merged_features(configuration["features"], params["features"])
    if previous := tx.change(configuration, **changed):
        previous |= tx.change(configuration, updated=tx.now)
        tx.emit("billing_portal.configuration.updated", configuration, previous)
    return configuration


@operation("GET", PATH, ConfigurationListParams)
def list_configurations(tx: Transaction, params: dict[str, Any]) -> Object:
    """Configurations, newest first; the default one is always among them."""
    default_configuration(tx)
    where = {name: params.get(name) for name in ("active", "is_default")}
    return listing(tx, KIND, PATH, params, where)
