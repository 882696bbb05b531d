"""Bags that stand: tote, backpack, dry bag."""

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import outline, round_light, tube
from shop.catalog.sample.draw.lines import at, polygon, rounded, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, cast_line, contact, stand


def slipway_tote(sheet: Sheet, color: str) -> None:
    stand(sheet, "carry", 700)
    paint = PAINTS[color]
    trim = PAINTS["Deep Sea"] if color == "Natural" else PAINTS["Leather"]
    sheet.ellipse(570, 872, 340, 40, sheet.shadow, opacity=0.35, blur=18)
    sheet.ellipse(500, 866, 280, 22, sheet.shadow, opacity=0.5, blur=7)
    tube(sheet, "M372 400C372 150 600 130 612 390", 32, shaded(trim, 0.3), 0)
    mouth = smooth(
        at("232,400 232,400 360,372 620,368 768,396 768,396 640,424 360,428"),
        closed=True,
    )
    sheet.path(
        mouth, sheet.linear(232, 0, 768, 0, (0, shaded(paint, 0.55)), (1, shaded(paint, 0.28)))
    )
    body = smooth(
        at(
            "232,400 232,400 360,424 500,430 640,424 768,396 768,396 776,620 788,850 "
            "788,850 640,874 500,878 360,874 212,852 212,852 224,620"
        ),
        closed=True,
    )
    sheet.path(body, _cloth(sheet, 212, 788, paint))
    with sheet.group(clip=body):
        sheet.path("M200 730C360 756 640 756 800 728V900H200Z", _cloth(sheet, 212, 788, trim))
        sheet.line("M212 722C360 748 640 748 788 720", lit(paint, 0.5), 3, opacity=0.7)
        for x in (300, 500, 700):
            sheet.line(
                f"M{x} 450C{x - 16} 540 {x + 20} 640 {x + 4} 860",
                shaded(paint, 0.55),
                30,
                opacity=0.16,
                blur=14,
            )
        for x in (356, 612):
            strap = f"M{x} 400L{x + (x - 484) * 0.06:.0f} 880"
            cast_line(sheet, strap, 36, 5, 0.8)
            sheet.line(strap, trim, 38)
            sheet.line(strap, lit(trim, 0.3), 26, opacity=0.3)
        sheet.line("M232 412C360 438 640 438 768 408", shaded(paint, 0.4), 3, opacity=0.6)
        dusk = sheet.linear(0, 700, 0, 880, (0, "#0d2733", 0), (1, "#0d2733", 0.25))
        sheet.path(body, dusk)
    handle = "M356 432C348 120 620 100 612 432"
    cast_line(sheet, handle, 32, 14, 0.8)
    sheet.line(handle, shaded(trim, 0.3), 38)
    sheet.line(handle, trim, 32)
    sheet.line(handle, lit(trim, 0.35), 20, opacity=0.35)
    for x in (356, 612):
        sheet.path(
            polygon((x - 14, 452), (x + 14, 452), (x + 14, 486), (x - 14, 486)),
            stroke=lit(trim, 0.6),
            stroke_width=3,
            opacity=0.8,
        )


def _cloth(sheet: Sheet, left: float, right: float, paint: str) -> str:
    """Firm cloth that is lit from the left."""
    return sheet.linear(
        left,
        0,
        right,
        0,
        (0, shaded(paint, 0.1)),
        (0.12, lit(paint, 0.22)),
        (0.4, paint),
        (0.75, shaded(paint, 0.12)),
        (1, shaded(paint, 0.36)),
    )


def ebb_backpack(sheet: Sheet, color: str) -> None:
    stand(sheet, "carry", 740)
    paint, leather = PAINTS[color], PAINTS["Leather"]
    contact(sheet, 505, 880, 226, 30)
    tube(sheet, "M300 330C210 420 214 700 268 800", 34, shaded(paint, 0.25), 0.2)
    tube(sheet, "M700 330C790 420 786 700 732 800", 34, shaded(paint, 0.35), 0.2)
    body = smooth(
        at(
            "292,260 280,420 262,640 268,820 330,884 500,894 670,884 732,820 738,640 "
            "720,420 708,260 708,260 500,250 292,260"
        ),
        closed=True,
    )
    sheet.path(body, _cloth(sheet, 262, 738, paint))
    with sheet.group(clip=body):
        for x in (340, 660):
            sheet.line(
                f"M{x} 280C{x - 20} 400 {x + 24} 480 {x} 600",
                shaded(paint, 0.6),
                26,
                opacity=0.2,
                blur=12,
            )
        sheet.path(body, sheet.linear(0, 640, 0, 894, (0, "#0d2733", 0), (1, "#0d2733", 0.34)))
        sheet.box(
            240,
            840,
            520,
            70,
            sheet.linear(
                262, 0, 738, 0, (0, lit(leather, 0.1)), (0.5, leather), (1, shaded(leather, 0.4))
            ),
        )
        sheet.line("M240 838H760", shaded(leather, 0.5), 4, opacity=0.6)
    pocket = smooth(
        at("330,560 330,560 500,570 670,560 670,560 684,700 668,806 500,820 332,806 316,700"),
        closed=True,
    )
    cast(sheet, pocket, 9)
    sheet.path(pocket, _cloth(sheet, 316, 684, lit(paint, 0.07)))
    sheet.line("M342 584C440 594 560 594 658 584", shaded(paint, 0.5), 8, opacity=0.8)
    sheet.line("M342 583C440 593 560 593 658 583", PAINTS["Brass"], 4)
    roll = smooth(
        at(
            "270,240 262,196 286,150 330,140 500,134 670,140 714,150 738,196 730,240 "
            "690,262 500,268 310,262"
        ),
        closed=True,
    )
    cast(sheet, roll, 14)
    sheet.path(
        roll,
        sheet.linear(
            0,
            134,
            0,
            268,
            (0, lit(paint, 0.15)),
            (0.3, lit(paint, 0.3)),
            (0.6, paint),
            (1, shaded(paint, 0.5)),
        ),
    )
    sheet.line("M280 176C400 166 600 166 722 176", shaded(paint, 0.45), 5, opacity=0.6)
    sheet.line("M276 224C400 232 600 232 726 224", shaded(paint, 0.45), 4, opacity=0.4)
    tube(sheet, "M450 140C450 80 550 80 550 140", 20, leather, 0.4)
    _buckled_strap(sheet, 500, 128, 520, leather)


def _buckled_strap(sheet: Sheet, x: float, top: float, foot: float, leather: str) -> None:
    strap = rounded(x - 24, top, 48, foot - top, 10)
    cast(sheet, strap, 7)
    sheet.path(
        strap,
        sheet.linear(
            x - 24, 0, x + 24, 0, (0, lit(leather, 0.3)), (0.5, leather), (1, shaded(leather, 0.3))
        ),
    )
    sheet.path(
        rounded(x - 18, top + 8, 36, foot - top - 16, 8),
        stroke=lit(leather, 0.5),
        stroke_width=2.5,
        stroke_dasharray="8 7",
        opacity=0.8,
    )
    y = foot - 110
    brass = PAINTS["Brass"]
    sheet.path(rounded(x - 36, y, 72, 58, 10), stroke=shaded(brass, 0.45), stroke_width=13)
    sheet.path(rounded(x - 37, y - 1, 72, 58, 10), stroke=brass, stroke_width=9)
    sheet.line(f"M{x} {y + 6}V{y + 58}", lit(brass, 0.3), 7)
    sheet.line(f"M{x - 36} {y + 4}H{x + 20}", lit(brass, 0.7), 4)


def spray_dry_bag(sheet: Sheet, color: str) -> None:
    stand(sheet, "carry", 720)
    paint = PAINTS[color]
    contact(sheet, 490, 876, 215, 40)
    tube(sheet, "M640 300C850 380 860 720 690 850", 22, "#2b3338", 0.3)
    profile = at("250,176 300,196 360,212 520,220 700,220 840,214 876,200")
    d = outline(490, profile)
    sheet.path(d, sheet.linear(270, 0, 710, 0, *round_light(paint, 0.65)))
    with sheet.group(clip=d):
        for x, bend, drop in (
            (350, 26, 470),
            (420, -20, 420),
            (520, 16, 450),
            (600, -26, 430),
            (650, 14, 500),
        ):
            sheet.line(
                f"M{x} 250C{x + bend} 320 {x - bend} 380 {x + bend // 3} {drop}",
                shaded(paint, 0.6),
                18,
                opacity=0.26,
                blur=8,
            )
            sheet.line(
                f"M{x + 20} 250C{x + 20 + bend} 320 {x + 20 - bend} 380 {x + 24} {drop - 20}",
                lit(paint, 0.7),
                9,
                opacity=0.4,
                blur=5,
            )
        sheet.line("M340 420C330 560 334 700 344 840", "#fffdf0", 26, opacity=0.42, blur=9)
        sheet.path(d, sheet.linear(0, 700, 0, 910, (0, "#0d2733", 0), (1, "#0d2733", 0.3)))
        sheet.path(
            "M260 690A232 40 0 0 0 720 690L720 730A232 40 0 0 1 260 730Z",
            lit(paint, 0.75) if color == "Deep Sea" else "#23485a",
            opacity=0.85,
        )
    roll = smooth(
        at("250,236 246,190 270,158 490,148 710,158 734,190 730,236 700,264 490,274 280,264"),
        closed=True,
    )
    cast(sheet, roll, 12)
    sheet.path(
        roll,
        sheet.linear(
            0,
            148,
            0,
            274,
            (0, lit(paint, 0.2)),
            (0.3, lit(paint, 0.35)),
            (0.65, paint),
            (1, shaded(paint, 0.5)),
        ),
    )
    sheet.line("M262 198C400 186 580 186 722 198", shaded(paint, 0.5), 5, opacity=0.6)
    tube(sheet, "M258 214C200 40 780 40 722 214", 30, "#2b3338", 0.25)
    buckle = rounded(418, 58, 144, 66, 16)
    cast(sheet, buckle, 6)
    sheet.path(
        buckle, sheet.linear(0, 58, 0, 124, (0, "#525d63"), (0.4, "#333c41"), (1, "#1a2024"))
    )
    sheet.line(
        "M490 62V120M440 72C446 84 446 98 440 110M540 72C534 84 534 98 540 110", "#6d7980", 5
    )
