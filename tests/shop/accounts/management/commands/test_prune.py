"""`manage.py prune`: what it says, and that it can be asked first."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shop.accounts.models import LoginFailure
from shop.accounts.privacy import retention

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _two_old_failures() -> None:
    at = timezone.now() - timedelta(days=100)
    for name in ("ada", "bob"):
        LoginFailure.objects.create(email=f"{name}@example.com", reason="unknown", at=at)


def run(*arguments: str, **options: Any) -> str:
    said = StringIO()
    call_command("prune", *arguments, stdout=said, stderr=StringIO(), **options)
    return said.getvalue()


def test_it_says_of_each_how_many_are_gone() -> None:
    said = run()

    line = next(line for line in said.splitlines() if line.startswith("login_failures"))
    assert line.split() == ["login_failures", "2", "gone,", "after", "90", "days"]
    assert len(said.splitlines()) == len(retention.rules())
    assert LoginFailure.objects.count() == 0


def test_a_dry_run_counts_and_deletes_nothing() -> None:
    assert "2 would go, after 90 days" in run("--dry-run")
    assert LoginFailure.objects.count() == 2


def test_one_thing_alone_and_for_a_program() -> None:
    assert json.loads(run("sessions", "--json")) == {"sessions": 0}
    assert LoginFailure.objects.count() == 2
    assert json.loads(run("login_failures", "--json")) == {"login_failures": 2}


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    with pytest.raises(CommandError, match=r"There is no 'orders'. Use one of: sessions, "):
        run("orders")
