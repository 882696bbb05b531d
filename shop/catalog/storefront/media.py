"""Stored pictures over HTTP; a proxy in front may serve MEDIA_ROOT itself (docs/scaling.md)."""

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from shop.catalog.storefront.list_pages import missing

NAME = re.compile(r"[0-9a-f]{24}-[0-9]{1,5}\.(avif|webp|jpg)")
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """One rendition. Its name is made from its bytes, so it may be kept for good."""
    found = NAME.fullmatch(name)
    if found is None or not default_storage.exists(f"pictures/{name}"):
        return missing(request)
    file = default_storage.open(f"pictures/{name}", "rb")
    answer: HttpResponse | FileResponse = FileResponse(file, content_type=TYPES[found.group(1)])
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
