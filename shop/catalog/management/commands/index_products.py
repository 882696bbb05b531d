"""`manage.py index_products`: write anew what all products are found by."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.catalog.search import index


class Command(BaseCommand):
    help = (
        "Write anew what all products are found by, at once. The workers do it by and by after an "
        "upgrade and where a language was added; words that no product has any more are forgotten "
        "here alone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{index.reindex()} products can be found.")
