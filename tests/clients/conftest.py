"""A stand-in of their own for clients that are no Python."""

from collections.abc import Iterator

import pytest

from tests.fake_stripe.rig import Fake, start, stop


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process, url = start(tmp_path_factory.mktemp("fake") / "state.sqlite3", "--die-with-parent")
    yield url
    stop(process)


@pytest.fixture
def fake(server: str) -> Fake:
    fake = Fake(server)
    fake.control("reset", {})
    return fake
