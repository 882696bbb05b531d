"""One stand-in process for all tests of this folder, emptied before each."""

from collections.abc import Iterator

import pytest

from tests.fake_stripe.rig import Fake, Receiver, receiving, start, stop


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process, url = start(tmp_path_factory.mktemp("fake") / "state.sqlite3", "--die-with-parent")
    yield url
    stop(process)


@pytest.fixture(scope="session")
def client(server: str) -> Fake:
    """One client for all tests, since its connections are worth keeping."""
    return Fake(server)


@pytest.fixture
def fake(client: Fake) -> Fake:
    client.control("reset", {})
    return client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
