"""Size guides as staff type them: a table, one row in each line, its cells parted by bars."""

from django.core.exceptions import ValidationError

MOST_COLUMNS, MOST_ROWS = 8, 40


def is_size_guide(text: str) -> None:
    """Raise ValidationError for what is no table with a head."""
    rows = rows_of(text)
    if len(rows) < 2 or len(rows[0]) < 2:
        raise ValidationError(
            "Write a table: a line with the heads, as Size | Chest, and below it one for each size."
        )
    if len(rows) > MOST_ROWS or len(rows[0]) > MOST_COLUMNS:
        raise ValidationError(f"At most {MOST_ROWS} lines of {MOST_COLUMNS} cells fit on a page.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise ValidationError(
                f"Line {number} has {len(row)} cells, and the first one has {len(rows[0])}."
            )


def rows_of(text: str) -> list[list[str]]:
    """The cells of each line, the heads first; of lines that say nothing none."""
    lines = (line.strip().strip("|") for line in text.splitlines())
    return [[cell.strip() for cell in line.split("|")] for line in lines if line.strip()]
