"""S7: staff say facts and size guides on the product's page, and which facts narrow lists."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from shop.catalog.models import Fact, OptionWord, Product, ProductFact
from shop.catalog.search.index import index
from tests.shop.catalog.admin.test_site import address, typed
from tests.support.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def said(fact: Fact, text: str, german: str = "", number: int = 0) -> dict[str, Any]:
    return {
        "facts-TOTAL_FORMS": number + 1,
        f"facts-{number}-fact": fact.pk,
        f"facts-{number}-text": text,
        f"facts-{number}-text_de": german,
    }


def test_s7_facts_are_typed_on_the_products_page_with_their_translation(staff: Client) -> None:
    product = ProductFactory()
    care = Fact.objects.create(name="Care")

    response = staff.post(
        address(product), typed(product, **said(care, "Wash cold.", "Kalt waschen."))
    )

    assert response.status_code == 302
    fact = ProductFact.objects.get()
    assert (fact.text, fact.translation("de", "text")) == ("Wash cold.", "Kalt waschen.")


def test_s7_words_that_narrow_lists_are_indexed_and_known_to_be_translated(staff: Client) -> None:
    product = ProductFactory()
    material = Fact.objects.create(name="Material", is_filter=True)

    staff.post(address(product), typed(product, **said(material, "Linen , Cotton, Linen,")))

    product.refresh_from_db()
    assert (product.facets, product.fact_pairs) == (
        ["Material:Cotton", "Material:Linen"],
        ["Material:Cotton", "Material:Linen"],
    )
    assert set(OptionWord.objects.values_list("word", flat=True)) == {
        "Material", "Linen", "Cotton",
    }  # fmt: skip
    assert "Linen = " in staff.get(address(product)).content.decode()


def test_s7_a_text_is_no_word_to_narrow_lists_by(staff: Client) -> None:
    product = ProductFactory()
    material = Fact.objects.create(name="Material", is_filter=True)

    response = staff.post(address(product), typed(product, **said(material, "Linen " * 20)))

    assert "Material narrows lists: write words parted by commas" in response.content.decode()
    assert ProductFact.objects.count() == 0


def test_s7_lists_follow_when_a_fact_begins_or_ends_to_narrow_them(staff: Client) -> None:
    product = ProductFactory()
    fact = Fact.objects.create(name="Weave")
    ProductFact.objects.create(product=product, fact=fact, text="Twill")
    index(product)
    where = reverse("admin:catalog_fact_change", args=[fact.pk])

    found = []
    for change in ({"is_filter": "on"}, {"is_filter": "on", "name": "Cloth"}, {"name": "Cloth"}):
        staff.post(where, {"name": "Weave", "position": 0, **change})
        product.refresh_from_db()
        found.append(product.fact_pairs)

    assert found == [["Weave:Twill"], ["Cloth:Twill"], []]


def test_s7_a_fact_that_is_said_cannot_be_deleted(staff: Client) -> None:
    fact = Fact.objects.create(name="Weave")
    ProductFact.objects.create(product=ProductFactory(), fact=fact, text="Twill")
    idle = Fact.objects.create(name="Idle")

    refused = staff.post(reverse("admin:catalog_fact_delete", args=[fact.pk]), {"post": "yes"})
    staff.post(reverse("admin:catalog_fact_delete", args=[idle.pk]), {"post": "yes"})

    assert refused.status_code == 403
    assert list(Fact.objects.all()) == [fact]


@pytest.mark.parametrize(
    ("guide", "complaint"),
    [
        ("S, M, L", "Write a table: a line with the heads"),
        ("Size | Chest", "Write a table: a line with the heads"),
        ("Size | Chest\nS", "Line 2 has 1 cells, and the first one has 2."),
        ("A|" * 9 + "\n" + "A|" * 9, "At most 40 lines of 8 cells fit on a page."),
        ("A | B\n" * 41, "At most 40 lines of 8 cells fit on a page."),
    ],
)
@pytest.mark.parametrize("field", ["size_guide", "size_guide_de"])
def test_s7_a_size_guide_that_is_no_table_is_refused(
    staff: Client, guide: str, complaint: str, field: str
) -> None:
    product = ProductFactory()

    response = staff.post(address(product), typed(product, **{field: guide}))

    assert complaint in response.content.decode()
    assert Product.objects.get().size_guide == ""


def test_s7_a_size_guide_is_kept_as_it_was_typed(staff: Client) -> None:
    product = ProductFactory()

    staff.post(address(product), typed(product, size_guide="| Size | Chest |\n\n| S | 96 |"))

    assert Product.objects.get().size_guide.splitlines() == ["| Size | Chest |", "", "| S | 96 |"]


@pytest.mark.parametrize("name", ["", "Care: wash"])
def test_s7_the_database_refuses_a_fact_that_no_file_can_name(name: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.create(name=name)
