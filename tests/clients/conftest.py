"""The stand-in, for clients that are no Python."""

import pytest

from tests.fake_stripe.rig import Fake
from tests.support.stand_in import StandIn


@pytest.fixture
def fake(stand_in_process: StandIn) -> Fake:
    fake = Fake(stand_in_process.url)
    fake.control("reset", {})
    return fake
