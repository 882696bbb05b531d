"""`make lock`: write requirements/*.txt from requirements/*.in, every file with its hashes.

`--check` looks, without a network, whether each `.txt` names all that its `.in` asks for, has a
hash for everything, and holds no address or path of the machine that wrote it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from local.services.processes import ROOT

REQUIREMENTS = ROOT / "requirements"
ORDER = ["base", "local", "dev", "production", "pdf"]  # base first: it constrains the others
OLDEST_PYTHON = "3.11"

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==[^\s;]+", re.MULTILINE)
OPTION = re.compile(r"^-", re.MULTILINE)


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        problems = [problem for name in ORDER for problem in problems_of(REQUIREMENTS, name)]
        print("\n".join(problems) or "The lock files hold what their .in files ask for.")
        return 1 if problems else 0
    for name in ORDER:
        compile_one(name, arguments)
    return 0


def compile_one(name: str, options: list[str]) -> None:
    """Write one lock file; `options` such as `--upgrade` go to uv as they are."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet"]
    command += ["--python-version", OLDEST_PYTHON, "--generate-hashes", f"{name}.in"]
    command += ["-o", f"{name}.txt", *([] if name == "base" else ["-c", "base.txt"]), *options]
    print(f"requirements/{name}.txt", flush=True)
    subprocess.run(command, cwd=REQUIREMENTS, check=True)


def problems_of(directory: Path, name: str) -> list[str]:
    text = (directory / f"{name}.txt").read_text()
    locked = {canonical(found) for found in PINNED.findall(text)}
    missing = sorted(wanted(directory / f"{name}.in") - locked)
    problems = [f"{name}.txt lacks {package}; run make lock" for package in missing]
    if "://" in text or "file:" in text or OPTION.search(text):
        problems.append(f"{name}.txt names an address or a path")
    if len(locked) > text.count("--hash="):
        problems.append(f"{name}.txt has requirements without a hash")
    return problems


def wanted(asked: Path) -> set[str]:
    """The packages that an `.in` file names, with those of the files that it includes."""
    found: set[str] = set()
    for line in asked.read_text().splitlines():
        entry = line.partition("#")[0].strip()
        if entry.startswith("-r "):
            found |= wanted(asked.with_name(entry.removeprefix("-r ").strip()))
        elif entry:
            found.add(canonical(re.split(r"[\[<>=!~; ]", entry, maxsplit=1)[0]))
    return found


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
