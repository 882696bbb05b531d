"""Every file and folder that a page names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")),
        *(ROOT / "docs").glob("*.md"),
        ROOT / "fake_stripe" / "README.md",
    ]
)
FENCED = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#:]+)\)")
FILE = re.compile(r"\.?\w[\w.-]*(/[\w.-]+)*\.(py|md|html|toml|yml|txt|in|csv|json|example)")
FOLDER = re.compile(r"(\.?\w[\w.-]*/)+")
# What the project makes as it is set up and run.
MADE = {".venv/", "staticfiles/", "test-results/", "var/"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    text = FENCED.sub("", page.read_text())
    words = [word for span in CODE.findall(text) for word in span.split()]
    named = {word for word in words if FILE.fullmatch(word) or FOLDER.fullmatch(word)} - MADE

    gone = [name for name in named if not ((ROOT / name).exists() or is_beside(page, name))]

    assert sorted(gone) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_where_a_page_leads_is_there(page: Path) -> None:
    linked = set(LINK.findall(FENCED.sub("", page.read_text())))

    assert sorted(name for name in linked if not is_beside(page, name)) == []


def test_the_plan_of_the_house_names_each_folder_of_the_tree() -> None:
    plan = (ROOT / "README.md").read_text().split("## The house")[1].split("```")[1]
    written = set(re.findall(r"^([a-z_]+)/ ", plan, re.MULTILINE))

    there = {path.parent.name for path in ROOT.glob("*/*") if path.parent.name[0] not in "._"}

    assert written == there - {name.strip("/") for name in MADE}


def is_beside(page: Path, name: str) -> bool:
    return (page.parent / name).exists()
