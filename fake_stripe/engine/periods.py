"""Billing periods: days, weeks, months and years counted from an anchor."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from fake_stripe.schema import Object


def end_of(anchor: int, recurring: Object, number: int) -> int:
    """When the period of this number (1 is the first) ends, in Unix seconds.

    Months are counted from the anchor, not from the period before, so that what began on a 31st
    is billed on the last day of a shorter month and on the 31st again after it
    (docs.stripe.com/billing/subscriptions/billing-cycle).
    """
    count = recurring["interval_count"] * number
    start = datetime.fromtimestamp(anchor, UTC)
    match recurring["interval"]:
        case "day":
            return int((start + timedelta(days=count)).timestamp())
        case "week":
            return int((start + timedelta(weeks=count)).timestamp())
        case "month":
            return int(months_later(start, count).timestamp())
    return int(months_later(start, 12 * count).timestamp())


def months_later(start: datetime, count: int) -> datetime:
    """The same day some months later, or the last day of a month that has no such day."""
    years, month = divmod(start.month - 1 + count, 12)
    year = start.year + years
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
