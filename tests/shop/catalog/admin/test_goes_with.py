"""What goes with a product, as staff choose it."""

import pytest
from django.test import Client

from shop.catalog.models import Product
from tests.shop.catalog.admin.staff import complaints
from tests.shop.catalog.admin.test_site import address, typed
from tests.support.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def save(staff: Client, product: Product, *others: Product) -> list[str]:
    """What was wrong, if anything."""
    response = staff.post(
        address(product), {**typed(product), "goes_with": [other.pk for other in others]}
    )
    return complaints(response) if response.status_code == 200 else []


def test_what_goes_with_a_product_is_kept(staff: Client) -> None:
    product, *others = (ProductFactory() for _ in range(4))

    assert save(staff, product, *others) == []
    assert set(product.goes_with.all()) == set(others)
    assert others[0].goes_with.count() == 0
    assert "At most three products" in staff.get(address(product)).content.decode()


def test_what_makes_no_sense_is_refused_in_a_sentence(staff: Client) -> None:
    product, *others = (ProductFactory() for _ in range(5))
    tip = ProductFactory(title="Tip", kind=Product.Kind.TIP)

    said = [
        save(staff, product, *others),
        save(staff, product, product),
        save(staff, product, tip),
    ]

    assert said == [
        ["Choose at most 3."],
        ["It goes with others, not with itself."],
        ["Tip is nothing that is bought."],
    ]
    assert product.goes_with.count() == 0
