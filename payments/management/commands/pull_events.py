import json
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payments import webhooks
from payments.stripe.errors import Refused
from shop import clock, work


class Command(BaseCommand):
    help = (
        "Fill the webhook inbox from Stripe's own list of events: the cure for lost webhooks, and "
        "all that a shop without a public address needs. Example: manage.py pull_events --follow"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--follow", action="store_true", help="go on until interrupted")
        parser.add_argument("--every", type=float, default=2.0, help="seconds between looks")
        parser.add_argument("--since", type=float, metavar="HOURS", help="look back this far")
        parser.add_argument("--json", action="store_true", help="print {'new': n}")

    def handle(self, *_: Any, **options: Any) -> None:
        since = clock.now() - timedelta(hours=options["since"]) if options["since"] else None
        try:
            while True:
                self._look(since, options)
                if not options["follow"]:
                    return
                since = None
                time.sleep(options["every"])
        except KeyboardInterrupt:
            self.stdout.write("Stopped; the next run goes on where this one was.")

    def _look(self, since: Any, options: dict[str, Any]) -> None:
        try:
            new = webhooks.pull(livemode=settings.STRIPE_LIVE, since=since)
        except (work.TryLater, Refused) as error:
            if not options["follow"]:
                raise CommandError(f"Stripe did not answer: {error}") from error
            self.stderr.write(f"Stripe did not answer: {error}")
            return
        if options["json"]:
            self.stdout.write(json.dumps({"new": new}))
        elif new or not options["follow"]:
            self.stdout.write(f"{new} new events.")
