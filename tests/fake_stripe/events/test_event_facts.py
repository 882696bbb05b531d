"""What each event tells: who asked for it, and what was there before."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.fake_stripe.rig import ROOT, Fake

# These tell what was there before, though their names do not end in `updated`.
LIKE_UPDATES = {
    "charge.captured", "charge.dispute.closed", "charge.refunded", "payment_method.detached",
}  # fmt: skip


def product_updated(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Kettle", "metadata": {"a": "1", "b": "2"}})
    fake.v1.products.update(product.id, {"name": "Pot", "metadata": {"a": "3"}})


def price_updated(fake: Fake) -> None:
    data: Any = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Kettle"}}
    price = fake.v1.prices.create({**data, "lookup_key": "kettle"})
    fake.v1.prices.create({**data, "lookup_key": "kettle", "transfer_lookup_key": True})
    options: Any = {"usd": {"unit_amount": 1000}}
    fake.v1.prices.update(price.id, {"nickname": "Best", "currency_options": options})


def customer_updated(fake: Fake) -> None:
    address: Any = {"line1": "Ring 1", "city": "Wien", "country": "AT"}
    customer = fake.v1.customers.create({"name": "Jane", "address": address})
    moved: Any = {**address, "city": "Graz"}
    fake.v1.customers.update(customer.id, {"address": moved})


def coupon_and_promotion_code_updated(fake: Fake) -> None:
    coupon = fake.v1.coupons.create({"percent_off": 10, "duration": "once"})
    code = fake.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}})
    fake.v1.coupons.update(coupon.id, {"name": "Spring"})
    fake.v1.promotion_codes.update(code.id, {"metadata": {"a": "1"}})
    fake.v1.coupons.delete(coupon.id)


def tax_rate_updated(fake: Fake) -> None:
    rate = fake.v1.tax_rates.create({"display_name": "VAT", "percentage": 20, "inclusive": True})
    fake.v1.tax_rates.update(rate.id, {"active": False})


def portal_configuration_updated(fake: Fake) -> None:
    features = {"invoice_history": {"enabled": False}}
    portal = fake.v1.billing_portal.configurations.create({"features": features})
    fake.v1.billing_portal.configurations.update(portal.id, {"metadata": {"a": "1"}})


def payment_method_updated_and_detached(fake: Fake) -> None:
    options = {"payment_method_save": "enabled"}
    session = fake.session(customer_creation="always", saved_payment_method_options=options)
    customer = fake.pay(session.id, save=True)["customer"]
    (method,) = fake.v1.customers.payment_methods.list(customer).data
    address = {**method.billing_details.address.to_dict(), "city": "Graz"}
    sent: Any = {name: value for name, value in address.items() if value}
    fake.v1.payment_methods.update(method.id, {"billing_details": {"address": sent}})
    fake.v1.payment_methods.detach(method.id)


def charge_and_refund_updated(fake: Fake) -> None:
    intent = fake.held()
    fake.v1.payment_intents.capture(intent.id, {"amount_to_capture": 1500})
    refund = fake.v1.refunds.create({"payment_intent": intent.id, "amount": 500})
    fake.v1.refunds.update(refund.id, {"metadata": {"a": "1"}})


def refund_settled(fake: Fake) -> None:
    fake.v1.refunds.create({"payment_intent": fake.paid(card="4000000000007726").id})
    fake.control("clock", {"advance": 120})


def dispute_and_warning_updated(fake: Fake) -> None:
    intent = fake.paid(card="4000000000005423")
    fake.control("clock", {"advance": 10})
    fake.control("disputes", {"payment_intent": intent.id})
    (dispute,) = fake.v1.disputes.list().data
    fake.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    fake.control("clock", {"advance": 120})


def invoice_and_subscription_updated(fake: Fake) -> None:
    recurring = {"interval": "month"}
    data: Any = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Tea"}}
    line = {"price_data": {**data, "recurring": recurring}, "quantity": 1}
    session = fake.session(mode="subscription", line_items=[line])
    fake.pay(session.id)
    fake.control("clock", {"advance": 32 * 24 * 60 * 60})


WAYS: list[Callable[[Fake], None]] = [
    product_updated, price_updated, customer_updated, coupon_and_promotion_code_updated,
    tax_rate_updated, payment_method_updated_and_detached, charge_and_refund_updated,
    refund_settled, dispute_and_warning_updated, portal_configuration_updated,
    invoice_and_subscription_updated,
]  # fmt: skip


def emitted() -> set[str]:
    """Every type that the stand-in's code names, and that tells what was there before."""
    sources = [path.read_text() for path in (ROOT / "fake_stripe").rglob("*.py")]
    types = {found for text in sources for found in re.findall(r'emit\(\s*"([a-z_.]+)"', text)}
    return {kind for kind in types if kind.endswith(".updated")} | LIKE_UPDATES


def has_previous(event: dict[str, Any]) -> bool:
    return "previous_attributes" in event["data"]


def paths(values: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Each value that is no hash, with where it stands."""
    found = []
    for name, value in values.items():
        inner = paths(value, (*path, name)) if isinstance(value, dict) else []
        found += inner or [((*path, name), value)]
    return found


def value_at(values: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        values = (values or {}).get(name)
    return values


def test_every_update_tells_what_was_there_before_and_nothing_else(fake: Fake) -> None:
    for way in WAYS:
        way(fake)

    events = fake.control("events")["data"]

    assert {event["type"] for event in events if has_previous(event)} == emitted()
    for event in events:
        assert has_previous(event) == (
            event["type"].endswith(".updated") or event["type"] in LIKE_UPDATES
        ), event["type"]
        for path, earlier in paths(event["data"].get("previous_attributes", {})):
            now = event["data"]["object"]
            # Fields that come only when expanded are told of all the same.
            assert path[0] not in now or value_at(now, path) != earlier, (event["type"], path)


@pytest.mark.parametrize(
    ("sent", "before"),
    [
        ({"name": "Pot"}, {"name": "Kettle"}),
        ({"metadata": {"a": "3", "c": "4"}}, {"metadata": {"a": "1", "c": None}}),
        ({"images": ["https://shop.test/2"]}, {"images": ["https://shop.test/1"]}),
        (
            {"package_dimensions": {"height": 2, "length": 1, "weight": 1, "width": 1}},
            {"package_dimensions": {"height": 1.0}},
        ),
    ],
)
def test_hash_is_narrowed_and_array_is_whole(fake: Fake, sent: Any, before: dict[str, Any]) -> None:
    product = fake.v1.products.create(
        {
            "name": "Kettle",
            "metadata": {"a": "1", "b": "2"},
            "images": ["https://shop.test/1"],
            "package_dimensions": {"height": 1, "length": 1, "weight": 1, "width": 1},
        }
    )

    fake.v1.products.update(product.id, sent)

    previous = fake.control("events")["data"][-1]["data"]["previous_attributes"]
    previous.pop("updated", None)
    assert previous == before


def test_inner_hash_is_narrowed_too(fake: Fake) -> None:
    payment_method_updated_and_detached(fake)

    updated, detached = fake.control("events")["data"][-2:]

    assert updated["data"]["previous_attributes"] == {
        "billing_details": {"address": {"city": "Wien"}}
    }
    assert list(detached["data"]["previous_attributes"]) == ["customer"]


def test_update_that_changes_nothing_is_no_event(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Kettle"})

    fake.v1.products.update(product.id, {"name": "Kettle"})

    assert fake.types() == ["product.created"]


def test_what_time_brings_about_was_asked_by_nobody(fake: Fake) -> None:
    session = fake.session()
    nobody = {"id": None, "idempotency_key": None}

    fake.control("clock", {"advance": 25 * 60 * 60})

    (event,) = fake.control("events")["data"]
    assert (event["type"], event["request"]) == ("checkout.session.expired", nobody)
    assert event["data"]["object"]["id"] == session.id


def test_dashboard_asks_without_a_key_and_a_bank_not_at_all(fake: Fake) -> None:
    intent = fake.held().id
    fake.control(f"payment_intents/{intent}/capture", {})
    captured = [one for one in fake.control("events")["data"] if one["type"] == "charge.captured"]
    fake.control(f"payment_intents/{intent}/dispute", {})

    disputed = fake.control("events")["data"][-1]

    assert captured[0]["request"]["id"].startswith("req_")
    assert captured[0]["request"]["idempotency_key"] is None
    assert disputed["request"] == {"id": None, "idempotency_key": None}


def test_customers_page_asks_with_ids_and_keys(fake: Fake) -> None:
    fake.paid()

    requests = [event["request"] for event in fake.control("events")["data"]]

    assert all(one["id"].startswith("req_") and one["idempotency_key"] for one in requests)
