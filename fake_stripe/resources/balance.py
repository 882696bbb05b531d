"""The account's balance: what its transactions add up to, now and soon."""

from typing import Any

from stripe.params import BalanceRetrieveParams

from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object


@operation("GET", "/v1/balance", BalanceRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any]) -> Object:
    """What is there, and what is on its way, in each currency."""
    return {
        "object": "balance",
        "available": sums(tx, "<="),
        "livemode": False,
        "pending": sums(tx, ">"),
    }


def sums(tx: Transaction, when: str) -> list[Object]:
    """The net sums of what is available by now, or later."""
    rows = tx.store.execute(
        "SELECT json_extract(body, '$.currency') AS currency,"  # noqa: S608
        f" sum(CASE WHEN json_extract(body, '$.available_on') {when} ?"
        " THEN json_extract(body, '$.net') ELSE 0 END) AS amount"
        " FROM objects WHERE kind = 'balance_transaction' GROUP BY 1 ORDER BY 1",
        tx.now,
    )
    return [{"amount": row["amount"], "currency": row["currency"]} for row in rows]
