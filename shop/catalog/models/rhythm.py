"""How often something is paid: every month, every three months."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.utils.translation import ngettext


@dataclass(frozen=True, slots=True)
class Rhythm:
    """So many of an interval, in Stripe's words: day, week, month, year."""

    interval: str
    count: int = 1

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Of what `code` has written; None for anything else."""
        count, _dash, interval = text.partition("-")
        is_number = count.isascii() and count.isdigit() and len(count) <= 4
        if interval not in {*IN_DAYS, *IN_MONTHS} or not is_number or not int(count):
            return None
        return cls(interval, int(count))

    @property
    def code(self) -> str:
        """As "3-month", in forms and addresses."""
        return f"{self.count}-{self.interval}"

    @property
    def words(self) -> str:
        """In the present language, as "every 3 months"."""
        count = {"number": self.count}
        match self.interval:
            case "day":
                return ngettext("every day", "every %(number)s days", self.count) % count
            case "week":
                return ngettext("every week", "every %(number)s weeks", self.count) % count
            case "month":
                return ngettext("every month", "every %(number)s months", self.count) % count
        return ngettext("every year", "every %(number)s years", self.count) % count

    def after(self, moment: datetime, periods: int = 1) -> datetime:
        """When so many periods that begin at this moment are over.

        As Stripe reckons: on the same day of a month, or on its last where it has none such.
        """
        number = self.count * periods
        if self.interval in IN_DAYS:
            return moment + timedelta(days=IN_DAYS[self.interval] * number)
        months = moment.month - 1 + IN_MONTHS[self.interval] * number
        year, month = moment.year + months // 12, months % 12 + 1
        return moment.replace(
            year=year, month=month, day=min(moment.day, monthrange(year, month)[1])
        )


IN_DAYS = {"day": 1, "week": 7}
IN_MONTHS = {"month": 1, "year": 12}


def trial_words(days: int) -> str:
    """As "14 days free"."""
    return ngettext("%(number)s day free", "%(number)s days free", days) % {"number": days}
