"""Numbers without gaps, one row of them for each kind of document and year."""

from dataclasses import dataclass

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


def take(kind: Kind) -> Number:
    """The next number of the present year, in the transaction that makes its document.

    Whoever else wants one waits until that is committed; if it is rolled back, the number is free.
    The year is that of business time in the shop's TIME_ZONE.
    """
    year = timezone.localtime(clock.now(), timezone.get_default_timezone()).year
    DocumentCounter.objects.get_or_create(kind=kind, year=year)
    counter = DocumentCounter.objects.select_for_update().get(kind=kind, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return Number(kind, year, counter.last)
