import re
from pathlib import Path

from payments.webhooks import HANDLED

PAGE = Path(__file__).parents[2] / "docs" / "going-live.md"


def test_the_listed_events_are_those_that_are_handled() -> None:
    listed = re.search(r"--events (\S+)", PAGE.read_text())

    assert listed is not None
    assert listed.group(1).split(",") == HANDLED
