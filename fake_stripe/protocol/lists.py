"""Lists with cursors and filters, newest first."""

from collections.abc import Mapping
from typing import Any

from fake_stripe.engine.assumptions import assumed
from fake_stripe.engine.errors import missing_resource
from fake_stripe.engine.store import Store
from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.rules import between
from fake_stripe.schema import Object

MOST = 100
BOUNDS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def listing(
    tx: Transaction,
    kind: str,
    url: str,
    params: Mapping[str, Any],
    where: Mapping[str, Any] | None = None,
    *conditions: tuple[str, list[Any]],
    ascending: bool = False,
) -> Object:
    """One page of a kind's objects, under the filters given, by the usual list parameters."""
    limit = limit_of(tx.store, params)
    clauses = [*conditions, *created_clauses(params.get("created"))]
    if tx.lag:
        clauses.append(("created <= ?", [tx.now - tx.lag]))
    backwards = "ending_before" in params
    if cursor := params.get("starting_after") or params.get("ending_before"):
        param = "ending_before" if backwards else "starting_after"
        position = tx.store.position(kind, cursor)
        if position is None:
            raise missing_resource(kind, cursor, param)
        clauses.append((f"seq {'>' if backwards != ascending else '<'} ?", [position]))
    kept = {name: value for name, value in (where or {}).items() if value is not None}
    objects = tx.store.select(
        kind, kept, *clauses, limit=limit + 1, ascending=backwards != ascending
    )  # fmt: skip
    page = objects[:limit]
    return as_list(url, page[::-1] if backwards else page, has_more=len(objects) > limit)


def limit_of(store: Store, params: Mapping[str, Any]) -> int:
    """How many objects a page has: 10 unless something is asked for, at least 1, at most 100."""
    limit: int = params.get("limit", 10)
    if assumed(store, "odd_limit") == "refused":
        between(1, MOST)(limit, "limit")
    return min(max(limit, 1), MOST)


def page_of(tx: Transaction, url: str, entries: list[Object], params: Mapping[str, Any]) -> Object:
    """One page of objects that are at hand, in their order."""
    ids = [entry["id"] for entry in entries]
    for param in ("starting_after", "ending_before"):
        if (cursor := params.get(param)) and cursor not in ids:
            raise missing_resource(entries[0]["object"], cursor, param)
    limit = limit_of(tx.store, params)
    if before := params.get("ending_before"):
        rest = entries[: ids.index(before)]
        return as_list(url, rest[-limit:], has_more=len(rest) > limit)
    after = params.get("starting_after")
    rest = entries[ids.index(after) + 1 :] if after else entries
    return as_list(url, rest[:limit], has_more=len(rest) > limit)


def created_clauses(created: Any) -> list[tuple[str, list[Any]]]:
    """The conditions of a `created` filter: a moment, or bounds."""
    if created is None:
        return []
    if isinstance(created, int):
        return [("created = ?", [created])]
    return [(f"created {BOUNDS[bound]} ?", [moment]) for bound, moment in created.items()]


def as_list(url: str, data: list[Object], *, has_more: bool = False) -> Object:
    """The list object around these."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
