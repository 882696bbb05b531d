"""No call of the API is lax: every parameter of every one refuses what it cannot take.

The table of single cases is in test_parameters.py; here the checks of all calls are walked, so
that a new one cannot be left out.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from fake_stripe.engine.errors import StripeError
from fake_stripe.protocol.operations import OPERATIONS, Operation
from fake_stripe.protocol.parameters import (
    Boolean,
    Check,
    Choice,
    DecimalText,
    Either,
    Emptyable,
    Hash,
    Integer,
    Listing,
    Table,
    Text,
)
from fake_stripe.resources import registry
from tests.fake_stripe.protocol.test_parameters import ILLEGAL, REFUSED, SESSION
from tests.fake_stripe.rig import Fake

assert registry.__all__, "importing the registry fills OPERATIONS"

CALLS = sorted(OPERATIONS, key=lambda one: (one.path, one.method))
# What the shop calls (payments/stripe/gateway.py, shop/catalog/stripe_sync/api.py and
# shop/stripe_client/) and may be refused for: the cases that each of them needs in the tables.
CHANGES = [
    "POST /v1/products", "POST /v1/products/{product}", "POST /v1/prices",
    "POST /v1/prices/{price}", "POST /v1/customers", "POST /v1/checkout/sessions",
    "POST /v1/checkout/sessions/{session}/expire", "POST /v1/payment_intents/{held}/capture",
    "POST /v1/payment_intents/{held}/cancel", "POST /v1/refunds",
]  # fmt: skip
STATES = ["checkout/sessions/{complete}/expire", "{paid}/capture", "{paid}/cancel", "v1/refunds"]
# Never a value of any type: no number, no word of an enum, no hash of known keys.
WRONG = {
    Integer: ("parameter_invalid_integer", "1.5"),
    Boolean: (None, "perhaps"),
    DecimalText: (None, "a lot"),
    Choice: (None, "no such choice"),
    Text: (None, {"a": "hash"}),
    Listing: (None, "no array"),
    Table: (None, "no hash"),
    Hash: (None, "no hash"),
}


def name_of(call: Operation) -> str:
    return f"{call.method} {call.path}"


def leaves(check: Check, path: list[str], depth: int = 0) -> Iterator[tuple[list[str], Check]]:
    """Every parameter below a check with its path; lists by their first element."""
    if isinstance(check, Emptyable):
        yield from leaves(check.inner, path, depth)
    elif isinstance(check, Either):
        yield from leaves(check.nested, path, depth)
    else:
        if path:
            yield path, check
        if isinstance(check, Hash):
            for name, inner in check.fields.items():
                yield from leaves(inner, [*path, name], depth + 1)
        elif isinstance(check, Listing):
            yield from leaves(check.item, [*path, "0"], depth + 1)
        elif isinstance(check, Table):
            yield from leaves(check.item, [*path, "key"], depth + 1)


def sample(check: Check) -> Any:
    """Something that a check takes."""
    match check:
        case Emptyable(inner=inner) | Either(nested=inner):
            return sample(inner)
        case Hash(fields=fields, required=required):
            return {name: sample(fields[name]) for name in sorted(required)}
        case Listing(item=item):
            return {"0": sample(item)}
        case Choice(values=values):
            return values[0]
        case Boolean():
            return "true"
        case Table():
            return {}
        case _:
            return "1"


def request_with(check: Check, path: list[str], wrong: Any) -> Any:
    """A request that is right but for one value at a path."""
    if not path:
        return wrong
    if isinstance(check, Emptyable):
        return request_with(check.inner, path, wrong)
    if isinstance(check, Either):
        return request_with(check.nested, path, wrong)
    node = sample(check)
    if isinstance(check, Hash):
        inner = check.fields[path[0]]
    else:
        assert isinstance(check, Listing | Table)
        inner = check.item
    return {**node, path[0]: request_with(inner, path[1:], wrong)}


def in_brackets(path: list[str]) -> str:
    return path[0] + "".join(f"[{part}]" for part in path[1:])


@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_every_parameter_refuses_another_type(call: Operation) -> None:
    lax = []

    for path, check in leaves(call.check, []):
        code, wrong = WRONG[type(check)]
        if isinstance(wrong, str) and accepts_text(call.check, path):
            continue
        try:
            call.check.value(request_with(call.check, path, wrong), "")
            lax.append(f"{in_brackets(path)} takes {wrong!r}")
        except StripeError as error:
            refusal = (error.status, error.error["type"], error.error["param"])
            if refusal != (400, "invalid_request_error", in_brackets(path)):
                lax.append(f"{in_brackets(path)} says {refusal}")
            if code and error.error["code"] != code:
                lax.append(f"{in_brackets(path)} has code {error.error['code']}")

    assert lax == []


@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_every_required_parameter_is_missed(call: Operation) -> None:
    lax = []

    hashes: list[Any] = [([], call.check)] + [
        (path, check) for path, check in leaves(call.check, []) if isinstance(check, Hash)
    ]
    for path, check in hashes:
        for name in sorted(check.required):
            left = {key: value for key, value in sample(check).items() if key != name}
            try:
                call.check.value(request_with(call.check, path, left), "")
                lax.append(f"{in_brackets([*path, name])} is not missed")
            except StripeError as error:
                refusal = (error.error["code"], error.error["param"])
                if refusal != ("parameter_missing", in_brackets([*path, name])):
                    lax.append(f"{in_brackets([*path, name])} says {refusal}")

    assert lax == []


# What the shop must send although the SDK's types do not say so.
ALWAYS = [
    ("/v1/checkout/sessions", SESSION, ("mode", "success_url", "line_items[0][quantity]")),
    ("/v1/prices", "currency=eur&unit_amount=5&product={product}",
     ("currency", "unit_amount", "product")),
    ("/v1/products", "name=Cup", ("name",)),
    ("/v1/refunds", "charge=ch_1", ("charge",)),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "names"), ALWAYS)
def test_what_the_shop_has_to_send_is_missed_over_http(
    fake: Fake, path: str, body: str, names: tuple[str, ...]
) -> None:
    pairs = [pair.split("=", 1) for pair in body.split("&")]

    for name in names:
        sent = [(key, value) for key, value in pairs if key != name]
        error = fake.raw("POST", path, data=sent).json()["error"]
        assert (error["code"], error["param"]) == ("parameter_missing", name)


def accepts_text(check: Check, path: list[str]) -> bool:
    """Whether a parameter takes a hash or list, or else any text (`destination`, an id)."""
    for part in path:
        while isinstance(check, Emptyable | Either):
            check = check.inner if isinstance(check, Emptyable) else check.nested
        check = check.fields[part] if isinstance(check, Hash) else getattr(check, "item", check)
    while isinstance(check, Emptyable):
        check = check.inner
    return isinstance(check, Either)


@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_every_hash_refuses_a_key_that_it_does_not_know(call: Operation) -> None:
    lax = []

    hashes: list[Any] = [([], call.check)] + [
        (path, check) for path, check in leaves(call.check, []) if isinstance(check, Hash)
    ]
    for path, _ in hashes:
        try:
            call.check.value(with_unknown(call.check, path), "")
            lax.append(in_brackets([*path, "colour"]))
        except StripeError as error:
            refusal = (error.error["code"], error.error["param"])
            if refusal != ("parameter_unknown", in_brackets([*path, "colour"])):
                lax.append(f"{in_brackets([*path, 'colour'])} says {refusal}")

    assert lax == []


def with_unknown(check: Check, path: list[str]) -> Any:
    """A request with an unknown key in the hash at a path."""
    inner: Check = check
    for part in path:
        while isinstance(inner, Emptyable | Either):
            inner = inner.inner if isinstance(inner, Emptyable) else inner.nested
        inner = inner.fields[part] if isinstance(inner, Hash) else inner.item  # type: ignore[attr-defined]
    return request_with(check, path, {**sample(inner), "colour": "blue"})


@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_every_call_refuses_unknown_parameters_over_http(fake: Fake, call: Operation) -> None:
    path = call.path.replace("{id}", "some_id")
    sent = {"params" if call.method != "POST" else "data": {"colour": "blue"}}

    answer = fake.raw(call.method, path, headers={"Stripe-Version": "2026-10-28.endive"}, **sent)

    error = answer.json()["error"]
    assert answer.status_code == 400
    assert (error["type"], error["code"], error["param"]) == (
        "invalid_request_error", "parameter_unknown", "colour",
    )  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_tables_have_cases_for_what_the_shop_changes(change: str) -> None:
    calls = {call for call, *_ in REFUSED}

    assert change in calls


@pytest.mark.parametrize("state", STATES)
def test_tables_have_the_illegal_states_that_the_shop_can_meet(state: str) -> None:
    assert [call for call, *_ in ILLEGAL if state in call] != []
