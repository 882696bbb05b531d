"""What was kept for long enough is forgotten, and what is still needed is not, whatever its age."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery.signals import before_task_publish
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.accounts.models import AccountMail, LoginFailure
from shop.accounts.privacy import retention
from shop.accounts.tasks import prune
from tests.support.concurrency import at_once
from tests.support.retention import pruned

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rung() -> Iterator[list[str]]:
    """The tasks that were sent to the broker."""
    names: list[str] = []

    def note(sender: str, **_: Any) -> None:
        names.append(sender)

    before_task_publish.connect(note)
    yield names
    before_task_publish.disconnect(note)


def failures(number: int, *, days: int) -> None:
    at = timezone.now() - timedelta(days=days)
    rows = [LoginFailure(email=f"{i}@example.com", reason="unknown", at=at) for i in range(number)]
    LoginFailure.objects.bulk_create(rows)


def test_sessions_go_a_day_after_their_cookie() -> None:
    for days in (-2, 0, 1):
        session = SessionStore()
        session["cart"] = str(days)
        session.set_expiry(timezone.now() + timedelta(days=days, hours=1))
        session.save()

    assert pruned("sessions") == 1

    kept = [one.get_decoded()["cart"] for one in Session.objects.all()]
    assert sorted(kept) == ["0", "1"]


def test_a_period_is_what_the_settings_say(settings: Any) -> None:
    failures(1, days=8)

    before = pruned("login_failures")
    settings.RETENTION = {**settings.RETENTION, "LOGIN_RECORDS": 7}
    after = pruned("login_failures")

    assert (before, after) == (0, 1)


def test_mails_about_accounts_go_once_they_are_sent() -> None:
    for status in ("done", "dead", "ready"):
        mail = AccountMail.objects.create(kind="code", email=f"{status}@example.com")
        old = timezone.now() - timedelta(days=100)
        AccountMail.objects.filter(pk=mail.pk).update(status=status, created_at=old)
    AccountMail.objects.create(kind="code", email="new@example.com", status="done")

    assert pruned("account_mails") == 2

    left = AccountMail.objects.order_by("email").values_list("email", flat=True)
    assert list(left) == ["new@example.com", "ready@example.com"]


def test_each_statement_takes_a_few_and_all_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    monkeypatch.setattr(retention, "LOOKED_UP", 7)
    failures(17, days=100)
    failures(2, days=1)

    with CaptureQueriesContext(connection) as queries:
        gone = pruned("login_failures")

    deletes = [one["sql"] for one in queries if one["sql"].startswith("DELETE")]
    assert (gone, LoginFailure.objects.count()) == (17, 2)
    assert len(deletes) == 7


def test_what_was_done_before_it_was_interrupted_stays_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    failures(10, days=100)
    rule = next(one for one in retention.rules() if one.name == "login_failures")

    assert next(retention.prune(rule)) == 3

    assert LoginFailure.objects.count() == 7
    assert pruned("login_failures") == 7


def test_what_somebody_holds_is_left_for_the_next_night() -> None:
    """Nobody waits for a lock: neither the round nor who holds it."""
    failures(3, days=100)
    held = LoginFailure.objects.order_by("pk")[0]

    with transaction.atomic():
        LoginFailure.objects.select_for_update().get(pk=held.pk)
        (gone,) = at_once([lambda: pruned("login_failures")])

    assert gone == 2
    assert LoginFailure.objects.get() == held


def test_the_nightly_task_rings_for_itself_until_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, rung: list[str]
) -> None:
    monkeypatch.setattr("shop.accounts.tasks.PRUNE_FOR", 0)
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    failures(3, days=100)

    prune()
    first = (LoginFailure.objects.count(), list(rung))
    prune()
    prune()

    assert first == (1, ["accounts.prune"])
    assert LoginFailure.objects.count() == 0
    assert rung == ["accounts.prune"] * 2


def test_every_rule_can_be_asked_and_has_its_period(settings: Any) -> None:
    rules = retention.rules()

    assert [rule.rows().count() for rule in rules] == [0] * len(rules)
    assert {rule.period for rule in rules} == set(settings.RETENTION)


def test_the_privacy_page_says_every_period(client: Client, settings: Any) -> None:
    settings.RETENTION = {**settings.RETENTION, "CARTS": 77}

    page = " ".join(client.get("/privacy/").content.decode().split())

    for rule in retention.rules():
        assert f"<td>{rule.what}</td> <td> {rule.days} day" in page.replace("&#x27;", "'")
    assert "77 days" in page
