"""What tests with a browser share: their patience, what axe finds, and pages that stand still."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, Page, Route

from tests.support import waiting

# In milliseconds: a page may show what a worker must do first.
PATIENCE = 1000 * waiting.PATIENCE
STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]

_SCRIPT = Axe().axe_script
# Only what is wrong is collected and sent here: all that is right is a hundred times as much.
_RUN = """(rules) => axe.run({ runOnly: rules, resultTypes: ["violations"] }).then(
  ({ violations }) => violations.map(
    ({ id, nodes }) => ({ id, html: nodes.map((node) => node.html) })))"""


def violations(page: Page, rules: list[str] = STANDARDS) -> list[tuple[str, list[str]]]:
    """What axe finds wrong with the page that is open: the rules, and where they are broken."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(_RUN, rules)
    return [(one["id"], one["html"]) for one in found]


def scroll_width(page: Page) -> int:
    """How wide the page is, seen or not."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


@contextmanager
def changed_on_the_way(
    page: Page, addresses: str | re.Pattern[str], change: Callable[[APIResponse], dict[str, Any]]
) -> Iterator[None]:
    """Answer a page's requests as the server does, but for what `change` gives to `fulfill`.

    Whoever leaves waits for the answers that are still on their way: one that came to a page that
    has been closed would be an error in whatever is done with the browser next.
    """

    def answered(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, **change(answer))

    page.route(addresses, answered)
    try:
        yield
    finally:
        page.unroute_all(behavior="wait")


def without_refresh(answer: APIResponse) -> dict[str, Any]:
    """For `changed_on_the_way`: a page does not look again by itself while it is looked at."""
    return {"headers": {name: text for name, text in answer.headers.items() if name != "refresh"}}


def faults_in_all_ways(
    page: Page, widths: tuple[int, ...], rules: list[str] = STANDARDS
) -> list[tuple[int, str, str, list[str]]]:
    """What is wrong with the page that is open at some widths, in the light and in the dark."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 780})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [(width, scheme, *one) for one in violations(page, rules)]
        if scroll_width(page) > width:
            found.append((width, "light", "scrolls sideways", []))
    page.emulate_media(color_scheme="light")
    return found
