"""Products and prices."""

from typing import Any

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


def test_customers_may_choose_the_amount_of_a_price(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Gift"}).id
    custom = {"enabled": True, "minimum": 500, "preset": 1000, "maximum": 9000}

    price = fake.v1.prices.create(
        {"product": product, "currency": "eur", "custom_unit_amount": custom}
    )

    assert price.custom_unit_amount
    assert price.custom_unit_amount.to_dict() == {"minimum": 500, "preset": 1000, "maximum": 9000}
    assert (price.unit_amount, price.unit_amount_decimal) == (None, None)
    session = fake.session(line_items=[{"price": price.id, "quantity": 1}])
    assert session.amount_total == 1000


@pytest.mark.parametrize(
    ("changed", "param"),
    [
        ({"enabled": False}, "custom_unit_amount[enabled]"),
        ({"minimum": 10}, "custom_unit_amount[minimum]"),
        ({"maximum": 400}, "custom_unit_amount[maximum]"),
        ({"preset": 9001}, "custom_unit_amount[preset]"),
    ],
)
def test_amount_to_choose_has_bounds_that_fit(
    fake: Fake, changed: dict[str, int], param: str
) -> None:
    custom: Any = {"enabled": True, "minimum": 500, "preset": 1000, "maximum": 9000, **changed}
    product = fake.v1.products.create({"name": "Gift"}).id

    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.prices.create({"product": product, "currency": "eur", "custom_unit_amount": custom})

    assert caught.value.param == param
    assert fake.v1.prices.list().data == []


def test_default_price_without_an_amount_is_refused(fake: Fake) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.products.create({"name": "Kettle", "default_price_data": {"currency": "eur"}})

    assert caught.value.param == "default_price_data[unit_amount]"
    assert fake.v1.products.list().data == []


def test_prices_are_listed_by_how_they_recur(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Tea"}).id
    for interval in ("month", "year"):
        fake.v1.prices.create(
            {"product": product, "currency": "eur", "unit_amount": 900,
             "recurring": {"interval": interval}}
        )  # fmt: skip

    found = fake.v1.prices.list({"recurring": {"interval": "year"}}).data

    assert [price.recurring.interval for price in found if price.recurring] == ["year"]
    assert len(fake.v1.prices.list({"type": "recurring"}).data) == 2


def test_currencies_of_a_price_are_added_changed_and_expanded(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Tea"}).id
    price = fake.v1.prices.create(
        {"product": product, "currency": "eur", "unit_amount": 900,
         "currency_options": {"usd": {"unit_amount": 1000}}}
    )  # fmt: skip

    changed = fake.v1.prices.update(
        price.id,
        {"currency_options": {"gbp": {"unit_amount": 800}}, "expand": ["currency_options"]},
    )
    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.prices.update(
            price.id, {"currency_options": {"usd": {"tax_behavior": "inclusive"}}}
        )

    amounts = {
        name: one["unit_amount"] for name, one in changed.to_dict()["currency_options"].items()
    }
    assert amounts == {"eur": 900, "usd": 1000, "gbp": 800}
    assert caught.value.param == "currency_options[usd][unit_amount]"


def test_own_ids_of_two_kinds_may_be_the_same(fake: Fake) -> None:
    fake.v1.products.create({"id": "SUMMER", "name": "Summer box"})
    fake.v1.coupons.create({"id": "SUMMER", "percent_off": 10})

    fake.v1.products.update("SUMMER", {"name": "Box"})
    fake.v1.coupons.delete("SUMMER")

    assert fake.v1.products.retrieve("SUMMER").name == "Box"


def test_address_of_a_product_is_cleared_by_an_empty_one(fake: Fake) -> None:
    product = fake.v1.products.create({"name": "Cup", "url": "https://shop.test/cup"})

    cleared = fake.v1.products.update(product.id, {"url": ""})

    assert (product.url, cleared.url) == ("https://shop.test/cup", None)


def test_x4_metadata_grows_no_further_than_fifty_keys(fake: Fake) -> None:
    product = fake.v1.products.create(
        {"name": "Tea", "metadata": {f"a{number}": "1" for number in range(49)}}
    )

    answers = [
        fake.raw("POST", f"/v1/products/{product.id}", data={f"metadata[{key}]": value})
        for key, value in [("b", "1"), ("c", "1"), ("b", ""), ("c", "1")]
    ]

    assert [answer.status_code for answer in answers] == [200, 400, 200, 200]
    assert answers[1].json()["error"]["param"] == "metadata"


def test_x6_a_product_is_announced_with_its_default_price(fake: Fake) -> None:
    product = fake.v1.products.create(
        {"name": "Tea", "default_price_data": {"currency": "eur", "unit_amount": 900}}
    )

    created, *rest = fake.control("events")["data"]

    assert created["data"]["object"]["default_price"] == product.default_price
    assert [created["type"], *(one["type"] for one in rest)] == ["product.created", "price.created"]
