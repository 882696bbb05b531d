"""`manage.py replay_events`: events of Stripe's that are in the inbox are handled once more."""

import json
from argparse import RawDescriptionHelpFormatter
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from payments.models import WebhookEvent
from shop import work
from shop.work import Outcome

# In one transaction, so that workers are not kept from the inbox.
AT_ONCE = 500
EPILOG = """examples:
  manage.py replay_events --dead
  manage.py replay_events --id evt_1 --id evt_2
  manage.py replay_events --type charge.refunded --since 2026-11-01T12:00 --dry-run
"""


class Command(BaseCommand):
    help = (
        "Handle events of the inbox once more: those that fit all that is said. Each is settled by "
        "what Stripe says now, so that handling one twice changes nothing twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EPILOG
        parser.add_argument("--dead", action="store_true", help="those that were given up")
        parser.add_argument("--id", action="append", default=[], metavar="EVT", help="this one")
        parser.add_argument("--type", action="append", default=[], help="like charge.refunded")
        parser.add_argument("--since", type=moment, help="made by Stripe then or later (UTC)")
        parser.add_argument("--until", type=moment, help="made by Stripe before (UTC)")
        parser.add_argument("--dry-run", action="store_true", help="say how many, do nothing")
        parser.add_argument("--json", action="store_true", help="for a program")

    def handle(self, **options: Any) -> None:
        events = chosen(
            dead=options["dead"],
            ids=options["id"],
            types=options["type"],
            since=options["since"],
            until=options["until"],
        )
        unknown = sorted(set(options["id"]) - set(events.values_list("stripe_event_id", flat=True)))
        if options["dry_run"]:
            number = events.count()
        else:
            number = self._replay(events, quiet=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps({"events": number, "not_replayed": unknown}))
            return
        verb = "would be handled" if options["dry_run"] else "are handled"
        self.stdout.write(f"{number} events {verb} once more.")
        for event_id in unknown:
            self.stdout.write(f"{event_id} is not in the inbox, or cannot be replayed now.")

    def _replay(self, events: "QuerySet[WebhookEvent]", *, quiet: bool) -> int:
        ids = list(events.order_by("stripe_created_at", "pk").values_list("pk", flat=True))
        done = 0
        for first in range(0, len(ids), AT_ONCE):
            some = ids[first : first + AT_ONCE]
            done += work.repeat(WebhookEvent.objects.filter(pk__in=some))
            if len(ids) > AT_ONCE and not quiet:
                self.stdout.write(f"{first + len(some)} of {len(ids)}")
        return done


def chosen(
    *, dead: bool, ids: list[str], types: list[str], since: datetime | None, until: datetime | None
) -> "QuerySet[WebhookEvent]":
    """The events that fit all of it; what another mode's endpoint sent is never acted on."""
    if not (dead or ids or types or since or until):
        raise CommandError("Say which: --dead, --id, --type, --since or --until.")
    events = WebhookEvent.objects.exclude(status=work.Work.Status.LEASED).exclude(
        outcome=Outcome.WRONG_MODE
    )
    # What was in it is forgotten (RETENTION_STRIPE_CONTENT): nobody could say what it is about.
    events = events.exclude(payload={})
    if dead:
        events = events.filter(status=work.Work.Status.DEAD)
    if ids:
        events = events.filter(stripe_event_id__in=ids)
    if types:
        events = events.filter(type__in=types)
    if since:
        events = events.filter(stripe_created_at__gte=since)
    if until:
        events = events.filter(stripe_created_at__lt=until)
    return events


def moment(text: str) -> datetime:
    """A day or a moment; without a zone it is UTC, as Stripe's Dashboard can show it."""
    found = parse_datetime(text) or parse_datetime(f"{text}T00:00")
    if found is None:
        raise ValueError(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
