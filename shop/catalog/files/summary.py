"""Many warnings in few lines: what is said of many rows is said once, with their numbers."""

from collections.abc import Iterable

from shop.catalog.files.drafts import Problem

# A row or two can be looked up from the line; the rest of a long list is noise.
NAMED = 8


def summary(problems: Iterable[Problem]) -> list[str]:
    """A line for each thing that is said, in the order in which it was said first."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.column, problem.sentence), []).append(problem)
    return [_line(group) for group in groups.values()]


def _line(group: list[Problem]) -> str:
    first = group[0]
    lines = sorted({problem.line for problem in group})
    if len(lines) == 1:
        return str(first)
    named = ", ".join(str(line) for line in lines[:NAMED])
    more = f" and {len(lines) - NAMED:,} more" if len(lines) > NAMED else ""
    return f"{len(lines):,} {first.unit}s ({named}{more}), {first.column}: {first.sentence}"
