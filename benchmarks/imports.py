"""Importing a large product file: rows a second, and how much memory it takes."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.figures import Figure

SIZES = (10_000, 100_000)
HEADER = "sku,title,description,price,stock,category,brand,tags".split(",")
# Prints the most memory that the import took, in KiB.
MEASURED = """
import resource, sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "import_products", *sys.argv[1:]])
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measure(
    directory: Path,
    sizes: tuple[int, ...] = SIZES,
    *options: str,
    environment: Mapping[str, str] = os.environ,
) -> list[Figure]:
    """Import one file of each size into the same shop, the one that the environment names."""
    figures = []
    for rows in sizes:
        path = written(directory / f"{rows}.csv", rows)
        seconds, peak = imported(path, *options, environment=environment)
        measured = f"{seconds:.0f} s, {rows / seconds:,.0f} rows a second, {peak:.0f} MiB"
        figures.append(Figure(f"Import of {rows:,} rows", measured, "goal: 10,000 within 60 s"))
    return figures


def imported(
    path: Path, *options: str, environment: Mapping[str, str] = os.environ
) -> tuple[float, float]:
    """How many seconds the import of a file took, and how many MiB at most."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, path, *options],
        capture_output=True,
        text=True,
        check=True,
        env={**environment, "DJANGO_SETTINGS_MODULE": "shop.settings"},
    )
    return time.monotonic() - began, int(done.stdout.split("peak")[1]) / 1024


def written(path: Path, rows: int, *, sentences: int = 5) -> Path:
    """Write a CSV of WooCommerce's kind with that many products, and return its path."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(rows):
            words = f"Made for the sea, number {n}. " * sentences
            shelf, price = f"Shelf {n % 40} > Part {n % 7}", f"{n % 500 + 1}.50"
            name, brand = f"Lantern {rows}-{n}", f"Brand {n % 90}"
            writer.writerow([f"I{rows}-{n}", name, words, price, n % 20, shelf, brand, "a, b"])
    return path
