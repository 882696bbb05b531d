"""Moves the shop's business time with the stand-in's clock.

The stand-in's clock can be moved ahead by its control room; this process carries the offset into
the shop's database, where web, worker and beat read it.
"""

from __future__ import annotations

import json
import os
import time
import urllib.request

import psycopg

EVERY = 1.0

WRITE = """
    INSERT INTO shop_clock (id, offset_seconds) VALUES (1, %(offset)s)
    ON CONFLICT (id) DO UPDATE SET offset_seconds = EXCLUDED.offset_seconds
    WHERE shop_clock.offset_seconds <> EXCLUDED.offset_seconds
"""


def main() -> None:
    url = f"{os.environ['STRIPE_API_BASE']}/_fake/clock"
    trouble = ""
    while True:
        try:
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
                while True:
                    connection.execute(WRITE, {"offset": offset(url)})
                    trouble = ""
                    time.sleep(EVERY)
        except (OSError, ValueError, psycopg.Error) as error:
            if str(error) != trouble:  # said once, however long it lasts
                print(f"WARNING the clock cannot be followed: {error}", flush=True)
                trouble = str(error)
            time.sleep(EVERY)


def offset(url: str) -> int:
    """How many seconds the stand-in's clock is ahead."""
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
        return int(json.load(answer)["offset"])


if __name__ == "__main__":
    main()
