"""S5: staff say how much is in a thing, and by how much of it its price is said."""

import pytest
from django.test import Client

from shop.catalog.models import Product, Variant
from tests.shop.catalog.admin.test_site import address, row, typed
from tests.support.factories import PriceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_s5_unit_and_content_are_typed_on_the_products_page(staff: Client) -> None:
    variant = PriceFactory().variant
    fields = typed(variant.product, row(variant, content="0.75"))

    said = {"content_unit": "l", "unit_price_per": "1"}
    response = staff.post(address(variant.product), {**fields, **said})

    assert response.status_code == 302
    product, variant = Product.objects.get(), Variant.objects.get()
    found = (product.content_unit, product.unit_price_per, str(variant.content))
    assert found == ("l", 1, "0.750")


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (
            {"content_unit": "g", "unit_price_per": "", "variants-0-content": "5"},
            "A unit price needs both: a unit, and per how many of it.",
        ),
        (
            {"content_unit": "", "unit_price_per": "100", "variants-0-content": "5"},
            "A unit price needs both: a unit, and per how many of it.",
        ),
        (
            {"content_unit": "g", "unit_price_per": "0", "variants-0-content": "5"},
            "A unit price needs both: a unit, and per how many of it.",
        ),
        (
            {"content_unit": "sqm", "unit_price_per": "1", "variants-0-content": ""},
            "Say how many m²: the product has a unit price.",
        ),
        (
            {"content_unit": "g", "unit_price_per": "1", "variants-0-content": "-3"},
            "It holds more than nothing, or leave it empty.",
        ),
        (
            {"content_unit": "", "unit_price_per": "", "variants-0-content": "0"},
            "It holds more than nothing, or leave it empty.",
        ),
    ],
)
def test_s5_half_of_it_is_refused_with_a_sentence(
    staff: Client, said: dict[str, str], complaint: str
) -> None:
    variant = PriceFactory().variant
    fields = typed(variant.product, row(variant))

    response = staff.post(address(variant.product), {**fields, **said})

    assert response.status_code == 200
    assert complaint in response.content.decode()


def test_s5_what_is_not_on_sale_needs_no_content(staff: Client) -> None:
    variant = PriceFactory(variant__is_active=False).variant
    fields = typed(variant.product, row(variant, is_active=""))

    said = {"content_unit": "g", "unit_price_per": "100"}
    response = staff.post(address(variant.product), {**fields, **said})

    assert response.status_code == 302
