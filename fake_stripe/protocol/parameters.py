"""What a request may carry: checks derived from the typed parameters of Stripe's own SDK."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from stripe import StripeContext
from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import get_type_hints, is_typeddict

from fake_stripe.engine.errors import StripeError, missing_parameter
from fake_stripe.protocol.form import Node

# Options of the SDK's own, which share the typed dicts with the parameters of some methods.
OPTIONS = frozenset(RequestOptions.__annotations__)


class Check(ABC):
    """Turns what was sent for one parameter into a value, or refuses it as Stripe would."""

    @abstractmethod
    def value(self, node: Node, path: str) -> Any:
        """The value of a node of the decoded form, `path` being the parameter's name."""


@dataclass
class Text(Check):
    """A string; empty only where the parameter can be unset."""

    def value(self, node: Node, path: str) -> Any:
        if isinstance(node, dict):
            raise StripeError("Invalid string", param=path)
        if node == "":
            raise empty(path)
        if "\x00" in node:
            raise StripeError("Invalid string: it holds a null byte", param=path)
        return node


@dataclass
class Integer(Check):
    """A whole number."""

    def value(self, node: Node, path: str) -> Any:
        if node == "":
            raise empty(path)
        digits = node.removeprefix("-") if isinstance(node, str) else ""
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
            shown = node if isinstance(node, str) else "object"
            message = f"Invalid integer: {shown}"
            raise StripeError(message, code="parameter_invalid_integer", param=path)
        return int(str(node))


@dataclass
class Boolean(Check):
    """true or false."""

    def value(self, node: Node, path: str) -> Any:
        if node == "":
            raise empty(path)
        if node not in ("true", "false", "True", "False"):
            raise StripeError(f"Invalid boolean: {node}", param=path)
        return node in ("true", "True")


@dataclass
class DecimalText(Check):
    """A decimal number, kept as text."""

    def value(self, node: Node, path: str) -> Any:
        if node == "":
            raise empty(path)
        try:
            number = Decimal(str(node))
        except InvalidOperation:
            number = Decimal("NaN")
        if isinstance(node, dict) or not number.is_finite():
            raise StripeError(f"Invalid decimal: {node}", param=path)
        return node


@dataclass
class Choice(Check):
    """One of a fixed list of words."""

    values: tuple[str, ...]

    def value(self, node: Node, path: str) -> Any:
        if node == "":
            raise empty(path)
        if node not in self.values:
            listed = " or ".join(filter(None, [", ".join(self.values[:-1]), self.values[-1]]))
            raise StripeError(f"Invalid {path}: must be one of {listed}", param=path)
        return node


@dataclass
class Listing(Check):
    """An array."""

    item: Check

    def value(self, node: Node, path: str) -> Any:
        if not isinstance(node, dict) or not all(name.isdigit() for name in node):
            raise StripeError("Invalid array", param=path)
        names = sorted(node, key=int)
        return [self.item.value(node[name], f"{path}[{index}]") for index, name in enumerate(names)]


@dataclass
class Table(Check):
    """A hash with free keys, such as metadata; an empty value is kept and means "unset"."""

    item: Check

    def value(self, node: Node, path: str) -> Any:
        if not isinstance(node, dict):
            raise StripeError("Invalid object", param=path)
        return {
            name: "" if inner == "" else self.item.value(inner, f"{path}[{name}]")
            for name, inner in node.items()
        }


@dataclass
class Hash(Check):
    """A hash with known keys."""

    fields: dict[str, Check] = field(default_factory=dict)
    required: frozenset[str] = frozenset()

    def value(self, node: Node, path: str) -> Any:
        if not isinstance(node, dict):
            raise StripeError("Invalid object", param=path)
        if unknown := [name for name in node if name not in self.fields]:
            names = [f"{path}[{name}]" if path else name for name in unknown]
            message = f"Received unknown parameter{'s' * (len(names) > 1)}: {', '.join(names)}"
            raise StripeError(message, code="parameter_unknown", param=names[0])
        for name in sorted(self.required - node.keys()):
            raise missing_parameter(f"{path}[{name}]" if path else name)
        return {
            name: self.fields[name].value(inner, f"{path}[{name}]" if path else name)
            for name, inner in node.items()
        }


@dataclass
class Either(Check):
    """A parameter that takes a hash or list, or else a plain value."""

    nested: Check
    plain: Check

    def value(self, node: Node, path: str) -> Any:
        return (self.nested if isinstance(node, dict) else self.plain).value(node, path)


@dataclass
class Emptyable(Check):
    """A parameter that an empty value unsets."""

    inner: Check

    def value(self, node: Node, path: str) -> Any:
        return "" if node == "" else self.inner.value(node, path)


def empty(path: str) -> StripeError:
    """The error for an empty value where nothing can be unset."""
    message = (
        f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset"
        f" a parameter; however '{path}' cannot be unset. You should remove '{path}' from your"
        " request or supply a non-empty value."
    )
    return StripeError(message, code="parameter_invalid_empty", param=path)


@cache
def check_for(parameters: type) -> Hash:
    """The check for one of the SDK's typed dicts."""
    names = vars(sys.modules[parameters.__module__])
    namespace = {**names, "StripeContext": StripeContext, "Mapping": Mapping}
    hints = get_type_hints(parameters, globalns=namespace)
    required: frozenset[str] = getattr(parameters, "__required_keys__", frozenset())
    fields = {name: check_of(hint) for name, hint in hints.items() if name not in OPTIONS}
    return Hash(fields, required & fields.keys())


def check_of(hint: Any) -> Check:
    """The check for one annotation."""
    plain: dict[Any, Check] = {
        str: Text(), int: Integer(), bool: Boolean(), float: DecimalText(),
        Decimal: DecimalText(), Any: Text(),
    }  # fmt: skip
    if hint in plain:
        return plain[hint]
    if is_typeddict(hint):
        return check_for(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return Choice(arguments)
    if origin is list:
        return Listing(check_of(arguments[0]))
    if origin is dict:
        return Table(check_of(arguments[1]))
    if origin is Union or type(hint).__name__ == "UnionType":
        return check_of_union(arguments)
    raise TypeError(f"no check for {hint!r}")


def check_of_union(members: tuple[Any, ...]) -> Check:
    """The check for a union: unset or set, enum or string (the enum counts), hash or plain."""
    meant = [
        member
        for member in members
        if member is not type(None) and get_origin(member) is not UntypedStripeObject
    ]
    unsettable = [member for member in meant if get_args(member) == ("",)]
    meant = [member for member in meant if member not in unsettable]
    if any(get_origin(member) is Literal for member in meant):
        meant = [member for member in meant if member is not str]
    checks = [check_of(member) for member in meant]
    check = checks[0]
    if len(checks) > 1:
        nested = [part for part in checks if isinstance(part, Hash | Listing | Table)]
        single = [part for part in checks if part not in nested]
        check = Either(nested[0], single[0]) if nested and single else checks[0]
    return Emptyable(check) if unsettable else check
