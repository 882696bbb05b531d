"""Customers, their tax ids, and the cards they let the shop keep."""

from typing import Any

import pytest
import stripe

from tests.fake_stripe.rig import Fake

SAVING = {"payment_method_save": "enabled", "payment_method_remove": "enabled"}


def test_customer_is_made_changed_and_deleted(fake: Fake) -> None:
    customer = fake.v1.customers.create(
        {"email": "jane@example.com", "address": {"country": "AT"}, "metadata": {"a": "1"}}
    )

    changed = fake.v1.customers.update(customer.id, {"name": "Jane", "metadata": {"a": ""}})
    gone = fake.v1.customers.delete(customer.id)

    assert customer.address is not None
    assert customer.address.line1 is None
    assert (changed.name, len(changed.metadata.to_dict())) == ("Jane", 0)
    assert gone.deleted
    assert fake.v1.customers.retrieve(customer.id).deleted
    assert fake.v1.customers.list({"email": "jane@example.com"}).data == []
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.customers.update(customer.id, {"name": "Joe"})
    assert fake.types() == ["customer.created", "customer.updated", "customer.deleted"]


def test_tax_ids_belong_to_their_customer(fake: Fake) -> None:
    customer = fake.v1.customers.create(
        {
            "email": "jane@example.com",
            "tax_id_data": [{"type": "eu_vat", "value": "ATU12345678"}],
            "expand": ["tax_ids"],
        }
    )
    second = fake.v1.customers.tax_ids.create(
        customer.id, {"type": "gb_vat", "value": "GB123456789"}
    )

    assert customer.tax_ids is not None
    assert [one.value for one in customer.tax_ids.data] == ["ATU12345678"]
    assert [one.country for one in fake.v1.customers.tax_ids.list(customer.id).data] == ["GB", "AT"]
    fake.v1.customers.tax_ids.delete(customer.id, second.id)
    assert len(fake.v1.customers.tax_ids.list(customer.id).data) == 1
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.customers.tax_ids.create(customer.id, {"type": "eu_vat", "value": "nonsense"})
    assert refused.value.code == "tax_id_invalid"


def buy(fake: Fake, *, save: bool, **params: Any) -> Any:
    session = fake.session(**params)
    return fake.pay(session.id, save=save, email="jane@example.com", name="Jane")


def test_guest_who_ticks_the_box_becomes_a_customer_with_a_card(fake: Fake) -> None:
    done = buy(
        fake, save=True, customer_creation="always", saved_payment_method_options=SAVING
    )  # fmt: skip

    customer = done["customer"]
    (method,) = fake.v1.customers.payment_methods.list(customer).data
    assert (method.allow_redisplay, method.customer, method.type) == ("always", customer, "card")
    assert fake.v1.customers.retrieve(customer).email == "jane@example.com"
    intent = fake.intent(done["payment_intent"])
    assert (intent.customer, intent.latest_charge.customer) == (customer, customer)
    types = fake.types()
    assert types.index("customer.created") < types.index("payment_method.attached")
    assert types.index("payment_method.attached") < types.index("charge.succeeded")


def test_without_the_tick_nothing_is_kept(fake: Fake) -> None:
    done = buy(
        fake, save=False, customer_creation="always", saved_payment_method_options=SAVING
    )  # fmt: skip

    assert fake.v1.customers.payment_methods.list(done["customer"]).data == []


def test_without_a_customer_nothing_is_kept(fake: Fake) -> None:
    done = buy(fake, save=True, saved_payment_method_options=SAVING)

    assert done["customer"] is None
    method = fake.v1.payment_methods.retrieve(fake.intent(done["payment_intent"]).payment_method)
    assert method.customer is None


def test_future_use_keeps_the_card_as_limited(fake: Fake) -> None:
    done = buy(fake, save=False, payment_intent_data={"setup_future_usage": "off_session"})

    (method,) = fake.v1.payment_methods.list({"customer": done["customer"]}).data
    assert method.allow_redisplay == "limited"
    listed = fake.v1.payment_methods.list(
        {"customer": done["customer"], "allow_redisplay": "always"}
    )
    assert listed.data == []


def test_declined_attempt_makes_no_customer(fake: Fake) -> None:
    session = fake.session(customer_creation="always")

    fake.controlled(f"sessions/{session.id}/pay", {"card": "4000000000000002"})

    assert fake.v1.customers.list().data == []


def test_detached_card_is_gone_for_good(fake: Fake) -> None:
    done = buy(fake, save=True, customer_creation="always", saved_payment_method_options=SAVING)
    (method,) = fake.v1.customers.payment_methods.list(done["customer"]).data

    detached = fake.v1.payment_methods.detach(method.id)

    assert detached.customer is None
    assert fake.v1.customers.payment_methods.list(done["customer"]).data == []
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.payment_methods.attach(method.id, {"customer": done["customer"]})
    assert fake.types()[-1] == "payment_method.detached"


def test_redisplay_can_be_changed(fake: Fake) -> None:
    done = buy(fake, save=False, payment_intent_data={"setup_future_usage": "on_session"})
    (method,) = fake.v1.customers.payment_methods.list(done["customer"]).data

    changed = fake.v1.payment_methods.update(method.id, {"allow_redisplay": "always"})

    assert changed.allow_redisplay == "always"
    event = fake.v1.events.list({"type": "payment_method.updated"}).data[0]
    assert event.data.previous_attributes["allow_redisplay"] == "limited"


def test_customer_is_updated_from_the_page_where_asked(fake: Fake) -> None:
    customer = fake.v1.customers.create({"email": "jane@example.com"}).id
    session = fake.session(customer=customer, customer_update={"name": "auto", "address": "auto"})

    fake.pay(session.id, name="Jane Doe")

    changed = fake.v1.customers.retrieve(customer)
    assert changed.name == "Jane Doe"
    assert changed.address is not None
    assert changed.address.country == "AT"


def test_customer_is_made_with_a_method_that_pays_invoices(fake: Fake) -> None:
    made = fake.v1.customers.create(
        {
            "email": "a@example.com", "payment_method": "pm_card_mastercard",
            "invoice_settings": {"default_payment_method": "pm_card_mastercard"},
        }
    )  # fmt: skip

    (method,) = fake.v1.payment_methods.list({"customer": made.id}).data
    assert (method.card.brand, made.invoice_settings.default_payment_method) == (
        "mastercard", method.id,
    )  # fmt: skip
    assert fake.types() == ["customer.created", "payment_method.attached"]


def test_customer_is_not_made_with_another_customers_method(fake: Fake) -> None:
    owner = fake.v1.customers.create({"payment_method": "pm_card_visa"})
    (method,) = fake.v1.payment_methods.list({"customer": owner.id}).data

    for params in (
        {"payment_method": method.id},
        {"invoice_settings": {"default_payment_method": method.id}},
    ):
        with pytest.raises(stripe.InvalidRequestError, match="customer"):
            fake.v1.customers.create(params)  # type: ignore[arg-type]

    assert len(fake.v1.customers.list().data) == 1
