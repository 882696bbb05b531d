"""A text of the catalog in the present language: `{{ product|said:"title" }}`."""

from django import template

from shop.catalog.models import Translated

register = template.Library()


@register.filter
def said(thing: Translated, field: str) -> str:
    """The translation where there is one, else the shop's own words."""
    return thing.said(field) if thing else ""
