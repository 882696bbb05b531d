"""The worker's one stand-in process, emptied before each test."""

from collections.abc import Iterator

import pytest

from tests.fake_stripe.rig import Fake, Receiver, receiving
from tests.support.stand_in import StandIn


@pytest.fixture(scope="session")
def server(stand_in_process: StandIn) -> str:
    return stand_in_process.url


@pytest.fixture
def fake(server: str) -> Fake:
    fake = Fake(server)
    fake.control("reset", {})
    return fake


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
