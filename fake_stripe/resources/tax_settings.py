"""The account's settings for automatic tax."""

from typing import Any

from stripe.params.tax import SettingsRetrieveParams, SettingsUpdateParams

from fake_stripe.billing import tax_settings
from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object

PATH = "/v1/tax/settings"


@operation("GET", PATH, SettingsRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any]) -> Object:
    """The settings: whether tax can be worked out, and what holds unless something is said."""
    return tax_settings.settings(tx)


@operation("POST", PATH, SettingsUpdateParams)
def update(tx: Transaction, params: dict[str, Any]) -> Object:
    """Change defaults or the head office, without which nothing is worked out."""
    tax_settings.change(tx, params)
    return tax_settings.settings(tx)
