"""A description at Stripe is the first paragraph of ours: what cannot be said so is a conflict."""

import pytest

from shop.accounts.models import User
from shop.catalog.models import Price, Product, SyncConflict
from shop.catalog.stripe_sync import api, decisions, pull
from tests.shop.catalog.stripe_sync.syncing import product_of, sync
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db


def describe(stand_in: StandIn, price: Price, words: str) -> None:
    stand_in.call(f"products/{price.variant.stripe_product_id}", description=words)


@pytest.mark.parametrize("words", ["Two.\n\nParagraphs.", "x" * 501])
def test_words_that_ours_cannot_be_are_a_conflict(
    stand_in: StandIn, price: Price, somebody: User, words: str
) -> None:
    describe(stand_in, price, words)

    pull.take(price.variant_id)
    sync(price.variant)

    conflict = SyncConflict.objects.get()
    with pytest.raises(decisions.CannotBeTaken):
        decisions.take_theirs(conflict, somebody)
    assert product_of(stand_in, price.variant)["description"] == words
    assert Product.objects.get().description == "Burns in wind.\n\nGlass and brass."


def test_what_stripe_was_not_told_is_not_lost(stand_in: StandIn, price: Price) -> None:
    long = "word " * 110
    Product.objects.update(description=long)
    sync(price.variant)
    describe(stand_in, price, "Shorter.")

    pull.take(price.variant_id)

    assert SyncConflict.objects.get().field == "description"
    assert Product.objects.get().description == long


@pytest.mark.parametrize("words", ["", "Burns in a gale.\nAnd in rain.", "x" * 500])
def test_words_that_are_taken_over_are_what_ours_says(
    stand_in: StandIn, price: Price, words: str
) -> None:
    # As a browser sends what is typed.
    Product.objects.update(description="Burns in wind.\r\n\r\nGlass and brass.")
    sync(price.variant)
    describe(stand_in, price, words)

    pull.take(price.variant_id)
    sync(price.variant)

    assert Product.objects.get().description == f"{words}\n\nGlass and brass."
    assert (product_of(stand_in, price.variant)["description"] or "") == words
    assert (list(api.plan()), list(pull.drift())) == ([], [])
