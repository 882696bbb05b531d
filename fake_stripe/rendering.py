"""How an object is answered: without private parts, with what `expand` asks for."""

from collections.abc import Callable, Iterable
from typing import Any

from fake_stripe.errors import StripeError
from fake_stripe.schema import Object, reference
from fake_stripe.transaction import Transaction, public

Includable = Callable[[Transaction, Object], Any]
# Fields that stand in an object only when asked for: (kind, field) -> how they are made.
INCLUDABLE: dict[tuple[str, str], Includable] = {}

# Objects that hold a page of others.
LISTS = ("list", "search_result")


def includable(kind: str, field: str) -> Callable[[Includable], Includable]:
    """Register how a field that is absent unless expanded is made."""

    def register(make: Includable) -> Includable:
        INCLUDABLE[kind, field] = make
        return make

    return register


def render(tx: Transaction, entry: Object, expand: Iterable[str] = ()) -> Object:
    """The object as the API answers it."""
    if entry.get("object") in LISTS:
        rendered = {**entry, "data": [public(item) for item in entry["data"]]}
        sources = list(zip(rendered["data"], entry["data"], strict=True))
    else:
        rendered = public(entry)
        sources = [(rendered, entry)]
    for written in expand:
        path = written.split(".")
        if len(path) > 4 + (path[0] == "data"):
            raise StripeError("You cannot expand more than 4 levels of a property.", param="expand")
        if entry.get("object") in LISTS:
            if path[0] != "data" or len(path) == 1:
                raise unexpandable(written, hint=f"data.{written}")
            path = path[1:]
        for target, source in sources:
            expand_path(tx, target, source, path, written)
    return rendered


def expand_path(
    tx: Transaction, target: Object, source: Object, path: list[str], written: str
) -> None:
    """Replace the id at a path by its object, or fill in a field that is made on request."""
    kind, name = target.get("object", ""), path[0]
    if (kind, name) in INCLUDABLE:
        if name not in target:
            target[name] = INCLUDABLE[kind, name](tx, source)
        descend(tx, target[name], path[1:], written)
        return
    for depth in range(1, len(path) + 1):
        if wanted := reference(kind, path[:depth]):
            holder = inner(target, path[: depth - 1])
            if holder is not None:
                replace(tx, holder, path[depth - 1], wanted)
                descend(tx, holder[path[depth - 1]], path[depth:], written)
            return
    nested = target.get(name)
    if len(path) > 1 and isinstance(nested, dict):
        include_nested(tx, target, source, path, written)
        return
    raise unexpandable(written)


def include_nested(
    tx: Transaction, target: Object, source: Object, path: list[str], written: str
) -> None:
    """Fill in a field inside a hash, such as `total_details.breakdown`, or go on into an object."""
    kind, dotted = target.get("object", ""), ".".join(path[:2])
    if (kind, dotted) in INCLUDABLE:
        target[path[0]] = {**target[path[0]], path[1]: INCLUDABLE[kind, dotted](tx, source)}
    elif "object" in target[path[0]]:
        descend(tx, target[path[0]], path[1:], written)
    else:
        raise unexpandable(written)


def descend(tx: Transaction, value: Any, path: list[str], written: str) -> None:
    """Go on expanding inside what has just been filled in."""
    if not path or value is None:
        return
    if isinstance(value, dict) and value.get("object") == "list":
        if path[0] != "data":
            raise unexpandable(written)
        for item in value["data"] if path[1:] else []:
            expand_path(tx, item, item, path[1:], written)
    elif isinstance(value, list):
        for item in value:
            expand_path(tx, item, item, path, written)
    elif isinstance(value, dict):
        expand_path(tx, value, value, path, written)


def inner(target: Object, path: list[str]) -> Object | None:
    """The hash at a path, copied on the way so that nothing stored is changed."""
    for name in path:
        if not isinstance(target.get(name), dict):
            return None
        target[name] = dict(target[name])
        target = target[name]
    return target


def replace(tx: Transaction, holder: Object, name: str, kind: str) -> None:
    """Put objects in the place of their ids."""
    value = holder.get(name)
    if isinstance(value, str) and (found := tx.store.find(kind, value)):
        holder[name] = public(found)


def unexpandable(written: str, hint: str = "") -> StripeError:
    """The error for a property that is no reference."""
    message = f"This property cannot be expanded ({written})."
    if hint:
        message += f" You may want to try expanding '{hint}' instead."
    return StripeError(message, param="expand")
