"""Import products from a file."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.catalog.imports.run import Report, import_products
from shop.catalog.progress import Progress
from shop.money import CURRENCIES

EXAMPLES = """\
examples:
  manage.py import_products shop/catalog/sample/products.csv
  manage.py import_products products.csv --dry-run        what would happen
  manage.py import_products products.csv --keep-good      all but the products with a problem
  manage.py import_products products.csv --json | jq .counts

The file is a product CSV as Shopify exports it: one row per variant, all rows of a product with the
same Handle and next to each other, further pictures in rows of their own, UTF-8. Columns read:
Handle, Title, Body (HTML), Vendor, Type (the category), Tags, Published, Status, Option1-3 Name and
Value, Variant SKU, Price, Grams, Inventory Qty, Requires Shipping, Tax Code (Stripe's txcd_...) and
Image, Image Src, Position and Alt Text. Needed are Handle, Title, Variant SKU and Variant Price.

The same file again changes nothing: products are known by handle, variants by SKU. A changed price
becomes a new price. Stock is counted in once, for new variants, unless --stock is given.
Exit code: 0 imported, 1 problems were found, 2 wrong usage.
"""


class Command(BaseCommand):
    help = "Import products from a Shopify product CSV; all of them or, with a problem, none."

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
            "--keep-good", action="store_true", help="import what is right, leave out what is not"
        )
        parser.add_argument(
            "--stock", action="store_true", help="set the stock of known variants, too"
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
                progress=Progress(f"Reading {path.name}").show,
            )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=2) from error
        self._print_json(path, report) if options["json"] else self._print(report, **options)
        if report.problems:
            sys.exit(1)

    def _print_json(self, path: Path, report: Report) -> None:
        result = {
            "file": str(path),
            "imported": report.is_imported,
            "counts": dict(report.counts),
            "problems": [asdict(problem) for problem in report.problems],
            "warnings": [asdict(warning) for warning in report.warnings],
        }
        self.stdout.write(json.dumps(result, indent=2, ensure_ascii=False))

    def _print(self, report: Report, **options: Any) -> None:
        for warning in report.warnings:
            self.stderr.write(f"warning: {warning}", self.style.WARNING)
        for problem in report.problems:
            self.stderr.write(f"problem: {problem}", self.style.ERROR)
        counts = {what: count for what, count in report.counts.items() if count}
        width = max(map(len, counts), default=0)
        if report.is_imported or options["dry_run"]:
            for what, count in counts.items():
                self.stdout.write(f"  {what:<{width}} {count:>7,}")
        self.stdout.write(conclusion(report, dry_run=options["dry_run"]))


def conclusion(report: Report, *, dry_run: bool) -> str:
    found = len(report.problems)
    if dry_run:
        return f"Nothing was written (--dry-run); {found or 'no'} problems."
    if not report.is_imported:
        return f"Nothing was imported: {found} problems. Mend them or leave them out: --keep-good."
    if found:
        return f"Imported all but the products with a problem ({found} problems)."
    return "Imported. “manage.py sync_catalog --apply” tells Stripe."
