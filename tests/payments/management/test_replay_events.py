"""`manage.py replay_events`: which events are handled once more, and which are left alone."""

import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from payments import webhooks
from payments.models import WebhookEvent
from shop import work
from shop.work import Outcome, Work
from tests.support.purchases import buy, do_the_work
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

Status = Work.Status


def stored(number: int, *, kind: str = "charge.refunded", day: int = 1, **more: Any) -> str:
    WebhookEvent.objects.create(
        account="acct_1/test",
        stripe_event_id=f"evt_{number}",
        type=kind,
        livemode=False,
        stripe_created_at=datetime(2026, 11, day, 12, tzinfo=UTC),
        payload={"data": {"object": {}}},
        **{"status": Status.DONE, "outcome": Outcome.SETTLED, **more},
    )
    return f"evt_{number}"


def replay(*arguments: str) -> str:
    out = StringIO()
    call_command("replay_events", *arguments, stdout=out)
    return out.getvalue().strip()


def ready() -> list[str]:
    rows = WebhookEvent.objects.filter(status=Status.READY).order_by("stripe_event_id")
    return list(rows.values_list("stripe_event_id", flat=True))


def test_the_dead_alone(stand_in: StandIn) -> None:
    # K22
    stored(1)
    dead = stored(2, status=Status.DEAD, outcome="", attempts=200, crashes=3)

    said = replay("--dead")

    row = WebhookEvent.objects.get(stripe_event_id=dead)
    assert said == "1 events are handled once more."
    assert ready() == [dead]
    assert (row.attempts, row.crashes, row.outcome) == (0, 0, "")


def test_by_id_by_type_and_by_time(stand_in: StandIn) -> None:
    # K22
    stored(1, day=1)
    stored(2, day=2)
    stored(3, day=3)
    stored(4, day=2, kind="refund.created")

    replay("--type", "charge.refunded", "--since", "2026-11-02", "--until", "2026-11-03T12:00")
    by_time = ready()
    replay("--id", "evt_1", "--id", "evt_3")

    assert by_time == ["evt_2"]
    assert ready() == ["evt_1", "evt_2", "evt_3"]


def test_a_dry_run_says_how_many_and_does_nothing(stand_in: StandIn) -> None:
    # K22
    stored(1)

    assert replay("--since", "2026-11-01", "--dry-run") == "1 events would be handled once more."
    assert json.loads(replay("--id", "evt_1", "--id", "evt_none", "--dry-run", "--json")) == {
        "events": 1,
        "not_replayed": ["evt_none"],
    }
    assert ready() == []


def test_what_a_worker_holds_or_another_mode_sent_is_left_alone(stand_in: StandIn) -> None:
    # K22
    stored(1, outcome=Outcome.WRONG_MODE)
    until = timezone.now() + work.LEASE
    stored(2, status=Status.LEASED, outcome="", lease_token="0" * 32, lease_until=until)

    said = replay("--id", "evt_1", "--id", "evt_2")

    assert said.splitlines() == [
        "0 events are handled once more.",
        "evt_1 is not in the inbox, or cannot be replayed now.",
        "evt_2 is not in the inbox, or cannot be replayed now.",
    ]


def test_without_saying_which_nothing_is_replayed() -> None:
    # K22
    with pytest.raises(CommandError, match="Say which"):
        replay()


def test_what_was_settled_once_settles_to_the_same(stand_in: StandIn) -> None:
    # K22
    order = buy(stand_in)
    webhooks.pull(livemode=False)
    do_the_work()
    before = order.transitions.count()

    said = replay("--since", "2020-01-01")
    do_the_work()

    order.refresh_from_db()
    assert not said.startswith("0 ")
    assert (order.status, order.transitions.count()) == ("confirmed", before)
    assert ready() == []
