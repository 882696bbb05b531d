"""One import: a file in, products written or nothing, and a report of what was wrong."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db import transaction

from shop.catalog.imports.drafts import Problem
from shop.catalog.imports.loader import Loader
from shop.catalog.imports.rows import CsvFile
from shop.catalog.imports.shopify import REQUIRED, ShopifyFile

# Products written with one set of statements.
BATCH = 100

Item = TypeVar("Item")


@dataclass
class Report:
    """What an import did, or with `dry_run` would do."""

    is_imported: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def import_products(
    path: Path,
    *,
    currency: str,
    dry_run: bool = False,
    keep_good: bool = False,
    overwrite_stock: bool = False,
    progress: Callable[[int, int], None] = lambda read, size: None,
) -> Report:
    """Import a Shopify product CSV.

    All in one transaction: a problem anywhere leaves the shop as it was. With `keep_good` each
    batch stands for itself, and only the products with a problem are left out.
    """
    file = CsvFile(path, required=REQUIRED)
    source = ShopifyFile(file, currency=currency)
    loader = Loader(currency=currency, overwrite_stock=overwrite_stock)
    with nullcontext() if keep_good and not dry_run else transaction.atomic():
        for drafts in batches(source.drafts(), BATCH):
            # After a first problem the rest is only read, so that all problems are named at once.
            if keep_good or not (source.problems or loader.problems):
                loader.load(drafts)
            progress(file.read, file.size)
        problems = sorted([*source.problems, *loader.problems], key=lambda problem: problem.line)
        is_imported = not dry_run and (keep_good or not problems)
        if not is_imported:
            transaction.set_rollback(True)
    progress(file.size, file.size)
    return Report(is_imported, loader.counts, problems, [*source.warnings, *loader.warnings])


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
