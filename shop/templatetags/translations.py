"""A text of the catalog in the present language: `{{ product|translated:"title" }}`."""

from django import template

from shop.translation.translated import Translated

register = template.Library()


@register.filter
def translated(thing: Translated, field: str) -> str:
    """The translation where there is one, else the shop's own words."""
    return thing.translated(field) if thing else ""
