"""Webhook endpoints."""

from typing import Any

from stripe.params import (
    WebhookEndpointCreateParams,
    WebhookEndpointDeleteParams,
    WebhookEndpointListParams,
    WebhookEndpointRetrieveParams,
    WebhookEndpointUpdateParams,
)

from fake_stripe.engine.errors import StripeError, not_offered
from fake_stripe.engine.ids import random_text
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes, merged_metadata
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, url
from fake_stripe.schema import Object

RULES: Rules = {"url": url}
MOST = 16


def refuse(params: dict[str, Any]) -> None:
    """An endpoint wants something, and not of connected accounts."""
    if not params.get("enabled_events", ["*"]):
        raise StripeError("Invalid array", param="enabled_events")
    if params.get("connect"):
        raise not_offered("connect")


@operation("POST", "/v1/webhook_endpoints", WebhookEndpointCreateParams, rules=RULES, refuse=refuse)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """An endpoint; the answer alone carries its secret."""
    endpoint = create_endpoint(tx, params)
    return {**endpoint, "secret": endpoint["_"]["secret"]}


def create_endpoint(tx: Transaction, params: dict[str, Any], **private: Any) -> Object:
    """Write an endpoint under a given secret or a fresh one."""
    if len(tx.store.select("webhook_endpoint")) >= MOST:
        raise StripeError(f"You have reached the maximum of {MOST} test webhook endpoints.")
    private.setdefault("secret", f"whsec_{random_text(32)}")
    return tx.create(
        "webhook_endpoint",
        api_version=params.get("api_version"),
        description=params.get("description") or None,
        enabled_events=params["enabled_events"],
        metadata=merged_metadata({}, params.get("metadata")),
        status="enabled",
        url=params["url"],
        _=private,
    )


@operation("GET", "/v1/webhook_endpoints/{id}", WebhookEndpointRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], endpoint_id: str) -> Object:
    """One endpoint, without its secret."""
    return tx.at_path("webhook_endpoint", endpoint_id)


@operation(
    "POST", "/v1/webhook_endpoints/{id}", WebhookEndpointUpdateParams, rules=RULES, refuse=refuse
)
def update(tx: Transaction, params: dict[str, Any], endpoint_id: str) -> Object:
    """Change an endpoint, or disable it."""
    endpoint = tx.at_path("webhook_endpoint", endpoint_id)
    changed = changes(endpoint, params)
    if "disabled" in changed:
        changed["status"] = "disabled" if changed.pop("disabled") else "enabled"
    tx.change(endpoint, **changed)
    return endpoint


@operation("GET", "/v1/webhook_endpoints", WebhookEndpointListParams)
def list_endpoints(tx: Transaction, params: dict[str, Any]) -> Object:
    """Endpoints, newest first."""
    return listing(tx, "webhook_endpoint", "/v1/webhook_endpoints", params)


@operation("DELETE", "/v1/webhook_endpoints/{id}", WebhookEndpointDeleteParams)
def delete(tx: Transaction, params: dict[str, Any], endpoint_id: str) -> Object:
    """Delete an endpoint."""
    tx.at_path("webhook_endpoint", endpoint_id)
    tx.store.delete("webhook_endpoint", endpoint_id)
    return {"id": endpoint_id, "object": "webhook_endpoint", "deleted": True}
