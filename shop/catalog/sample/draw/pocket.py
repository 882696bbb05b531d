"""Things for the pocket: compass and knife."""

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import plank, tube
from shop.catalog.sample.draw.lines import at, polygon, rounded, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, hang


def bearing_compass(sheet: Sheet) -> None:
    hang(sheet, "outdoors")
    brass = PAINTS["Brass"]
    lid_x, lid_y = 372, 330
    sheet.ellipse(lid_x + 24, lid_y + 30, 238, 236, sheet.shadow, opacity=0.32, blur=18)
    sheet.ellipse(lid_x, lid_y, 238, 236, shaded(brass, 0.35))
    sheet.ellipse(
        lid_x - 2,
        lid_y - 3,
        230,
        228,
        sheet.linear(
            170, 130, 560, 520, (0, lit(brass, 0.65)), (0.5, brass), (1, shaded(brass, 0.3))
        ),
    )
    sheet.ellipse(
        lid_x,
        lid_y,
        200,
        198,
        sheet.linear(
            200, 160, 540, 500, (0, shaded(brass, 0.3)), (0.45, brass), (1, lit(brass, 0.6))
        ),
    )
    sheet.line("M240 300C270 220 330 190 400 190", "#fffbea", 12, opacity=0.55, blur=5)
    hinge = rounded(488, 470, 90, 60, 14)
    with sheet.group(transform="rotate(45 533 500)"):
        cast(sheet, hinge, 6)
        tube(sheet, "M500 500H566", 34, brass, 0.7)
    sheet.ellipse(650, 656, 268, 266, sheet.shadow, opacity=0.42, blur=20)
    sheet.ellipse(618, 618, 262, 260, shaded(brass, 0.42))
    sheet.ellipse(
        615,
        614,
        254,
        252,
        sheet.linear(
            420, 420, 800, 820, (0, lit(brass, 0.7)), (0.5, brass), (1, shaded(brass, 0.35))
        ),
    )
    sheet.ellipse(616, 616, 216, 214, shaded(brass, 0.55))
    sheet.ellipse(
        616,
        618,
        208,
        206,
        sheet.linear(460, 460, 780, 780, (0, "#e9e0cb"), (0.4, "#fbf6e8"), (1, "#efe6d2")),
    )
    _card(sheet, 616, 618)
    sheet.path(
        "M440 560A190 190 0 0 1 700 440C640 500 520 540 440 560Z", "#ffffff", opacity=0.42, blur=3
    )
    tube(sheet, "M800 800C860 800 880 860 836 884C796 900 766 860 790 820", 16, brass, 0.7)


def _card(sheet: Sheet, x: float, y: float) -> None:
    for turn in range(0, 360, 6):
        long = turn % 30 == 0
        with sheet.group(transform=f"rotate({turn} {x} {y})"):
            sheet.line(
                f"M{x} {y - 190}V{y - (160 if long else 176)}", "#27343f", 5 if long else 2.5
            )
    for turn, size, tone in ((45, 84, "#b9ab8e"), (0, 132, "#23485a")):
        for quarter in range(4):
            with sheet.group(transform=f"rotate({turn + quarter * 90} {x} {y})"):
                sheet.path(polygon((x, y - size), (x + 20, y - 20), (x, y)), tone)
                sheet.path(polygon((x, y - size), (x - 20, y - 20), (x, y)), lit(tone, 0.55))
    with sheet.group(transform=f"rotate(-24 {x} {y})"):
        sheet.path(
            polygon((x + 5, y - 150), (x + 22, y + 8), (x - 12, y + 8)),
            sheet.shadow,
            opacity=0.35,
            blur=4,
        )
        sheet.path(polygon((x, y - 156), (x + 15, y), (x - 15, y)), PAINTS["Buoy Red"])
        sheet.path(polygon((x, y - 156), (x + 15, y), (x, y)), shaded(PAINTS["Buoy Red"], 0.3))
        sheet.path(polygon((x, y + 156), (x + 15, y), (x - 15, y)), "#f4efe2")
        sheet.path(polygon((x, y + 156), (x + 15, y), (x, y)), "#c9c1ae")
    sheet.ellipse(x, y, 15, 15, shaded(PAINTS["Brass"], 0.3))
    sheet.ellipse(x - 2, y - 2, 11, 11, lit(PAINTS["Brass"], 0.3))


def cormorant_pocket_knife(sheet: Sheet) -> None:
    hang(sheet, "outdoors")
    with sheet.group(transform="translate(0 40) rotate(-24 500 500)"):
        with sheet.group(transform="rotate(-62 640 520)"):
            blade = "M630 494L900 484C980 482 1050 492 1096 512C1040 540 960 550 880 548L630 546Z"
            cast(sheet, blade, 14)
            sheet.path(
                blade,
                sheet.linear(
                    0,
                    484,
                    0,
                    550,
                    (0, "#98a3a8"),
                    (0.35, "#cfd7da"),
                    (0.4, "#b3bdc2"),
                    (1, "#f2f5f6"),
                ),
            )
            sheet.line("M720 500H900", "#7d888d", 5, opacity=0.7)
            sheet.path(
                "M640 546L880 548C960 550 1040 540 1096 512C1020 530 900 534 640 532Z",
                "#ffffff",
                opacity=0.75,
            )
        handle = smooth(
            at(
                "690,476 690,476 560,462 400,458 240,468 140,484 104,530 130,574 240,572 "
                "400,566 560,578 690,570 690,570"
            ),
            closed=True,
        )
        cast(sheet, handle, 18)
        plank(sheet, handle, (104, 458, 586, 116), PAINTS["Walnut"], 14)
        with sheet.group(clip=handle):
            sheet.line(
                "M140 496C300 470 500 474 680 488",
                lit(PAINTS["Walnut"], 0.8),
                14,
                opacity=0.5,
                blur=7,
            )
            sheet.line("M130 562C300 556 500 566 690 560", "#1a0d06", 20, opacity=0.45, blur=9)
            sheet.line("M320 514H690", "#2a170c", 8, opacity=0.85)
        collar = rounded(606, 464, 92, 116, 12)
        cast(sheet, collar, 7)
        sheet.path(
            collar,
            sheet.linear(
                0, 464, 0, 580, (0, "#f3f6f7"), (0.3, "#c3ccd0"), (0.7, "#8b969b"), (1, "#59646a")
            ),
        )
        sheet.line("M626 466V578M678 466V578", "#6d787d", 4, opacity=0.8)
        sheet.ellipse(652, 522, 14, 14, "#6d787d")
        sheet.ellipse(650, 520, 10, 10, "#e9eef0")
        sheet.ellipse(146, 530, 13, 13, "#2a170c")
        sheet.ellipse(146, 530, 13, 13, stroke=PAINTS["Brass"], stroke_width=5)
