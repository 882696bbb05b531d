"""Woven things for bath, kitchen and hall: towels and a runner."""

from collections.abc import Sequence

from shop.catalog.sample.draw.color import PAINTS, lit, mix, shaded
from shop.catalog.sample.draw.forms import tube
from shop.catalog.sample.draw.lines import at, polygon, rounded, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, cast_line, hang, stand
from shop.catalog.sample.draw.weave import herringbone


def rope_stripe_towel(sheet: Sheet) -> None:
    hang(sheet, "textiles")
    for x in (170, 830):
        sheet.ellipse(x + 16, 250, 36, 36, sheet.shadow, opacity=0.3, blur=10)
        sheet.ellipse(x, 234, 34, 34, shaded(PAINTS["Oak"], 0.12))
        sheet.ellipse(x - 4, 230, 26, 26, lit(PAINTS["Oak"], 0.15))
    cast_line(sheet, "M110 238H890", 26, 22)
    tube(sheet, "M110 234H890", 30, PAINTS["Oak"], 0.5)
    back = polygon((300, 236), (720, 236), (716, 690), (306, 690))
    cast(sheet, back, 16)
    sheet.path(back, shaded(PAINTS["Cotton"], 0.22))
    _towel_stripes(sheet, back, 640, "#2f566b", 0.75)
    front = smooth(
        at(
            "280,240 290,216 330,212 500,212 670,212 700,218 710,240 716,520 704,850 "
            "704,850 620,858 560,846 460,858 380,846 284,856 284,856 274,520"
        ),
        closed=True,
    )
    cast(sheet, front, 16)
    cotton = PAINTS["Cotton"]
    folds = sheet.linear(
        274,
        0,
        716,
        0,
        (0, lit(cotton, 0.3)),
        (0.14, "#fffaf0"),
        (0.28, shaded(cotton, 0.1)),
        (0.4, "#fffaf0"),
        (0.56, shaded(cotton, 0.12)),
        (0.68, "#fdf7ea"),
        (0.86, shaded(cotton, 0.14)),
        (1, shaded(cotton, 0.06)),
    )
    sheet.path(front, folds)
    _towel_stripes(sheet, front, 700, "#2f6079", 0.92)
    with sheet.group(clip=front):
        sheet.path(
            front,
            sheet.linear(
                0,
                212,
                0,
                300,
                (0, "#fffaf0", 0.9),
                (0.3, "#fffaf0", 0.2),
                (0.5, "#0d2733", 0.16),
                (1, "#0d2733", 0),
            ),
        )
        sheet.line("M270 842C400 834 600 846 720 836", shaded(cotton, 0.4), 3, opacity=0.6)


def _towel_stripes(sheet: Sheet, clip: str, y: float, paint: str, opacity: float) -> None:
    with sheet.group(clip=clip):
        for shift, height in ((0, 54), (-34, 10), (-56, 6), (76, 10), (98, 6)):
            top = y + shift
            sheet.path(
                f"M260 {top}C360 {top + 6} 430 {top - 6} 500 {top + 2}C580 {top + 8} 640 {top - 6} "
                f"730 {top}V{top + height}C640 {top + height - 6} 580 {top + height + 8} 500 "
                f"{top + height + 2}C430 {top + height - 6} 360 {top + height + 6} "
                f"260 {top + height}Z",
                paint,
                opacity=opacity,
            )
        shade = sheet.linear(
            274,
            0,
            716,
            0,
            (0, "#0d2733", 0),
            (0.14, "#fff8ea", 0.25),
            (0.28, "#0d2733", 0.3),
            (0.4, "#fff8ea", 0.22),
            (0.56, "#0d2733", 0.3),
            (0.68, "#fff8ea", 0.15),
            (0.86, "#0d2733", 0.3),
            (1, "#0d2733", 0.1),
        )
        sheet.box(260, y - 60, 480, 170, shade)


def galley_tea_towels(sheet: Sheet) -> None:
    stand(sheet, "textiles", 560)
    sheet.ellipse(560, 826, 400, 38, sheet.shadow, opacity=0.42, blur=18)
    _folded(sheet, 700, PAINTS["Deep Sea"], "plain")
    _folded(sheet, 580, PAINTS["Chalk"], "stripe")
    _folded(sheet, 460, PAINTS["Natural"], "check")


def _folded(sheet: Sheet, y: float, paint: str, pattern: str) -> None:
    """A folded towel seen a little from above, its closed fold in front."""
    front = smooth(
        [
            (152, y + 10),
            (148, y + 60),
            (170, y + 118),
            (170, y + 118),
            (500, y + 126),
            (830, y + 118),
            (830, y + 118),
            (852, y + 60),
            (848, y + 10),
            (848, y + 10),
            (500, y + 16),
            (152, y + 10),
        ],
        closed=True,
    )
    top = smooth(
        [
            (152, y + 14),
            (156, y - 4),
            (238, y - 92),
            (238, y - 92),
            (500, y - 98),
            (762, y - 92),
            (762, y - 92),
            (844, y - 4),
            (848, y + 14),
            (848, y + 14),
            (500, y + 24),
            (152, y + 14),
        ],
        closed=True,
    )
    sheet.path(
        front,
        sheet.linear(
            0, y, 0, y + 124, (0, lit(paint, 0.2)), (0.35, paint), (1, shaded(paint, 0.4))
        ),
    )
    for shift in (38, 74):
        sheet.line(
            f"M160 {y + shift}C400 {y + shift + 8} 600 {y + shift + 8} 842 {y + shift}",
            shaded(paint, 0.5),
            4,
            opacity=0.45,
            blur=1,
        )
    sheet.path(
        top, sheet.linear(200, y - 98, 800, y + 20, (0, lit(paint, 0.4)), (1, shaded(paint, 0.05)))
    )
    ink = "#2f6079" if pattern == "stripe" else "#b0553a"
    with sheet.group(clip=front):
        if pattern != "plain":
            for x in range(190, 830, 52):
                sheet.line(
                    f"M{x} {y}V{y + 130}", ink, 9 if pattern == "stripe" else 18, opacity=0.55
                )
        if pattern == "check":
            for shift in (22, 56, 92):
                sheet.line(
                    f"M140 {y + shift}C400 {y + shift + 8} 600 {y + shift + 8} 860 {y + shift}",
                    ink,
                    12,
                    opacity=0.4,
                )
        side = sheet.linear(
            150, 0, 850, 0, (0, "#fff8ea", 0.2), (0.4, "#fff8ea", 0), (1, "#0d2733", 0.3)
        )
        sheet.path(front, side)
    with sheet.group(clip=top):
        if pattern != "plain":
            for x in range(190, 830, 52):
                sheet.line(
                    f"M{x} {y + 20}L{500 + (x - 500) * 0.75:.0f} {y - 100}",
                    ink,
                    9 if pattern == "stripe" else 16,
                    opacity=0.6,
                )
        if pattern == "check":
            for shift in (2, -28, -55, -79):
                sheet.line(
                    f"M130 {y + shift}C400 {y + shift + 8} 600 {y + shift + 8} 870 {y + shift}",
                    ink,
                    11,
                    opacity=0.42,
                )
        if pattern == "plain":
            herringbone(sheet, 150, y - 100, 700, 120, paint)


def tideline_runner(sheet: Sheet) -> None:
    stand(sheet, "textiles", -30)
    blue, green, sand = PAINTS["Deep Sea"], PAINTS["Sea Glass"], PAINTS["Sand"]
    with sheet.group(transform="rotate(-14 500 500)"):
        flat = polygon((280, 300), (720, 300), (720, 880), (280, 880))
        _fringe(sheet, 880)
        cast(sheet, flat, 10)
        sheet.path(flat, PAINTS["Oat"])
        bands: Sequence[tuple[float, float, str]] = (
            (300, 74, PAINTS["Oat"]),
            (374, 40, blue),
            (414, 16, PAINTS["Oat"]),
            (430, 90, green),
            (520, 30, PAINTS["Oat"]),
            (550, 22, sand),
            (572, 60, mix(blue, green, 0.5)),
            (632, 18, sand),
            (650, 64, PAINTS["Oat"]),
            (714, 28, blue),
            (742, 12, PAINTS["Oat"]),
            (754, 56, green),
            (810, 20, sand),
            (830, 50, blue),
        )
        for y, height, paint in bands:
            sheet.box(280, y, 440, height, paint)
        weave = "".join(f"M280 {y}H720" for y in range(306, 880, 12))
        sheet.line(weave, "#0d2733", 2, opacity=0.12)
        sheet.path(
            flat,
            sheet.linear(
                280, 300, 720, 880, (0, "#fff8ea", 0.28), (0.5, "#fff8ea", 0), (1, "#0d2733", 0.2)
            ),
        )
        sheet.box(
            280, 306, 440, 60, sheet.linear(0, 300, 0, 376, (0, "#0d2733", 0.55), (1, "#0d2733", 0))
        )
        _roll(sheet, blue, green)


def _fringe(sheet: Sheet, y: float) -> None:
    for place in range(37):
        x = 284 + place * 12
        d = f"M{x} {y - 6}C{x + 3} {y + 14} {x - 3} {y + 24} {x + 2} {y + 44}"
        cast_line(sheet, d, 6, 5, 0.6)
        sheet.line(d, PAINTS["Cotton"], 6)


def _roll(sheet: Sheet, blue: str, green: str) -> None:
    roll = rounded(276, 168, 448, 150, 20)
    cast(sheet, roll, 22)
    across = tuple(
        (share, tone)
        for share, tone in (
            (0.0, "#cfc2a6"),
            (0.16, "#f6efdf"),
            (0.4, PAINTS["Oat"]),
            (0.75, "#a89a7f"),
            (1.0, "#6f6758"),
        )
    )
    sheet.path(roll, sheet.linear(0, 168, 0, 318, *across))
    for y, height, paint in ((196, 30, blue), (238, 12, green), (262, 20, green)):
        sheet.box(
            276,
            y,
            448,
            height,
            sheet.linear(
                0,
                168,
                0,
                318,
                (0, lit(paint, 0.2)),
                (0.3, lit(paint, 0.2)),
                (1, shaded(paint, 0.5)),
            ),
        )
    weave = "".join(f"M276 {y}H724" for y in range(174, 318, 10))
    sheet.line(weave, "#0d2733", 2, opacity=0.12)
    for x in (276, 724):
        sheet.ellipse(x, 243, 22, 74, shaded(PAINTS["Oat"], 0.3))
        for ringed, paint in (
            (0.8, blue),
            (0.62, PAINTS["Oat"]),
            (0.44, green),
            (0.24, PAINTS["Oat"]),
        ):
            sheet.ellipse(x, 243, 22 * ringed, 74 * ringed, shaded(paint, 0.22))
