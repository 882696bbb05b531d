"""The worker's one stand-in process, emptied before each test."""

from collections.abc import Iterator

import pytest

from tests.fake_stripe.rig import Fake, Receiver, receiving
from tests.support.stand_in import StandIn


@pytest.fixture(scope="session")
def server(stand_in_process: StandIn) -> str:
    return stand_in_process.url


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
