"""Builds the shop as processes with the stand-in, measures, prints one table.

Nothing is asserted: figures differ between machines, ratios within one run differ less.
"""

import os
import platform
import tempfile
import time
from pathlib import Path

from local.services import services
from local.testing import environment
from local.testing.pytest_services import start_fake_stripe

# Before the settings are read for the first time.
os.environ.update(environment.environment())


def main() -> None:
    """Start a database and a broker in a directory that goes away, and measure with them."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        directory = Path(place)
        with services.running(directory, durable=False) as found:
            os.environ.update(DATABASE_URL=found.database_url, REDIS_URL=found.redis_url)
            measure_in(directory)
    print(f"\n{os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    print(f"debug mode, everything on this machine; {time.monotonic() - began:.0f} s")


def measure_in(directory: Path) -> None:
    """Run the shop's processes with their state in `directory`, and print what was measured."""
    import django

    django.setup()
    # Django has to be set up before any of these is imported.
    from benchmarks import (
        imports,
        pages,
        purchases,
        rehearsing,
        search,
        slow_stripe,
        stock,
        webhooks,
        work_rows,
    )
    from benchmarks.figures import table
    from shop.catalog.models import Category
    from shop.celery import app
    from tests.support import databases
    from tests.support import house as houses
    from tests.support.factories import PriceFactory
    from tests.support.stand_in import StandIn

    stand_in = StandIn(start_fake_stripe(directory / "stand-in"))
    templates = databases.Templates(directory)
    with houses.built(directory / "house", stand_in, templates) as house:
        app.conf.update(broker_url=house.broker.url)
        with houses.looking_into(house):
            category = Category.objects.order_by("id")[0]
            price = PriceFactory(on_hand=1_000_000, variant__product__category=category)
            figures = [
                *purchases.measure(house, price),
                *pages.measure(house, price),
                *webhooks.measure(house),
                *slow_stripe.measure(house, price),
                *work_rows.measure(),
                *stock.measure(price),
                *search.measure(),
                *pages.measure_long_lists(house),
                *imports.measure(directory),
            ]
    databases.drop_templates()
    # Alone, once the house is gone.
    figures += rehearsing.measure(directory)
    print(table(figures))


if __name__ == "__main__":
    main()
