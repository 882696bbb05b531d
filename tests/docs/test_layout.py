"""A folder is one noun with few modules, a module is short, and the tests mirror the tree."""

from pathlib import Path

from tests.docs.folders import OF_THEIR_OWN, PRODUCT, ROOT, modules

MOST_MODULES = 12
MOST_LINES = 300
# A registry of like things: a module for each resource of Stripe's API.
REGISTRIES = {Path("fake_stripe/resources")}


def test_no_folder_holds_more_than_a_dozen_modules() -> None:
    crowded = {
        str(folder): len(found)
        for folder, found in modules(*PRODUCT).items()
        if len(found) > MOST_MODULES and folder not in REGISTRIES
    }

    assert crowded == {}


def test_no_module_has_more_than_300_lines() -> None:
    counts = {
        str(path): len((ROOT / path).read_text().splitlines())
        for found in modules(*PRODUCT).values()
        for path in found
    }

    assert {path: lines for path, lines in counts.items() if lines > MOST_LINES} == {}


def test_each_folder_of_tests_has_its_folder_in_the_tree() -> None:
    mirrored = {folder.relative_to("tests") for folder in modules("tests")}

    stray = [
        str(folder)
        for folder in mirrored
        if folder.parts and folder.parts[0] not in OF_THEIR_OWN and not (ROOT / folder).is_dir()
    ]

    assert sorted(stray) == []
