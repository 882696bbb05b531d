"""A day in words: `{{ order.created_at|day }}` is "25 November 2026" or "25. November 2026"."""

from datetime import datetime

from babel.dates import format_date
from django import template
from django.utils import timezone

from shop.http.languages import locale

register = template.Library()


@register.filter
def day(moment: datetime) -> str:
    """As it is written in the present language."""
    return format_date(timezone.localtime(moment), "long", locale=locale())
