"""A document as a file, where WeasyPrint (requirements/pdf.txt) is installed."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import structlog
from django.contrib.staticfiles import finders

log = structlog.get_logger(__name__)


class Unavailable(Exception):
    """Nothing here can make a PDF."""


def is_available() -> bool:
    """Whether files can be made; then pages have a link to one."""
    return _library() is not None


def made_of(html: str) -> bytes:
    """The page as a PDF on A4. Nothing is fetched for it. Raises Unavailable."""
    library = _library()
    if library is None:
        raise Unavailable
    style = Path(str(finders.find("shop/document.css"))).read_text()
    page = library.HTML(string=html, url_fetcher=_refuse)
    written: bytes = page.write_pdf(
        stylesheets=[library.CSS(string=style), library.CSS(string="@page { size: A4 }")]
    )
    return written


@cache
def _library() -> Any:
    """WeasyPrint; None where it, or Pango, which it takes from the system, is missing."""
    try:
        return import_module("weasyprint")
    except ImportError:
        return None
    except OSError as error:
        log.warning("no PDF can be made", why=str(error))
        return None


def _refuse(url: str, *_: Any, **__: Any) -> Any:
    raise ValueError(f"{url} is not fetched for a document")
