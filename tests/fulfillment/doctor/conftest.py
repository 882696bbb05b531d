"""No worker runs here: the doctor need not ask for long."""

import pytest

from fulfillment.doctor import machinery


@pytest.fixture(autouse=True)
def no_worker_to_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machinery, "PATIENCES", (0.2,))
    monkeypatch.setattr(machinery, "PATIENCE", 1)
