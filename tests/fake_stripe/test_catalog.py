"""Products and prices."""

import pytest
import stripe

from tests.fake_stripe.rig import Fake


def test_product_is_made_changed_and_deleted(fake: Fake) -> None:
    product = fake.v1.products.create(
        {"id": "kettle", "name": "Kettle", "metadata": {"sku": "K1", "old": "1"}}
    )

    changed = fake.v1.products.update(
        "kettle", {"description": "Blue", "metadata": {"old": "", "new": "2"}}
    )
    cleared = fake.v1.products.update("kettle", {"description": "", "images": ""})
    gone = fake.v1.products.delete("kettle")

    assert (product.active, product.default_price, product.description) == (True, None, None)
    assert changed.metadata.to_dict() == {"sku": "K1", "new": "2"}
    assert (cleared.description, cleared.images) == (None, [])
    assert gone.to_dict() == {"id": "kettle", "object": "product", "deleted": True}
    with pytest.raises(stripe.InvalidRequestError) as missing:
        fake.v1.products.retrieve("kettle")
    assert missing.value.http_status == 404
    assert fake.types() == ["product.created", *["product.updated"] * 2, "product.deleted"]


def test_updated_event_tells_only_what_changed(fake: Fake) -> None:
    fake.v1.products.create({"id": "kettle", "name": "Kettle", "metadata": {"a": "1", "b": "2"}})

    fake.v1.products.update("kettle", {"name": "Pot", "metadata": {"a": "9"}})

    event = fake.v1.events.list({"type": "product.updated"}).data[0]
    previous = event.data.previous_attributes
    assert previous["name"] == "Kettle"
    assert previous["metadata"].to_dict() == {"a": "1"}
    assert "active" not in previous


def test_own_id_can_be_used_once(fake: Fake) -> None:
    fake.v1.products.create({"id": "kettle", "name": "Kettle"})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.products.create({"id": "kettle", "name": "Kettle"})

    assert refused.value.code == "resource_already_exists"


def test_default_price_comes_with_the_product_and_cannot_be_archived(fake: Fake) -> None:
    product = fake.v1.products.create(
        {
            "name": "Kettle",
            "default_price_data": {"currency": "EUR", "unit_amount": 1999},
            "expand": ["default_price"],
        }
    )

    price = product.default_price
    assert isinstance(price, stripe.Price)
    assert (price.currency, price.unit_amount, str(price.unit_amount_decimal)) == (
        "eur", 1999, "1999",
    )  # fmt: skip
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.prices.update(price.id, {"active": False})


def test_price_is_replaced_and_the_lookup_key_moves(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Kettle"}).id
    old = fake.v1.prices.create(
        {"product": product, "currency": "eur", "unit_amount": 900, "lookup_key": "kettle"}
    )
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.prices.create(
            {"product": product, "currency": "eur", "unit_amount": 950, "lookup_key": "kettle"}
        )

    new = fake.v1.prices.create(
        {
            "product": product,
            "currency": "eur",
            "unit_amount": 950,
            "lookup_key": "kettle",
            "transfer_lookup_key": True,
        }
    )
    fake.v1.prices.update(old.id, {"active": False})

    assert [price.id for price in fake.v1.prices.list({"lookup_keys": ["kettle"]}).data] == [new.id]
    assert [price.id for price in fake.v1.prices.list({"active": True}).data] == [new.id]
    assert fake.v1.prices.retrieve(old.id).lookup_key is None


def test_products_are_listed_by_pages_in_both_directions(fake: Fake) -> None:
    made = [fake.v1.products.create({"name": f"P{index}"}).id for index in range(7)][::-1]

    forwards = [one.id for one in fake.v1.products.list({"limit": 3}).auto_paging_iter()]
    before = fake.v1.products.list({"limit": 2, "ending_before": made[4]})

    assert forwards == made
    assert [one.id for one in before.data] == made[2:4]
    assert before.has_more
    assert [one.id for one in fake.v1.products.list({"ids": [made[1]]}).data] == [made[1]]


def test_amount_of_a_price_cannot_be_changed(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Kettle"}).id
    price = fake.v1.prices.create({"product": product, "currency": "eur", "unit_amount": 900})

    answer = fake.raw("POST", f"/v1/prices/{price.id}", data={"unit_amount": "5"})

    assert answer.json()["error"]["code"] == "parameter_unknown"


def test_shipping_rates_are_kept(fake: Fake) -> None:
    rate = fake.v1.shipping_rates.create(
        {
            "display_name": "Post",
            "type": "fixed_amount",
            "fixed_amount": {"amount": 490, "currency": "eur"},
        }
    )

    fake.v1.shipping_rates.update(rate.id, {"active": False})

    assert fake.v1.shipping_rates.retrieve(rate.id).active is False
    assert fake.v1.shipping_rates.list({"active": True}).data == []
