"""Stripe's form encoding: `a[b][0]=x` becomes nested dicts, whose numbers stay dict keys."""

import re
from urllib.parse import parse_qsl

from fake_stripe.engine.errors import StripeError

Node = str | dict[str, "Node"]

KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")


def decode(encoded: str) -> dict[str, Node]:
    """The parameters of a query string or a form body."""
    pairs = parse_qsl(encoded, keep_blank_values=True, max_num_fields=10_000)
    decoded: dict[str, Node] = {}
    for key, value in pairs:
        matched = KEY.match(key)
        if not matched:
            raise StripeError(f"Invalid parameter name: {key}", param=key)
        place(decoded, [matched[1], *re.findall(r"\[([^\[\]]*)\]", matched[2])], value)
    return decoded


def place(target: dict[str, Node], path: list[str], value: str) -> None:
    """Put a value at a path; an empty name, `[]`, means the next number."""
    for depth, name in enumerate(path[:-1]):
        name = name or open_number(target, path[depth + 1])
        inner = target.setdefault(name, {})
        if not isinstance(inner, dict):
            raise StripeError("Invalid object", param=path[0])
        target = inner
    last = path[-1] or str(len(target))
    if isinstance(target.get(last), dict):
        raise StripeError("Invalid string", param=path[0])
    target[last] = value


def open_number(target: dict[str, Node], field: str) -> str:
    """The element that `[][field]` fills: the last one while it lacks the field, else a new one."""
    last = target.get(str(len(target) - 1))
    return (
        str(len(target) - 1) if isinstance(last, dict) and field not in last else str(len(target))
    )


def flatten(node: Node, path: str = "") -> dict[str, str]:
    """The parameters as a flat, sorted mapping, to compare two requests."""
    if isinstance(node, str):
        return {path: node}
    flat: dict[str, str] = {}
    for name in sorted(node):
        flat |= flatten(node[name], f"{path}[{name}]" if path else name)
    return flat
