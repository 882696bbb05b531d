"""`{% picture image "50vw" %}` shows an image of a product in all its renditions."""

from dataclasses import replace

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shop.catalog.models import Image
from shop.catalog.pictures.renditions import Picture

register = template.Library()

NO_PICTURE = SafeString('<span class="no-picture"></span>')


@register.simple_tag
def picture(image: Image | None, sizes: str, *, alt: str = "", eager: bool = False) -> SafeString:
    """The image in all its renditions; `alt` stands in where the image has no words of its own.

    `eager` is for the one picture of a page that people wait for.
    """
    return shown(Picture.of(image, alt), sizes, eager=eager)


@register.simple_tag
def decoration(image: Image | None, sizes: str, *, eager: bool = False) -> SafeString:
    """The image beside its name, where its description would only be said twice."""
    found = Picture.of(image)
    return shown(found and replace(found, alt=""), sizes, eager=eager)


def shown(found: Picture | None, sizes: str, *, eager: bool = False) -> SafeString:
    """A picture in all its sizes and formats; `eager` for what is seen before scrolling."""
    if found is None:
        return NO_PICTURE
    return format_html(
        '<picture>{}<img src="{}" srcset="{}" sizes="{}" '
        'width="{}" height="{}" alt="{}"{}></picture>',
        format_html_join(
            "",
            '<source type="{}" srcset="{}" sizes="{}">',
            ((mime, srcset, sizes) for mime, srcset in found.sources()),
        ),
        found.plain,
        found.plain_srcset(),
        sizes,
        found.width,
        found.height,
        found.alt,
        SafeString(' fetchpriority="high"' if eager else ' loading="lazy" decoding="async"'),
    )
