"""A day in words: `{{ order.created_at|day }}` is "25 November 2026" or "25. November 2026"."""

from datetime import date, datetime

from babel.dates import format_date
from django import template
from django.utils import timezone

from shop.http.languages import locale

register = template.Library()


@register.filter
def day(moment: datetime | date) -> str:
    """As it is written in the present language; of a moment the day that it is in the shop then."""
    found = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return format_date(found, "long", locale=locale())
