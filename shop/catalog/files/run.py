"""One import: a file in, products written or nothing, and a report of what was wrong."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from django.db import reset_queries, transaction

from shop.catalog.files import error_file
from shop.catalog.files.columns import fields
from shop.catalog.files.columns.detect import detect
from shop.catalog.files.columns.extra_fields import check_languages
from shop.catalog.files.columns.overrides import Overlaid
from shop.catalog.files.drafts import BadRow, Problem, ProductDraft
from shop.catalog.files.formats.generic import MappedFile
from shop.catalog.files.formats.shopify import ShopifyFile
from shop.catalog.files.formats.woocommerce import WooCommerceFile
from shop.catalog.files.reading.format import Detected, Format
from shop.catalog.files.reading.records import RecordFile
from shop.catalog.files.writing.loader import Loader

# Products written with one set of statements.
BATCH = 100
KNOWN: dict[Format, type[ShopifyFile | WooCommerceFile]] = {
    Format.SHOPIFY: ShopifyFile,
    Format.WOOCOMMERCE: WooCommerceFile,
}

Item = TypeVar("Item")


@dataclass
class Report:
    """What an import did, or with `dry_run` would do."""

    is_imported: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    reading: str = ""
    # In which prices were read that name no other.
    currency: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    error_file: Path | None = None

    # The line or record at which reading ended before the file did.
    stopped_at: int | None = None

    @property
    def changes(self) -> int:
        """How many rows of the shop were made, changed or ended."""
        return sum(count for what, count in self.counts.items() if not what.endswith("unchanged"))


class Source(Protocol):
    """A maker of drafts for one format."""

    problems: list[Problem]
    warnings: list[Problem]

    def drafts(self) -> Iterator[ProductDraft]: ...


class Read(Protocol):
    """A file of which `read` of `size` bytes are done, and how it calls its columns."""

    size: int

    @property
    def warnings(self) -> list[Problem]: ...

    @property
    def stopped_at(self) -> int | None: ...

    @property
    def read(self) -> int: ...

    def named(self, problem: Problem) -> Problem: ...


@dataclass(frozen=True)
class Opened:
    """A file, the maker of its drafts, and how the file calls our fields."""

    file: Read
    source: Source
    columns: Mapping[str, str]


def opened(
    path: Path, *, currency: str, given: Mapping[str, str], has_header: bool, report: Report
) -> Opened:
    """The file as it looks. Raises BadRow and WrongMapping."""
    detected = detect(path, given, has_header=has_header)
    report.reading = str(detected)
    file = RecordFile(path, detected)
    if reader := KNOWN.get(detected.format):
        overlaid = Overlaid(file, given)
        report.mapping, report.unread = overlaid.mapping, overlaid.unread()
        columns_of_fields = overlaid.named_fields()
        check_languages(columns_of_fields)
        return Opened(overlaid, reader(overlaid, currency=currency), columns_of_fields)
    columns = file.columns()
    report.mapping = fields.mapping(columns, given, currency=currency)
    fields.needed(report.mapping, 1, currency=currency, has_header=detected.has_header)
    check_languages(report.mapping)
    used = set(report.mapping.values())
    report.unread = [
        name for name in columns if name and re.sub(r"\.alt(:.*)?$", "", name) not in used
    ]
    return Opened(file, MappedFile(file, report.mapping, currency=currency), report.mapping)


def import_products(
    path: Path,
    *,
    currency: str,
    given: Mapping[str, str] | None = None,
    has_header: bool = False,
    dry_run: bool = False,
    keep_good: bool = False,
    overwrite_stock: bool = False,
    on_hand: int | None = None,
    errors: Path | None = None,
    progress: Callable[[int, int, int], None] = lambda _read, _size, _rows: None,
) -> Report:
    """Import a product file of any format that `detection` knows.

    All in one transaction: a problem anywhere leaves the shop as it was. Only the stock of what is
    on sale already is counted after it, in small lots, so that nobody who buys waits. With
    `keep_good` each batch stands for itself, and only what has a problem is left out.
    `has_header` says that the first line names columns, in whatever words.
    `errors` is where the records with a problem are written, to be mended and imported again;
    `on_hand` is counted in where the file says no stock.
    """
    report = Report(currency=currency)
    try:
        found = opened(
            path, currency=currency, given=given or {}, has_header=has_header, report=report
        )
    except BadRow as error:
        report.problems.append(error.problem)
        return report
    rows, file, source = 0, found.file, found.source
    loader = Loader(found.columns, overwrite_stock=overwrite_stock, on_hand=on_hand)
    with nullcontext() if keep_good and not dry_run else transaction.atomic():
        for drafts in batches(source.drafts(), BATCH):
            rows += sum(len(draft.variants) for draft in drafts)
            # After a first problem the rest is only read, so that all problems are named at once.
            if keep_good or not (source.problems or loader.problems):
                loader.load(drafts)
            progress(file.read, file.size, rows)
            # In debug mode Django keeps every statement that was sent, and with it every product.
            reset_queries()
        problems = sorted([*map(file.named, source.problems), *loader.problems], key=by_line)
        is_imported = not dry_run and (keep_good or not problems)
        if not is_imported:
            transaction.set_rollback(True)
    if is_imported:
        loader.set_stock()
        problems = sorted([*map(file.named, source.problems), *loader.problems], key=by_line)
    progress(file.size, file.size, rows)
    report.stopped_at = file.stopped_at
    if problems and not dry_run and errors is not None:
        report.error_file = error_file.write(path, report.mapping, problems, errors)
    report.is_imported, report.counts, report.problems = is_imported, loader.counts, problems
    report.warnings = [*file.warnings, *map(file.named, source.warnings), *loader.warnings]
    return _counted_rightly(report)


def _counted_rightly(report: Report) -> Report:
    """In JSON it is records that are counted, not lines."""
    if report.reading == str(Detected(Format.JSON)):
        report.problems = [replace(problem, unit="record") for problem in report.problems]
        report.warnings = [replace(warning, unit="record") for warning in report.warnings]
    return report


def by_line(problem: Problem) -> int:
    """Problems are named in the order of the file."""
    return problem.line


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`; the last one may be shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
