"""Two people edit one product: whoever is second is told, and nothing that was typed is lost."""

import re
from typing import Any

import pytest
from django.test import Client

from shop.catalog import publishing
from shop.catalog.models import Image, Product, Variant
from shop.money import Money
from tests.shop.catalog.admin.staff import complaints, logged_in
from tests.shop.catalog.admin.test_site import address, row, typed
from tests.support.factories import PriceFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Client:
    client = Client()
    client.force_login(UserFactory(first_name="Ann", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def ben() -> Client:
    client = Client()
    client.force_login(UserFactory(first_name="Ben", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def variant() -> Variant:
    found: Variant = PriceFactory(variant__product__title="Lamp").variant
    return found


def version_in(response: Any) -> str:
    found = re.search(r'name="version" value="([^"]+)"', response.content.decode())
    assert found, "the page carries no version"
    return found[1]


def told(response: Any) -> str:
    """The one complaint, without its markup."""
    [complaint] = complaints(response)
    return re.sub(r"<[^>]+>", "", complaint)


def test_s9_the_second_of_two_is_told_and_keeps_what_was_typed(
    ann: Client, ben: Client, variant: Variant
) -> None:
    product = variant.product
    anns, bens = version_in(ann.get(address(product))), version_in(ben.get(address(product)))

    first = ann.post(
        address(product), typed(product, row(variant), title="Gale Lamp", version=anns)
    )
    second = ben.post(
        address(product),
        typed(
            product, row(variant, grams=450), kind="goods", tax_class="standard",
            vendor="North Quay", version=bens,
        ),
    )  # fmt: skip

    assert (first.status_code, second.status_code) == (302, 200)
    said = told(second)
    assert said.startswith("Ann changed this product’s texts or settings at ")
    assert "What you typed is still here. Yours differs from it in: title, vendor." in said
    page = second.content.decode()
    assert 'value="North Quay"' in page
    assert 'value="450"' in page
    found = Product.objects.get()
    assert (found.title, found.vendor, Variant.objects.get().grams) == (
        "Gale Lamp", product.vendor, variant.grams,
    )  # fmt: skip


def test_s9_who_was_told_saves_again_in_full_knowledge(
    ann: Client, ben: Client, variant: Variant
) -> None:
    product = variant.product
    bens = version_in(ben.get(address(product)))
    ann.post(address(product), typed(product, row(variant), title="Gale Lamp"))
    mine = typed(product, row(variant), title="Storm Lamp")
    told_ben = ben.post(address(product), {**mine, "version": bens})

    again = ben.post(address(product), {**mine, "version": version_in(told_ben)})

    assert again.status_code == 302
    assert Product.objects.get().title == "Storm Lamp"


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda one: Variant.objects.update(grams=7), "variants"),
        (lambda one: publishing.set_price(one, Money(2500, "eur")), "prices"),
        (lambda one: Image.objects.create(product=one.product, source="x"), "pictures"),
        (lambda one: one.product.goes_with.add(ProductFactory()), "texts or settings"),
    ],
)
def test_s9_an_import_or_stripe_may_have_been_faster(
    ben: Client, variant: Variant, change: Any, part: str
) -> None:
    product = variant.product
    bens = version_in(ben.get(address(product)))
    change(variant)

    response = ben.post(address(product), typed(product, row(variant), version=bens))

    assert told(response).startswith(
        f"An import or Stripe changed this product’s {part} meanwhile, so nothing was saved."
    )


def test_s9_a_picture_that_a_worker_has_fetched_is_no_change(ben: Client, variant: Variant) -> None:
    product = variant.product
    image = Image.objects.create(product=product, source="https://example.com/a.jpg")
    bens = version_in(ben.get(address(product)))
    Image.objects.filter(pk=image.pk).update(name="lamp", width=10, height=10, widths=[10])

    response = ben.post(address(product), typed(product, row(variant), version=bens))

    assert response.status_code == 302


def test_s9_who_saves_twice_is_not_told_of_themselves(ben: Client, variant: Variant) -> None:
    product = variant.product
    data = typed(product, row(variant), title="Gale Lamp", _continue="1")

    first = ben.post(
        address(product), data | {"version": version_in(ben.get(address(product)))}, follow=True
    )
    product.refresh_from_db()
    again = typed(product, row(variant), title="Storm Lamp", version=version_in(first))

    assert ben.post(address(product), again).status_code == 302


def test_s9_who_may_only_look_needs_no_version(variant: Variant) -> None:
    page = logged_in("view_product").get(address(variant.product))

    assert page.status_code == 200
    assert b'name="version"' not in page.content
