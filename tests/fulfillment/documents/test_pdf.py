"""A document as a file: offered where it can be made, and the page says "Print" alone elsewhere."""

import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from fulfillment.documents import pdf
from tests.fulfillment.documents.sales import capture, sold

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def looked_for_anew() -> Iterator[None]:
    pdf._library.cache_clear()
    yield
    pdf._library.cache_clear()


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """In WeasyPrint's place, which needs more than pip: what it was given."""
    given: list[Any] = []

    def html(string: str, url_fetcher: Any) -> Any:
        given.extend([string, url_fetcher])
        return SimpleNamespace(write_pdf=lambda stylesheets: b"%PDF-")

    made = SimpleNamespace(HTML=html, CSS=lambda string: given.append(string))
    monkeypatch.setitem(sys.modules, "weasyprint", made)
    return given


def test_without_the_library_the_page_says_print_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    address = capture(sold([(1200, 1, "1")]), 1200).get_absolute_url()

    page = Client().get(address).content.decode()

    assert "Print" in page
    assert "PDF" not in page
    assert Client().get(f"{address}pdf/").status_code == 404


def test_the_file_is_the_page_without_its_tools(library: list[Any]) -> None:
    document = capture(sold([(1200, 1, "1")]), 1200)
    address = document.get_absolute_url()
    key = document.address_in_full.rpartition("?key=")[2]

    page = Client().get(address, {"key": key}).content.decode()
    answer = Client().get(f"{address}pdf/", {"key": key})

    html, fetch, style, _ = library
    assert f'href="{address}pdf/?key={key}"' in page
    assert (answer["Content-Type"], answer.content) == ("application/pdf", b"%PDF-")
    assert answer["Content-Disposition"] == f'inline; filename="{document.number}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert "Kelp Road 7" in html
    assert [word for word in ("<script", "<link", "<button", "Back to") if word in html] == []
    assert "@media print" in style
    with pytest.raises(ValueError, match="not fetched"):
        fetch("https://example.com/")


def test_a_real_one_is_made_where_it_is_offered() -> None:
    # With requirements/pdf.txt and Pango on this machine, or without.
    document = capture(sold([(1200, 1, "1")]), 1200)

    page = Client().get(document.get_absolute_url()).content.decode()
    answer = Client().get(f"{document.get_absolute_url()}pdf/")

    is_made = answer.status_code == 200 and answer.content[:5] == b"%PDF-"
    assert (is_made, "pdf/" in page) == (pdf.is_available(), pdf.is_available())
