"""How an object is answered: without private parts, with what `expand` asks for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction, public
from fake_stripe.schema import Object, code_of

Includable = Callable[[Transaction, Object], Any]
# Fields that stand in an object only when asked for: (kind, field) -> how they are made.
INCLUDABLE: dict[tuple[str, str], Includable] = {}

# What `expand` asks for, as a tree: `a.b` and `a.c` become {"a": {"b": {}, "c": {}}}.
Wishes = dict[str, "Wishes"]

# How many levels a path may have; the `data` of a list is one of them
# (docs.stripe.com/api/expanding_objects).
DEEPEST = 4

# Objects that hold a page of others.
LISTS = ("list", "search_result")
# References that lead to objects of several kinds.
SEVERAL = {"BalanceTransactionSource": ("charge", "refund", "dispute")}


def includable(kind: str, field: str) -> Callable[[Includable], Includable]:
    """Register how a field that is absent unless expanded is made."""

    def register(make: Includable) -> Includable:
        INCLUDABLE[kind, field] = make
        return make

    return register


def render(tx: Transaction, entry: Object, expand: Iterable[str] = ()) -> Object:
    """The object as the API answers it."""
    is_list = entry.get("object") in LISTS
    wishes: Wishes = {}
    for written in expand:
        wish(wishes, written, in_list=is_list)
    if not is_list:
        return expanded(tx, entry, wishes)
    inner = wishes.get("data", {})
    return {**entry, "data": [expanded(tx, item, inner, "data.") for item in entry["data"]]}


def wish(wishes: Wishes, written: str, *, in_list: bool) -> None:
    """Put a path among the wishes."""
    path = written.split(".")
    if len(path) > DEEPEST:
        raise StripeError(
            f"You cannot expand more than {DEEPEST} levels of a property.", param="expand"
        )
    if in_list and (path[0] != "data" or len(path) == 1):
        raise unexpandable(written, hint=f"data.{written}")
    for name in path:
        wishes = wishes.setdefault(name, {})


def expanded(tx: Transaction, entry: Object, wishes: Wishes, above: str = "") -> Object:
    """The object without its private parts, and with what is wished for filled in."""
    if not wishes:
        return public(entry)
    kind: str = entry["object"]
    return Expansion(tx, entry, above).of_hash(kind, public(entry), wishes)


@dataclass
class Expansion:
    """One object that is being filled in."""

    tx: Transaction
    entry: Object
    # Where the object stands in the answer, such as `data.` or `latest_charge.`.
    above: str

    def of_hash(self, table: str, holder: Object, wishes: Wishes, inside: str = "") -> Object:
        """The object itself, or a hash inside it, filled in; nothing stored is changed."""
        filled = dict(holder)
        for name, inner in wishes.items():
            path, code = f"{inside}{name}", code_of(table, name)
            if make := INCLUDABLE.get((self.entry["object"], path)):
                filled[name] = make(self.tx, self.stored())
                if inner:
                    filled[name] = self.of_value(code, filled[name], inner, path)
            elif inner or code.removeprefix("[]").startswith("id:"):
                value = self.of_value(code, holder.get(name), inner, path)
                filled |= {name: value} if name in holder else {}
            else:
                raise unexpandable(f"{self.above}{path}")
        return filled

    def of_value(self, code: str, value: Any, wishes: Wishes, path: str) -> Any:
        """What is to stand in a field, which the table describes by its code."""
        if code.startswith("[]"):
            return self.of_array(code[2:], value, wishes, path)
        if code.startswith("id:"):
            value = self.referred(code[3:], value)
        elif not code.startswith(("{}", "object:")):
            raise unexpandable(f"{self.above}{path}")
        if not isinstance(value, dict):
            return value
        if code.startswith("{}"):
            return self.of_hash(code[2:], value, wishes, f"{path}.")
        return expanded(self.tx, value, wishes, f"{self.above}{path}.")

    def of_array(self, code: str, value: Any, wishes: Wishes, path: str) -> Any:
        """The elements of an array, or those on the page of a list."""
        if isinstance(value, dict) and value.get("object") == "list":
            if list(wishes) != ["data"]:
                raise unexpandable(f"{self.above}{path}.{next(iter(wishes))}")
            data = self.of_array(code, value["data"], wishes["data"], f"{path}.data")
            return {**value, "data": data}
        if not isinstance(value, list) or not (wishes or code.startswith("id:")):
            return value
        return [self.of_value(code, item, wishes, path) for item in value]

    def referred(self, kind: str, value: Any) -> Any:
        """The object that an id stands for; the id, where the stand-in keeps no such object."""
        for candidate in SEVERAL.get(kind, (kind,)) if isinstance(value, str) else ():
            if entry := self.tx.store.find(candidate, value):
                return entry
        return value

    def stored(self) -> Object:
        """The object with its private parts; what stands in another object has lost them."""
        if "_" in self.entry or "id" not in self.entry:
            return self.entry
        return self.tx.store.find(self.entry["object"], self.entry["id"]) or self.entry


def unexpandable(written: str, hint: str = "") -> StripeError:
    """The error for a property that is no reference."""
    message = f"This property cannot be expanded ({written})."
    if hint:
        message += f" You may want to try expanding '{hint}' instead."
    return StripeError(message, param="expand")
