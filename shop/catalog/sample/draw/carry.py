"""Bags: tote, backpack, dry bag, duffel, net bag, tool roll."""

from shop.catalog.sample.draw.color import PAINTS, lit, mix, shaded
from shop.catalog.sample.draw.forms import outline, round_light, tube
from shop.catalog.sample.draw.lines import Point, at, polygon, rounded, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, cast_line, contact, hang, stand


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


def dory_duffel(sheet: Sheet) -> None:
    stand(sheet, "carry", 640)
    paint, leather = PAINTS["Rust"], "#6d4327"
    sheet.ellipse(540, 812, 440, 44, sheet.shadow, opacity=0.38, blur=20)
    sheet.ellipse(500, 806, 380, 22, sheet.shadow, opacity=0.5, blur=7)
    tube(sheet, "M330 470C340 190 620 180 640 462", 30, shaded(leather, 0.25), 0.2)
    body = smooth(
        at(
            "150,440 190,400 300,386 500,380 700,386 810,400 850,440 878,600 860,770 "
            "820,808 500,818 180,808 140,770 122,600"
        ),
        closed=True,
    )
    sheet.path(
        body,
        sheet.linear(
            0,
            380,
            0,
            818,
            (0, lit(paint, 0.1)),
            (0.2, lit(paint, 0.3)),
            (0.5, paint),
            (0.85, shaded(paint, 0.3)),
            (1, shaded(paint, 0.5)),
        ),
    )
    with sheet.group(clip=body):
        sheet.path(
            "M100 360H250C214 480 214 700 250 830H100Z",
            sheet.linear(
                0, 380, 0, 818, (0, lit(leather, 0.3)), (0.4, leather), (1, shaded(leather, 0.5))
            ),
        )
        sheet.path(
            "M900 360H750C786 480 786 700 750 830H900Z",
            sheet.linear(
                0,
                380,
                0,
                818,
                (0, lit(leather, 0.2)),
                (0.4, shaded(leather, 0.1)),
                (1, shaded(leather, 0.55)),
            ),
        )
        for edge in ("M256 370C220 480 220 700 256 830", "M744 370C780 480 780 700 744 830"):
            sheet.line(edge, lit(leather, 0.45), 3, stroke_dasharray="10 8", opacity=0.85)
        for fold in (
            "M300 480C400 520 460 500 520 540",
            "M560 640C620 600 680 640 720 620",
            "M280 700C360 660 420 700 480 690",
        ):
            sheet.line(fold, shaded(paint, 0.6), 20, opacity=0.2, blur=10)
        side = sheet.linear(
            122,
            0,
            878,
            0,
            (0, "#fff8ea", 0.2),
            (0.3, "#fff8ea", 0),
            (0.7, "#0d2733", 0),
            (1, "#0d2733", 0.36),
        )
        sheet.path(body, side)
    sheet.line("M190 424C360 404 640 404 810 424", shaded(paint, 0.6), 16)
    sheet.line("M190 422C360 402 640 402 810 422", PAINTS["Brass"], 8, stroke_dasharray="5 6")
    sheet.box(784, 416, 18, 54, PAINTS["Brass"])
    sheet.path(rounded(778, 462, 30, 46, 10), leather)
    for x in (352, 620):
        strap = f"M{x} 470V806"
        cast_line(sheet, strap, 38, 7, 0.7)
        sheet.line(strap, leather, 40)
        sheet.line(strap, lit(leather, 0.25), 28, opacity=0.4)
        for y in (520, 700):
            sheet.ellipse(x, y, 9, 9, PAINTS["Brass"])
            sheet.ellipse(x - 3, y - 3, 3, 3, lit(PAINTS["Brass"], 0.8))
    handle = "M352 490C340 250 632 250 620 490"
    cast_line(sheet, handle, 30, 18, 0.9)
    tube(sheet, handle, 34, leather, 0.3)
    tube(sheet, "M440 336C460 322 512 322 532 336", 50, lit(leather, 0.12), 0.3)


def seine_net_bag(sheet: Sheet) -> None:
    hang(sheet, "carry")
    tube(sheet, "M500 96V120", 34, PAINTS["Oak"], 0.5)
    sheet.ellipse(500, 94, 26, 26, PAINTS["Oak"])
    sheet.ellipse(493, 87, 9, 9, lit(PAINTS["Oak"], 0.6))
    for handle in ("M360 420C380 260 470 150 494 122", "M640 420C620 260 530 150 506 122"):
        cast_line(sheet, handle, 16, 16)
        tube(sheet, handle, 18, PAINTS["Cotton"], 0.2)
    bag = smooth(
        at(
            "352,410 300,520 262,660 300,800 400,880 500,896 600,880 700,800 738,660 "
            "700,520 648,410 648,410 500,436 352,410"
        ),
        closed=True,
    )
    cast(sheet, bag, 24, 0.8)
    sheet.path(bag, shaded("#ccd3b8", 0.5), opacity=0.35)
    fruits: list[tuple[float, float, float, str]] = [
        (400, 560, 82, "#e08a2c"),
        (590, 550, 84, "#edc545"),
        (500, 520, 78, "#e6952f"),
        (350, 690, 84, "#edc545"),
        (650, 680, 84, "#e08a2c"),
        (500, 660, 90, "#e6952f"),
        (410, 800, 82, "#e08a2c"),
        (590, 800, 84, "#edc545"),
        (500, 820, 70, "#e6952f"),
    ]
    with sheet.group(clip=bag):
        for x, y, r, tone in fruits:
            sheet.ellipse(
                x,
                y,
                r,
                r,
                sheet.radial(
                    x - r * 0.35,
                    y - r * 0.4,
                    r * 1.5,
                    (0, lit(tone, 0.5)),
                    (0.4, tone),
                    (1, shaded(tone, 0.5)),
                ),
            )
            sheet.ellipse(x + 8, y - r * 0.2, 5, 4, shaded(tone, 0.5), opacity=0.6)
        _meshes(sheet)
    rim_line = smooth(at("352,410 420,428 500,436 580,428 648,410"))
    tube(sheet, rim_line, 20, PAINTS["Cotton"], 0.2)


def _meshes(sheet: Sheet) -> None:
    lines = []
    for start in range(-8, 15):
        for way in (-1, 1):
            points: list[Point] = []
            for step in range(9):
                y = 420 + step * 64
                spread = 1 + 0.32 * (1 - abs(step - 4) / 4)
                points.append((500 + (start * 48 - 144 + way * (step - 4) * 44) * spread, y))
            lines.append(smooth(points))
    web = "".join(lines)
    with sheet.group(transform="translate(4 6)"):
        sheet.line(web, "#2c2a1c", 6, opacity=0.3)
    sheet.line(web, shaded(PAINTS["Cotton"], 0.12), 7)
    sheet.line(web, lit(PAINTS["Cotton"], 0.4), 3)


def bosun_tool_roll(sheet: Sheet) -> None:
    stand(sheet, "carry", 560)
    paint, leather = mix(PAINTS["Kelp"], "#2e3a2c", 0.55), PAINTS["Leather"]
    sheet.ellipse(520, 770, 400, 50, sheet.shadow, opacity=0.4, blur=20)
    sheet.ellipse(480, 764, 330, 26, sheet.shadow, opacity=0.5, blur=8)
    body = "M160 420H730A66 168 0 0 1 730 756H160A66 168 0 0 1 160 420Z"
    sheet.path(
        body,
        sheet.linear(
            0,
            420,
            0,
            756,
            (0, shaded(paint, 0.05)),
            (0.22, lit(paint, 0.3)),
            (0.45, paint),
            (0.8, shaded(paint, 0.35)),
            (1, shaded(paint, 0.55)),
        ),
    )
    with sheet.group(clip=body):
        for fold in (
            "M200 520C300 510 330 560 420 540",
            "M520 660C600 650 640 690 700 670",
            "M120 650C220 670 260 640 320 660",
        ):
            sheet.line(fold, shaded(paint, 0.7), 16, opacity=0.3, blur=8)
        sheet.line("M96 668C300 680 540 676 730 664", shaded(paint, 0.65), 5, opacity=0.9)
        sheet.line(
            "M96 656C300 668 540 664 730 652",
            lit(paint, 0.5),
            3,
            stroke_dasharray="10 8",
            opacity=0.7,
        )
    sheet.ellipse(730, 588, 66, 168, shaded(paint, 0.2))
    spiral = smooth(
        at(
            "730,424 784,520 784,660 736,740 686,660 684,520 730,452 770,540 768,650 "
            "734,706 700,640 702,540 732,492 754,570 750,640 732,666"
        )
    )
    sheet.line(spiral, shaded(paint, 0.7), 9, opacity=0.8)
    sheet.line(spiral, lit(paint, 0.35), 3, opacity=0.7)
    _chisels(sheet)
    strap = "M418 420C474 500 474 680 418 756L360 756C414 680 414 500 360 420Z"
    sheet.path(
        strap,
        sheet.linear(
            0,
            420,
            0,
            756,
            (0, lit(leather, 0.1)),
            (0.2, lit(leather, 0.4)),
            (0.5, leather),
            (1, shaded(leather, 0.5)),
        ),
    )
    brass = PAINTS["Brass"]
    buckle = rounded(382, 520, 96, 92, 14)
    cast(sheet, buckle, 6)
    sheet.path(buckle, stroke=shaded(brass, 0.45), stroke_width=17)
    sheet.path(buckle, stroke=brass, stroke_width=12)
    sheet.line("M384 562H474", lit(brass, 0.5), 10)
    sheet.line("M386 520H460", lit(brass, 0.8), 5)
    for y in (650, 690):
        sheet.ellipse(444 - (y - 650) * 0.25, y, 6, 8, shaded(leather, 0.7))


def _chisels(sheet: Sheet) -> None:
    for y, length, paint in (
        (500, 150, PAINTS["Beech"]),
        (580, 170, PAINTS["Walnut"]),
        (656, 128, PAINTS["Oak"]),
    ):
        end = 730 + length
        tool = f"M690 {y - 22}H{end - 20}a20 24 0 0 1 0 48H690a10 24 0 0 1 0 -48Z"
        cast(sheet, tool, 8)
        sheet.ellipse(692, y, 12, 27, shaded(PAINTS["Kelp"], 0.8))
        sheet.path(
            tool,
            sheet.linear(
                0, y - 24, 0, y + 24, (0, lit(paint, 0.3)), (0.4, paint), (1, shaded(paint, 0.5))
            ),
        )
        sheet.box(
            end - 34,
            y - 25,
            13,
            50,
            sheet.linear(0, y - 24, 0, y + 24, (0, "#eef2f3"), (1, "#6d787d")),
        )
