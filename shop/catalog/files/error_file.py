"""The records with a problem, in a file of the same kind: mend them there and import that."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from shop.catalog.files.columns.detect import detect
from shop.catalog.files.drafts import BadRow, Problem
from shop.catalog.files.formats.woocommerce_cells import kind
from shop.catalog.files.reading.csv_rows import Row
from shop.catalog.files.reading.format import Detected, Format
from shop.catalog.files.reading.records import Record, RecordFile

# Nobody reads it on import; it says what to mend.
COLUMN = "Problem"


def write(
    path: Path, mapping: Mapping[str, str], problems: Iterable[Problem], target: Path
) -> Path | None:
    """Write whole products that have a problem; None when nothing of the file can be read."""
    sentences: dict[int, str] = {}
    for problem in problems:
        said = f"{problem.column}: {problem.sentence}"
        sentences[problem.line] = "; ".join(filter(None, [sentences.get(problem.line), said]))
    try:
        detected = detect(path)
        groups = [
            group
            for group in _groups(RecordFile(path, detected), detected, mapping)
            if any(record.line in sentences for record in group)
        ]
    except BadRow:
        return None
    if not groups:
        return None
    if detected.format in {Format.JSON, Format.JSONL}:
        _write_json(target, detected, groups, sentences)
    else:
        _write_csv(target, detected, groups, sentences)
    return target


def _groups(
    file: RecordFile, detected: Detected, mapping: Mapping[str, str]
) -> Iterator[list[Record]]:
    """Records of one product, which stand together."""
    group: list[Record] = []
    for item in file:
        if not isinstance(item, Record):
            continue
        if group and not _belongs(item, group[-1], detected, mapping):
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _belongs(one: Row, before: Row, detected: Detected, mapping: Mapping[str, str]) -> bool:
    match detected.format:
        case Format.SHOPIFY:
            handle = mapping.get("slug", "Handle")
            return one[handle] in {"", before[handle]}
        case Format.WOOCOMMERCE:
            return isinstance(one, Record) and kind(one) == "variation"
    slug = mapping.get("slug", "")
    return bool(one[slug]) and one[slug] == before[slug]


def _write_csv(
    target: Path, detected: Detected, groups: list[list[Record]], sentences: Mapping[int, str]
) -> None:
    columns = [name for name in detected.columns if name != COLUMN]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=detected.delimiter)
        if detected.has_header:
            writer.writerow([*columns, COLUMN])
        for record in (record for group in groups for record in group):
            own = dict(zip(detected.columns, record.raw, strict=True))
            cells = [own[name] for name in columns]
            writer.writerow([*cells, *([sentences.get(record.line, "")][: detected.has_header])])


def _write_json(
    target: Path, detected: Detected, groups: list[list[Record]], sentences: Mapping[int, str]
) -> None:
    records = [
        {**record.raw, COLUMN: sentences.get(record.line, "")}
        for group in groups
        for record in group
    ]
    # Half of a sign is written as JSON writes it.
    with target.open("w", encoding="utf-8", errors="backslashreplace") as file:
        if detected.format == Format.JSON:
            json.dump(records, file, ensure_ascii=False, indent=2, default=str)
        else:
            for record in records:
                file.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
