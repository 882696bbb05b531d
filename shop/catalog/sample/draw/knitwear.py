"""Knitted things: beanie, sweater, socks."""

import math

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.lines import (
    Point,
    at,
    polygon,
    smooth,
)
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import (
    cast,
    contact,
    hang,
    stand,
)


def watch_beanie(sheet: Sheet, color: str) -> None:
    stand(sheet, "wear", 700)
    paint = PAINTS[color]
    contact(sheet, 506, 786, 268, 30)
    dome = smooth(
        at(
            "222,640 214,520 250,370 340,250 440,196 500,184 560,196 660,250 750,370 "
            "786,520 778,640 778,640 500,700 222,640"
        ),
        closed=True,
    )
    sheet.path(
        dome,
        sheet.radial(400, 360, 500, (0, lit(paint, 0.32)), (0.45, paint), (1, shaded(paint, 0.5))),
    )
    with sheet.group(clip=dome):
        for rib in range(-9, 10):
            a = rib / 9.6
            foot, middle = 500 + 300 * math.sin(a * 1.52), 500 + 262 * math.sin(a * 1.45)
            d = smooth(
                [
                    (500 + a * 26, 188),
                    (500 + (middle - 500) * 0.74, 290),
                    (middle, 430),
                    (foot, 680),
                ]
            )
            sheet.line(d, shaded(paint, 0.62), 13, opacity=0.42, blur=3)
            with sheet.group(transform="translate(-15 0)"):
                sheet.line(d, lit(paint, 0.55), 7, opacity=0.26, blur=3)
        for rib in range(-9, 9):
            _stitches(sheet, paint, (rib + 0.5) / 9.6)
    brim = smooth(
        at(
            "206,560 206,560 350,606 500,618 650,606 794,560 794,560 806,640 798,740 "
            "798,740 650,792 500,804 350,792 202,740 202,740 194,640"
        ),
        closed=True,
    )
    cast(sheet, brim, 9)
    sheet.path(
        brim,
        sheet.linear(
            194,
            0,
            806,
            0,
            (0, shaded(paint, 0.12)),
            (0.25, lit(paint, 0.32)),
            (0.5, paint),
            (0.8, shaded(paint, 0.25)),
            (1, shaded(paint, 0.5)),
        ),
    )
    with sheet.group(clip=brim):
        for rib in range(-13, 14):
            a = rib / 13.6
            x = 500 + 306 * math.sin(a * 1.52)
            sag = 60 * math.cos(a * 1.52)
            d = f"M{x:.0f} {550 + sag:.0f}L{x * 1.0:.0f} {752 + sag:.0f}"
            sheet.line(d, shaded(paint, 0.62), 10, opacity=0.46, blur=2)
            with sheet.group(transform="translate(-11 0)"):
                sheet.line(d, lit(paint, 0.6), 6, opacity=0.32, blur=2)
        sheet.path(
            brim,
            sheet.linear(
                0, 560, 0, 804, (0, "#fff8ea", 0.16), (0.4, "#fff8ea", 0), (1, "#0d2733", 0.3)
            ),
        )


def _stitches(sheet: Sheet, paint: str, a: float) -> None:
    marks = []
    for step in range(4, 24):
        t = step / 24
        y = 188 + t * 480
        x = 500 + (270 + 20 * t) * math.sin(a * 1.48) * min(1, t * 1.5) ** 0.6
        marks.append(f"M{x - 7:.0f} {y:.0f}l7 8l7 -8")
    sheet.line("".join(marks), shaded(paint, 0.5), 2.5, opacity=0.16)


def gansey_sweater(sheet: Sheet, color: str) -> None:
    hang(sheet, "wear")
    paint = PAINTS[color]
    left = smooth(
        at(
            "330,222 250,262 196,380 150,560 112,740 112,740 150,764 206,770 206,770 "
            "262,600 326,470 326,470 350,300"
        ),
        closed=True,
    )
    right = smooth(
        at(
            "670,222 750,262 804,380 850,560 888,740 888,740 850,764 794,770 794,770 "
            "738,600 674,470 674,470 650,300"
        ),
        closed=True,
    )
    body = smooth(
        at(
            "330,222 420,186 420,186 500,214 580,186 580,186 670,222 690,330 696,520 "
            "700,852 700,852 500,866 300,852 300,852 304,520 310,330"
        ),
        closed=True,
    )
    for sleeve, cuff in (
        (left, polygon((112, 736), (206, 768), (196, 826), (92, 794))),
        (right, polygon((888, 736), (794, 768), (804, 826), (908, 794))),
    ):
        cast(sheet, cuff, 12)
        cast(sheet, sleeve, 14)
        sheet.path(cuff, shaded(paint, 0.16))
        sheet.path(
            sleeve,
            sheet.linear(
                112, 222, 888, 770, (0, lit(paint, 0.24)), (0.45, paint), (1, shaded(paint, 0.28))
            ),
        )
        with sheet.group(clip=sleeve):
            _knit(sheet, paint, 90, 220, 820, 560)
        with sheet.group(clip=cuff):
            _rib(sheet, paint, 80, 920, 730, 830)
    cast(sheet, body, 14)
    sheet.path(
        body,
        sheet.linear(
            300, 190, 700, 860, (0, lit(paint, 0.28)), (0.5, paint), (1, shaded(paint, 0.22))
        ),
    )
    with sheet.group(clip=body):
        _knit(sheet, paint, 296, 540, 410, 270)
        _pattern(sheet, paint)
        sheet.path(polygon((290, 800), (710, 800), (710, 880), (290, 880)), shaded(paint, 0.14))
        _rib(sheet, paint, 296, 706, 802, 870)
        for edge in ("M326 300C330 400 322 500 312 620", "M674 300C670 400 678 500 688 620"):
            sheet.line(edge, shaded(paint, 0.6), 22, opacity=0.3, blur=11)
    _neck(sheet, paint)


def _neck(sheet: Sheet, paint: str) -> None:
    sheet.ellipse(500, 186, 88, 40, shaded(paint, 0.55))
    collar = smooth(
        at(
            "404,186 404,186 408,156 440,140 500,134 560,140 592,156 596,186 596,186 "
            "560,220 500,234 440,220"
        ),
        closed=True,
    )
    sheet.path(
        collar,
        sheet.linear(404, 0, 596, 0, (0, lit(paint, 0.3)), (0.5, paint), (1, shaded(paint, 0.3))),
    )
    with sheet.group(clip=collar):
        _rib(sheet, paint, 400, 600, 130, 240)
    sheet.ellipse(500, 160, 74, 24, shaded(paint, 0.6))
    sheet.ellipse(500, 166, 68, 19, shaded(paint, 0.4))


def _knit(sheet: Sheet, paint: str, x: float, y: float, width: float, height: float) -> None:
    rows = []
    for row in range(int(height / 30)):
        top = y + row * 30
        steps = range(int(width / 30))
        rows.append("".join(f"M{x + step * 30:.0f} {top:.0f}l15 13l15 -13" for step in steps))
    sheet.line("".join(rows), shaded(paint, 0.5), 3, opacity=0.14)


def _rib(sheet: Sheet, paint: str, left: float, right: float, top: float, foot: float) -> None:
    lines = "".join(f"M{x} {top}V{foot}" for x in range(int(left), int(right), 15))
    sheet.line(lines, shaded(paint, 0.6), 5, opacity=0.4)
    with sheet.group(transform="translate(-5 0)"):
        sheet.line(lines, lit(paint, 0.6), 3, opacity=0.3)


def _pattern(sheet: Sheet, paint: str) -> None:
    """Ropes and ladders across the chest."""
    dark, light = shaded(paint, 0.55), lit(paint, 0.55)
    for x in (372, 500, 628):
        for phase in (0, math.pi):
            cable: list[Point] = [
                (x + 17 * math.sin(step * 0.62 + phase), 236 + step * 14) for step in range(22)
            ]
            with sheet.group(transform="translate(4 4)"):
                sheet.line(smooth(cable), dark, 11, opacity=0.4)
            sheet.line(smooth(cable), lit(paint, 0.14), 11)
            with sheet.group(transform="translate(-2 -2)"):
                sheet.line(smooth(cable), light, 3, opacity=0.5)
        for side in (-32, 32):
            sheet.line(f"M{x + side} 220V540", dark, 4, opacity=0.45)
            sheet.line(f"M{x + side - 4} 220V540", light, 3, opacity=0.35)
    for x in (436, 564):
        for y in range(240, 540, 26):
            sheet.line(f"M{x - 24} {y}H{x + 24}", dark, 8, opacity=0.35)
            sheet.line(f"M{x - 24} {y - 5}H{x + 24}", light, 4, opacity=0.32)
    sheet.line("M300 548H700M300 566H700", dark, 6, opacity=0.4)
    sheet.line("M300 542H700M300 560H700", light, 3, opacity=0.35)


def long_watch_socks(sheet: Sheet) -> None:
    hang(sheet, "wear")
    with sheet.group(transform="translate(110 -20) rotate(9 500 500)"):
        _sock(sheet)
    with sheet.group(transform="translate(-90 30) rotate(-4 500 500)"):
        _sock(sheet)


def _sock(sheet: Sheet) -> None:
    wool, blue, rust = PAINTS["Oat"], PAINTS["Deep Sea"], PAINTS["Rust"]
    d = smooth(
        at(
            "392,160 392,160 480,152 568,160 568,160 576,380 584,560 620,640 720,700 "
            "780,760 784,826 730,864 620,862 500,836 420,780 390,680 396,520 392,340"
        ),
        closed=True,
    )
    cast(sheet, d, 18)
    sheet.path(
        d, sheet.linear(390, 0, 790, 200, (0, lit(wool, 0.4)), (0.4, wool), (1, shaded(wool, 0.25)))
    )
    with sheet.group(clip=d):
        _knit(sheet, wool, 380, 300, 420, 580)
        for y, height, paint in (
            (150, 120, wool),
            (290, 34, blue),
            (336, 14, rust),
            (362, 34, blue),
        ):
            if paint != wool:
                sheet.path(
                    f"M380 {y}C440 {y + 8} 520 {y + 8} 600 {y}"
                    f"V{y + height}C520 {y + height + 8} 440 {y + height + 8} 380 {y + height}Z",
                    paint,
                )
        _rib(sheet, wool, 388, 580, 150, 276)
        sheet.path("M360 700C440 690 520 740 500 860L380 900L340 700Z", blue)
        sheet.path("M700 640C672 740 680 820 706 900H840V640Z", blue)
        sheet.path(
            d,
            sheet.linear(
                390, 0, 600, 0, (0, "#fff8ea", 0.2), (0.4, "#fff8ea", 0), (1, "#0d2733", 0.16)
            ),
        )
        sheet.line("M420 840C540 880 700 880 790 820", "#0d2733", 36, opacity=0.28, blur=14)
        sheet.line("M392 276C450 284 520 284 576 276", shaded(wool, 0.5), 5, opacity=0.5)
