import re
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fulfillment.models import Shipment
from payments.models import CheckoutSession, Payment
from shop.orders.models import Order

PAGE = Path(settings.BASE_DIR) / "docs" / "architecture.md"
DRAWN: dict[str, Any] = {
    "order": Order,
    "session": CheckoutSession,
    "payment": Payment,
    "shipment": Shipment,
}


class Command(BaseCommand):
    help = (
        "Draw the states of orders, sessions, payments and shipments into docs/architecture.md, "
        "from the tables that the code and the database follow. Example: manage.py draw_states"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether it is current")

    def handle(self, *_: Any, **options: Any) -> None:
        before = PAGE.read_text()
        after = drawn_into(before)
        if options["check"]:
            if after != before:
                raise CommandError("docs/architecture.md is not current: run manage.py draw_states")
            return
        PAGE.write_text(after)
        self.stdout.write(f"{len(DRAWN)} diagrams in {PAGE.name}.")


def drawn_into(text: str) -> str:
    """The page with every diagram between its marks drawn anew."""
    for name, model in DRAWN.items():
        start, end = f"<!-- states: {name} -->", f"<!-- end: {name} -->"
        diagram = f"{start}\n```mermaid\n{diagram_of(model.COMES_FROM)}\n```\n{end}"
        text = re.sub(f"{re.escape(start)}.*?{re.escape(end)}", diagram, text, flags=re.DOTALL)
    return text


def diagram_of(comes_from: Mapping[Any, Sequence[Any]]) -> str:
    """A Mermaid state diagram of one table; the first status listed is where a row begins."""
    ways = [(before, after) for after, sources in comes_from.items() for before in sources]
    leads_on = {before for before, _ in ways}
    lines = ["stateDiagram-v2", f"    [*] --> {next(iter(comes_from))}"]
    lines += [f"    {before} --> {after}" for before, after in ways]
    lines += [f"    {status} --> [*]" for status in comes_from if status not in leads_on]
    return "\n".join(lines)
