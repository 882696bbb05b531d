"""An index by former rules is renewed in the background. # S-1"""

from typing import Any

import pytest
from django.conf import settings as shop
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.catalog import tasks
from shop.catalog.models import Product
from shop.catalog.search import index
from shop.catalog.search.ranking import find
from tests.support.factories import ProductFactory

pytestmark = pytest.mark.django_db


def test_what_a_former_release_has_indexed_is_indexed_anew() -> None:
    first, second = ProductFactory(title="Blanket"), ProductFactory(title="Lantern")
    index.index_many([first.pk, second.pk])
    # As the migration leaves it.
    Product.objects.filter(pk=first.pk).update(indexed_as="", search_vector=None)

    renewed = [index.renew(), index.renew()]

    vector = Product.objects.values_list("search_vector", flat=True).get(pk=first.pk)
    assert (renewed, "blanket" in str(vector)) == ([1, 0], True)


def test_other_rules_renew_all(monkeypatch: pytest.MonkeyPatch) -> None:
    index.index_many([ProductFactory().pk, ProductFactory().pk])
    monkeypatch.setattr(index, "RULES", index.RULES + 1)

    assert [index.renew(), index.renew()] == [2, 0]


def test_a_language_that_is_added_renews_all(settings: Any) -> None:
    shirt = ProductFactory(title="Shirt", translations={"es": {"title": "Camisa"}})
    index.index(shirt)
    settings.LANGUAGES = [*settings.LANGUAGES, ("es", "Español")]

    before = find("camisas").scope.size
    tasks.renew_index()

    assert (before, find("camisas").scope.size) == (0, 1)


def test_it_goes_on_lot_by_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "INDEXED_AT_ONCE", 2)
    for _ in range(5):
        ProductFactory()

    assert (index.renew(), Product.objects.filter(indexed_as="").count()) == (5, 0)


def test_a_round_with_nothing_to_do_is_one_look_by_an_index() -> None:
    index.index(ProductFactory())

    with CaptureQueriesContext(connection) as caught:
        index.renew()

    assert len([one for one in caught if "catalog_product" in one["sql"]]) == 1


def test_beat_rings_for_it() -> None:
    assert shop.CELERY_BEAT_SCHEDULE["renew the index"]["task"] == tasks.renew_index.name
