"""Numbers have no gap, whoever takes one at the same time, and begin anew each year."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from fulfillment.documents import numbering
from fulfillment.documents.models import Document, DocumentCounter, Kind
from fulfillment.documents.shown import Shown
from tests.fulfillment.documents.sales import capture, sold
from tests.support.clocks import move_clock
from tests.support.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def taken(kind: Kind = Kind.INVOICE) -> str:
    """The next one, committed."""
    with transaction.atomic():
        return str(numbering.take(kind))


def test_two_at_once_get_two_numbers() -> None:
    """Both begin while the year has no counter yet; each commits its own document."""
    payments = [sold([(1200, 1, "1")]) for _ in range(4)]

    def made(payment: Any) -> Callable[[], str]:
        def make() -> str:
            with transaction.atomic():
                return capture(payment, 1200).number

        return make

    numbers = at_once([made(payment) for payment in payments])

    year = DocumentCounter.objects.get().year
    assert sorted(map(str, numbers)) == [f"{year}-{number:06d}" for number in (1, 2, 3, 4)]


def test_a_number_that_came_to_nothing_is_given_again() -> None:
    with transaction.atomic():
        numbering.take(Kind.INVOICE)
        transaction.set_rollback(True)

    assert taken().endswith("-000001")


def test_each_kind_and_year_has_a_row_of_its_own(settings: Any) -> None:
    with time_machine.travel(datetime(2026, 12, 31, 22, 30, tzinfo=UTC)):
        before = [taken(), taken(Kind.CREDIT_NOTE)]
        move_clock(hours=2)
        after = taken()

    assert (before, after) == (["2026-000001", "C-2026-000001"], "2027-000001")


def test_the_year_begins_where_the_shop_is(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Vienna"
    with time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        assert taken() == "2027-000001"


def test_the_day_is_of_the_year_that_the_number_says_wherever_the_shop_moves(
    settings: Any,
) -> None:
    """# S-8: half past midnight in Vienna; what is issued keeps its day."""
    settings.TIME_ZONE = "Europe/Vienna"
    payment = sold([(1200, 1, "1")])
    with time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        made = capture(payment, 1200)
    settings.TIME_ZONE = "America/New_York"

    assert made.number == "2027-000001"
    assert "1 January 2027" in Client().get(made.get_absolute_url()).content.decode()


def test_what_was_issued_before_days_were_kept_is_of_its_day_in_utc(settings: Any) -> None:
    """# S-8: until then every shop reckoned so."""
    with time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        made = capture(sold([(1200, 1, "1")]), 1200)
    kept = {name: value for name, value in made.content.items() if name != "issued_on"}
    settings.TIME_ZONE = "Europe/Vienna"

    shown = Shown(Document(currency="eur", issued_at=made.issued_at, content=kept), in_full=True)

    assert shown.issued_on == date(2026, 12, 31)


def test_a_counter_goes_on_by_one_and_no_other_way() -> None:
    taken()

    for change in (
        lambda: DocumentCounter.objects.update(last=0),
        lambda: DocumentCounter.objects.update(last=3),
        DocumentCounter.objects.all().delete,
    ):
        with pytest.raises(DatabaseError, match="count"), transaction.atomic():
            change()


def test_staff_find_documents_and_no_counters(admin_client: Client) -> None:
    page = admin_client.get("/admin/").content.decode()

    assert "/admin/fulfillment/document/" in page
    assert "ocument counter" not in page
