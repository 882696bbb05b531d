"""A small private file in which a process keeps what it must know at its next start."""

from __future__ import annotations

import json
from pathlib import Path


class Notes:
    """Facts by name, in a file that only its owner can read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.facts: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def __getitem__(self, name: str) -> str:
        return self.facts[name]

    def get(self, name: str) -> str | None:
        return self.facts.get(name)

    def remember(self, **facts: str) -> None:
        """Keep these facts; the file is replaced in one step, so that it is never half written."""
        self.facts |= facts
        half = self.path.with_name(f"{self.path.name}.half")
        write_private(half, json.dumps(self.facts, indent=2) + "\n")
        half.replace(self.path)


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else can read, at no moment."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)
