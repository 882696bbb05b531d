"""Fixtures for all tests: the stand-in, and the whole shop as processes."""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import stripe
from django.conf import global_settings, settings
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import timezone, translation
from playwright.sync_api import Browser, Page, expect, sync_playwright

from local.setup.browser import ARGUMENTS, executable
from local.testing.pytest_services import is_the_start_of_the_run, start_fake_stripe
from payments.settlement import page_calls
from shop import pulse
from tests.support import databases
from tests.support import house as houses
from tests.support.browser import PATIENCE
from tests.support.databases import Templates
from tests.support.properties import FEW, WHOLE
from tests.support.stand_in import StandIn

# What costs a process, a browser or a whole house; the folders hold nothing else.
PROOF_FIXTURES = {"house_processes", "chromium", "start"}
PROOF_FOLDERS = (
    "clients",
    "faults",
    "local/demo",
    "local/services",
    "local/test_compose.py",
    "upgrade",
)
TESTS = Path(__file__).parent


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Say which tests are long proofs before `-m` looks; order them once they are shuffled."""
    for item in items:
        if is_proof(item):
            item.add_marker("proof")
    yield
    items.sort(key=place)


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: many tests wait for other processes."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_finish() -> None:
    """What is here by now lives to the end of the run: no search for garbage reads it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def is_proof(item: pytest.Item) -> bool:
    return bool(PROOF_FIXTURES.intersection(fixtures_of(item))) or holds_proofs(item.path)


@cache
def holds_proofs(path: Path) -> bool:
    """Asked once for each file: thousands of tests stand in a few hundred."""
    return any(path.is_relative_to(TESTS / folder) for folder in PROOF_FOLDERS)


def place(item: pytest.Item) -> int:
    """Where a test stands in the order: the longest come first, so that nobody is left with one.

    Houses are built late, as their processes are busy all the time, and browsers come last: from
    the first one on there is an event loop in the process.
    """
    if lives_in_a_house(item):
        return 2
    if "chromium" in fixtures_of(item):
        return 3
    return 0 if item.get_closest_marker("proof") else 1


def lives_in_a_house(item: pytest.Item | None) -> bool:
    return item is not None and "house_processes" in fixtures_of(item)


def fixtures_of(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--few-examples", action="store_true", help="draw a tenth of the cases of each property"
    )


def pytest_configure(config: pytest.Config) -> None:
    # Slow on purpose, and only what is stored by a test is ever checked by it. A house, which has
    # the shop's own settings, knows passwords of its own kind: see `house`.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # How fast a test is says nothing about what it tests.
    drawn = FEW if config.getoption("few_examples", default=False) else WHOLE
    hypothesis.settings.register_profile("patient", deadline=None, max_examples=drawn)
    hypothesis.settings.load_profile("patient")
    # Nobody answers where no stand-in runs, and no second try in this process needs a pause.
    stripe.HTTPClient.INITIAL_DELAY = 0
    TransactionTestCase._fixture_teardown = databases.empty_after  # type: ignore[attr-defined]


def pytest_unconfigure() -> None:
    if is_the_start_of_the_run():
        databases.drop_templates()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    base = tmp_path_factory.getbasetemp()
    # A worker's directory is in the one of the run.
    return Templates(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    templates: Templates,
    django_db_blocker: Any,
) -> None:
    """Let the worker's database be a copy of one that is migrated already."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = templates.migrated()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        databases.note_what_migrate_wrote()
        databases.keep_first_methods()


@pytest.fixture(scope="session")
def stand_in_process(tmp_path_factory: pytest.TempPathFactory) -> StandIn:
    return StandIn(start_fake_stripe(tmp_path_factory.mktemp("stand-in")))


@pytest.fixture(autouse=True)
def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the shop in this process it has just begun: no silence of its machinery is old yet."""
    monkeypatch.setattr(pulse, "_began", timezone.now())


@pytest.fixture(autouse=True)
def own_language() -> None:
    """The shop's own: that of a request an earlier test made stays on in this thread."""
    translation.deactivate()


@pytest.fixture
def stand_in(stand_in_process: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """An empty Stripe that the shop in this process talks to."""
    monkeypatch.setattr(settings, "STRIPE_API_BASE", stand_in_process.url)
    monkeypatch.setattr(settings, "CHECKOUT_ORIGINS", [stand_in_process.url])
    monkeypatch.setattr(settings, "PORTAL_ORIGINS", [stand_in_process.url])
    # What an earlier test left hanging says nothing about this one.
    monkeypatch.setattr(page_calls, "places", page_calls.Places(settings.STRIPE_PAGE_CALLS))
    stand_in_process.ask("reset", {"keep_endpoints": False})
    return stand_in_process


@pytest.fixture(scope="session")
def house_processes(
    tmp_path_factory: pytest.TempPathFactory, templates: Templates, django_db_blocker: Any
) -> Iterator[houses.House]:
    """This worker's house: nobody else knows its ports, its database, its broker, its Stripe."""
    directory: Path = tmp_path_factory.mktemp("house")
    stripe = StandIn(start_fake_stripe(tmp_path_factory.mktemp("house-stand-in")))
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            house = stack.enter_context(houses.built(directory, stripe, templates))
        yield house


@pytest.fixture
def house(house_processes: houses.House, django_db_blocker: Any) -> Iterator[houses.House]:
    """The whole shop, running; the test may look into its database."""
    if not house_processes.is_open:
        house_processes.open()
    with (
        django_db_blocker.unblock(),
        houses.looking_into(house_processes),
        override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS),
    ):
        yield house_processes


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Close what a test has opened itself: a page left open would be busy to the end of the run."""
    browser = getattr(item, "funcargs", {}).get("chromium")
    before = browser.contexts if browser is not None else []
    try:
        yield
    finally:
        for context in browser.contexts if browser is not None else []:
            if context not in before:
                context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Close a house that nobody goes into next: its processes would be busy all the time."""
    house = getattr(item, "funcargs", {}).get("house_processes") if lives_in_a_house(item) else None
    yield
    if house is not None and nextitem is not None and not lives_in_a_house(nextitem):
        house.close()


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
