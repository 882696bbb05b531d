"""Where the text of a file begins: exporters put blank lines, tabs and a mark before it."""

import re
from dataclasses import dataclass
from pathlib import Path

LOOKED_AT = 4096
BLANK = re.compile(rb"(?:[ \t]*\r?\n)*(?:[ \t]*\xef\xbb\xbf)?(?:[ \t]*\r?\n)*")


@dataclass(frozen=True)
class Beginning:
    """The first byte of the text, and how many lines stand before it."""

    offset: int
    lines: int


def beginning(path: Path) -> Beginning:
    """After blank lines and the byte order mark, which are no part of the text."""
    with path.open("rb") as file:
        blank = BLANK.match(file.read(LOOKED_AT))
    skipped = blank[0] if blank else b""
    return Beginning(len(skipped), skipped.count(b"\n"))
