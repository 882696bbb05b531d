"""What `expand` fills in: every reference that Stripe's SDK knows, at any depth."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import pytest
from stripe._list_object import ListObject
from stripe._object_classes import OBJECT_CLASSES, get_object_class
from stripe._stripe_object import StripeObject

from fake_stripe.engine.store import Store
from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.expansion import render
from fake_stripe.schema import code_of
from fake_stripe.schema.generate import BY_METHOD, KINDS
from tests.fake_stripe.populated import everything
from tests.fake_stripe.rig import Fake
from tests.fake_stripe.sdk_types import hints


def references(kind: type, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every field of a class of the SDK that holds an id or, expanded, an object."""
    for name, hint in hints(kind).items():
        yield from references_in(hint, (*path, name))


def references_in(hint: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    members = [one for one in get_args(hint) if one is not type(None)]
    if get_origin(hint) is Union:
        if str in members and any(is_object(one) for one in members):
            yield path
        elif len(members) == 1:
            yield from references_in(members[0], path)
    elif get_origin(hint) is list:
        yield from references_in(members[0], path)
    elif is_hash(hint) and len(path) < 4:
        yield from references(hint, path)


def is_hash(hint: Any) -> bool:
    """Whether a class is a hash inside one of Stripe's objects."""
    own = isinstance(hint, type) and issubclass(hint, StripeObject) and hint is not StripeObject
    return own and hint is not ListObject and not is_object(hint)


def is_object(hint: Any) -> bool:
    """Whether a class is one of Stripe's objects, and no hash inside one."""
    return isinstance(hint, type) and hasattr(hint, "OBJECT_NAME")


def object_with(table: str, path: tuple[str, ...]) -> Any:
    """An object, or a hash, in which there is something at a path; none where no such field is."""
    code = code_of(table, path[0])
    if not code and BY_METHOD.search(table):
        return None
    inner: Any = "some_id"
    if len(path) > 1:
        assert "{}" in code, (table, path)
        inner = object_with(code.partition("{}")[2], path[1:])
    return {path[0]: [inner] if code.startswith("[]") else inner}


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Transaction]:
    store = Store(tmp_path / "state.sqlite3")
    yield Transaction(store, now=0, offset=0, public_url="")
    store.close()


PLAYED = [kind for kind in KINDS if kind in OBJECT_CLASSES]


@pytest.mark.parametrize("kind", PLAYED)
def test_every_reference_that_the_sdk_knows_can_be_expanded(
    account: Transaction, kind: str
) -> None:
    wrong = []

    for path in references(get_object_class("V1", kind)):
        for entry in ({}, object_with(kind, path) or {}):
            try:
                render(account, {"id": "one", "object": kind, **entry}, [".".join(path)])
            except Exception as error:  # noqa: BLE001 - each is told at the end
                wrong.append(f"{'.'.join(path)}: {error!r}")

    assert wrong == []


@pytest.mark.parametrize(
    "expand",
    [
        ["payment_intent"],
        ["payment_intent.latest_charge", "line_items"],
        ["payment_intent.latest_charge.balance_transaction", "payment_intent.payment_method"],
        ["payment_intent.latest_charge.balance_transaction.source"],
        ["line_items.data.price.product", "line_items", "total_details.breakdown"],
        ["line_items.data.price.currency_options"],
        ["customer", "shipping_cost.shipping_rate"],
        ["shipping_options.shipping_rate.fixed_amount.currency_options"],
    ],
)
def test_expanding_fills_in_objects(fake: Fake, expand: list[str]) -> None:
    everything(fake)
    (session,) = fake.v1.checkout.sessions.list(
        {"customer": fake.v1.customers.list().data[0].id}
    ).data

    expanded = fake.v1.checkout.sessions.retrieve(session.id, {"expand": expand})

    for path in expand:
        assert not [one for one in at_path(expanded, path) if isinstance(one, str) or not one], path


def at_path(value: Any, path: str) -> list[Any]:
    """What stands at a path, in each element of the arrays on the way; at least one thing."""
    values = [value]
    for name in path.split("."):
        found = [one[name] for one in values]
        values = [item for one in found for item in (one if isinstance(one, list) else [one])]
    assert values, path
    return values


def test_discounts_of_all_kinds_are_filled_in(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Tea"})
    coupon = fake.v1.coupons.create(
        {"percent_off": 10, "duration": "forever", "applies_to": {"products": [product.id]}}
    )
    promotion: Any = {"type": "coupon", "coupon": coupon.id}
    code = fake.v1.promotion_codes.create({"promotion": promotion, "code": "TEA"})
    price = fake.v1.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 900,
         "recurring": {"interval": "month"}}
    )  # fmt: skip
    session = fake.session(
        mode="subscription",
        line_items=[{"price": price.id, "quantity": 1}],
        discounts=[{"promotion_code": code.id}],
        expand=["discounts.promotion_code", "discounts.coupon.applies_to"],
    )
    done = fake.pay(session.id)

    (given,) = session.discounts
    assert (given.promotion_code.code, given.coupon.applies_to.products) == ("TEA", [product.id])
    invoice = fake.v1.invoices.retrieve(
        done["invoice"],
        {"expand": ["discounts.source.coupon", "total_discount_amounts.discount",
                    "issuer.account", "lines.data.discounts"]},
    )  # fmt: skip
    (used,) = at_path(invoice, "discounts")
    assert used.source.coupon.id == coupon.id
    assert at_path(invoice, "total_discount_amounts.discount") == [
        fake.v1.invoices.retrieve(done["invoice"], {"expand": ["discounts"]}).discounts[0]
    ]
    assert at_path(invoice, "lines.data.discounts.source.coupon") == [coupon.id]
    subscription = fake.v1.subscriptions.retrieve(
        done["subscription"], {"expand": ["discounts", "invoice_settings.issuer.account"]}
    )
    assert at_path(subscription, "discounts.source.coupon") == [coupon.id]


def test_what_is_not_there_stays_so_and_is_no_error(fake: Fake) -> None:
    intent = fake.paid()
    refund = fake.v1.refunds.create(
        {"payment_intent": intent.id, "expand": ["failure_balance_transaction", "charge"]}
    )
    session = fake.session(expand=["payment_link", "setup_intent.payment_method"])

    assert "failure_balance_transaction" not in refund
    assert refund.charge.id == intent.latest_charge.id
    assert (session.payment_link, session.setup_intent) == (None, None)


@pytest.mark.parametrize("path", ["data.object", "data", "type", "colour", "colour.red"])
def test_what_is_no_reference_is_refused(fake: Fake, path: str) -> None:
    fake.paid()
    event = fake.v1.events.list().data[0]

    answer = fake.raw("GET", f"/v1/events/{event.id}", params={"expand[]": path})

    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, "expand")
    assert path.partition(".")[0] in error["message"]


@pytest.mark.parametrize(
    ("path", "is_refused"),
    [
        ("data.latest_charge.balance_transaction.source", False),
        ("data.latest_charge.balance_transaction.source.payment_intent", True),
    ],
)
def test_x3_a_list_counts_as_a_level(fake: Fake, path: str, is_refused: bool) -> None:
    """docs.stripe.com/api/expanding_objects: four levels, `data` among them."""
    fake.paid()

    answer = fake.raw("GET", "/v1/payment_intents", params={"expand[]": path})

    assert (answer.status_code == 400) == is_refused, answer.text
