"""The one place that builds a Stripe client and knows which account its key belongs to."""

from shop.stripe_client.accounts import (
    AccountUnknown,
    account,
    keep_known,
    known_account,
    known_accounts,
    whose_key,
)
from shop.stripe_client.clients import client, page_waits
from shop.stripe_client.plain_data import plain, storable
from shop.stripe_client.refusals import is_refusal

__all__ = [
    "AccountUnknown",
    "account",
    "client",
    "is_refusal",
    "keep_known",
    "known_account",
    "known_accounts",
    "page_waits",
    "plain",
    "storable",
    "whose_key",
]
