"""The lists of the catalog: what is low, who may what, what they cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from shop.catalog.models import (
    CatalogSync,
    Category,
    Image,
    Price,
    Product,
    Stock,
    StockMovement,
    SyncConflict,
    UnclaimedStripeObject,
    Variant,
)
from tests.shop.catalog.admin.staff import (
    CATEGORIES,
    LANDING,
    NEW_PRICE,
    PRODUCTS,
    STOCKS,
    act,
    logged_in,
)
from tests.shop.catalog.admin.test_categories import category_page, category_typed
from tests.shop.catalog.admin.test_prices import PLAIN
from tests.shop.catalog.admin.test_site import address, row, typed
from tests.support.factories import PriceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_what_is_nearly_gone_waits_on_the_landing_page(staff: Client) -> None:
    three = PriceFactory(on_hand=3).variant
    none = PriceFactory(on_hand=0).variant
    PriceFactory(on_hand=6)
    PriceFactory(on_hand=1, variant__product__status="archived")
    PriceFactory(on_hand=1, variant__is_active=False)

    landing = " ".join(staff.get(LANDING).content.decode().split())
    listed = staff.get(STOCKS, {"level": "low"}).context["cl"].result_list

    assert f'<a href="{STOCKS}?level=low"><b>2</b> Things sold out or nearly</a>' in landing
    assert [stock.variant for stock in listed] == [none, three]


def test_what_is_low_can_be_asked_more_widely(staff: Client) -> None:
    for on_hand in (30, 10, 2, 200):
        PriceFactory(on_hand=on_hand)

    found = {
        level: [
            one.on_hand for one in staff.get(STOCKS, {"level": level}).context["cl"].result_list
        ]
        for level in ("low", "20", "100")
    }

    assert found == {"low": [2], "20": [2, 10], "100": [2, 10, 30]}


def test_s9_what_is_low_is_said_by_each_variant(staff: Client) -> None:
    usual = PriceFactory(on_hand=5).variant
    early = PriceFactory(on_hand=20, variant__low_stock_threshold=20).variant
    PriceFactory(on_hand=4, variant__low_stock_threshold=3)
    never = PriceFactory(on_hand=0, variant__low_stock_threshold=0).variant
    PriceFactory(on_hand=50)

    stocks = staff.get(STOCKS, {"level": "low"}).context["cl"].result_list
    products = staff.get(PRODUCTS, {"stock": "low"}).context["cl"].result_list
    gone = staff.get(PRODUCTS, {"stock": "none"}).context["cl"].result_list

    assert [stock.variant for stock in stocks] == [never, usual, early]
    assert {product.pk for product in products} == {
        usual.product_id, early.product_id, never.product_id,
    }  # fmt: skip
    assert [product.pk for product in gone] == [never.product_id]


def test_s9_the_threshold_is_typed_with_the_variant(staff: Client) -> None:
    variant = PriceFactory().variant
    product = variant.product

    staff.post(address(product), typed(product, row(variant, low_stock_threshold="12")))
    odd = staff.post(address(product), typed(product, row(variant, low_stock_threshold="-1")))

    assert Variant.objects.get().low_stock_threshold == 12
    assert odd.status_code == 200


LOOK = [
    "view_product",
    "view_variant",
    "view_image",
    "view_category",
    "view_stock",
    "view_price",
    "view_catalogsync",
    "view_stockmovement",
]


def test_who_may_only_look_sees_no_button() -> None:
    price = PriceFactory()
    product = price.variant.product
    Image.objects.create(product=product, source="x")
    client = logged_in(*LOOK)
    pages = [
        LANDING,
        PRODUCTS,
        address(product),
        CATEGORIES,
        category_page(product.category),
        STOCKS,
        reverse("admin:catalog_price_changelist"),
        reverse("admin:catalog_price_change", args=[price.pk]),
        reverse("admin:catalog_catalogsync_changelist"),
    ]

    answers = {page: client.get(page) for page in pages}

    assert {answer.status_code for answer in answers.values()} == {200}
    for page, answer in answers.items():
        text = answer.content.decode()
        assert 'name="_save"' not in text, page
        assert 'name="action"' not in text, page
        assert "new_price" not in text, page
        assert "addlink" not in text, page


def test_who_may_only_look_may_not_write() -> None:
    price = PriceFactory()
    product = price.variant.product
    client = logged_in(*LOOK)

    answers = [
        client.post(address(product), typed(product, row(price.variant), title="Other")),
        client.post(category_page(product.category), category_typed(product.category)),
        client.post(reverse("admin:catalog_product_add"), {}),
        client.post(NEW_PRICE, {"sku": price.variant.sku, **PLAIN}),
        client.post(reverse("admin:catalog_category_add"), {}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert Product.objects.get().title == product.title
    assert Price.objects.get() == price


@pytest.mark.parametrize("action", ["publish", "archive", "set_prices"])
def test_actions_want_their_permission(action: str) -> None:
    product = PriceFactory(variant__product__status="draft").variant.product

    response = act(logged_in(*LOOK), action, product)

    assert not response.redirect_chain or response.redirect_chain[0][0] == PRODUCTS
    assert Product.objects.get().status == "draft"


def many(count: int) -> None:
    """So many rows of everything, in few statements."""
    categories = Category.objects.bulk_create(
        Category(name=f"C{n}", slug=f"c{n}") for n in range(count)
    )
    products = Product.objects.bulk_create(
        Product(title=f"P{n}", slug=f"p{n}", category=categories[n], status="active")
        for n in range(count)
    )
    variants = Variant.objects.bulk_create(
        Variant(product=product, sku=f"S{product.slug}") for product in products
    )
    Price.objects.bulk_create(
        Price(variant=variant, unit_amount=1800, currency="eur") for variant in variants
    )
    stocks = Stock.objects.bulk_create(Stock(variant=variant) for variant in variants)
    StockMovement.objects.bulk_create(
        StockMovement(
            stock=stock,
            kind="adjust",
            quantity=1,
            on_hand_delta=1,
            reserved_delta=0,
            cause_kind="delivery",
            cause_id="00000000-0000-4000-8000-000000000000",
        )
        for stock in stocks
    )
    CatalogSync.objects.bulk_create(
        CatalogSync(kind="create_product", variant=variant, key=variant.sku) for variant in variants
    )
    SyncConflict.objects.bulk_create(
        SyncConflict(variant=variant, field="name") for variant in variants
    )
    UnclaimedStripeObject.objects.bulk_create(
        UnclaimedStripeObject(stripe_id=f"price_{variant.sku}", variant=variant)
        for variant in variants
    )
    with connection.cursor() as cursor:
        # As a running database does by itself; else it plans as for empty tables. The catalog's
        # alone: two who look through what all databases share wait for one another.
        tables = [model._meta.db_table for model in apps.get_app_config("catalog").get_models()]
        cursor.execute(f"ANALYZE {', '.join(tables)}")


@pytest.mark.parametrize("count", [5, 500])
@pytest.mark.parametrize(
    "name",
    [
        "product",
        "category",
        "stock",
        "stockmovement",
        "catalogsync",
        "price",
        "syncconflict",
        "unclaimedstripeobject",
    ],
)
def test_every_list_costs_at_most_ten_queries(
    staff: Client, name: str, count: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    many(count)

    with django_assert_max_num_queries(10):
        response = staff.get(reverse(f"admin:catalog_{name}_changelist"))

    assert response.status_code == 200
    assert len(response.context["cl"].result_list) == min(
        count, response.context["cl"].list_per_page
    )


def test_what_is_sent_without_a_weight_is_listed(staff: Client) -> None:
    missing = PriceFactory(variant__grams=0).variant.product
    PriceFactory(variant__grams=350)
    PriceFactory(variant__grams=0, variant__requires_shipping=False)
    PriceFactory(variant__grams=0, variant__is_active=False)

    page = staff.get(reverse("admin:catalog_product_changelist"), {"weight": "missing"})

    assert [product.pk for product in page.context["cl"].result_list] == [missing.pk]
    assert "Missing, though it is sent" in page.content.decode()
