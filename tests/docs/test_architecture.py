"""The pages in docs/ say what the code says."""

import re
from pathlib import Path

from local.checks.state_diagrams import drawn_into
from shop.work import kinds
from tests.docs.folders import OF_THEIR_OWN, PRODUCT, modules

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"


def test_the_diagrams_are_drawn_from_the_tables() -> None:
    text = PAGE.read_text()

    assert drawn_into(text) == text
    assert text.count("stateDiagram-v2") == 4


def test_every_kind_of_work_is_explained() -> None:
    text = PAGE.read_text()

    assert [kind.__name__ for kind in kinds() if f"| `{kind.__name__}` |" not in text] == []


def test_every_folder_has_its_line() -> None:
    table = PAGE.read_text().split("## Where things live")[1].split("\n## ")[0]
    written = re.findall(r"^\| `([\w/]+)/` \|", table, re.MULTILINE)

    code = {str(folder) for folder in modules(*PRODUCT)}
    tests = {"tests"} | {f"tests/{name}" for name in OF_THEIR_OWN}

    assert sorted(written) == sorted(code | tests)
