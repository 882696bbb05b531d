"""One stand-in process for all tests of this folder, emptied before each."""

from collections.abc import Iterator

import pytest

from tests.fake_stripe.rig import Fake, Receiver, receiving, start


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process, url = start(tmp_path_factory.mktemp("fake") / "state.sqlite3", "--die-with-parent")
    yield url
    process.terminate()
    process.wait(5)


@pytest.fixture
def fake(server: str) -> Fake:
    fake = Fake(server)
    fake.control("reset", {})
    return fake


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
