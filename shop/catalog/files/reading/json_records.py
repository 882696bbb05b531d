"""Records of a JSON file, one after another, of which none may fill the memory."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson

from shop.catalog.files.reading.csv_rows import Unreadable

CHUNK = 64 * 1024
# Bytes of one record, far above any sensible one; and of one number or text outside of them.
LARGEST = 4 * 1024 * 1024
# And values of one record: an empty list is two bytes in a file, and thirty times that in memory.
MOST_VALUES = 250_000
# How many lists and objects may lie within each other.
DEEPEST = 60
OPENS, CLOSES = {"start_map", "start_array"}, {"end_map", "end_array"}


class _Bounded:
    """Reads a file, and no further than `LARGEST` bytes beyond what was `used`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._unused = 0
        self.number = 0

    def used(self) -> None:
        self._unused = 0

    def read(self, size: int = CHUNK) -> bytes:
        chunk = self._file.read(min(size, CHUNK) if size > 0 else size)
        self._unused += len(chunk)
        if self._unused > LARGEST:
            sentence = f"is larger than {LARGEST // 1024**2} MB; no product is."
            raise Unreadable(self.number + 1, "record", sentence)
        return chunk


def records(file: BinaryIO) -> Iterator[Any]:
    """The members of the first list of objects. Raises Unreadable, or ijson's JSONError."""
    bounded = _Bounded(file)
    events = ijson.basic_parse(bounded, buf_size=CHUNK)
    first: tuple[str, Any] | None = _up_to_the_list(events, bounded)
    while first is not None and first[0] != "end_array":
        yield _whole(events, *first, bounded)
        bounded.number += 1
        bounded.used()
        first = next(events, None)


def _up_to_the_list(events: Iterator[tuple[str, Any]], bounded: _Bounded) -> tuple[str, Any]:
    """Read until an object begins that is the first member of a list."""
    before, depth = "", 0
    for event, value in events:
        bounded.used()
        depth += (event in OPENS) - (event in CLOSES)
        if depth > DEEPEST:
            break
        if event == "start_map" and before == "start_array":
            return event, value
        before = event
    raise Unreadable(1, "whole file", "holds no list of products.")


def _whole(events: Iterator[tuple[str, Any]], event: str, value: Any, bounded: _Bounded) -> Any:
    """The value that begins with this event."""
    builder = ijson.ObjectBuilder()
    builder.event(event, value)
    depth, values = int(event in OPENS), 0
    while depth:
        event, value = next(events)
        values += 1
        if values > MOST_VALUES:
            sentence = f"has more than {MOST_VALUES:,} values; no product has."
            raise Unreadable(bounded.number + 1, "record", sentence)
        depth += (event in OPENS) - (event in CLOSES)
        if depth > DEEPEST:
            raise Unreadable(bounded.number + 1, "record", "lies too deep.")
        builder.event(event, value)
    return builder.value
