"""The one account, to which every test key belongs."""

from typing import Any

from stripe.params import AccountRetrieveCurrentParams

from fake_stripe import ACCOUNT_ID
from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object, complete


@operation("GET", "/v1/account", AccountRetrieveCurrentParams)
def retrieve(tx: Transaction, params: dict[str, Any]) -> Object:
    """The account itself."""
    return complete(
        "account",
        {
            "id": ACCOUNT_ID,
            "object": "account",
            "business_type": "company",
            "capabilities": {"card_payments": "active", "sepa_debit_payments": "active"},
            "charges_enabled": True,
            "country": "AT",
            "created": 1_700_000_000,
            "default_currency": "eur",
            "details_submitted": True,
            "email": "owner@example.com",
            "metadata": {},
            "payouts_enabled": True,
            "type": "standard",
        },
    )
