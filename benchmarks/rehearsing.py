"""How fast the Stripe stand-in answers one client, and how its memory grows with its objects."""

import http.client
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks.figures import Figure, table

PAIRS = 1000
# What the memory at the end is held against.
FEW = 10_000
# A session with one inline line is four objects: session, line, price and product.
OBJECTS = 4
# What `python -m benchmarks.rehearsing` goes up to.
MANY = 100_000
SESSION = urlencode(
    {
        "mode": "payment",
        "success_url": "https://shop.test/success",
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": 2000,
        "line_items[0][price_data][product_data][name]": "Kettle",
        "line_items[0][quantity]": 1,
    }
)
HEADERS = {
    "Authorization": "Bearer sk_test_benchmark",
    "Content-Type": "application/x-www-form-urlencoded",
    "Stripe-Version": "2026-10-28.endive",
}
PATH = "/v1/checkout/sessions"


def main() -> None:
    """Measure the stand-in alone, up to so many objects as the command line says."""
    objects = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with tempfile.TemporaryDirectory() as place:
        print(table(measure(Path(place), objects)))


def measure(directory: Path, objects: int = 20_000) -> list[Figure]:
    """Make and read sessions over one connection, until there are so many objects."""
    command = [sys.executable, "-m", "fake_stripe", "--port", "0", "--die-with-parent"]
    state = ["--state", str(directory / "rehearsing.sqlite3"), "--log-level", "warning"]
    with subprocess.Popen([*command, *state], stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout.readline() if process.stdout else ""
        connection = client(said.split()[-1])
        speed = pairs_a_second(connection, PAIRS)
        pairs_a_second(connection, FEW // OBJECTS - PAIRS)
        early = resident(process.pid)
        late_speed = pairs_a_second(connection, max(PAIRS, (objects - FEW) // OBJECTS))
        late = resident(process.pid)
        process.terminate()
    mebibytes = f"{early / 1024:.0f}, then {late / 1024:.0f} MiB"
    return [
        Figure(
            "Stand-in: session made and read", f"{speed:.0f} a second", "goal: 300, idle machine"
        ),
        Figure(
            f"Stand-in: the same up to {objects:,} objects",
            f"{late_speed / speed:.2f} x",
            "as fast as at first is 1",
        ),
        Figure(
            f"Stand-in: memory at {objects:,} objects",
            f"{late / early:.2f} x that at {FEW:,} ({mebibytes})",
            "flat is 1",
        ),
    ]


def client(address: str) -> http.client.HTTPConnection:
    """A light client, so that the stand-in is what is measured."""
    parts = urlsplit(address)
    return http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)


def pairs_a_second(connection: http.client.HTTPConnection, pairs: int) -> float:
    """Sessions made and read, one after the other."""
    began = time.perf_counter()
    for _ in range(pairs):
        connection.request("POST", PATH, SESSION, HEADERS)
        made = json.loads(connection.getresponse().read())
        connection.request("GET", f"{PATH}/{made['id']}", headers=HEADERS)
        connection.getresponse().read()
    return pairs / (time.perf_counter() - began)


def resident(process_id: int) -> int:
    """Memory that a process holds, in KiB."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise SystemExit("The system does not say how much memory a process holds.")


if __name__ == "__main__":
    main()
