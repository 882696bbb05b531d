"""Searching in Stripe's query language."""

from typing import Any

import pytest
import stripe

from tests.fake_stripe.rig import Fake


@pytest.fixture
def shelf(fake: Fake) -> Fake:
    """Three products, the last of them archived."""
    for name, sku in (("Blue kettle", "K1"), ("Red kettle", "K2"), ("Tea pot", "T1")):
        fake.v1.products.create({"name": name, "metadata": {"sku": sku}})
    pot = fake.v1.products.list().data[0]
    fake.v1.products.update(pot.id, {"active": False, "metadata": {"old": "yes"}})
    return fake


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("active:'true'", ["Red kettle", "Blue kettle"]),
        ("active:'true' AND metadata['sku']:'K1'", ["Blue kettle"]),
        ('name~"KETT"', ["Red kettle", "Blue kettle"]),
        ("name:'tea pot'", ["Tea pot"]),
        ("-name~'kettle'", ["Tea pot"]),
        ("metadata['sku']:'K1' OR metadata['sku']:'T1'", ["Tea pot", "Blue kettle"]),
        ("metadata['old']:null", ["Red kettle", "Blue kettle"]),
        ("-metadata['old']:null", ["Tea pot"]),
        ("name:'nothing'", []),
    ],
)
def test_query_finds_what_it_says(shelf: Fake, query: str, names: list[str]) -> None:
    found: Any = shelf.v1.products.search({"query": query})

    assert [product.name for product in found.data] == names
    assert (found.has_more, found.next_page, found.url) == (False, None, "/v1/products/search")


@pytest.mark.parametrize(
    "query",
    [
        "active:'true' AND name~'pot' OR name~'kettle'",
        "price:'1'",
        "name>'a'",
        "name~'ab'",
        "active~'true'",
        "active:'maybe'",
        "name",
        "name:'a' name",
        "",
    ],
)
def test_query_that_breaks_the_rules_is_refused(shelf: Fake, query: str) -> None:
    answer = shelf.raw("GET", "/v1/products/search", params={"query": query})

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "query"


def test_pages_follow_each_other(shelf: Fake) -> None:
    first = shelf.v1.products.search({"query": "-name:'none'", "limit": 2})
    second = shelf.v1.products.search(
        {"query": "-name:'none'", "limit": 2, "page": first.next_page or ""}
    )

    assert [product.name for product in first.data] == ["Tea pot", "Red kettle"]
    assert [product.name for product in second.data] == ["Blue kettle"]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shelf.v1.products.search({"query": "-name:'none'", "page": "nowhere"})
    assert caught.value.param == "page"


def test_payments_are_found_by_numbers_and_expanded(fake: Fake) -> None:
    small, large = fake.paid(1000), fake.paid(5000)
    query: Any = {"query": "amount>=2000 AND status:'succeeded'", "expand": ["data.latest_charge"]}

    found = fake.v1.payment_intents.search(query)

    assert [intent.id for intent in found.data] == [large.id]
    assert isinstance(found.data[0].latest_charge, stripe.Charge)
    charges = fake.v1.charges.search({"query": "payment_method_details.card.last4:'4242'"})
    assert {charge.payment_intent for charge in charges.data} == {small.id, large.id}
