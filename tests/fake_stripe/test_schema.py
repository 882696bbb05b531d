"""Objects have every field that Stripe always sends, and none that it does not."""

from collections.abc import Callable
from typing import Any

from fake_stripe.schema import complete, problems
from tests.fake_stripe.rig import Fake


def test_nulls_are_filled_in_and_optional_fields_are_not() -> None:
    completed = complete("charge", {"id": "ch_1", "outcome": {"type": "authorized"}})

    assert completed["balance_transaction"] is None
    assert completed["outcome"]["reason"] is None
    assert "refunds" not in completed
    assert "amount" not in completed


def test_what_is_missing_or_unknown_or_wrong_is_named() -> None:
    found = set(problems("tax_id", {"id": 5, "object": "tax_id", "colour": "blue"}))

    assert {"colour is not a field of tax_id", "id is no string: 5", "value is missing"} <= found


def everything(fake: Fake) -> None:
    """Bring about every kind of object in its states."""
    customer = fake.v1.customers.create(
        {"email": "a@example.com", "tax_id_data": [{"type": "eu_vat", "value": "ATU12345678"}]}
    )
    product = fake.v1.products.create(
        {"name": "Cup", "default_price_data": {"currency": "eur", "unit_amount": 900}}
    )
    fake.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["*"]})
    rate = {
        "display_name": "Post", "type": "fixed_amount",
        "fixed_amount": {"amount": 100, "currency": "eur"},
    }  # fmt: skip
    session = fake.session(
        customer=customer.id,
        line_items=[{"price": product.default_price, "quantity": 1}],
        shipping_address_collection={"allowed_countries": ["AT"]},
        shipping_options=[{"shipping_rate_data": rate}],
        saved_payment_method_options={"payment_method_save": "enabled"},
        tax_id_collection={"enabled": True},
        custom_text={"submit": {"message": "Thank you"}},
        payment_method_options={"card": {"capture_method": "manual"}},
    )
    fake.controlled(f"sessions/{session.id}/pay", {"card": "4000000000000002"})
    done = fake.pay(session.id, save=True)
    fake.v1.payment_intents.capture(done["payment_intent"], {"amount_to_capture": 800})
    fake.v1.refunds.create({"payment_intent": done["payment_intent"], "amount": 100})
    fake.v1.payment_intents.cancel(fake.held().id)
    for iban in ("AT321904300235473204", "AT861904300235473202"):
        fake.pay(fake.session().id, method="sepa_debit", iban=iban)
    fake.control("clock", {"advance": 200})
    paid = fake.paid(card="4000000000007726")
    fake.v1.refunds.create({"payment_intent": paid.id})
    fake.control("disputes", {"payment_intent": fake.paid().id})
    fake.v1.checkout.sessions.expire(fake.session().id)
    fake.session()


LISTS: list[tuple[str, Callable[[Fake], Any]]] = [
    ("balance_transaction", lambda fake: fake.v1.balance_transactions.list),
    ("charge", lambda fake: fake.v1.charges.list),
    ("checkout.session", lambda fake: fake.v1.checkout.sessions.list),
    ("customer", lambda fake: fake.v1.customers.list),
    ("dispute", lambda fake: fake.v1.disputes.list),
    ("event", lambda fake: fake.v1.events.list),
    ("payment_intent", lambda fake: fake.v1.payment_intents.list),
    ("payment_method", lambda fake: fake.v1.payment_methods.list),
    ("price", lambda fake: fake.v1.prices.list),
    ("product", lambda fake: fake.v1.products.list),
    ("refund", lambda fake: fake.v1.refunds.list),
    ("shipping_rate", lambda fake: fake.v1.shipping_rates.list),
    ("webhook_endpoint", lambda fake: fake.v1.webhook_endpoints.list),
]


def test_every_object_has_the_fields_of_its_kind(fake: Fake) -> None:
    everything(fake)
    wrong: list[str] = []

    for kind, listing in LISTS:
        found = listing(fake)({"limit": 100}).data
        assert found, kind
        for entry in found:
            wrong += [f"{kind}: {one}" for one in problems(kind, entry.to_dict(for_json=True))]
    for event in fake.v1.events.list({"limit": 100}).data:
        entry = event.data.object.to_dict(for_json=True)
        wrong += [f"{event.type}: {one}" for one in problems(entry["object"], entry)]
    for session in fake.v1.checkout.sessions.list({"expand": ["data.line_items"]}).data:
        for item in session.line_items.data:
            wrong += [f"item: {one}" for one in problems("item", item.to_dict(for_json=True))]
    account = fake.v1.accounts.retrieve_current().to_dict(for_json=True)
    wrong += [f"account: {one}" for one in problems("account", account)]

    assert "\n".join(sorted(set(wrong))) == ""
