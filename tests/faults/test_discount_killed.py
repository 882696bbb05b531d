"""A worker is killed between the coupon of a discount and its promotion code."""

from collections.abc import Iterator
from typing import Any

import pytest

from payments.models import DiscountSync
from shop.orders.models import Discount
from tests.support.factories import DiscountFactory
from tests.support.house import House
from tests.support.waiting import eventually


@pytest.fixture
def telling(shop: House) -> Iterator[House]:
    """The shop while its sweep tells Stripe of codes; what it told is switched off again."""
    restart(shop, ALLOW_PROMOTION_CODES="on")
    sample = DiscountSync.objects.filter(word="WELCOME10", is_live=True)
    eventually(lambda: sample.exclude(stripe_id="").exists())
    shop.wait_until_quiet()
    yield shop
    Discount.objects.filter(codes__code__startswith="KILLED").delete()
    restart(shop)
    eventually(lambda: not DiscountSync.objects.filter(is_live=True).exists())


def restart(shop: House, **more: str) -> None:
    if "worker" in shop.processes:
        shop.stop("worker")
    shop.start("worker", **more)


def test_killed_between_coupon_and_code_there_is_one_of_each(telling: House) -> None:
    """Guards: a row and its key for each of the two, the coupon's id that is ours, leases."""
    for moment in ("before", "after"):
        is_killed_between(telling, moment)


def is_killed_between(telling: House, moment: str) -> None:
    word = f"KILLED{moment.upper()}"
    held = {"hold": True, "reset": True, "times": 1000}
    telling.stand_in.fail("/v1/promotion_codes$", method="POST", when=moment, **held)

    DiscountFactory(codes=[word], percentage=15, name=word)
    telling.stand_in.wait_for_held("/v1/promotion_codes")
    between = len(coupons(telling, word)), len(codes(telling, word))
    telling.kill("worker")
    telling.stand_in.ask("faults/clear", {})
    telling.end_leases()
    restart(telling, ALLOW_PROMOTION_CODES="on")
    eventually(lambda: DiscountSync.objects.filter(word=word).exclude(stripe_id="").exists())
    telling.wait_until_quiet()

    assert between == (1, 1 if moment == "after" else 0)
    (coupon,), (code,) = coupons(telling, word), codes(telling, word)
    assert (code["active"], code["promotion"]["coupon"]) == (True, coupon["id"])
    row = DiscountSync.objects.get(word=word, kind="code")
    assert (row.stripe_id, row.outcome, row.is_live) == (code["id"], "told", True)


def coupons(shop: House, name: str) -> list[dict[str, Any]]:
    listed = shop.stand_in.api("coupons", limit=100)["data"]
    return [coupon for coupon in listed if coupon["name"] == name]


def codes(shop: House, word: str) -> list[dict[str, Any]]:
    return list(shop.stand_in.api("promotion_codes", code=word)["data"])
