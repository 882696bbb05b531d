"""Days in words: `{{ order.created_at|day }}` is "25 November 2026" or "25. November 2026"."""

from datetime import date, datetime

from babel.dates import format_date, format_interval, format_skeleton
from django import template
from django.utils import timezone

from shop.http.languages import locale

register = template.Library()


@register.filter
def day(moment: datetime | date) -> str:
    """As it is written in the present language; of a moment the day that it is in the shop then."""
    found = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return format_date(found, "long", locale=locale())


# The day of the week, and no year: both are near.
SHORT = "MMMEd"


@register.filter
def days(span: tuple[date, date] | None) -> str:
    """From a day to another, both soon: "Wed 2 – Fri 4 Dec", or the one that it is."""
    if span is None:
        return ""
    first, last = span
    if first == last:
        return format_skeleton(SHORT, first, locale=locale())
    return str(format_interval(first, last, SHORT, locale=locale()))
