"""The Makefile's first words to somebody who has just cloned the project."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from local.checks import requirements
from local.services.processes import ROOT
from local.setup import install

TARGETS = {
    "audit",
    "bench",
    "clean",
    "coverage",
    "demo",
    "doctor",
    "faults",
    "format",
    "lint",
    "lock",
    "manage",
    "pictures",
    "test",
    "test-all",
}


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/usr/bin/env", "make", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
    )


def test_bare_make_lists_every_target_in_one_line_each() -> None:
    listed = make().stdout.splitlines()

    assert {line.split()[1] for line in listed} - {"help"} == TARGETS
    assert all(re.fullmatch(r"  make [a-z-]+ +\S.*", line) for line in listed)


def test_every_target_finds_what_it_runs() -> None:
    recipes = (ROOT / "Makefile").read_text()
    modules = set(re.findall(r" -m ([\w.]+)", recipes))
    scripts = re.findall(r"\s([\w/]+\.py)\b", recipes)

    assert [name for name in modules if importlib.util.find_spec(name) is None] == []
    assert [path for path in scripts if not (ROOT / path).exists()] == []


def test_without_a_python_that_is_new_enough_it_says_so(tmp_path: Path) -> None:
    for name in ("make", "sh"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)

    tried = make("python", PATH=str(tmp_path))

    assert tried.returncode == 2
    assert "Holdfast needs Python 3.11 or newer" in tried.stdout


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A project whose `.venv` was filled from `dev.txt`, which includes all of `local.txt`."""
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "PYTHON", Path(sys.executable))
    (tmp_path / "requirements").mkdir()
    (tmp_path / ".venv").mkdir()
    for name in ("local", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
    install.note("dev").write_text(install.digest("dev"))
    return tmp_path


def test_what_is_installed_is_not_installed_again(project: Path) -> None:
    assert install.is_installed("dev")
    assert install.main("local") == 0


def test_changed_lock_file_is_installed_anew(project: Path) -> None:
    (project / "requirements" / "dev.txt").write_text("dev==2\n")

    assert not install.is_installed("dev")


def test_environment_without_its_python_is_made_anew(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "PYTHON", project / "gone")

    assert not install.is_installed("dev")


def write(directory: Path, asked: str, locked: str) -> list[str]:
    (directory / "base.in").write_text(asked)
    (directory / "base.txt").write_text(locked)
    return requirements.problems_of(directory, "base")


def test_lock_that_holds_what_is_asked_for_has_no_problems(tmp_path: Path) -> None:
    asked = "django>=5.2  # the framework\npsycopg[binary,pool]\n"
    locked = "django==5.2.19 \\\n    --hash=sha256:aa\npsycopg==3.3.9 \\\n    --hash=sha256:bb\n"

    assert write(tmp_path, asked, locked) == []


@pytest.mark.parametrize(
    ("locked", "problem"),
    [
        ("other==1 \\\n    --hash=sha256:aa\n", "base.txt lacks django; run make lock"),
        ("django==5.2.19\n", "base.txt has requirements without a hash"),
        (
            "# from https://mirror.example\ndjango==5.2.19 \\\n    --hash=sha256:aa\n",
            "base.txt names an address or a path",
        ),
    ],
)
def test_lock_with_a_fault_is_told(tmp_path: Path, locked: str, problem: str) -> None:
    assert write(tmp_path, "django\n", locked) == [problem]
