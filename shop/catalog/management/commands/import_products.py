"""Import products from a file."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.catalog.files.columns.fields import WrongMapping
from shop.catalog.files.reading.cells import LARGEST_NUMBER
from shop.catalog.files.run import Report, import_products
from shop.catalog.files.summary import summary
from shop.catalog.management.progress import Progress
from shop.money import CURRENCIES

EXAMPLES = """\
examples:
  manage.py import_products products.csv
  manage.py import_products products.csv --dry-run        what would happen
  manage.py import_products products.csv --keep-good      all but what has a problem
  manage.py import_products products.json --map "details.code=sku" --map Farbe=option:Color
  manage.py import_products products.csv --json | jq .counts

The file is looked at: a product CSV of Shopify or WooCommerce, a plain CSV (any delimiter, UTF-8,
UTF-16 or Windows-1252), JSON (a list of products, or an object around one; nested values as
size.width) or JSON Lines. What stands in a CSV without a header is not guessed: say it by the
columns' numbers, --map 1=sku --map 2=title --map 3=price; or that its first line names them in
words that are not known here, --header --map VK=price. Which column is read as what is printed
before anything happens; --map says otherwise, for one column of a Shopify or WooCommerce file too.
Fields: sku, title, description, price, regular_price, stock, category (a path like Home > Light),
vendor, tags, images, alt, slug, status, grams, shipping, tax_code, barcode, id, most_per_order,
publish_at, tax_class, sale_price (what is asked instead of the price, for a while), currency (must
be that of the import), and option:<Name> for what tells variants of one product apart; --map
Material=ignore leaves a column unread. Fields that name what
they are in: title:de, description:de, category:de, price:usd, regular_price:usd, price:eur:month
and price:eur:3-month for what is paid again and again, minimum_price:eur with maximum_price:eur
where the customer chooses. A price of `none` asks nothing, on purpose; an empty one is a mistake.

Amounts are read as people write them (1,299.00, 1.299,00, 1'299.00, 12,50, € 9.00); one that may
mean two things (1.299) is refused.

Records with a problem are written to <name>.errors.<ending>: mend them there and import that file.
The same file again changes nothing: products are known by slug, variants by SKU. A changed price
becomes a new price. Stock is counted in once, for new variants, unless --stock is given; where the
file says none, --on-hand N counts in N of each, and without it they start sold out.
Exit code: 0 imported, 1 problems were found, 2 wrong usage.
"""


# A large file with another oddity in each row should not bury what else is said.
SHOWN = 20


class Command(BaseCommand):
    help = "Import products from a file; all of them or, with a problem, none."

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            *args,
            **kwargs,
            epilog=EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="read and check, write nothing")
        parser.add_argument(
            "--keep-good", action="store_true", help="import every good row, leave out the others"
        )
        parser.add_argument(
            "--stock", action="store_true", help="set the stock of known variants, too"
        )
        parser.add_argument(
            "--on-hand",
            type=units,
            metavar="N",
            help="count in so many of each variant for which the file says no stock",
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="read this column as that field",
        )
        parser.add_argument(
            "--header",
            action="store_true",
            help="the first line names columns, in words that are not known here",
        )
        parser.add_argument(
            "--errors", type=Path, metavar="FILE", help="where records with a problem are written"
        )
        parser.add_argument(
            "--currency",
            choices=sorted(CURRENCIES),
            default=settings.DEFAULT_CURRENCY,
            metavar="CODE",
            help="the currency of the prices (default: %(default)s)",
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} is no file.", returncode=2)
        try:
            report = import_products(
                path,
                currency=options["currency"],
                dry_run=options["dry_run"],
                keep_good=options["keep_good"],
                overwrite_stock=options["stock"],
                on_hand=options["on_hand"],
                given=pairs(options["map"]),
                has_header=options["header"],
                errors=options["errors"] or path.with_name(f"{path.stem}.errors{path.suffix}"),
                progress=Progress(f"Reading {path.name}").show,
            )
        except WrongMapping as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=2) from error
        self._print_json(path, report) if options["json"] else self._print(report, **options)
        if report.problems:
            sys.exit(1)

    def _print_json(self, path: Path, report: Report) -> None:
        result = {
            "file": str(path),
            "reading": report.reading,
            "currency": report.currency,
            "mapping": report.mapping,
            "unread": report.unread,
            "imported": report.is_imported,
            "counts": dict(report.counts),
            "problems": [asdict(problem) for problem in report.problems],
            "warnings": [asdict(warning) for warning in report.warnings],
            "stopped_at": report.stopped_at,
            "error_file": str(report.error_file) if report.error_file else None,
        }
        self.stdout.write(json.dumps(result, indent=2, ensure_ascii=False))

    def _print(self, report: Report, **options: Any) -> None:
        self.stdout.write(f"Read as {report.reading}.")
        for field, column in report.mapping.items():
            self.stdout.write(f"  {column} → {field}")
        if report.unread:
            self.stdout.write(f"  not read: {', '.join(report.unread)}")
        self.stdout.write(f"  prices are in {report.currency.upper()}")
        warnings = summary(report.warnings)
        for warning in warnings[:SHOWN]:
            self.stderr.write(f"warning: {warning}", self.style.WARNING)
        if len(warnings) > SHOWN:
            more = len(warnings) - SHOWN
            self.stderr.write(f"and {more:,} more warnings; --json names all.")
        for problem in report.problems:
            self.stderr.write(f"problem: {problem}", self.style.ERROR)
        counts = {what: count for what, count in report.counts.items() if count}
        width = max(map(len, counts), default=0)
        if report.is_imported or options["dry_run"]:
            for what, count in counts.items():
                self.stdout.write(f"  {what:<{width}} {count:>7,}")
        if report.stopped_at:
            where = f"{report.problems[0].unit} {report.stopped_at}"
            self.stderr.write(f"Reading stopped at {where}: nothing below it was read.")
        self.stdout.write(conclusion(report, dry_run=options["dry_run"]))
        if report.error_file:
            self.stdout.write(f"The records with a problem stand in {report.error_file}.")


def units(text: str) -> int:
    """A number of units as an option says it. Raises argparse's own error for anything else."""
    if not (text.isascii() and text.isdecimal()) or int(text) > LARGEST_NUMBER:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of units")
    return int(text)


def pairs(given: list[str]) -> dict[str, str]:
    """{column: field} of `column=field`; a column may hold an equals sign."""
    for one in given:
        if "=" not in one:
            raise CommandError(f"--map {one}: write column=field.", returncode=2)
    return {column: field for column, _, field in (one.rpartition("=") for one in given)}


def conclusion(report: Report, *, dry_run: bool) -> str:
    """The last sentence of the command: what has become of the file, and what to do next."""
    found = len(report.problems)
    problems = f"{found or 'no'} problem{'' if found == 1 else 's'}"
    if dry_run:
        return f"Nothing was written (--dry-run); {problems}."
    if not report.is_imported:
        return f"Nothing was imported: {problems}. Mend or leave out what has one: --keep-good."
    if found and not report.changes:
        return f"Nothing was imported: {problems}, and the rest is here already."
    if found:
        return f"Imported all but what has a problem ({problems})."
    if not report.changes:
        return "Nothing to import: all of it is here already."
    return "Imported. “manage.py sync_catalog --apply” tells Stripe."
