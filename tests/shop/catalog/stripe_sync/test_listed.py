"""Stripe's lists are read as they come and kept outside of memory."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

from shop.catalog.stripe_sync.difference import Seen
from shop.catalog.stripe_sync.listed import Listed


def products(count: int) -> Iterator[dict[str, Any]]:
    return (
        {"id": f"prod_{n}", "name": f"Lamp {n}", "description": "x" * 500} for n in range(count)
    )


def prices(count: int) -> Iterator[dict[str, Any]]:
    return ({"id": f"price_{n}", "product": f"prod_{n // 2}"} for n in range(count))


def peak_of(count: int) -> float:
    """How many MiB it takes at most to keep so many products, and to ask for some."""
    tracemalloc.start()
    try:
        with Listed() as listed:
            listed.keep_prices(prices(count))
            for _ in listed.keeping_products(products(count)):
                pass
            assert len(listed.seen(["prod_7", "prod_8"])) == 2
        return tracemalloc.get_traced_memory()[1] / 1024**2
    finally:
        tracemalloc.stop()


def test_what_was_kept_is_read_back_product_by_product() -> None:
    with Listed() as listed:
        listed.keep_prices(prices(4))
        chunks = list(listed.keeping_products(products(250)))

        seen = listed.seen(["prod_1", "prod_249", "prod_gone"])

    assert [len(chunk) for chunk in chunks] == [100, 100, 50]
    assert seen == {
        "prod_1": Seen(
            {"id": "prod_1", "name": "Lamp 1", "description": "x" * 500},
            [{"id": "price_2", "product": "prod_1"}, {"id": "price_3", "product": "prod_1"}],
        ),
        "prod_249": Seen({"id": "prod_249", "name": "Lamp 249", "description": "x" * 500}, []),
    }


def test_f15_twenty_times_the_products_take_no_more_memory() -> None:
    few, many = peak_of(500), peak_of(10_000)

    # A tenth of what the larger lists would take.
    assert many - few < 1
