"""The table of what the payment page can be asked for names settings and tests that are there."""

import ast
import re
from pathlib import Path

from shop.settings import env

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "payments.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> list[list[str]]:
    """The cells of each option."""
    section = PAGE.read_text().split("## What the payment page can be asked for")[1]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def names_in(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text()).body if hasattr(node, "name")}


def test_each_option_names_a_test_that_is_there() -> None:
    named = {option: TEST.findall(proof) for option, _, _, proof in rows()}

    gone = [
        (option, test)
        for option, proofs in named.items()
        for path, test in proofs or [("", "none")]
        if not path or test not in names_in(ROOT / path)
    ]

    assert len(named) >= 6
    assert gone == []


def test_each_setting_that_is_named_is_read() -> None:
    named = {name for row in rows() for name in re.findall(r"`([A-Z][A-Z_]+)`", row[1])}

    assert named - set(env.names()) == set()
