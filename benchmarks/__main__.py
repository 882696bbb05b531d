"""Builds the shop as processes with the stand-in, measures, prints one table.

Nothing is asserted: figures differ between machines, ratios within one run differ less. Parts that
are named on the command line are measured alone.
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from local.services import services
from local.testing import environment
from local.testing.pytest_services import begin_run, pytest_unconfigure, start_fake_stripe

# Before the settings are read for the first time.
os.environ.update(environment.environment())


# In the order they are measured: what fills the database comes after what should find it small.
PARTS = {
    "purchases": "how long customer and shop wait for each other",
    "pages": "how many queries pages make, and how long they take",
    "webhooks": "how fast deliveries are answered",
    "slow_stripe": "pages beside a Stripe that hangs; a buyer's wait when it stumbles",
    "work_rows": "work rows beside bare Celery messages",
    "stock": "reservations of one product",
    "search": "search and lists of 100,000 products",
    "imports": "a product file read",
    "rehearsing": "the stand-in alone",
}


def main() -> None:
    """Start a database and a broker in a directory that goes away, and measure with them."""
    parts = asked_for()
    began = time.monotonic()
    begin_run()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        directory = Path(place)
        with services.running(directory, durable=False) as found:
            os.environ.update(DATABASE_URL=found.database_url, REDIS_URL=found.redis_url)
            try:
                measure_in(directory, parts)
            finally:
                pytest_unconfigure()
    print(f"\n{os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    print(f"everything on this machine; {time.monotonic() - began:.0f} s")


def asked_for() -> list[str]:
    """The parts named on the command line, in their order; all where none is."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog="\n".join(f"  {name:12} {what}" for name, what in PARTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", nargs="*", help="one of those below; all where none is named")
    named = parser.parse_args().part
    if unknown := set(named) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return [part for part in PARTS if part in named or not named]


def measure_in(directory: Path, parts: Sequence[str]) -> None:
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
    from benchmarks.figures import Figure, table
    from shop.catalog.models import Category
    from shop.celery import app
    from tests.support import databases
    from tests.support import house as houses
    from tests.support.factories import PriceFactory
    from tests.support.stand_in import StandIn

    stand_in = StandIn(start_fake_stripe(directory / "stand-in"))
    templates = databases.Templates(directory)
    figures: list[Figure] = []
    with houses.built(directory / "house", stand_in, templates) as house:
        app.conf.update(broker_url=house.broker.url)
        with houses.looking_into(house):
            category = Category.objects.order_by("id")[0]
            price = PriceFactory(on_hand=1_000_000, variant__product__category=category)
            ways: dict[str, Callable[[], Any]] = {
                "purchases": lambda: purchases.measure(house, price),
                "pages": lambda: pages.measure(house, price),
                "webhooks": lambda: webhooks.measure(house),
                "slow_stripe": lambda: slow_stripe.measure(house, price),
                "work_rows": work_rows.measure,
                "stock": lambda: stock.measure(price),
                "search": lambda: [*search.measure(), *pages.measure_long_lists(house)],
                "imports": lambda: imports.measure(directory, environment=house.environment),
            }
            for part, measure in ways.items():
                figures += measure() if part in parts else []
    databases.drop_templates()
    if "rehearsing" in parts:
        # Alone, once the house is gone.
        figures += rehearsing.measure(directory)
    print(table(figures))


if __name__ == "__main__":
    main()
