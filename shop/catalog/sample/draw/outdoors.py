"""Things for outside: tent, hammock, stool, flask, line, compass, knife, pot."""

import math

from shop.catalog.sample.draw.color import PAINTS, lit, mix, shaded
from shop.catalog.sample.draw.forms import (
    TILT,
    plank,
    rope,
    tube,
    turned,
)
from shop.catalog.sample.draw.lines import Point, at, polygon, rounded, scattered, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, cast_line, contact, glow, hang, stand


def lee_tent(sheet: Sheet) -> None:
    shore(sheet)
    _tent(sheet, lit_inside=False)


def lee_tent_night(sheet: Sheet) -> None:
    sheet.shadow = "#06121a"
    _shore(sheet, "#12283a", "#3f5a68", "#27495a", "#33452f")
    places = scattered(60, 77)
    for star in range(30):
        sheet.ellipse(
            places[star * 2] * 1000,
            places[star * 2 + 1] * 420,
            2 + star % 3,
            2 + star % 3,
            "#fff6dc",
            opacity=0.3 + 0.02 * star,
        )
    glow(sheet, 480, 640, 620, 0.55)
    _tent(sheet, lit_inside=True)


def shore(sheet: Sheet) -> None:
    """A meadow above the sea, by day."""
    if not sheet.furnished:
        sheet.shadow = "#22341f"
        _shore(sheet, "#b9d3da", "#edefe2", "#7fa6b0", "#93a56b")


def _shore(sheet: Sheet, sky: str, haze: str, sea: str, grass: str) -> None:
    sheet.box(0, 0, sheet.width, 560, sheet.linear(0, 0, 0, 540, (0, sky), (1, haze)))
    sheet.path(
        "M1000 520C900 470 800 452 720 476C660 494 620 520 560 528L1000 540Z", mix(sea, haze, 0.35)
    )
    sheet.box(0, 526, 1000, 180, sheet.linear(0, 526, 0, 700, (0, lit(sea, 0.25)), (1, sea)))
    for place, shift in enumerate(scattered(18, 9)):
        sheet.line(
            f"M{shift * 900:.0f} {540 + place * 7}h{30 + 60 * shift:.0f}",
            lit(sea, 0.6),
            3,
            opacity=0.5,
        )
    field = "M0 668C200 640 420 632 640 650C800 662 920 652 1000 640V1000H0Z"
    sheet.path(
        field, sheet.linear(0, 640, 0, 1000, (0, lit(grass, 0.22)), (1, shaded(grass, 0.22)))
    )
    places = scattered(102, 41)
    for tuft in range(34):
        x, y = places[tuft * 3] * 1000, 690 + places[tuft * 3 + 1] * 290
        tall = 10 + places[tuft * 3 + 2] * 20
        sheet.line(
            f"M{x:.0f} {y:.0f}l-6 {-tall:.0f}M{x:.0f} {y:.0f}l2 {-tall * 1.2:.0f}"
            f"M{x:.0f} {y:.0f}l9 {-tall * 0.8:.0f}",
            shaded(grass, 0.35),
            3,
            opacity=0.55,
        )


def _tent(sheet: Sheet, *, lit_inside: bool) -> None:
    canvas = "#f0b75e" if lit_inside else "#e4d5b4"
    sheet.path(
        polygon((190, 856), (900, 800), (960, 850), (640, 892)), sheet.shadow, opacity=0.35, blur=16
    )
    for d in ("M412 260L90 884", "M748 264L960 800", "M412 260L330 920", "M300 470L120 830"):
        sheet.line(d, "#f4ecd8" if not lit_inside else "#8d7a58", 4, opacity=0.8)
    side = smooth(
        at(
            "412,256 412,256 580,274 748,258 748,258 812,520 900,790 900,790 770,826 "
            "640,862 640,862 540,560"
        ),
        closed=True,
    )
    dark, light = shaded(canvas, 0.34), shaded(canvas, 0.12)
    if lit_inside:
        dark, light = "#b5762f", "#eeb060"
    sheet.path(side, sheet.linear(480, 300, 860, 800, (0, light), (1, dark)))
    with sheet.group(clip=side):
        for fold in ("M520 270C600 460 680 640 740 850", "M640 270C700 440 780 620 840 830"):
            sheet.line(fold, shaded(canvas, 0.5), 16, opacity=0.25, blur=8)
            sheet.line(fold, lit(canvas, 0.4), 3, opacity=0.45)
    front = smooth(
        at(
            "412,256 412,256 330,480 196,858 196,858 420,872 640,862 640,862 540,560 "
            "412,256 412,256"
        ),
        closed=True,
    )
    inside = ("#fff3c4", "#ffd27a", "#e69a3c") if lit_inside else ("#3b4743", "#4d564c", "#6d6a57")
    sheet.path(
        front, sheet.linear(0, 300, 0, 870, (0, inside[2]), (0.5, inside[1]), (1, inside[0]))
    )
    if lit_inside:
        sheet.ellipse(430, 740, 130, 120, "#fffbe6", opacity=0.8, blur=40)
    else:
        sheet.path("M296 868C340 838 500 836 558 866Z", "#8d8a72")
    for flap, tie in (
        (
            at("412,256 412,256 330,480 196,858 196,858 290,866 290,866 316,740 340,640 396,440"),
            "M338 640l-30 -10",
        ),
        (
            at("412,256 412,256 428,440 500,640 540,740 560,868 560,868 640,862 640,862 540,560"),
            "M502 640l34 -12",
        ),
    ):
        d = smooth(flap, closed=True)
        sheet.path(
            d,
            sheet.linear(
                196, 300, 640, 860, (0, lit(canvas, 0.35)), (0.6, canvas), (1, shaded(canvas, 0.2))
            ),
        )
        sheet.line(tie, PAINTS["Leather"], 12)
    sheet.line(
        "M412 256C405 420 340 640 290 866M412 256C440 460 540 690 560 868",
        shaded(canvas, 0.4),
        4,
        opacity=0.7,
    )
    tube(sheet, "M412 232V300", 14, PAINTS["Oak"], 0.4)
    sheet.line("M412 258C540 276 660 272 748 260", lit(canvas, 0.5), 7)
    for x, y in ((90, 884), (960, 800), (330, 922), (120, 832)):
        sheet.line(f"M{x - 5} {y - 12}l8 26", "#6d5a3d", 9)


def cove_hammock(sheet: Sheet) -> None:
    sheet.shadow = "#22341f"
    _shore(sheet, "#c2d8db", "#eef0e4", "#86abb4", "#9aab74")
    bark = "#8a6b4e"
    for x, width in ((110, 110), (880, 120)):
        sheet.ellipse(x + 70, 850, 170, 26, sheet.shadow, opacity=0.35, blur=12)
        trunk = smooth(
            [
                (x - width * 0.42, -20),
                (x - width * 0.46, 400),
                (x - width * 0.5, 760),
                (x - width * 0.8, 850),
                (x - width * 0.8, 850),
                (x + width * 0.8, 856),
                (x + width * 0.8, 856),
                (x + width * 0.5, 760),
                (x + width * 0.46, 400),
                (x + width * 0.4, -20),
            ],
            closed=True,
        )
        plank(sheet, trunk, (x - width, -20, width * 2, 880), bark, x, upright=True)
        sheet.path(
            trunk,
            sheet.linear(
                x - width / 2,
                0,
                x + width / 2,
                0,
                (0, "#fff8ea", 0.16),
                (0.4, "#fff8ea", 0),
                (1, "#0d2733", 0.5),
            ),
        )
        for y in (330, 346):
            tube(
                sheet,
                f"M{x - width * 0.48:.0f} {y}C{x} {y + 22} {x} {y + 22} {x + width * 0.47:.0f} {y}",
                12,
                PAINTS["Hemp"],
                0.3,
            )
    sheet.ellipse(520, 870, 340, 34, sheet.shadow, opacity=0.35, blur=20)
    for ring_x, sign in ((240, 1), (758, -1)):
        tube(sheet, f"M{ring_x} 410L{ring_x - sign * 80} 346", 12, PAINTS["Hemp"], 0.3)
        for cord in range(8):
            sheet.line(
                f"M{ring_x} 412L{ring_x + sign * (70 - cord * 3)} {466 + cord * 10}",
                PAINTS["Cotton"],
                4,
            )
        sheet.ellipse(ring_x, 410, 13, 13, stroke="#3b4347", stroke_width=7)
    _hammock_cloth(sheet)


def _hammock_cloth(sheet: Sheet) -> None:
    cloth = smooth(
        at(
            "306,470 306,470 400,560 500,596 600,560 694,470 694,470 690,560 630,690 "
            "500,752 370,690 310,560"
        ),
        closed=True,
    )
    back = smooth(
        at("306,470 306,470 400,540 500,566 600,540 694,470 694,470 600,600 500,640 400,600"),
        closed=True,
    )
    sheet.path(back, "#a9b9ae")
    sheet.path(cloth, PAINTS["Oat"])
    with sheet.group(clip=cloth):
        for place in range(9):
            t = place / 8
            top = 462 + t * 108
            drop = 580 + t * 190
            paint = (PAINTS["Deep Sea"], PAINTS["Oat"], "#c07a4e", PAINTS["Oat"])[place % 4]
            stripe = [
                (296, top),
                (380, top + (drop - top) * 0.72),
                (500, drop),
                (620, top + (drop - top) * 0.72),
                (704, top),
            ]
            sheet.line(smooth(stripe), paint, 26)
        sheet.path(
            cloth,
            sheet.linear(
                0, 470, 0, 752, (0, "#fff8ea", 0.2), (0.5, "#fff8ea", 0), (1, "#0d2733", 0.45)
            ),
        )
        sheet.path(
            cloth,
            sheet.linear(
                306,
                0,
                694,
                0,
                (0, "#0d2733", 0.3),
                (0.3, "#0d2733", 0),
                (0.75, "#0d2733", 0),
                (1, "#0d2733", 0.4),
            ),
        )
    sheet.line(
        smooth(at("306,470 400,560 500,596 600,560 694,470")),
        "#fffaf0",
        7,
        opacity=0.9,
    )


def shingle_stool(sheet: Sheet) -> None:
    stand(sheet, "outdoors", 660)
    ash, leather = "#d3ab76", PAINTS["Leather"]
    for x, y in ((250, 872), (736, 884), (560, 800)):
        sheet.ellipse(x + 60, y, 110, 14, sheet.shadow, opacity=0.32, blur=9)
        sheet.ellipse(x + 8, y + 2, 34, 9, sheet.shadow, opacity=0.5, blur=4)
    for d in ("M390 330L560 792", "M706 320L252 866", "M278 318L734 878"):
        cast_line(sheet, d, 30, 6, 0.5)
        tube(sheet, d, 42, ash, 0.5)
    for x, y in ((560, 796), (250, 868), (736, 880)):
        sheet.ellipse(x, y, 22, 10, shaded(ash, 0.55))
    sheet.ellipse(492, 580, 28, 28, "#4d565a")
    sheet.ellipse(488, 576, 22, 22, sheet.radial(482, 570, 28, (0, "#dfe5e7"), (1, "#7b868b")))
    seat = smooth(
        at(
            "232,292 232,292 360,330 500,346 640,328 764,286 764,286 660,262 540,222 "
            "420,216 420,216 340,250"
        ),
        closed=True,
    )
    cast(sheet, seat, 16)
    edge = smooth(
        at(
            "232,292 232,292 360,330 500,346 640,328 764,286 764,286 760,310 640,356 "
            "500,376 360,358 238,316"
        ),
        closed=True,
    )
    sheet.path(edge, shaded(leather, 0.45))
    sheet.path(
        seat,
        sheet.linear(
            240, 220, 760, 360, (0, lit(leather, 0.42)), (0.5, leather), (1, shaded(leather, 0.25))
        ),
    )
    with sheet.group(clip=seat):
        sheet.ellipse(490, 300, 170, 34, shaded(leather, 0.5), opacity=0.4, blur=22)
        sheet.ellipse(380, 262, 80, 16, "#fff3df", opacity=0.35, blur=12)
    sheet.line(
        "M252 294C370 318 430 332 500 334C580 332 660 312 744 288",
        lit(leather, 0.6),
        3,
        stroke_dasharray="9 8",
        opacity=0.9,
    )
    for x, y in ((268, 288), (726, 284), (428, 236)):
        sheet.ellipse(x, y, 12, 8, shaded(PAINTS["Brass"], 0.3))
        sheet.ellipse(x - 2, y - 2, 9, 6, lit(PAINTS["Brass"], 0.3))


def current_flask(sheet: Sheet, color: str) -> None:
    stand(sheet, "outdoors", 720)
    paint = PAINTS[color]
    contact(sheet, 490, 896, 128, 25)
    rope(
        sheet,
        at("556,190 640,180 690,260 680,360 640,400 618,372 600,280 556,214"),
        15,
        PAINTS["Hemp"],
    )
    profile = at("372,116 392,130 440,138 860,138 884,132 896,126")
    turned(sheet, 490, profile, paint, gloss=0.4, bands=[(872, 960, "#8d999e")])
    turned(sheet, 490, [(340, 112), (378, 114)], PAINTS["Steel"], gloss=1)
    turned(
        sheet,
        490,
        at("128,98 146,106 300,114 344,116"),
        PAINTS["Steel"],
        gloss=0.9,
        bands=[(322, 334, "#7d898e")],
    )
    sheet.ellipse(490, 128, 98, 18, lit(PAINTS["Steel"], 0.5))
    sheet.ellipse(490, 130, 84, 14, PAINTS["Steel"])
    turned(sheet, 490, [(168, 110), (206, 112)], PAINTS["Leather"], gloss=0.1)
    mark = lit(paint, 0.75) if color == "Ink" else shaded(paint, 0.6)
    for shift in (-26, 0, 26):
        frond: list[Point] = [
            (490 + shift * 0.3, 690),
            (484 + shift, 640),
            (496 + shift * 1.3, 590),
            (488 + shift * 1.6, 548),
        ]
        sheet.line(smooth(frond), mark, 8, opacity=0.85)
    sheet.line("M456 704C470 692 510 692 524 704", mark, 8, opacity=0.85)


def holdfast_line(sheet: Sheet) -> None:
    hang(sheet, "outdoors")
    hemp = PAINTS["Hemp"]
    sheet.ellipse(524, 540, 360, 350, sheet.shadow, opacity=0.4, blur=24)
    spiral: list[Point] = []
    for step in range(6 * 16 + 1):
        angle = step / 16 * 2 * math.pi
        radius = 70 + step / 16 * 44
        spiral.append((500 + radius * math.cos(angle), 510 + radius * 0.97 * math.sin(angle)))
    tail = at("860,560 884,660 850,780 760,860 690,900")
    rope(sheet, spiral[:-1] + tail, 46, hemp)
    start = at("570,510 560,470 520,446 480,452 462,486")
    rope(sheet, start, 46, hemp)
    for x, y, turn in ((714, 888, -30), (464, 478, 105)):
        with sheet.group(transform=f"translate({x} {y}) rotate({turn})"):
            whip = rounded(-40, -25, 62, 50, 10)
            sheet.path(
                whip,
                sheet.linear(
                    0, -25, 0, 25, (0, "#4a7d92"), (0.5, PAINTS["Deep Sea"]), (1, "#14303d")
                ),
            )
            for turn_of_thread in range(7):
                sheet.line(f"M{-34 + turn_of_thread * 8} -23v46", "#8fb3c0", 2, opacity=0.6)
    light = sheet.radial(
        380, 360, 520, (0, "#fff8ea", 0.25), (0.6, "#fff8ea", 0), (1, "#0d2733", 0.22)
    )
    sheet.ellipse(500, 510, 345, 336, light)


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


def driftfire_pot(sheet: Sheet) -> None:
    stand(sheet, "outdoors", 640)
    paint, edge = "#355f78", "#1c2d38"
    contact(sheet, 490, 812, 262, 46)
    bail = "M214 500C160 130 820 130 766 500"
    tube(sheet, bail, 14, "#6c777c", 0.6)
    tube(sheet, "M420 232C460 222 520 222 560 232", 42, PAINTS["Oak"], 0.5)
    profile = at("470,280 500,278 720,272 790,258 812,238")
    d = turned(sheet, 490, profile, paint, gloss=0.7)
    _flecks(sheet, d, (206, 460, 568, 410))
    for x in (216, 764):
        ear = rounded(x - 28, 488, 56, 74, 18)
        cast(sheet, ear, 5)
        sheet.path(
            ear, sheet.linear(x - 28, 0, x + 28, 0, (0, lit(paint, 0.3)), (1, shaded(paint, 0.3)))
        )
        sheet.ellipse(x, 510, 11, 11, edge)
    sheet.ellipse(490, 470, 290, 290 * TILT, edge)
    lid = at("420,60 428,160 446,250 462,286")
    top = turned(sheet, 490, lid, paint, gloss=0.6)
    _flecks(sheet, top, (200, 400, 580, 130))
    sheet.line(smooth(at("206,468 300,506 490,522 680,506 774,468")), edge, 10)
    tube(sheet, "M440 420C440 360 540 360 540 420", 18, "#4a555b", 0.6)


def _flecks(sheet: Sheet, d: str, place: tuple[float, float, float, float]) -> None:
    x, y, width, height = place
    numbers = scattered(330, 29)
    with sheet.group(clip=d):
        for dot in range(110):
            a, b, c = numbers[dot * 3 : dot * 3 + 3]
            sheet.ellipse(
                x + a * width, y + b * height, 1.5 + c * 3, 1.5 + c * 2.5, "#e9f0f0", opacity=0.6
            )
