"""What staff read of a discount: whether its codes may be typed on Stripe's page, too."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.orders.models import Discount
from tests.support.factories import (
    CategoryFactory,
    DiscountFactory,
    ProductFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
FIVE_OFF = {"kind": "amount", "amounts": {"eur": {"amount": 500}}}


@pytest.mark.parametrize(
    "terms", [{}, FIVE_OFF, {"most_uses": 3, "amounts": {"eur": {"least": 1}}}]
)
def test_what_stripe_can_keep_works_on_its_page(terms: dict[str, Any]) -> None:
    discount = DiscountFactory(codes=["TEN"], **terms)

    assert (discount.works_on_page, discount.why_not_on_page) == (True, "")


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"codes": []}, "It has no code."),
        ({"kind": "delivery"}, "Stripe knows no such offers."),
        ({"kind": "bundle", "bundle_of": 3, "bundle_price": 2}, "Stripe knows no such offers."),
        ({"kind": "amount"}, "It has no amount yet."),
        ({"with_sale": False}, "Stripe does not know which prices are reduced."),
        ({"most_per_customer": 1}, "Stripe does not know who has used it."),
        ({"is_first_order_only": True}, "Stripe does not know whose order is the first."),
    ],
)
def test_what_stripe_cannot_keep_is_for_the_cart(terms: dict[str, Any], why: str) -> None:
    discount = DiscountFactory(**{"codes": ["TEN"], **terms})

    assert (discount.works_on_page, discount.why_not_on_page) == (False, why)


def test_what_is_for_some_is_for_the_cart() -> None:
    product, shelf = DiscountFactory(codes=["ONE"]), DiscountFactory(codes=["TWO"])
    product.products.add(ProductFactory())
    shelf.categories.add(CategoryFactory())
    person = DiscountFactory(codes=["THREE"], customer=UserFactory())

    assert [one.why_not_on_page for one in (product, shelf, person)] == [
        "It is for chosen products only.",
        "It is for chosen products only.",
        "It is for one customer.",
    ]


def test_staff_read_it_in_the_list_and_on_the_page(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        DiscountFactory(codes=[f"TEN{number}"])
    discount = DiscountFactory(codes=["OURS"], with_sale=False)
    sentence = "In the cart only. Stripe does not know which prices are reduced."

    with django_assert_max_num_queries(12):
        listed = admin_client.get(reverse("admin:orders_discount_changelist"))
    page = admin_client.get(reverse("admin:orders_discount_change", args=[discount.pk]))
    new = admin_client.get(reverse("admin:orders_discount_add"))

    assert listed.content.decode().count(sentence) == 1
    assert sentence in page.content.decode()
    assert (new.status_code, Discount.objects.count()) == (200, 6)
