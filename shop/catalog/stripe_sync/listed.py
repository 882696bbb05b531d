"""What Stripe's long lists say, kept in a file: an account may have a hundred thousand products."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from types import TracebackType
from typing import Any, Self

from shop.catalog.stripe_sync.difference import Seen

# As many as one page of Stripe's lists holds.
CHUNK = 100


class Listed:
    """Products and prices by the product's id. The file has no name and ends with the block."""

    def __enter__(self) -> Self:
        self._rows = sqlite3.connect("")
        # Nobody reads it after a crash.
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("CREATE TABLE product (id TEXT PRIMARY KEY, body TEXT)")
        self._rows.execute("CREATE TABLE price (product TEXT, body TEXT)")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rows.close()

    def keep_prices(self, prices: Iterable[dict[str, Any]]) -> None:
        """Keep prices as they come, then make them quick to find."""
        rows = ((price["product"], json.dumps(price)) for price in prices)
        self._rows.executemany("INSERT INTO price VALUES (?, ?)", rows)
        self._rows.execute("CREATE INDEX price_of_product ON price (product)")

    def keeping_products(
        self, products: Iterable[dict[str, Any]]
    ) -> Iterator[list[dict[str, Any]]]:
        """Keep products as they come, and hand them on, a hundred at a time."""
        products = iter(products)
        while chunk := list(islice(products, CHUNK)):
            rows = [(product["id"], json.dumps(product)) for product in chunk]
            self._rows.executemany("INSERT OR REPLACE INTO product VALUES (?, ?)", rows)
            yield chunk

    def seen(self, product_ids: Sequence[str]) -> dict[str, Seen]:
        """Those of the products that were listed, with their prices."""
        prices = defaultdict(list)
        for product, body in self._named("product, body", "price", "product", product_ids):
            prices[product].append(json.loads(body))
        listed = self._named("id, body", "product", "id", product_ids)
        return {product: Seen(json.loads(body), prices[product]) for product, body in listed}

    def _named(
        self, columns: str, table: str, key: str, ids: Sequence[str]
    ) -> Iterable[tuple[str, str]]:
        marks = ",".join("?" * len(ids))
        # The words are this module's own.
        return self._rows.execute(
            f"SELECT {columns} FROM {table} WHERE {key} IN ({marks}) ORDER BY rowid",  # noqa: S608
            ids,
        )
