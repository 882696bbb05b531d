"""The folders of the tree that hold code."""

from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("shop", "payments", "fulfillment", "sample", "local", "benchmarks", "fake_stripe")
# Written by Django, one more for each change of a table.
MIGRATIONS = "migrations"
# Folders of tests whose questions cross the tree: they mirror nothing.
OF_THEIR_OWN = {"journeys", "faults", "security", "support", "clients", "docs", "upgrade"}


def modules(*roots: str) -> dict[Path, list[Path]]:
    """The modules below these folders of the root, by their folder; both relative to the root."""
    by_folder: dict[Path, list[Path]] = defaultdict(list)
    for root in roots:
        for path in sorted((ROOT / root).rglob("*.py")):
            relative = path.relative_to(ROOT)
            if path.name != "__init__.py" and MIGRATIONS not in relative.parts:
                by_folder[relative.parent].append(relative)
    return by_folder
