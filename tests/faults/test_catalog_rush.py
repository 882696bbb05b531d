"""Two commands and the workers tell Stripe at once: together they stay below its limit."""

import sys
from functools import partial

from local.services.processes import Kept
from shop.catalog.models import Category, Product, Variant
from tests.support.factories import PriceFactory
from tests.support.house import House
from tests.support.waiting import eventually

MANY = 40
# A second, of all endpoints together; Stripe allows more of each.
LIMIT = 20


def test_everybody_together_stays_below_the_limit(shop: House) -> None:
    """Guard: the pace that the database keeps."""
    category = Category.objects.first()
    for number in range(MANY):
        PriceFactory(
            variant__sku=f"RUSH-{number}",
            variant__product__slug=f"rush-{number}",
            variant__product__category=category,
        )
    # What beat has the workers ask of Stripe, again and again, is not about the catalog.
    shop.stop("beat")
    shop.wait_until_quiet()
    shop.stand_in.ask("limits", {"global": LIMIT})
    before = len(shop.stand_in.ask("requests")["data"])

    applying = [
        Kept(
            f"apply-{number}",
            [sys.executable, "manage.py", "sync_catalog", "--apply"],
            log=shop.directory / f"apply-{number}.log",
            environment=shop.environment,
        )
        for number in range(3)
    ]
    for one in applying:
        eventually(partial(has_ended, one))
    calls = shop.stand_in.ask("requests")["data"][before:]
    shop.stand_in.ask("limits", {"global": None})

    variants = Variant.objects.filter(sku__startswith="RUSH-")
    assert variants.exclude(stripe_product_id="").count() == MANY
    assert len(calls) > 2 * MANY
    assert [call for call in calls if call["status"] == 429] == []
    Product.objects.filter(variants__in=variants).update(status=Product.Status.ARCHIVED)


def has_ended(child: Kept) -> bool:
    return child.exit_code() is not None
