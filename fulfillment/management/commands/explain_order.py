"""`manage.py explain_order HF-7K3M9QTD`: the story of one order, for a person or a program."""

import json
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime

from fulfillment.balance import Balance, balance_of
from fulfillment.order_page.status import standing
from fulfillment.timeline import Entry, timeline
from shop.orders.models import Order


class Command(BaseCommand):
    help = "Tell everything that happened to one order: moves, money, events, mails, parcels."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "example:\n  manage.py explain_order HF-7K3M9QTD --json"
        parser.add_argument("number", help="the order's number, with or without HF-")
        parser.add_argument("--json", action="store_true", help="for a program")

    def handle(self, *, number: str, **options: Any) -> None:
        order = _order(number)
        money = balance_of(order)
        entries = timeline(order)
        if options["json"]:
            self.stdout.write(json.dumps(_as_data(order, money, entries), indent=2))
            return
        text = standing(order).text
        self.stdout.write(f"{order} is {order.get_status_display().lower()}: {text.headline}.")
        for words, amount in _amounts(money).items():
            self.stdout.write(f"  {words:<9} {amount}")
        for hold in order.holds.filter(closed_at=None):
            self.stdout.write(f"  in review: {hold} ({hold.note})")
        self.stdout.write("")
        for entry in entries:
            mark = "!" if entry.went_wrong else " "
            self.stdout.write(
                f"{mark} {localtime(entry.at):%Y-%m-%d %H:%M:%S %Z}  {entry.who:<16} {entry.what}"
                + (f"  ({entry.detail})" if entry.detail else "")
            )


def _order(number: str) -> Order:
    known = number.strip().upper()
    order = Order.objects.filter(number__in=[known, f"HF-{known}"]).first()
    if order is None:
        raise CommandError(f"There is no order {number}.")
    return order


def _amounts(money: Balance) -> dict[str, str]:
    return {
        "due": str(money.due),
        "held": str(money.held),
        "captured": str(money.captured),
        "refunded": str(money.refunded),
        "lost": str(money.lost),
    }


def _as_data(order: Order, money: Balance, entries: list[Entry]) -> dict[str, Any]:
    return {
        "number": order.number,
        "status": order.status,
        "in_review": [str(hold) for hold in order.holds.filter(closed_at=None)],
        "amounts": _amounts(money),
        "story": [
            {
                "at": entry.at.isoformat(),
                "who": entry.who,
                "what": entry.what,
                "detail": entry.detail,
                "went_wrong": entry.went_wrong,
            }
            for entry in entries
        ],
    }
