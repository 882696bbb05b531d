"""The table of what the API offers: method, path, parameters, rules, and who answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote_plus

from fake_stripe import ENDIVE
from fake_stripe.engine.errors import Unrecognized
from fake_stripe.protocol import rules
from fake_stripe.protocol.form import Node
from fake_stripe.protocol.parameters import Check, Choice, Hash, Listing, check_for
from fake_stripe.protocol.rules import Rules
from fake_stripe.schema import Object

Handler = Callable[..., Object]
Refusal = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Operation:
    """One method and path of the API."""

    method: str
    path: str
    parameters: type
    handler: Handler
    rules: Rules = field(default_factory=dict)
    # Rules between parameters; they stand before execution, so that nothing is stored under a key.
    refuse: Refusal | None = None
    # Parameters that versions older than endive may still send.
    older: dict[str, Check] = field(default_factory=dict)

    @cached_property
    def check(self) -> Hash:
        """The check of a request of today's version."""
        return check_for(self.parameters)

    @cached_property
    def older_check(self) -> Hash:
        """The check of a request of an older version, or of none."""
        return Hash({**self.check.fields, **self.older}, self.check.required)

    def params(self, decoded: dict[str, Node], version: str | None) -> dict[str, Any]:
        """The request's parameters as values, or the error that Stripe answers with."""
        check = self.older_check if self.older and (version or "") < ENDIVE else self.check
        params: dict[str, Any] = check.value(decoded, "")
        rules.apply(rules.EVERYWHERE, params)
        rules.apply(self.rules, params)
        if self.refuse:
            self.refuse(params)
        return params


@dataclass
class Branch:
    """A segment of the paths: what comes next, by name or as an id, and who answers here."""

    named: dict[str, "Branch"] = field(default_factory=dict)
    any_id: "Branch | None" = None
    operations: dict[str, Operation] = field(default_factory=dict)


ROOT = Branch()
OPERATIONS: list[Operation] = []


def operation(
    method: str,
    path: str,
    parameters: type,
    *,
    rules: Rules | None = None,
    refuse: Refusal | None = None,
    older: dict[str, Check] | None = None,
) -> Callable[[Handler], Handler]:
    """Register a handler `(transaction, params, *ids of the path)` for a method and path."""

    def register(handler: Handler) -> Handler:
        entry = Operation(method, path, parameters, handler, rules or {}, refuse, older or {})
        OPERATIONS.append(entry)
        branch = ROOT
        for segment in path.strip("/").split("/"):
            if segment == "{id}":
                branch.any_id = branch.any_id or Branch()
                branch = branch.any_id
            else:
                branch = branch.named.setdefault(segment, Branch())
        branch.operations[method] = entry
        return handler

    return register


def find(method: str, path: str) -> tuple[Operation, list[str]]:
    """The operation that answers, and the ids in its path; else Stripe's 404."""
    branch, ids = ROOT, []
    for segment in path.strip("/").split("/"):
        if segment in branch.named:
            branch = branch.named[segment]
        elif branch.any_id and segment:
            ids.append(unquote_plus(segment))
            branch = branch.any_id
        else:
            raise Unrecognized(method, path)
    if method not in branch.operations:
        raise Unrecognized(method, path)
    return branch.operations[method], ids


def payment_method_types(known: tuple[str, ...]) -> dict[str, Check]:
    """The parameter that endive took away, for requests of an older version."""
    return {"payment_method_types": Listing(Choice(known))}
