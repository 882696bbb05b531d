"""Things to take along: stool, flask, line, pot."""

import math

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import (
    TILT,
    rope,
    tube,
    turned,
)
from shop.catalog.sample.draw.lines import (
    Point,
    at,
    rounded,
    scattered,
    smooth,
)
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import (
    cast,
    cast_line,
    contact,
    hang,
    stand,
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
    for step in range(4 * 16 + 1):
        angle = step / 16 * 2 * math.pi
        radius = 78 + step / 16 * 64
        spiral.append((500 + radius * math.cos(angle), 510 + radius * 0.97 * math.sin(angle)))
    tail = at("860,560 884,660 850,780 760,860 690,900")
    rope(sheet, spiral[:-1] + tail, 66, hemp)
    start = at("578,510 566,462 524,438 484,448 462,486")
    rope(sheet, start, 66, hemp)
    for x, y, turn in ((714, 888, -30), (464, 478, 105)):
        with sheet.group(transform=f"translate({x} {y}) rotate({turn})"):
            whip = rounded(-40, -36, 62, 72, 12)
            sheet.path(
                whip,
                sheet.linear(
                    0, -36, 0, 36, (0, "#4a7d92"), (0.5, PAINTS["Deep Sea"]), (1, "#14303d")
                ),
            )
            for turn_of_thread in range(7):
                sheet.line(f"M{-34 + turn_of_thread * 8} -34v68", "#8fb3c0", 2, opacity=0.6)
    light = sheet.radial(
        380, 360, 520, (0, "#fff8ea", 0.25), (0.6, "#fff8ea", 0), (1, "#0d2733", 0.22)
    )
    sheet.ellipse(500, 510, 345, 336, light)


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
