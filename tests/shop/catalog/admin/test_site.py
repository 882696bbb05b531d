from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.catalog.models import (
    CatalogSync,
    Fact,
    Image,
    Price,
    Product,
    ProductFact,
    Stock,
    Variant,
)
from tests.support.factories import (
    CategoryFactory,
    PriceFactory,
    ProductFactory,
    UserFactory,
    VariantFactory,
)

pytestmark = pytest.mark.django_db

PRODUCTS = reverse("admin:catalog_product_changelist")


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def address(product: Product) -> str:
    return reverse("admin:catalog_product_change", args=[product.pk])


def typed(product: Product, *variants: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The product's page as it is sent: what stands there, with changes."""
    data: dict[str, Any] = {
        "title": product.title,
        "slug": product.slug,
        "category": product.category_id,
        "vendor": product.vendor,
        "status": product.status,
        "description": product.description,
        "tags": ",".join(product.tags),
        "option_names": ",".join(product.option_names),
        "variants-INITIAL_FORMS": sum("id" in variant for variant in variants),
        "variants-TOTAL_FORMS": len(variants),
        "facts-INITIAL_FORMS": 0,
        "facts-TOTAL_FORMS": 0,
        "images-INITIAL_FORMS": 0,
        "images-TOTAL_FORMS": 0,
    }
    for number, variant in enumerate(variants):
        data |= {f"variants-{number}-{name}": value for name, value in variant.items()}
    return {**data, **changes}


def row(variant: Variant, **changes: Any) -> dict[str, Any]:
    return {
        "id": variant.pk,
        "sku": variant.sku,
        "option_values": ",".join(variant.option_values),
        "is_active": "on",
        "position": variant.position,
        "grams": variant.grams,
        "requires_shipping": "on",
        "new_price": "",
        **changes,
    }


NEW = {
    "sku": "LANTERN-NEW",
    "option_values": "",
    "is_active": "on",
    "position": 1,
    "grams": 0,
    "requires_shipping": "on",
    "new_price": "19.50",
}


def errors(response: Any) -> list[str]:
    """What the page complains about in its variants."""
    [formset] = [row.formset for row in response.context["inline_admin_formsets"][:1]]
    return [text for form in formset.forms for texts in form.errors.values() for text in texts]


def test_a_new_price_replaces_the_old_one_and_stripe_will_be_told(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product

    response = staff.post(address(product), typed(product, row(price.variant, new_price="21.50")))

    assert response.status_code == 302
    assert list(Price.objects.order_by("pk").values_list("unit_amount", "is_active")) == [
        (1800, False),
        (2150, True),
    ]
    assert [sync.kind for sync in CatalogSync.objects.all()] == ["create_product"]


@pytest.mark.parametrize("text", ["12,50", "1e3", "-1", "12.505", "0x10", "١٢", "9999999999999"])
def test_an_odd_price_is_told_at_its_field_and_nothing_is_saved(staff: Client, text: str) -> None:
    price = PriceFactory()
    product = price.variant.product

    response = staff.post(
        address(product), typed(product, row(price.variant, new_price=text), title="Other")
    )

    assert response.status_code == 200
    assert len(errors(response)) == 1
    assert Price.objects.get().unit_amount == 1800
    assert Product.objects.get().title == product.title


def test_saving_without_a_new_price_keeps_the_price(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product

    staff.post(address(product), typed(product, row(price.variant, grams=300)))

    assert Price.objects.get().pk == price.pk
    assert Variant.objects.get().grams == 300


def test_a_new_product_comes_with_variant_price_and_empty_stock(staff: Client) -> None:
    product = ProductFactory.build(category=CategoryFactory(), tags=["brass", "gift"])

    response = staff.post(reverse("admin:catalog_product_add"), typed(product, NEW))

    assert response.status_code == 302
    variant = Variant.objects.get()
    assert (variant.product.slug, variant.product.tags) == (product.slug, ["brass", "gift"])
    assert str(variant.prices.get()) == "19.50 EUR"
    assert variant.stock.available == 0


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        ({"new_price": ""}, "A new variant needs a price."),
        ({"option_values": "Red"}, "Give one value for each option (Color / Size)."),
        ({"option_values": "Red,Small"}, "LANTERN-RED has the same options."),
        ({"sku": "LANTERN-RED"}, "Variant with this SKU already exists."),
        ({"grams": "-1"}, "Ensure this value is greater than or equal to 0."),
    ],
)
def test_a_variant_that_does_not_fit_is_told_at_its_field(
    staff: Client, variant: dict[str, str], said: str
) -> None:
    product = ProductFactory(option_names=["Color", "Size"])
    red = VariantFactory(product=product, sku="LANTERN-RED", option_values=["Red", "Small"])
    new = {**NEW, "option_values": "Blue,Small", **variant}

    response = staff.post(address(product), typed(product, row(red), new))

    assert errors(response) == [said]
    assert Variant.objects.get() == red


def test_a_variant_shows_only_pictures_of_its_own_product(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product
    other = Image.objects.create(product=ProductFactory(), source="pictures/other")

    response = staff.post(address(product), typed(product, row(price.variant, image=other.pk)))

    assert errors(response) == [
        "Select a valid choice. That choice is not one of the available choices."
    ]


def test_a_changed_title_is_searched_and_stripe_will_be_told(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product

    staff.post(address(product), typed(product, row(price.variant), title="Binnacle"))

    assert Product.objects.get(search_vector="binnacle") == product
    assert CatalogSync.objects.get().parameters["name"] == "Binnacle"


@pytest.mark.parametrize(("action", "status"), [("publish", "active"), ("archive", "archived")])
def test_products_are_published_and_archived_together(
    staff: Client, action: str, status: str
) -> None:
    products = [PriceFactory(variant__product__status="draft").variant.product for _ in range(2)]

    staff.post(PRODUCTS, {"action": action, "_selected_action": [row.pk for row in products]})

    assert set(Product.objects.values_list("status", flat=True)) == {status}
    assert CatalogSync.objects.count() == (2 if action == "publish" else 0)


def test_stock_and_its_history_are_read_only(staff: Client) -> None:
    stock = PriceFactory().variant.stock
    change = reverse("admin:catalog_stock_change", args=[stock.pk])

    assert staff.get(change).status_code == 200
    assert staff.post(change, {"on_hand": "99"}).status_code == 403
    assert staff.get(reverse("admin:catalog_stock_add")).status_code == 403
    assert staff.get(reverse("admin:catalog_stockmovement_add")).status_code == 403
    assert Stock.objects.get().on_hand == 10


def test_products_are_archived_and_never_deleted(staff: Client) -> None:
    product = PriceFactory().variant.product

    response = staff.post(
        reverse("admin:catalog_product_delete", args=[product.pk]), {"post": "yes"}
    )

    assert response.status_code == 403
    assert Product.objects.get() == product


@pytest.mark.parametrize("level", ["none", "low", "short"])
def test_stock_can_be_listed_by_level(staff: Client, level: str) -> None:
    stocks = {
        "none": PriceFactory(on_hand=0).variant.stock,
        "low": PriceFactory(on_hand=5).variant.stock,
        "plenty": PriceFactory(on_hand=50).variant.stock,
    }
    short = PriceFactory(on_hand=50).variant.stock
    Stock.objects.filter(pk=short.pk).update(shortage=1)
    expected = {"none": [stocks["none"]], "low": [stocks["none"], stocks["low"]], "short": [short]}

    response = staff.get(reverse("admin:catalog_stock_changelist"), {"level": level})

    found = sorted(response.context["cl"].result_list, key=lambda stock: stock.pk)
    assert found == expected[level]


@pytest.mark.parametrize("name", ["product", "category", "stock", "stockmovement", "catalogsync"])
def test_lists_cost_at_most_ten_queries(
    staff: Client, name: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        variant = PriceFactory().variant
        VariantFactory(product=variant.product, option_values=["other"])
        CatalogSync.objects.create(kind="create_product", variant=variant, key=variant.sku)

    with django_assert_max_num_queries(10):
        response = staff.get(reverse(f"admin:catalog_{name}_changelist"), {"q": ""})

    assert response.status_code == 200
    assert len(response.context["cl"].result_list) == 12


def test_a_product_page_costs_as_much_with_two_variants_as_with_twelve(
    staff: Client, django_assert_max_num_queries: Any
) -> None:
    product = ProductFactory(option_names=["Number"])
    for number in range(12):
        PriceFactory(variant=VariantFactory(product=product, option_values=[str(number)]))

    for number in range(6):
        fact = Fact.objects.create(name=f"Fact {number}", is_filter=True)
        ProductFact.objects.create(product=product, fact=fact, text="Linen")

    # One of them asks what keeps the shop from working, three which facts there are, what the
    # product says of them, and in which words.
    with django_assert_max_num_queries(19):
        response = staff.get(address(product))

    assert b"18.00 EUR" in response.content
    assert b"10 on the shelf <a" in response.content


def test_a_renamed_category_is_found_by_its_new_name(staff: Client) -> None:
    product = ProductFactory()

    staff.post(
        reverse("admin:catalog_category_change", args=[product.category_id]),
        {"name": "Lamps", "slug": product.category.slug, "position": 0, "description": ""},
    )

    assert Product.objects.get(search_vector="lamps") == product


def test_only_who_may_change_products_may_publish_them(client: Client) -> None:
    product = PriceFactory(variant__product__status="draft").variant.product
    client.force_login(UserFactory(is_staff=True))

    response = client.post(PRODUCTS, {"action": "publish", "_selected_action": [product.pk]})

    assert response.status_code == 403
    assert Product.objects.get().status == "draft"
