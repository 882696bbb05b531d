"""`manage.py index_products`: write anew what all products are found by."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.catalog.search import index


class Command(BaseCommand):
    help = (
        "Write anew what all products are found by. Needed once after a language was added, so "
        "that what was translated into it before is found."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{index.reindex()} products can be found.")
