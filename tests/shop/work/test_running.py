"""Work rows: claimed once, finished under their lease, retried, given up."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from payments.models import StripeRequest
from shop import work
from tests.support.bells import bells

pytestmark = pytest.mark.django_db(transaction=True)


def row(**fields: Any) -> StripeRequest:
    return StripeRequest.objects.create(
        kind="capture", account="a", key=str(uuid.uuid4()), **fields
    )


def finish(one: StripeRequest) -> None:
    with transaction.atomic():
        work.finish(one, work.Outcome.CARRIED_OUT, "at the first try")


def test_run_finishes_a_row_once() -> None:
    one = row()

    ran = [work.run(StripeRequest, one.pk, finish), work.run(StripeRequest, one.pk, finish)]

    one.refresh_from_db()
    assert ran == [True, False]
    assert (one.status, one.outcome, one.detail, one.attempts, one.lease_token) == (
        "done",
        "carried out",
        "at the first try",
        1,
        None,
    )


def test_a_leased_row_is_left_alone_until_its_lease_ends() -> None:
    one = row()
    work.claim(StripeRequest, one.pk)

    second = work.claim(StripeRequest, one.pk)
    StripeRequest.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    third = work.claim(StripeRequest, one.pk)

    assert second is None
    assert third
    assert (third.attempts, third.crashes) == (2, 1)


def test_a_host_whose_clock_is_ahead_takes_no_work_from_the_others() -> None:
    # K17: leases end by the database's clock, which all hosts share.
    one = row()
    work.claim(StripeRequest, one.pk)

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        taken = work.claim(StripeRequest, one.pk)

    assert taken is None


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_host_whose_clock_is_wrong_puts_no_work_off(hours: int) -> None:
    # K17: when a row is due is the database's to say, for new ones, retried and revived ones.
    after = timedelta(seconds=30)

    def body(_: StripeRequest) -> None:
        raise work.TryLater("not yet", after=after)

    dead, started = row(status="dead"), timezone.now()
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        one = row()
        work.revive(StripeRequest.objects.filter(pk=dead.pk))
        work.run(StripeRequest, one.pk, body)
        new = row()

    for written, later in [(one, after), (new, timedelta(0)), (dead, timedelta(0))]:
        written.refresh_from_db()
        assert started + later <= written.run_at <= timezone.now() + later


def test_who_lost_the_lease_cannot_finish_and_its_effect_is_rolled_back() -> None:
    one = row()
    slow = work.claim(StripeRequest, one.pk)
    StripeRequest.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work.claim(StripeRequest, one.pk)
    assert slow

    def take_effect() -> None:
        with transaction.atomic():
            StripeRequest.objects.filter(pk=one.pk).update(reason="effect of the slow one")
            work.finish(slow, work.Outcome.SETTLED)

    with pytest.raises(work.LeaseLost):
        take_effect()

    one.refresh_from_db()
    assert (one.reason, one.status) == ("", "leased")


def test_a_failure_is_tried_again_later() -> None:
    one = row()

    def body(_: StripeRequest) -> None:
        raise work.TryLater("not yet", after=timedelta(minutes=5))

    work.run(StripeRequest, one.pk, body)

    one.refresh_from_db()
    assert (one.status, one.last_error) == ("ready", "TryLater: not yet")
    assert one.run_at > timezone.now() + timedelta(minutes=4)


def test_the_last_attempt_leaves_the_row_to_a_person() -> None:
    one = row(attempts=StripeRequest.MAX_ATTEMPTS - 1)

    def body(_: StripeRequest) -> None:
        raise RuntimeError("no")

    work.run(StripeRequest, one.pk, body)

    one.refresh_from_db()
    assert (one.status, one.last_error) == ("dead", "RuntimeError: no")


@pytest.mark.parametrize(
    "cause", [work.Away("401: the key was refused"), OperationalError("lock timeout")]
)
def test_who_is_away_kills_no_row(cause: Exception) -> None:
    # K15: a weekend of a refused key is more than so many attempts.
    one = row(attempts=StripeRequest.MAX_ATTEMPTS + 100)

    def body(_: StripeRequest) -> None:
        raise cause

    work.run(StripeRequest, one.pk, body)

    one.refresh_from_db()
    assert (one.status, one.attempts) == ("ready", StripeRequest.MAX_ATTEMPTS + 101)


def test_poison_that_takes_its_worker_down_is_dead_after_five_times() -> None:
    # Guard: CRASHES_ALLOWED in shop/work/running.py. Without it the row would come back for ever.
    one = row()
    reached: list[Any] = []
    for _ in range(work.CRASHES_ALLOWED):
        work.claim(StripeRequest, one.pk)
        StripeRequest.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    work.run(StripeRequest, one.pk, reached.append)

    one.refresh_from_db()
    assert (one.status, reached) == ("dead", [])


def test_a_body_that_forgets_to_finish_is_not_taken_for_done() -> None:
    one = row()

    work.run(StripeRequest, one.pk, lambda _: None)

    one.refresh_from_db()
    assert (one.status, one.last_error) == (
        "ready",
        "TryLater: Its body ended without finishing it.",
    )


def test_drain_does_all_that_is_due_and_nothing_else() -> None:
    due = [row() for _ in range(3)]
    later = row(run_at=timezone.now() + timedelta(hours=1))

    done = work.drain(StripeRequest, finish)

    later.refresh_from_db()
    assert done == 3
    assert later.status == "ready"
    assert StripeRequest.objects.filter(pk__in=[one.pk for one in due], status="done").count() == 3


def test_revive_gives_dead_rows_a_new_start() -> None:
    row(status="dead", attempts=200, crashes=5)

    revived = work.revive(StripeRequest.objects.all())

    one = StripeRequest.objects.get()
    assert (revived, one.status, one.attempts, one.crashes) == (1, "ready", 0, 0)


@pytest.mark.parametrize(("count", "rung_again"), [(3, [StripeRequest.DRAIN_TASK]), (2, [])])
def test_a_backlog_goes_on_at_once(count: int, rung_again: list[str]) -> None:  # K19
    for _ in range(count):
        row()

    with bells() as rung:
        done = work.drain(StripeRequest, finish, limit=2)

    assert (done, rung) == (2, rung_again)


def test_a_session_for_which_a_buyer_waits_comes_before_older_refunds() -> None:  # K19
    earlier = timezone.now() - timedelta(hours=1)
    for kind in ("refund", "capture", "create_session"):
        StripeRequest.objects.create(kind=kind, account="a", key=kind, run_at=earlier)
        earlier += timedelta(minutes=1)
    order: list[str] = []

    def body(one: StripeRequest) -> None:
        order.append(one.kind)
        finish(one)

    work.drain(StripeRequest, body)

    assert order == ["create_session", "capture", "refund"]


def test_the_next_request_of_a_backlog_is_found_without_sorting_it() -> None:  # K19
    StripeRequest.objects.bulk_create(
        StripeRequest(kind="refund", account="a", key=str(number)) for number in range(5_000)
    )
    row()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE payments_striperequest")

    plan = work.due(StripeRequest).order_by(*StripeRequest.ORDER)[:1].explain()

    assert "striperequest_by_urgency" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("count", [2, work.MANY])
def test_one_bell_rings_for_many_rows(count: int) -> None:
    rows = [row() for _ in range(count)]

    with bells() as rung, transaction.atomic():
        work.ring(rows)
        before = list(rung)

    each, for_all = [StripeRequest.TASK] * count, [StripeRequest.DRAIN_TASK]
    assert before == []
    assert rung == (for_all if count == work.MANY else each)
