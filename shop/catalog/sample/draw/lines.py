"""Lines through points: the outlines and strokes that everything is drawn with."""

import math
from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]


def smooth(points: Sequence[Point], *, closed: bool = False) -> str:
    """A path that runs softly through every point; a point given twice makes a corner."""
    head = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    return head + curves(points, closed=closed) + ("Z" if closed else "")


def curves(points: Sequence[Point], *, closed: bool = False) -> str:
    """The same without its first move, to go on with a path."""
    count = len(points)
    steps = []
    for place in range(count if closed else count - 1):
        before, start, end, after = (
            points[(place + step) % count]
            if closed
            else points[min(max(place + step, 0), count - 1)]
            for step in (-1, 0, 1, 2)
        )
        if start == end:
            continue
        one = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        two = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        steps.append(
            f"C{one[0]:.1f} {one[1]:.1f} {two[0]:.1f} {two[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
        )
    return "".join(steps)


def polygon(*points: Point) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def rounded(x: float, y: float, width: float, height: float, radius: float) -> str:
    """A box with round corners."""
    r = min(radius, width / 2, height / 2)
    return (
        f"M{x + r:.1f} {y:.1f}h{width - 2 * r:.1f}a{r:.1f} {r:.1f} 0 0 1 {r:.1f} {r:.1f}"
        f"v{height - 2 * r:.1f}a{r:.1f} {r:.1f} 0 0 1 {-r:.1f} {r:.1f}"
        f"h{2 * r - width:.1f}a{r:.1f} {r:.1f} 0 0 1 {-r:.1f} {-r:.1f}"
        f"v{2 * r - height:.1f}a{r:.1f} {r:.1f} 0 0 1 {r:.1f} {-r:.1f}Z"
    )


def oval(x: float, y: float, rx: float, ry: float) -> str:
    return (
        f"M{x - rx:.1f} {y:.1f}a{rx:.1f} {ry:.1f} 0 1 0 {2 * rx:.1f} 0"
        f"a{rx:.1f} {ry:.1f} 0 1 0 {-2 * rx:.1f} 0Z"
    )


def walk(points: Sequence[Point], step: float) -> list[tuple[float, float, float]]:
    """Places at even distances along the smooth line through the points: x, y and angle."""
    dense = _dense(points)
    places = []
    due = step / 2
    gone = 0.0
    for (x1, y1), (x2, y2) in pairwise(dense):
        length = math.hypot(x2 - x1, y2 - y1)
        while length and due <= gone + length:
            share = (due - gone) / length
            angle = math.atan2(y2 - y1, x2 - x1)
            places.append((x1 + (x2 - x1) * share, y1 + (y2 - y1) * share, angle))
            due += step
        gone += length
    return places


def _dense(points: Sequence[Point]) -> list[Point]:
    dense = [points[0]]
    for place in range(len(points) - 1):
        before, start, end, after = (
            points[min(max(place + step, 0), len(points) - 1)] for step in (-1, 0, 1, 2)
        )
        for part in range(1, 25):
            t = part / 24
            dense.append(
                (
                    _between(before[0], start[0], end[0], after[0], t),
                    _between(before[1], start[1], end[1], after[1], t),
                )
            )
    return dense


def _between(before: float, start: float, end: float, after: float, t: float) -> float:
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )


def scattered(count: int, seed: int) -> list[float]:
    """`count` numbers between 0 and 1 that look scattered and are the same on every run."""
    state = seed * 7919 + 104729
    numbers = []
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        numbers.append(state / 2**31)
    return numbers


def at(text: str) -> list[Point]:
    """Points written as "x,y x,y": an outline of thirty points stays readable so."""
    pairs = (pair.split(",") for pair in text.split())
    return [(float(x), float(y)) for x, y in pairs]
