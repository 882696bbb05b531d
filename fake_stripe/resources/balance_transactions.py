"""Balance transactions: what each charge and refund does to the account's money."""

from typing import Any

from stripe.params import BalanceTransactionListParams, BalanceTransactionRetrieveParams

from fake_stripe.engine.errors import not_offered
from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object


@operation("GET", "/v1/balance_transactions/{id}", BalanceTransactionRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], transaction_id: str) -> Object:
    """One balance transaction."""
    return tx.at_path("balance_transaction", transaction_id)


def refuse(params: dict[str, Any]) -> None:
    """There are no payouts here."""
    if "payout" in params:
        raise not_offered("payout")


@operation("GET", "/v1/balance_transactions", BalanceTransactionListParams, refuse=refuse)
def list_transactions(tx: Transaction, params: dict[str, Any]) -> Object:
    """Balance transactions, newest first."""
    where = {name: params.get(name) for name in ("currency", "source", "type")}
    return listing(tx, "balance_transaction", "/v1/balance_transactions", params, where)
