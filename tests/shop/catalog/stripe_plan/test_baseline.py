"""What shop and Stripe agreed on is stored with each variant, and not worked out anew each time."""

import pytest

from shop import stripe_client
from shop.catalog import publishing
from shop.catalog.models import CatalogSync, Price, StripeBaseline, Variant
from shop.catalog.stripe_plan.baseline import Told
from shop.catalog.stripe_sync import pull, synced_ids
from shop.money import Money
from tests.shop.catalog.stripe_sync.syncing import sync
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(price: Price) -> Price:
    """A third price in euros, and a second one in dollars, of a variant with a new title."""
    variant = price.variant
    for amount in (1900, 2000):
        publishing.set_price(variant, Money(amount, "eur"))
        sync(variant)
        publishing.set_price(variant, Money(amount + 300, "usd"))
        sync(variant)
    variant.product.title = "Gale Lantern"
    variant.product.save()
    sync(variant)
    return variant.prices.current().get(currency="eur")


def told_of(variant: Variant) -> Told:
    return Told.about([variant], stripe_client.known_account())


def before_there_was_a_baseline() -> None:
    """As the release before leaves it."""
    StripeBaseline.objects.all().delete()
    CatalogSync.objects.update(in_baseline=False)


def test_a_checkout_does_not_need_the_rows_that_told_it(changed: Price) -> None:  # K19, U4
    CatalogSync.objects.all().delete()

    assert synced_ids.synced_price_id(changed) == changed.stripe_price_id
    assert synced_ids.synced_product_ids([changed.variant]) == {
        changed.variant_id: changed.variant.stripe_product_id
    }


def test_the_baseline_says_what_the_rows_said(changed: Price) -> None:  # U4
    stored = told_of(changed.variant)
    before_there_was_a_baseline()

    assert stored == told_of(changed.variant)
    assert stored.products[changed.variant_id]["name"].startswith("Gale Lantern")
    assert len(stored.prices) > 1
    assert stored.archived


def test_what_the_release_before_told_meanwhile_counts(changed: Price) -> None:  # U4
    """Its processes run on while this one migrates, and sum nothing up."""
    before_there_was_a_baseline()

    now = publishing.set_price(changed.variant, Money(2500, "eur"))
    sync(changed.variant)

    now.refresh_from_db()
    assert synced_ids.synced_price_id(now) == now.stripe_price_id
    assert not CatalogSync.objects.filter(outcome="told", in_baseline=False).exists()
    assert told_of(changed.variant).products[changed.variant_id]["name"].startswith("Gale Lantern")


def test_what_was_taken_over_from_stripe_is_agreed(stand_in: StandIn, changed: Price) -> None:  # U4
    stand_in.call(f"products/{changed.variant.stripe_product_id}", name="Squall Lantern (Brass)")
    pull.pull()
    CatalogSync.objects.all().delete()

    assert told_of(changed.variant).products[changed.variant_id]["name"].startswith("Squall")
