"""Fixtures for all tests: the stand-in, and the whole shop as processes."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from local.setup.browser import ARGUMENTS, executable
from local.testing.pytest_services import start_fake_stripe
from tests.support import house as houses
from tests.support.browser import PATIENCE
from tests.support.stand_in import StandIn


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests that use the house run in one process, so that there is one house."""
    for item in items:
        if "house" in getattr(item, "fixturenames", []):
            item.add_marker(pytest.mark.xdist_group("house"))


@pytest.fixture(scope="session")
def stand_in_process(tmp_path_factory: pytest.TempPathFactory) -> StandIn:
    return StandIn(start_fake_stripe(tmp_path_factory.mktemp("stand-in")))


@pytest.fixture
def stand_in(stand_in_process: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """An empty Stripe that the shop in this process talks to."""
    monkeypatch.setattr(settings, "STRIPE_API_BASE", stand_in_process.url)
    monkeypatch.setattr(settings, "CHECKOUT_ORIGINS", [stand_in_process.url])
    stand_in_process.ask("reset", {"keep_endpoints": False})
    yield stand_in_process
    stand_in_process.ask("reset", {"keep_endpoints": False})


@pytest.fixture(scope="session")
def house_processes(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[houses.House]:
    directory: Path = tmp_path_factory.mktemp("house")
    stripe = StandIn(start_fake_stripe(tmp_path_factory.mktemp("house-stand-in")))
    with houses.built(directory, stripe) as house:
        yield house


@pytest.fixture
def house(house_processes: houses.House, django_db_blocker: Any) -> Iterator[houses.House]:
    """The whole shop, running; the test may look into its database."""
    with django_db_blocker.unblock(), houses.looking_into(house_processes):
        yield house_processes


SCREENSHOTS = Path(__file__).parents[1] / "test-results"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh browser profile with one tab; a failing test leaves a picture of it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    tab = context.new_page()
    failed = request.session.testsfailed
    yield tab
    if request.session.testsfailed > failed:
        SCREENSHOTS.mkdir(exist_ok=True)
        tab.screenshot(path=SCREENSHOTS / f"{request.node.name}.png", full_page=True)
    context.close()
