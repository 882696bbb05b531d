"""The solids that goods are made of: turned bodies, tubes, ropes, planks."""

import math
from collections.abc import Sequence

from shop.catalog.sample.draw.color import lit, shaded
from shop.catalog.sample.draw.lines import Point, curves, rounded, scattered, smooth, walk
from shop.catalog.sample.draw.sheet import Sheet, Stop

# How far a circle seen from the height of a chair closes to an ellipse.
TILT = 0.19

Profile = Sequence[tuple[float, float]]


def round_light(paint: str, gloss: float = 0.5) -> tuple[Stop, ...]:
    """How a paint runs across a turned body from its lit to its shaded side."""
    return (
        (0, shaded(paint, 0.2)),
        (0.08, shaded(paint, 0.06)),
        (0.27, lit(paint, 0.16 + 0.24 * gloss)),
        (0.46, paint),
        (0.76, shaded(paint, 0.22)),
        (0.94, shaded(paint, 0.4)),
        (1, shaded(paint, 0.32)),
    )


def outline(x: float, profile: Profile, tilt: float = TILT) -> str:
    """The outline of a turned body: (y, radius) from its top to its foot."""
    left = [(x - radius, y) for y, radius in profile]
    right = [(x + radius, y) for y, radius in reversed(profile)]
    top, foot = profile[0][1], profile[-1][1]
    return (
        f"M{left[0][0]:.1f} {left[0][1]:.1f}"
        + curves(left)
        + f"A{foot:.1f} {foot * tilt:.1f} 0 0 0 {x + foot:.1f} {profile[-1][0]:.1f}"
        + curves(right)
        + f"A{top:.1f} {top * tilt:.1f} 0 0 0 {left[0][0]:.1f} {left[0][1]:.1f}Z"
    )


def turned(
    sheet: Sheet,
    x: float,
    profile: Profile,
    paint: str,
    *,
    gloss: float = 0.5,
    tilt: float = TILT,
    bands: Sequence[tuple[float, float, str]] = (),
) -> str:
    """A body turned on a wheel or a lathe, with bands of other paints; answers its outline."""
    d = outline(x, profile, tilt)
    widest = max(radius for _, radius in profile)
    top, foot = profile[0][0], profile[-1][0]
    sheet.path(d, sheet.linear(x - widest, 0, x + widest, 0, *round_light(paint, gloss)))
    with sheet.group(clip=d):
        for start, end, other in bands:
            fill = sheet.linear(x - widest, 0, x + widest, 0, *round_light(other, gloss))
            sheet.path(ring(x, start, end, widest, tilt), fill)
        dusk = sheet.linear(
            0,
            foot - (foot - top) * 0.4,
            0,
            foot + widest * tilt,
            (0, "#0d2733", 0),
            (1, "#0d2733", 0.26),
        )
        sheet.path(d, dusk)
        if gloss:
            shine = [(x - radius * 0.66, y) for y, radius in profile]
            sheet.line(
                smooth(shine), "#fffaf0", widest * 0.09, opacity=gloss * 0.55, blur=widest * 0.035
            )
    return d


def ring(x: float, start: float, end: float, radius: float, tilt: float = TILT) -> str:
    """The part of a turned body's front between two heights, wide enough to be clipped."""
    r, sag = radius * 1.04, radius * tilt * 1.04
    return (
        f"M{x - r:.1f} {start:.1f}A{r:.1f} {sag:.1f} 0 0 0 {x + r:.1f} {start:.1f}"
        f"L{x + r:.1f} {end:.1f}A{r:.1f} {sag:.1f} 0 0 1 {x - r:.1f} {end:.1f}Z"
    )


def rim(
    sheet: Sheet,
    x: float,
    y: float,
    radius: float,
    paint: str,
    *,
    inside: str = "",
    wall: float = 10,
    tilt: float = TILT,
) -> None:
    """The mouth of a hollow body: its lip, and the dark inside that is lit at the right."""
    inside = inside or paint
    lip = sheet.linear(x - radius, y, x + radius, y, (0, lit(paint, 0.5)), (1, shaded(paint, 0.08)))
    sheet.ellipse(x, y, radius, radius * tilt, lip)
    inner = max(radius - wall, 1)
    depth = sheet.linear(
        x - inner,
        y - inner * tilt,
        x + inner,
        y + inner * tilt,
        (0, shaded(inside, 0.52)),
        (0.55, shaded(inside, 0.3)),
        (1, lit(inside, 0.08)),
    )
    sheet.ellipse(x, y + wall * 0.1, inner, inner * tilt, depth)


def tube(sheet: Sheet, d: str, width: float, paint: str, gloss: float = 0.5) -> None:
    """A round bar, handle or wire along a path."""
    sheet.line(d, shaded(paint, 0.42), width)
    with sheet.group(transform=f"translate({-width * 0.05:.1f} {-width * 0.05:.1f})"):
        sheet.line(d, shaded(paint, 0.1), width * 0.8)
    with sheet.group(transform=f"translate({-width * 0.11:.1f} {-width * 0.12:.1f})"):
        sheet.line(d, lit(paint, 0.12), width * 0.5, blur=width * 0.06)
        if gloss:
            sheet.line(d, lit(paint, 0.75), width * 0.15, opacity=gloss, blur=width * 0.04)


def rope(sheet: Sheet, points: Sequence[Point], width: float, paint: str) -> None:
    """A laid rope through the points, with the twist of its strands."""
    d = smooth(points)
    sheet.line(d, shaded(paint, 0.45), width)
    sheet.line(d, paint, width * 0.84)
    with sheet.group(transform=f"translate({-width * 0.1:.1f} {-width * 0.12:.1f})"):
        sheet.line(d, lit(paint, 0.35), width * 0.4, opacity=0.8, blur=width * 0.08)
    reach = width * 0.46
    strands = []
    for x, y, angle in walk(points, width * 0.52):
        along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
        twist = [
            (
                x + across[0] * reach * side + along[0] * reach * shift,
                y + across[1] * reach * side + along[1] * reach * shift,
            )
            for side, shift in ((-1, -0.75), (-0.35, -0.1), (0.35, 0.1), (1, 0.75))
        ]
        strands.append(smooth(twist))
    sheet.line("".join(strands), shaded(paint, 0.5), width * 0.09, opacity=0.75)


def plank(
    sheet: Sheet,
    d: str,
    place: tuple[float, float, float, float],
    paint: str,
    seed: int,
    *,
    upright: bool = False,
) -> None:
    """Wood with its grain inside an outline; `place` is x, y, width, height around it."""
    x, y, width, height = place
    fill = sheet.linear(
        x, y, x + width, y + height, (0, lit(paint, 0.3)), (0.5, paint), (1, shaded(paint, 0.22))
    )
    sheet.path(d, fill)
    long, short = (height, width) if upright else (width, height)
    count = max(4, int(short / 14))
    shifts = scattered(count * 5, seed)
    with sheet.group(clip=d):
        for line in range(count):
            bend = [(shift - 0.5) * 16 for shift in shifts[line * 5 : line * 5 + 5]]
            down = short * (line + 0.5) / count
            points = [
                (long * (place / 4), down + bend[place] + 10 * math.sin(line * 0.7))
                for place in range(5)
            ]
            points = [(x + b, y + a) if upright else (x + a, y + b) for a, b in points]
            tone = shaded(paint, 0.32) if line % 3 else lit(paint, 0.3)
            sheet.line(smooth(points), tone, 1.5 + 2.5 * shifts[line], opacity=0.4)


def slab(
    sheet: Sheet, x: float, y: float, width: float, height: float, radius: float, paint: str
) -> str:
    """A flat thing with round corners and a lit edge; answers its outline."""
    d = rounded(x, y, width, height, radius)
    fill = sheet.linear(
        x, y, x + width, y + height, (0, lit(paint, 0.22)), (0.5, paint), (1, shaded(paint, 0.14))
    )
    sheet.path(d, fill)
    sheet.line(d, lit(paint, 0.55), 3, opacity=0.5)
    return d
