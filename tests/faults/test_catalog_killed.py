"""`sync_catalog --apply` is killed or interrupted at any point; the next one goes on."""

import os
import signal
import sys
from typing import Any

import pytest

from local.services.processes import Kept
from shop.catalog.models import Category, Product, Variant
from tests.support.factories import PriceFactory
from tests.support.house import House, command_of
from tests.support.waiting import eventually

MANY = 6


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_an_apply_that_was_stopped_goes_on_and_makes_nothing_twice(
    shop: House, sign: signal.Signals
) -> None:
    """Guards: a row and its key before each call, ids of ours for products, leases that end."""
    shop.stop("worker")
    mark = f"KILLED-{sign.name}"
    category = Category.objects.first()
    for number in range(MANY):
        PriceFactory(
            variant__sku=f"{mark}-{number}",
            variant__product__slug=f"{mark.lower()}-{number}",
            variant__product__category=category,
        )
    held = {"hold": True, "reset": True, "times": 1000}
    shop.stand_in.fail("/v1/products$", method="POST", when="after", **held)

    applying = Kept(
        "apply",
        [sys.executable, "manage.py", "sync_catalog", "--apply"],
        log=shop.directory / "apply.log",
        environment=shop.environment,
    )
    shop.stand_in.wait_for_held()
    os.kill(command_of(applying), sign)
    eventually(lambda: applying.exit_code() is not None)
    shop.stand_in.ask("faults/clear", {})
    said = (shop.directory / "apply.log").read_text()
    if sign == signal.SIGINT:
        assert applying.exit_code() == 130
        assert said.endswith("Nothing is half done; the same command goes on from here.\n")
        assert "Traceback" not in said
    shop.end_leases()
    shop.manage("sync_catalog", "--apply")
    shop.manage("sync_catalog", "--check")

    variants = Variant.objects.filter(sku__startswith=f"{mark}-")
    made = [
        product
        for product in all_products(shop)
        if product["metadata"].get("sku") in set(variants.values_list("sku", flat=True))
    ]
    assert sorted(product["id"] for product in made) == sorted(
        variants.values_list("stripe_product_id", flat=True)
    )
    assert len(made) == MANY
    Product.objects.filter(variants__in=variants).update(status=Product.Status.ARCHIVED)
    shop.start("worker")


def all_products(shop: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = shop.stand_in.api("products", limit=100, **after)
        found += page["data"]
        if not page["has_more"]:
            return found
        after = {"starting_after": page["data"][-1]["id"]}
