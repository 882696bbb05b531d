"""Categories as staff keep them: a tree without circles."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.catalog.models import Category, OldSlug, Product
from tests.shop.catalog.admin.staff import CATEGORIES, complaints
from tests.support.factories import CategoryFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def category_page(category: Category) -> str:
    return reverse("admin:catalog_category_change", args=[category.pk])


def category_typed(category: Category, **changes: Any) -> dict[str, Any]:
    return {
        "name": category.name,
        "slug": category.slug,
        "parent": category.parent_id or "",
        "position": category.position,
        "description": category.description,
        **changes,
    }


def tree() -> dict[str, Category]:
    light = CategoryFactory(name="Light", position=2)
    lamps = CategoryFactory(name="Lamps", parent=light)
    brass = CategoryFactory(name="Brass", parent=lamps)
    table = CategoryFactory(name="Table", position=1)
    return {"light": light, "lamps": lamps, "brass": brass, "table": table}


def test_categories_are_listed_as_a_tree(staff: Client) -> None:
    tree()

    response = staff.get(CATEGORIES)

    found = [(one.name, one.depth) for one in response.context["cl"].result_list]
    assert found == [("Table", 0), ("Light", 0), ("Lamps", 1), ("Brass", 2)]


def test_positions_are_changed_in_the_list(staff: Client) -> None:
    found = tree()
    forms = [found[name] for name in ("table", "light", "lamps", "brass")]
    data: dict[str, Any] = {"form-TOTAL_FORMS": 4, "form-INITIAL_FORMS": 4, "_save": "Save"}
    for number, category in enumerate(forms):
        data |= {f"form-{number}-id": category.pk, f"form-{number}-position": category.position}

    staff.post(CATEGORIES, data | {"form-0-position": 3})

    listed = staff.get(CATEGORIES).context["cl"].result_list
    assert [one.name for one in listed] == ["Light", "Lamps", "Brass", "Table"]


@pytest.mark.parametrize(
    ("child", "parent", "told"),
    [
        ("light", "light", "A category cannot be its own parent."),
        ("light", "lamps", "Lamps lies within Light, so it cannot be its parent."),
        ("light", "brass", "Brass lies within Light, so it cannot be its parent."),
    ],
)
def test_a_category_cannot_lie_within_itself(
    staff: Client, child: str, parent: str, told: str
) -> None:
    found = tree()

    response = staff.post(
        category_page(found[child]), category_typed(found[child], parent=found[parent].pk)
    )

    assert complaints(response) == [told]
    assert Category.objects.get(pk=found[child].pk).parent is None


def test_a_category_moves_with_all_that_lies_within(staff: Client) -> None:
    found = tree()

    staff.post(
        category_page(found["lamps"]), category_typed(found["lamps"], parent=found["table"].pk)
    )

    listed = staff.get(CATEGORIES).context["cl"].result_list
    assert [(one.name, one.depth) for one in listed] == [
        ("Table", 0),
        ("Lamps", 1),
        ("Brass", 2),
        ("Light", 0),
    ]


def test_a_changed_address_of_a_category_leaves_the_old_one_behind(staff: Client) -> None:
    category = CategoryFactory(slug="first")

    staff.post(category_page(category), category_typed(category, slug="second"))

    category.refresh_from_db()
    assert category.slug == "second"
    assert list(OldSlug.objects.values_list("slug", "category")) == [("first", category.pk)]


def test_an_emptied_german_text_is_gone(staff: Client) -> None:
    category = CategoryFactory(translations={"de": {"name": "Licht", "description": "Hell."}})

    staff.post(category_page(category), category_typed(category, name_de="Lampen"))
    half = Category.objects.get().translations
    staff.post(category_page(category), category_typed(category))

    assert half == {"de": {"name": "Lampen"}}
    assert Category.objects.get().translations == {}


def test_the_german_name_of_a_category_finds_its_products(staff: Client) -> None:
    product = ProductFactory()
    category = product.category

    staff.post(category_page(category), category_typed(category, name_de="Leuchten"))

    assert Product.objects.get(search_words__contains="leuchten") == product
