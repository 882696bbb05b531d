"""`manage.py make_documents`: the invoices and credit notes that are missing."""

from argparse import RawDescriptionHelpFormatter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fulfillment.documents import missing
from shop.catalog.management.progress import Progress


class Command(BaseCommand):
    help = (
        "Make the invoices and credit notes that are missing: of orders from before there were any,"
        " and where one could not be made. Each is numbered and dated today. May be stopped and"
        " run again at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "example:\n  manage.py make_documents --since 2026-01-01"
        parser.add_argument(
            "--since", type=date.fromisoformat, help="only what was captured on that day or later"
        )
        parser.add_argument("--count", action="store_true", help="only say how many lack one")

    def handle(self, **options: Any) -> None:
        waiting = list(missing.lacking(since=options["since"]).values_list("pk", flat=True))
        if options["count"]:
            self.stdout.write(f"{len(waiting)} payments lack a document.")
            return
        progress = Progress("Making documents", counts="payments")
        made, failed = 0, []
        for number, payment_id in enumerate(waiting, 1):
            try:
                made += len(missing.make_for(payment_id))
            except Exception as error:  # noqa: BLE001 - one that fails costs itself alone
                failed.append(f"{payment_id}: {error!r}")
            progress.show(number, len(waiting))
        self.stdout.write(f"{made} documents made.")
        if failed:
            raise CommandError("Not made:\n" + "\n".join(failed))
