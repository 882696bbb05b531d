"""Stripe's search language, read into conditions on stored objects."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.lists import limit_of
from fake_stripe.schema import Object

# What each kind can be searched by (docs.stripe.com/search#query-fields-for-...).
FIELDS: dict[str, dict[str, type]] = {
    "charge": {
        "amount": int, "billing_details.address.postal_code": str, "created": int,
        "currency": str, "customer": str, "disputed": bool,
        "payment_method_details.card.brand": str, "payment_method_details.card.last4": str,
        "refunded": bool, "status": str,
    },
    "customer": {"created": int, "email": str, "name": str, "phone": str},
    "payment_intent": {
        "amount": int, "created": int, "currency": str, "customer": str, "status": str,
    },
    "price": {"active": bool, "currency": str, "lookup_key": str, "product": str, "type": str},
    "product": {"active": bool, "description": str, "name": str, "shippable": bool, "url": str},
}  # fmt: skip
# Within these a part of the text can be asked for, by `~`.
PARTLY = frozenset({"description", "email", "name", "url"})
# As many as Stripe takes in one query.
MOST_CLAUSES = 10
SHORTEST_PART = 3
CLAUSE = re.compile(
    r"""(?P<minus>-?)(?P<field>[a-z_.0-9]+)(?:\[(?P<key>'[^']*'|"[^"]*")\])?"""
    r"""\s*(?P<operator>>=|<=|[:~<>])\s*(?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w.]+)"""
)
JOINT = re.compile(r"\s+(AND|OR)\s+|\s+", re.IGNORECASE)
OPERATORS = {":": "=", ">": ">", "<": "<", ">=": ">=", "<=": "<="}


@dataclass(frozen=True)
class Condition:
    """A clause in SQL, with what it binds."""

    sql: str
    bound: list[Any]


def search(tx: Transaction, kind: str, url: str, params: Mapping[str, Any]) -> Object:
    """One page of what a query finds, newest first."""
    conditions = [(condition.sql, condition.bound) for condition in read(kind, params["query"])]
    if page := params.get("page"):
        conditions.append(("seq < ?", [position(tx, kind, page)]))
    if tx.lag:
        conditions.append(("created <= ?", [tx.now - tx.lag]))
    gone = ("json_extract(body, '$.deleted') IS NULL", list[Any]())
    limit = limit_of(tx.store, params)
    objects = tx.store.select(kind, {}, *conditions, gone, limit=limit + 1)
    more = len(objects) > limit
    return {
        "object": "search_result",
        "data": objects[:limit],
        "has_more": more,
        "next_page": token(objects[limit - 1]["id"]) if more else None,
        "url": url,
    }


def token(object_id: str) -> str:
    """The opaque name of the page after an object."""
    return urlsafe_b64encode(object_id.encode()).decode()


def position(tx: Transaction, kind: str, page: str) -> int:
    """Where a page begins."""
    try:
        before = tx.store.position(kind, urlsafe_b64decode(page.encode()).decode())
    except ValueError:
        before = None
    if before is None:
        raise StripeError("Invalid page token. Use `next_page` of an earlier answer.", param="page")
    return before


def read(kind: str, query: str) -> list[Condition]:
    """The conditions of a query: all of them must hold, or, joined by OR, any."""
    clauses, joints, at = [], [], 0
    query = query.strip()
    while True:
        clause = CLAUSE.match(query, at)
        if clause is None:
            raise unreadable(query, f"could not be read at character {at + 1}")
        clauses.append(condition(kind, query, clause))
        at = clause.end()
        if at == len(query):
            break
        joint = JOINT.match(query, at)
        if joint is None:
            raise unreadable(query, f"could not be read at character {at + 1}")
        joints.append((joint[1] or "AND").upper())
        at = joint.end()
    if len(set(joints)) > 1:
        raise unreadable(query, "mixes AND and OR, which is not supported")
    if len(clauses) > MOST_CLAUSES:
        raise unreadable(query, f"has more than {MOST_CLAUSES} clauses")
    if "OR" in joints:
        either = " OR ".join(clause.sql for clause in clauses)
        return [Condition(f"({either})", [value for clause in clauses for value in clause.bound])]
    return clauses


def condition(kind: str, query: str, clause: re.Match[str]) -> Condition:
    """One clause, held against what the kind can be searched by."""
    field, key, operator = clause["field"], clause["key"], clause["operator"]
    wanted: type = str
    if key is not None and field == "metadata":
        path = '$.metadata."' + key[1:-1].replace('"', "") + '"'
    elif key is None and field in FIELDS[kind]:
        wanted, path = FIELDS[kind][field], f"$.{field}"
    else:
        raise unreadable(query, f"names the field `{field}`, which {kind}s cannot be searched by")
    stored = "json_extract(body, ?)"
    if clause["value"] == "null":
        test = Condition(f"{stored} IS NULL", [path])
    elif operator == "~":
        test = partly(query, field, path, clause["value"])
    elif operator != ":" and wanted is not int:
        raise unreadable(query, f"compares `{field}`, which is no number")
    else:
        value = typed(query, field, wanted, clause["value"])
        fold = " COLLATE NOCASE" if wanted is str else ""
        test = Condition(f"{stored} {OPERATORS[operator]} ?{fold}", [path, value])
    if not clause["minus"]:
        return test
    return Condition(f"NOT coalesce({test.sql}, 0)", test.bound)


def partly(query: str, field: str, path: str, written: str) -> Condition:
    """A clause that asks for a part of a text."""
    if field not in PARTLY and field != "metadata":
        raise unreadable(query, f"asks for a part of `{field}`, which must be matched exactly")
    part = plain(written)
    if len(part) < SHORTEST_PART:
        raise unreadable(query, f"asks for a part of less than {SHORTEST_PART} characters")
    return Condition("instr(lower(json_extract(body, ?)), ?) > 0", [path, part.lower()])


def plain(written: str) -> str:
    """A value without its quotes."""
    if written[0] in "\"'":
        return re.sub(r"\\(.)", r"\1", written[1:-1])
    return written


def typed(query: str, field: str, wanted: type, written: str) -> Any:
    """A value as the field has it."""
    value = plain(written)
    if wanted is bool and value in ("true", "false"):
        return value == "true"
    if wanted is int and re.fullmatch(r"[0-9]{1,15}", value):
        return int(value)
    if wanted is str and written[0] in "\"'":
        return value
    raise unreadable(query, f"has no right value for `{field}`")


def unreadable(query: str, what: str) -> StripeError:
    """The error for a query that breaks the language's rules."""
    message = f"We were unable to parse your search query: it {what}. Query: {query[:200]}"
    return StripeError(message, param="query")
