"""Holds answers against the classes of Stripe's SDK: known fields, enums and types."""

import sys
import typing
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

import stripe
from stripe._list_object import ListObject
from stripe._object_classes import OBJECT_CLASSES, get_object_class
from stripe._stripe_object import StripeObject

PLAIN: dict[Any, Any] = {str: str, int: int, bool: bool, float: (int, float), Decimal: str}


class Names(Mapping[str, Any]):
    """Names as the SDK's annotations mean them, also those imported for type checkers only."""

    def __init__(self, module: str) -> None:
        self.spaces = [vars(sys.modules[module]), vars(stripe), vars(typing)]

    def __getitem__(self, name: str) -> Any:
        for space in self.spaces:
            if name in space:
                return space[name]
        return Any

    def __iter__(self) -> Iterator[str]:
        return iter([])

    def __len__(self) -> int:
        return 0


@cache
def hints(kind: type) -> dict[str, Any]:
    """The annotated fields of one of the SDK's classes."""
    found = typing.get_type_hints(kind, localns=Names(kind.__module__))
    return {name: hint for name, hint in found.items() if not name.isupper()}


def problems(value: Any, path: str = "") -> Iterator[str]:
    """What the SDK's types do not allow in an object and in all that is inside it."""
    if isinstance(inner := value.get("object"), dict):
        # What an event tells of.
        yield from problems(inner, path)
    elif inner in ("list", "search_result"):
        for index, item in enumerate(value["data"]):
            yield from problems(item, f"{path}[{index}]")
    elif inner in OBJECT_CLASSES and "deleted" not in value:
        kind = get_object_class("V1", value["object"])
        yield from object_problems(value, kind, f"{path}<{value['object']}>")


def object_problems(value: dict[str, Any], kind: type, path: str) -> Iterator[str]:
    known = hints(kind)
    for name, inner in value.items():
        if name not in known:
            yield f"{path}.{name} is not in the SDK"
        else:
            yield from value_problems(inner, known[name], f"{path}.{name}")


def value_problems(value: Any, hint: Any, path: str) -> Iterator[str]:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any or isinstance(hint, typing.ForwardRef):
        return
    if origin is Union:
        yield from union_problems(value, arguments, path)
    elif value is None:
        if hint is not type(None):
            yield f"{path} is null"
    elif origin is Literal:
        if value not in arguments:
            yield f"{path} is {value!r}, none of {arguments}"
    elif hint in PLAIN:
        if not isinstance(value, PLAIN[hint]) or (hint is int and isinstance(value, bool)):
            yield f"{path} is no {hint.__name__}: {value!r}"
    else:
        yield from nested_problems(value, hint, path)


def union_problems(value: Any, members: tuple[Any, ...], path: str) -> Iterator[str]:
    """One of the members has to fit; an enum that is widened by `str` counts as the enum."""
    if any(get_origin(member) is Literal for member in members):
        members = tuple(member for member in members if member is not str)
    found = [list(value_problems(value, member, path)) for member in members]
    if all(found):
        yield from max(found, key=lambda one: max(map(len, one)))


def nested_problems(value: Any, hint: Any, path: str) -> Iterator[str]:  # noqa: C901 - a case each
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is list:
        if not isinstance(value, list):
            yield f"{path} is no list: {value!r}"
            return
        for index, item in enumerate(value):
            yield from value_problems(item, arguments[0], f"{path}[{index}]")
    elif origin is dict:
        if not isinstance(value, dict):
            yield f"{path} is no hash: {value!r}"
    elif origin is ListObject or hint is ListObject:
        yield from problems(value, path)
    elif isinstance(hint, type) and issubclass(hint, StripeObject):
        if not isinstance(value, dict):
            yield f"{path} is no {hint.__name__}: {value!r}"
        elif "object" in value:
            yield from problems(value, path)
        elif hint is not StripeObject:
            yield from object_problems(value, hint, path)
