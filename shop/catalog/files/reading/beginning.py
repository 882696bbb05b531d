"""Where the text of a file begins: exporters put blank lines, tabs and a mark before it."""

import re
from dataclasses import dataclass
from pathlib import Path

LOOKED_AT = 4096
# The first line by which Excel is told what parts the cells.
PARTED = re.compile(rb"\"?sep=(.)\"?[,;\t|]*\r?\n", re.IGNORECASE)
BLANK = re.compile(rb"(?:[ \t]*\r?\n)*(?:[ \t]*\xef\xbb\xbf)?(?:[ \t]*\r?\n)*")


@dataclass(frozen=True)
class Beginning:
    """The first byte of the text, and how many lines stand before it; what parts the cells, where
    one of these says so."""

    offset: int
    lines: int
    delimiter: str = ""


def beginning(path: Path) -> Beginning:
    """After blank lines and the byte order mark, which are no part of the text."""
    with path.open("rb") as file:
        start = file.read(LOOKED_AT)
    blank = BLANK.match(start)
    end = blank.end() if blank else 0
    delimiter = ""
    if parted := PARTED.match(start, end):
        delimiter, end = parted[1].decode("latin-1"), parted.end()
    return Beginning(end, start.count(b"\n", 0, end), delimiter)
