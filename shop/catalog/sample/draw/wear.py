"""Things to wear: hats, sweater, socks, boots, scarf."""

import math

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import tube
from shop.catalog.sample.draw.lines import Point, at, polygon, scattered, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, cast_line, contact, hang, stand


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


def squall_hat(sheet: Sheet) -> None:
    hang(sheet, "wear")
    paint = PAINTS["Signal Yellow"]
    for d in ("M430 640C410 730 450 790 440 860", "M560 650C590 730 560 800 590 862"):
        cast_line(sheet, d, 12, 8, 0.7)
        sheet.line(d, PAINTS["Hemp"], 12)
        sheet.line(d, lit(PAINTS["Hemp"], 0.5), 4)
    flap = smooth(
        at("380,590 380,590 390,690 440,760 520,760 580,690 600,590 600,590"),
        closed=True,
    )
    cast(sheet, flap, 8)
    sheet.path(flap, sheet.linear(380, 0, 600, 0, (0, paint), (1, shaded(paint, 0.35))))
    sheet.line(
        "M400 620C410 690 450 740 516 738C560 690 580 650 586 610",
        lit(paint, 0.6),
        3,
        stroke_dasharray="9 8",
        opacity=0.8,
    )
    crown = smooth(
        at(
            "262,560 256,440 310,300 420,222 520,210 620,236 700,330 724,460 720,570 "
            "720,570 500,610 262,560"
        ),
        closed=True,
    )
    cast(sheet, crown, 20)
    sheet.path(
        crown,
        sheet.radial(400, 340, 460, (0, lit(paint, 0.55)), (0.4, paint), (1, shaded(paint, 0.42))),
    )
    with sheet.group(clip=crown):
        for seam in (
            "M512 208C400 280 360 420 360 600",
            "M512 208C540 320 560 440 560 620",
            "M512 208C640 270 690 420 700 590",
        ):
            sheet.line(seam, shaded(paint, 0.45), 6, opacity=0.6)
            with sheet.group(transform="translate(9 0)"):
                sheet.line(seam, lit(paint, 0.7), 3, stroke_dasharray="9 8", opacity=0.9)
        sheet.ellipse(390, 330, 40, 74, "#fffdf2", opacity=0.5, blur=16)
    sheet.ellipse(512, 212, 19, 10, shaded(paint, 0.2))
    brim = smooth(
        at(
            "150,640 190,580 262,540 262,540 500,592 716,546 716,546 820,600 906,700 "
            "930,770 930,770 840,744 700,690 560,660 400,660 260,676 176,690"
        ),
        closed=True,
    )
    cast(sheet, brim, 14)
    sheet.path(
        brim,
        sheet.linear(
            150, 540, 900, 780, (0, lit(paint, 0.45)), (0.4, paint), (1, shaded(paint, 0.3))
        ),
    )
    with sheet.group(clip=brim):
        for row in range(4):
            y = 560 + row * 28
            sheet.line(
                f"M{120} {y + 50 + row * 4}C300 {y + 16} 640 {y + 20} 960 {y + 150 + row * 10}",
                shaded(paint, 0.4),
                3,
                stroke_dasharray="12 8",
                opacity=0.5,
            )
    sheet.line("M262 540C400 588 600 594 716 546", shaded(paint, 0.5), 7, opacity=0.7)


def mudflat_boots(sheet: Sheet) -> None:
    stand(sheet, "wear", 690)
    with sheet.group(transform="translate(150 -46)"):
        _boot(sheet, shaded("#4b5f42", 0.18))
    with sheet.group(transform="translate(-60 20)"):
        _boot(sheet, "#4f6646")


def _boot(sheet: Sheet, paint: str) -> None:
    sheet.ellipse(540, 840, 300, 30, sheet.shadow, opacity=0.4, blur=14)
    sheet.ellipse(500, 838, 236, 16, sheet.shadow, opacity=0.5, blur=5)
    boot = smooth(
        at(
            "290,190 290,190 286,360 292,520 284,660 276,790 276,790 420,800 600,796 "
            "738,790 738,790 736,726 690,676 600,646 530,600 506,500 506,360 512,190 "
            "512,190"
        ),
        closed=True,
    )
    sheet.path(
        boot,
        sheet.linear(
            280,
            0,
            600,
            80,
            (0, shaded(paint, 0.2)),
            (0.16, lit(paint, 0.2)),
            (0.4, paint),
            (0.8, shaded(paint, 0.3)),
            (1, shaded(paint, 0.36)),
        ),
    )
    with sheet.group(clip=boot):
        sheet.line("M330 220C324 400 332 560 322 740", "#fffdf0", 20, opacity=0.36, blur=7)
        sheet.line("M560 690C640 690 690 712 712 744", "#fffdf0", 16, opacity=0.4, blur=7)
        for fold in ("M300 570C380 600 460 590 530 560", "M296 620C390 660 480 640 560 610"):
            sheet.line(fold, shaded(paint, 0.6), 14, opacity=0.4, blur=6)
            with sheet.group(transform="translate(0 14)"):
                sheet.line(fold, lit(paint, 0.6), 6, opacity=0.35, blur=4)
        sheet.line("M276 730C420 744 600 740 740 730", shaded(paint, 0.6), 5, opacity=0.7)
        sheet.path("M270 736C420 750 600 746 744 736V800H270Z", shaded(paint, 0.2))
        sheet.path(
            "M280 250C360 270 440 270 514 250V276C440 296 360 296 280 276Z", lit(paint, 0.16)
        )
    sheet.ellipse(401, 190, 111, 24, lit(paint, 0.3))
    sheet.ellipse(401, 193, 100, 19, sheet.linear(300, 0, 500, 0, (0, "#4d4436"), (1, "#c9b48e")))
    sole = smooth(
        at(
            "268,788 268,788 420,796 600,792 746,784 746,784 752,812 740,838 740,838 "
            "620,844 500,838 470,826 440,842 440,842 350,846 270,840 270,840"
        ),
        closed=True,
    )
    sheet.path(sole, sheet.linear(0, 784, 0, 846, (0, "#d9bd90"), (1, "#93744b")))
    sheet.line("M272 802C420 810 600 806 748 798", "#7a5e3a", 3, opacity=0.6)


def skua_scarf(sheet: Sheet) -> None:
    hang(sheet, "wear")
    cast_line(sheet, "M500 150V190", 36, 18)
    tube(sheet, "M500 130V186", 40, PAINTS["Oak"], 0.5)
    sheet.ellipse(500, 128, 32, 32, PAINTS["Oak"])
    sheet.ellipse(491, 119, 11, 11, lit(PAINTS["Oak"], 0.6))
    _tail(sheet, at("508,152 548,260 600,440 622,600 630,770"), 164, 8)
    _tail(sheet, at("494,150 456,260 396,450 372,640 364,850"), 176, 3)
    tube(sheet, "M500 128V150", 40, PAINTS["Oak"], 0.5)
    sheet.ellipse(500, 122, 34, 34, PAINTS["Oak"])
    sheet.ellipse(491, 113, 12, 12, lit(PAINTS["Oak"], 0.6))


def _tail(sheet: Sheet, spine: list[Point], width: float, seed: int) -> None:
    """A hanging end of the scarf, striped across, with its fringe."""
    halves = [width * (0.22 + 0.28 * min(1, (y - 150) / 320)) for _, y in spine]
    left = [(x - half, y) for (x, y), half in zip(spine, halves, strict=True)]
    right = [(x + half, y + 6) for (x, y), half in zip(spine, halves, strict=True)]
    d = smooth([left[0], *left, left[-1], right[-1], *reversed(right), right[0]], closed=True)
    foot_x, foot_y = spine[-1]
    bends = scattered(20, seed)
    for place in range(14):
        x = foot_x - width / 2 + 8 + place * (width - 16) / 13
        fringe = (
            f"M{x:.0f} {foot_y - 4:.0f}C{x - 5:.0f} {foot_y + 20:.0f} "
            f"{x + 6:.0f} {foot_y + 34:.0f} {x + bends[place] * 12 - 6:.0f} {foot_y + 64:.0f}"
        )
        cast_line(sheet, fringe, 8, 8, 0.7)
        sheet.line(fringe, lit(PAINTS["Fog"], 0.2 if place % 2 else -0.0), 8)
    cast(sheet, d, 14)
    fog = PAINTS["Fog"]
    sheet.path(d, fog)
    with sheet.group(clip=d):
        top = 150
        for place in range(12):
            paint = (PAINTS["Ink"], lit(fog, 0.35), PAINTS["Rust"], fog)[place % 4]
            height = (62, 40, 30, 66)[place % 4]
            sheet.path(
                f"M200 {top}C400 {top + 14} 560 {top + 14} 800 {top}"
                f"V{top + height}C560 {top + height + 14} "
                f"400 {top + height + 14} 200 {top + height}Z",
                paint,
            )
            top += height
        twill = "".join(f"M{200 + step * 14} 100l-120 800" for step in range(60))
        sheet.line(twill, "#0d2733", 2, opacity=0.1)
        x = foot_x
        sheet.line(
            f"M{x - width * 0.18:.0f} 200C{x - width * 0.3:.0f} 400 {x - width * 0.06:.0f} 640 "
            f"{x - width * 0.2:.0f} 860",
            "#0d2733",
            22,
            opacity=0.2,
            blur=12,
        )
        sheet.line(
            f"M{x + width * 0.2:.0f} 300C{x + width * 0.3:.0f} 500 {x + width * 0.1:.0f} 640 "
            f"{x + width * 0.3:.0f} 860",
            "#fff8ea",
            18,
            opacity=0.22,
            blur=10,
        )
        side = sheet.linear(
            x - width / 2,
            0,
            x + width / 2,
            0,
            (0, "#fff8ea", 0.2),
            (0.4, "#fff8ea", 0),
            (1, "#0d2733", 0.34),
        )
        sheet.path(d, side)
