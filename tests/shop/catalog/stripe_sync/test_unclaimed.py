"""What is offered for adoption: objects that no installation looks after."""

from typing import Any

import pytest

from shop.catalog.models import Price, UnclaimedStripeObject
from shop.catalog.stripe_sync import pull
from tests.shop.catalog.stripe_sync.syncing import told_of
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db

# As another shop of ours in the same account marks what it made there.
THEIRS = {"metadata[shop]": "0a1b2c3d4e5f", "metadata[sku]": "LAMP"}


def offered() -> list[str]:
    return [one.stripe_id for one in UnclaimedStripeObject.objects.order_by("stripe_id")]


def test_s9_a_product_of_another_installation_is_not_offered(
    stand_in: StandIn, price: Price
) -> None:
    stand_in.call("products", name="Its lamp", **THEIRS)
    nobodys = stand_in.call("products", name="Somebody's lamp")

    pull.pull()

    assert offered() == [nobodys["id"]]


def test_s9_an_event_of_another_installations_product_is_ignored(
    stand_in: StandIn, price: Price
) -> None:
    stand_in.call("products", name="Its lamp", **THEIRS)

    outcome = pull.take_event(told_of(stand_in, "product.created"))

    assert (outcome, offered()) == ("ignored: another installation's", [])


def test_s9_a_price_of_another_installation_is_not_offered(stand_in: StandIn, price: Price) -> None:
    terms: Any = {"currency": "eur", "unit_amount": 900, "product": price.variant.stripe_product_id}
    stand_in.call("prices", **terms, **THEIRS)
    nobodys = stand_in.call("prices", **terms)

    pull.pull()

    assert offered() == [nobodys["id"]]


def test_s9_what_was_offered_before_is_offered_no_more(stand_in: StandIn, price: Price) -> None:
    """By the release before, or before the other installation adopted it."""
    product = stand_in.call("products", name="A lamp")
    terms: Any = {"currency": "eur", "unit_amount": 900, "product": price.variant.stripe_product_id}
    other = stand_in.call("prices", **terms)
    pull.pull()
    before = offered()
    stand_in.call(f"products/{product['id']}", **THEIRS)
    stand_in.call(f"prices/{other['id']}", **THEIRS)

    pull.pull()

    assert (sorted(before), offered()) == (sorted([product["id"], other["id"]]), [])


def test_s9_what_was_decided_stays_decided(stand_in: StandIn, price: Price) -> None:
    product = stand_in.call("products", name="A lamp")
    pull.pull()
    UnclaimedStripeObject.objects.update(status="declined")
    stand_in.call(f"products/{product['id']}", **THEIRS)

    pull.pull()

    assert offered() == [product["id"]]


def test_s9_a_mark_of_somebody_elses_program_is_no_installation(
    stand_in: StandIn, price: Price
) -> None:
    """Who writes "shop" into an object's metadata need not be one of ours."""
    product = stand_in.call("products", name="A lamp", **{"metadata[shop]": "Main Street"})

    pull.pull()

    assert offered() == [product["id"]]
