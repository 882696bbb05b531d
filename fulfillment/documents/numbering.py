"""Numbers without gaps, one row of them for each kind of document and year."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from fulfillment.documents.models import DocumentCounter, Kind
from shop import clock

PREFIX = {Kind.INVOICE: "", Kind.CREDIT_NOTE: "C-"}


@dataclass(frozen=True)
class Number:
    """One of them: "2026-000123"; a credit note's begins with C, for it has a row of its own."""

    kind: Kind
    year: int
    sequence: int

    def __str__(self) -> str:
        return f"{PREFIX[self.kind]}{self.year}-{self.sequence:06d}"


def take(kind: Kind, at: datetime | None = None) -> Number:
    """The next number of the year `at` that moment, in the transaction that makes its document.

    Whoever else wants one waits until that is committed; if it is rolled back, the number is free.
    The year is the one in the shop's TIME_ZONE; without a moment that of business time now.
    """
    year = timezone.localtime(at or clock.now(), timezone.get_default_timezone()).year
    DocumentCounter.objects.get_or_create(kind=kind, year=year)
    counter = DocumentCounter.objects.select_for_update().get(kind=kind, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return Number(kind, year, counter.last)
