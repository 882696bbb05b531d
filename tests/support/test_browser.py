"""A page whose answers are changed on their way leaves nothing to those that come after it."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Browser

from tests.support.browser import changed_on_the_way


@pytest.fixture
def files(tmp_path: Path) -> Iterator[str]:
    """The address of a server of one page."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Here</title>")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_answers_still_on_their_way_are_no_fault_of_the_next_page(
    files: str, chromium: Browser
) -> None:
    def changed(answer: APIResponse) -> dict[str, Any]:
        return {"headers": {**answer.headers, "x-changed": "yes"}}

    for _ in range(5):
        page = chromium.new_page()
        page.goto(files)
        with changed_on_the_way(page, "**/?late*", changed):
            page.evaluate("for (let each = 0; each < 10; each++) void fetch(`?late${each}`)")
        page.close()

    page = chromium.new_page()
    assert page.evaluate("1 + 1") == 2
    page.close()


@pytest.fixture
def still_open(chromium: Browser) -> Iterator[None]:
    """Torn down after the test: by then all that it opened is closed."""
    before = list(chromium.contexts)
    yield
    assert chromium.contexts == before


def test_what_a_test_leaves_open_is_closed(still_open: None, chromium: Browser) -> None:
    chromium.new_page()
