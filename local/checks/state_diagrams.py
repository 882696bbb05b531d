"""Draws the states of orders, sessions, payments and shipments into docs/architecture.md.

`python -m local.checks.state_diagrams` draws them from the tables that code and database follow;
with `--check` it only says whether the page is current.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import django

from local.services.processes import ROOT
from local.testing import environment

PAGE = ROOT / "docs" / "architecture.md"
# Nobody is asked anything: settings only want addresses.
ADDRESSES = {"DATABASE_URL": "postgres://nobody@127.0.0.1/none", "REDIS_URL": "redis://127.0.0.1"}


def main(arguments: Sequence[str]) -> int:
    os.environ.update(environment.environment() | ADDRESSES)
    django.setup()
    before = PAGE.read_text()
    after = drawn_into(before)
    if "--check" not in arguments:
        PAGE.write_text(after)
    elif after != before:
        print(f"{PAGE.name} is not current: run python -m local.checks.state_diagrams")
        return 1
    return 0


def drawn_into(text: str) -> str:
    """The page with every diagram between its marks drawn anew."""
    for name, model in models().items():
        start, end = f"<!-- states: {name} -->", f"<!-- end: {name} -->"
        diagram = f"{start}\n```mermaid\n{diagram_of(model.COMES_FROM)}\n```\n{end}"
        text = re.sub(f"{re.escape(start)}.*?{re.escape(end)}", diagram, text, flags=re.DOTALL)
    return text


def models() -> dict[str, Any]:
    """What is drawn, by the name in its marks; imported here, because it needs the settings."""
    from fulfillment.models import Shipment
    from payments.models import CheckoutSession, Payment
    from shop.orders.models import Order

    return {"order": Order, "session": CheckoutSession, "payment": Payment, "shipment": Shipment}


def diagram_of(comes_from: Mapping[Any, Sequence[Any]]) -> str:
    """A Mermaid state diagram of one table; the first status listed is where a row begins."""
    ways = [(before, after) for after, sources in comes_from.items() for before in sources]
    leads_on = {before for before, _ in ways}
    lines = ["stateDiagram-v2", f"    [*] --> {next(iter(comes_from))}"]
    lines += [f"    {before} --> {after}" for before, after in ways]
    lines += [f"    {status} --> [*]" for status in comes_from if status not in leads_on]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
