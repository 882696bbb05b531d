"""Bags that lie or hang: duffel, net bag, tool roll."""

from shop.catalog.sample.draw.color import PAINTS, lit, mix, shaded
from shop.catalog.sample.draw.forms import tube
from shop.catalog.sample.draw.lines import Point, at, rounded, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, cast_line, hang, stand


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
