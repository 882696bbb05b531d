"""Countries by their names."""

from django import template

from shop.http.languages import country_name

register = template.Library()


@register.filter
def country(code: str) -> str:
    """A country in the reader's language."""
    return country_name(code)
