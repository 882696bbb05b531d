"""How a herringbone is woven."""

from shop.catalog.sample.draw.color import shaded
from shop.catalog.sample.draw.sheet import Sheet


def herringbone(sheet: Sheet, x: float, y: float, width: float, height: float, paint: str) -> None:
    rows = []
    for row in range(int(height / 23) + 1):
        top = y + row * 23
        zigzag = "".join(
            f"L{x + step * 23:.0f} {top + (13 if step % 2 else 0):.0f}"
            for step in range(1, int(width / 23) + 1)
        )
        rows.append(f"M{x:.0f} {top:.0f}{zigzag}")
    sheet.line("".join(rows), shaded(paint, 0.45), 3, opacity=0.13)
