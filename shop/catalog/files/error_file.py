"""The records with a problem, in a file of the same kind: mend them there and import that."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path

from shop.catalog.files.columns.detect import detect
from shop.catalog.files.columns.overrides import COLUMNS, Overlaid
from shop.catalog.files.drafts import BadRow, Problem
from shop.catalog.files.formats.woocommerce_cells import kind, parent_of, references
from shop.catalog.files.reading.csv_rows import Unreadable
from shop.catalog.files.reading.format import Detected, Format
from shop.catalog.files.reading.records import Record, RecordFile

# Nobody reads it on import; it says what to mend.
COLUMN = "Problem"


def write(
    path: Path, mapping: Mapping[str, str], problems: Iterable[Problem], target: Path
) -> Path | None:
    """Write whole products that have a problem; None when nothing of the file can be read.

    The file is read twice, as far as it can be; memory holds what has a problem.
    """
    sentences: dict[int, str] = {}
    for problem in problems:
        said = f"{problem.column}: {problem.sentence}"
        sentences[problem.line] = "; ".join(filter(None, [sentences.get(problem.line), said]))
    try:
        detected = detect(path, mapping.values())
        bad: set[str] = set()
        for record in _records(path, detected, mapping):
            if record.line in sentences:
                bad |= _keys(record, detected, mapping)
        records = [
            record
            for record in _records(path, detected, mapping)
            if record.line in sentences or _keys(record, detected, mapping) & bad
        ]
    except BadRow:
        return None
    if not records:
        return None
    if detected.format in {Format.JSON, Format.JSONL}:
        _write_json(target, detected, records, sentences)
    else:
        _write_csv(target, detected, records, sentences)
    return target


def _records(path: Path, detected: Detected, mapping: Mapping[str, str]) -> Iterator[Record]:
    """What can be read of the file."""
    file = RecordFile(path, detected)
    given = {column: field for field, column in mapping.items()}
    items = Overlaid(file, given) if detected.format in COLUMNS else file
    try:
        for item in items:
            if isinstance(item, Record):
                yield item
    except Unreadable as error:
        if error.problem.column == "header":
            raise


def _keys(record: Record, detected: Detected, mapping: Mapping[str, str]) -> Set[str]:
    """What the records of one product have in common; nothing where it has but one."""
    match detected.format:
        case Format.SHOPIFY:
            return {record["Handle"]} - {""}
        case Format.WOOCOMMERCE:
            return {parent_of(record)} if kind(record) == "variation" else references(record)
    slug = record[mapping.get("slug", "")]
    has_options = any(field.startswith("option:") for field in mapping)
    return {slug or (record[mapping.get("title", "")] if has_options else "")} - {""}


def _write_csv(
    target: Path, detected: Detected, records: list[Record], sentences: Mapping[int, str]
) -> None:
    columns = [name for name in detected.columns if name != COLUMN]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=detected.delimiter)
        if detected.has_header:
            writer.writerow([*columns, COLUMN])
        for record in records:
            own = dict(zip(detected.columns, record.raw, strict=False))
            cells = [own.get(name, "") for name in columns]
            writer.writerow([*cells, *([sentences.get(record.line, "")][: detected.has_header])])


def _write_json(
    target: Path, detected: Detected, found: list[Record], sentences: Mapping[int, str]
) -> None:
    records = [{**record.raw, COLUMN: sentences.get(record.line, "")} for record in found]
    # Half of a sign is written as JSON writes it.
    with target.open("w", encoding="utf-8", errors="backslashreplace") as file:
        if detected.format == Format.JSON:
            json.dump(records, file, ensure_ascii=False, indent=2, default=str)
        else:
            for record in records:
                file.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
