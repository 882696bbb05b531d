"""The pages in docs/ say what the code says."""

from pathlib import Path

from local.checks.state_diagrams import drawn_into
from shop.work import kinds

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"


def test_the_diagrams_are_drawn_from_the_tables() -> None:
    text = PAGE.read_text()

    assert drawn_into(text) == text
    assert text.count("stateDiagram-v2") == 4


def test_every_kind_of_work_is_explained() -> None:
    text = PAGE.read_text()

    assert [kind.__name__ for kind in kinds() if f"| `{kind.__name__}` |" not in text] == []
