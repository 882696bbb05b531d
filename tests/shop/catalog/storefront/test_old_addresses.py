"""An address that was changed leads to the present one."""

import pytest

from shop.catalog import publishing
from shop.catalog.models import OldSlug
from tests.support.factories import CategoryFactory, ProductFactory

pytestmark = pytest.mark.django_db


def test_an_address_that_comes_back_is_no_old_one_any_more() -> None:
    product = ProductFactory(slug="first")
    publishing.rename(product, "second")
    publishing.rename(product, "first")

    assert product.slug == "first"
    assert [old.slug for old in OldSlug.objects.all()] == ["second"]


def test_an_address_leads_to_whoever_had_it_last() -> None:
    product, other = ProductFactory(slug="first"), ProductFactory(slug="other")
    publishing.rename(product, "second")
    publishing.rename(other, "first")
    publishing.rename(other, "third")

    assert list(OldSlug.objects.order_by("slug").values_list("slug", "product")) == [
        ("first", other.pk),
        ("other", other.pk),
    ]


def test_a_product_and_a_category_may_have_had_the_same_address() -> None:
    publishing.rename(ProductFactory(slug="lamps"), "lanterns")
    publishing.rename(CategoryFactory(slug="lamps"), "lanterns")

    assert OldSlug.objects.filter(slug="lamps").count() == 2


def test_an_address_that_another_has_is_refused() -> None:
    product = ProductFactory(slug="first")
    ProductFactory(slug="second")

    with pytest.raises(publishing.AddressTaken, match="Another product has the address second"):
        publishing.rename(product, "second")

    assert not OldSlug.objects.exists()
