"""The catalog's work that is done is forgotten; what Stripe is known to have is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.catalog.models import CatalogSync
from tests.support.factories import PriceFactory
from tests.support.retention import pruned

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = timezone.now() - timedelta(days=400)


@pytest.mark.parametrize(
    ("status", "in_baseline", "gone"),
    [("done", True, 1), ("done", False, 0), ("dead", True, 0), ("ready", True, 0)],
)
def test_a_change_goes_once_it_is_part_of_the_baseline(
    status: str, in_baseline: bool, gone: int
) -> None:
    variant = PriceFactory().variant
    CatalogSync.objects.all().delete()
    CatalogSync.objects.create(
        variant=variant,
        kind=CatalogSync.Kind.UPDATE_PRODUCT,
        status=status,
        in_baseline=in_baseline,
        finished_at=LONG_AGO,
        parameters={"name": "Mug"},
    )

    assert pruned("catalog_syncs") == gone
