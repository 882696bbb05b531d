"""Export products to a file."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.catalog.files.export import WRITERS

EXAMPLES = """\
examples:
  manage.py export_products products.csv           a Shopify product CSV
  manage.py export_products products.jsonl         JSON Lines, one product each
  manage.py export_products --format json | jq .   to the standard output

import_products reads all of them back. `price` is in the shop's own currency, and `none` where a
variant has no such price; what else is asked stands in columns like price:usd, price:eur:month and
minimum_price:eur, texts in further languages in columns like title:de. Left out are products that
have no variant yet, texts of categories, and the prices of earlier days. Cells that a spreadsheet
would run as a formula begin with an apostrophe, which the import takes off again.
"""
BY_ENDING = {".csv": "shopify", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}


class Command(BaseCommand):
    help = "Export all products to a file that import_products reads."

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            *args,
            **kwargs,
            epilog=EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--format", choices=sorted(WRITERS))
        parser.add_argument("--bom", action="store_true", help="begin with a byte order mark")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path | None = options["file"]
        kind = options["format"] or BY_ENDING.get(path.suffix.lower() if path else "", "")
        if not kind:
            raise CommandError("Say which --format: the file's ending does not.", returncode=2)
        if path is None:
            WRITERS[kind](sys.stdout)
            return
        try:
            encoding = "utf-8-sig" if options["bom"] else "utf-8"
            with path.open("w", encoding=encoding, newline="") as file:
                count = WRITERS[kind](file)
        except OSError as error:
            raise CommandError(
                f"{path} cannot be written: {error.strerror}.", returncode=2
            ) from error
        self.stdout.write(f"{count:,} products written to {path}.")
