"""Which fields Stripe's objects carry: null where nullable, absent where optional."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Object = dict[str, Any]

_FIELDS: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("fields.json").read_text(encoding="utf-8")
)
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "boolean": bool,
    "map": dict,
}


def complete(kind: str, values: Object) -> Object:
    """The object with every always-present nullable field added as null, nested ones too."""
    fields = _FIELDS[kind]
    filled = {
        name: None for name, code in fields.items() if code.startswith("0:") and name not in values
    }
    filled |= completed(kind, values)
    return {name: filled[name] for name in sorted(filled, key=_order)}


def has(kind: str, field: str) -> bool:
    """Whether objects of a kind always carry a field."""
    return "?" not in _FIELDS[kind].get(field, "?")


def completed(kind: str, values: Object) -> Object:
    """Some fields of an object, the hashes among them with their nulls."""
    fields = _FIELDS[kind]
    return {
        name: _complete_value(fields.get(name, ":map").partition(":")[2], value)
        for name, value in values.items()
    }


def _complete_value(code: str, value: Any) -> Any:
    if code.startswith("[]") and isinstance(value, list):
        return [_complete_value(code[2:], item) for item in value]
    if code.startswith("{}") and isinstance(value, dict):
        return complete(code[2:], value)
    return value


def _order(name: str) -> tuple[bool, bool, str]:
    return (name != "id", name != "object", name)


def code_of(table: str, field: str) -> str:
    """What stands in a field of a kind, or of a hash inside one: `id:<kind>`, `{}<hash>`, …"""
    return _FIELDS.get(table, {}).get(field, "").partition(":")[2]


def problems(kind: str, value: Any, path: str = "") -> Iterator[str]:
    """What is wrong with an object: missing, unknown or wrongly typed fields, in words."""
    fields = _FIELDS[kind]
    for name in value.keys() - fields.keys():
        yield f"{path}{name} is not a field of {kind}"
    for name, code in fields.items():
        flags, _, wanted = code.partition(":")
        if name not in value:
            if "?" not in flags:
                yield f"{path}{name} is missing"
        elif value[name] is None:
            if "0" not in flags:
                yield f"{path}{name} is null"
        else:
            yield from _value_problems(wanted, value[name], f"{path}{name}")


def _value_problems(code: str, value: Any, path: str) -> Iterator[str]:
    if code.startswith("[]"):
        items = value["data"] if isinstance(value, dict) else value
        for index, item in enumerate(items):
            yield from _value_problems(code[2:], item, f"{path}[{index}]")
    elif code.startswith(("{}", "object:")):
        inner = code.removeprefix("{}").removeprefix("object:")
        if inner in _FIELDS:
            yield from problems(inner, value, f"{path}.")
    elif code.startswith("id:"):
        if isinstance(value, dict):
            yield from problems(value["object"], value, f"{path}.")
        elif not isinstance(value, str):
            yield f"{path} is no id: {value!r}"
    elif not isinstance(value, _TYPES[code]):
        yield f"{path} is no {code}: {value!r}"
