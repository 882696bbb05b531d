"""Pictures of both sides: all that are public are told, and what Stripe changes comes in."""

from typing import Any

import pytest

from shop.accounts.models import User
from shop.catalog.models import Image, PictureFetch, Price, SyncConflict, Variant
from shop.catalog.pictures import files
from shop.catalog.pictures.files import Written
from shop.catalog.stripe_sync import api, decisions, pull
from tests.shop.catalog.stripe_sync.syncing import product_of, sync
from tests.support.factories import VariantFactory
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db


def at(name: str) -> str:
    return f"https://cdn.example.com/{name}.jpg"


@pytest.fixture
def pictures(stand_in: StandIn, price: Price) -> list[Image]:
    """A product with two pictures; Stripe knows both."""
    product = price.variant.product
    pictures = [
        Image.objects.create(product=product, source=at(name), position=number)
        for number, name in enumerate(["front", "back"], start=1)
    ]
    sync(price.variant)
    return pictures


def change(stand_in: StandIn, price: Price, *names: str) -> list[str]:
    """As somebody does in the Dashboard."""
    wanted = {f"images[{number}]": at(name) for number, name in enumerate(names)}
    product = stand_in.call(f"products/{price.variant.stripe_product_id}", **wanted)
    images: list[str] = product["images"]
    return images


def shown() -> list[str]:
    return [image.source for image in Image.objects.all()]


def in_step() -> bool:
    return not list(api.plan()) and not list(pull.drift())


def test_the_variants_own_picture_is_told_first_then_the_others(
    stand_in: StandIn, price: Price, pictures: list[Image]
) -> None:
    before = product_of(stand_in, price.variant)["images"]
    Variant.objects.update(image=pictures[1])

    sync(price.variant)

    assert before == [at("front"), at("back")]
    assert product_of(stand_in, price.variant)["images"] == [at("back"), at("front")]


def test_stripe_is_told_of_eight_at_most(stand_in: StandIn, price: Price) -> None:
    for number in range(10):
        Image.objects.create(product=price.variant.product, source=at(str(number)), position=number)

    sync(price.variant)

    told = product_of(stand_in, price.variant)["images"]
    assert told == [at(str(number)) for number in range(8)]


def test_a_picture_without_a_public_rendition_is_told_where_it_came_from(
    stand_in: StandIn, price: Price, pictures: list[Image], settings: Any
) -> None:
    settings.SITE_URL = "http://localhost:4242"
    files.show(pictures[0], Written("a", 960, 960, [320, 960]))
    sync(price.variant)
    locally = product_of(stand_in, price.variant)["images"]

    settings.SITE_URL = "https://shop.example.com"
    sync(price.variant)

    assert locally == [at("front"), at("back")]
    assert product_of(stand_in, price.variant)["images"] == [
        "https://shop.example.com/media/pictures/a-960.jpg",
        at("back"),
    ]


@pytest.mark.parametrize(
    ("theirs", "order"),
    [
        # New ones stand last: what can be shown already stays in front.
        (["front", "back", "new"], ["front", "back", "new"]),
        (["new", "front", "back"], ["front", "back", "new"]),
        (["back", "front"], ["front", "back"]),
        (["new", "back"], ["back", "new"]),
        (["front", "new"], ["front", "new"]),
        (["new", "other"], ["new", "other"]),
        (["new", "other", "back", "front"], ["new", "other", "back", "front"]),
    ],
)
def test_pictures_changed_at_stripe_come_in_and_all_stay(
    stand_in: StandIn,
    price: Price,
    pictures: list[Image],
    theirs: list[str],
    order: list[str],
) -> None:
    changed = change(stand_in, price, *theirs)

    found = pull.take(price.variant_id)
    sync(price.variant)

    new = {at(name) for name in theirs} - {at("front"), at("back")}
    assert [str(one.kind) for one in found] == ["take over"]
    assert shown() == [at(name) for name in order]
    assert {fetch.image.source for fetch in PictureFetch.objects.all()} == new
    assert product_of(stand_in, price.variant)["images"] == changed
    assert in_step()


def test_a_picture_that_was_taken_over_is_told_as_ours_once_it_is_fetched(
    stand_in: StandIn, price: Price, pictures: list[Image], settings: Any
) -> None:
    settings.SITE_URL = "https://shop.example.com"
    change(stand_in, price, "front", "back", "new")
    pull.take(price.variant_id)

    files.show(Image.objects.get(source=at("new")), Written("n", 960, 960, [960]))
    sync(price.variant)

    told = product_of(stand_in, price.variant)["images"]
    ours = "https://shop.example.com/media/pictures/n-960.jpg"
    assert told == [at("front"), at("back"), ours]
    assert in_step()


@pytest.mark.parametrize("theirs", [["new"], []])
def test_fewer_pictures_are_for_a_person_to_decide(
    stand_in: StandIn, price: Price, pictures: list[Image], theirs: list[str]
) -> None:
    """Guard: `_wants_a_person`. The Dashboard shows one picture and replaces all by it."""
    product = price.variant.stripe_product_id
    if not theirs:
        stand_in.call(f"products/{product}", images="")
    else:
        change(stand_in, price, *theirs)

    found = pull.take(price.variant_id)

    assert [str(one.kind) for one in found] == ["conflict"]
    assert shown() == [at("front"), at("back")]


def test_who_takes_theirs_has_just_theirs(
    stand_in: StandIn, price: Price, pictures: list[Image], somebody: User
) -> None:
    changed = change(stand_in, price, "new")
    pull.take(price.variant_id)

    decisions.take_theirs(SyncConflict.objects.get(), somebody)
    sync(price.variant)

    assert shown() == [at("new")]
    assert product_of(stand_in, price.variant)["images"] == changed
    assert in_step()


def test_a_picture_that_another_variant_shows_is_not_taken_away(
    stand_in: StandIn, price: Price, pictures: list[Image]
) -> None:
    VariantFactory(product=price.variant.product, option_values=["Iron"], image=pictures[0])
    change(stand_in, price, "new", "back")

    pull.take(price.variant_id)

    assert SyncConflict.objects.get().field == "images"
    assert shown() == [at("front"), at("back")]


def test_an_address_that_could_not_be_told_is_not_taken(
    stand_in: StandIn, price: Price, pictures: list[Image]
) -> None:
    stand_in.call(
        f"products/{price.variant.stripe_product_id}",
        **{
            "images[0]": at("front"),
            "images[1]": at("back"),
            "images[2]": "http://cdn.example.com/a.jpg",
        },
    )

    pull.take(price.variant_id)

    assert SyncConflict.objects.get().field == "images"
    assert shown() == [at("front"), at("back")]
