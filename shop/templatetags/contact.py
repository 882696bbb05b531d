"""Sentences with a way to write to us: "If it is broken, <contact>write to us</contact>."

What is marked is a link to the contact form where the sentence is shown as
`{{ sentence|contact_link }}`; all else of it is escaped as ever. Translations mark their own words.
"""

import re

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

MARK = re.compile(r"<contact>(.*?)</contact>", re.DOTALL)
ESCAPED = re.compile(r"&lt;contact&gt;(.*?)&lt;/contact&gt;", re.DOTALL)


@register.filter
def contact_link(sentence: object) -> SafeString:
    """With the link, for a page."""
    link = rf'<a href="{reverse("fulfillment:contact")}">\1</a>'
    marked = MARK if hasattr(sentence, "__html__") else ESCAPED
    return mark_safe(marked.sub(link, conditional_escape(str(sentence))))  # noqa: S308 - escaped


@register.filter
def unlinked(sentence: object) -> str:
    """The words alone, where there can be no link: within another one, or in a mail."""
    return MARK.sub(r"\1", str(sentence))
