"""Under which addresses search engines find a page: its own, and that of each language."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shop.http.languages import named

register = template.Library()


@register.simple_tag(takes_context=True)
def canonical(context: Context, path: str, page: int = 1) -> SafeString:
    """The one address of what is shown; a language that was asked for is a part of it."""
    return format_html(
        '<link rel="canonical" href="{}">', _address(path, page, named(context["request"]))
    )


@register.simple_tag
def alternates(path: str, page: int = 1) -> SafeString:
    """The same page in each language, and as the browser asks for those who speak another.

    One address answers in several languages; search engines would know it in one only.
    """
    codes = [code for code, _ in settings.LANGUAGES]
    if len(codes) == 1:
        return SafeString("")
    addresses = [(code, _address(path, page, code)) for code in codes]
    return format_html_join(
        "\n",
        '<link rel="alternate" hreflang="{}" href="{}">',
        [*addresses, ("x-default", _address(path, page, ""))],
    )


def _address(path: str, page: int, language: str) -> str:
    parts = {"page": str(page) if page > 1 else "", "language": language}
    query = urlencode({name: value for name, value in parts.items() if value})
    return f"{settings.SITE_URL}{path}{'?' if query else ''}{query}"
