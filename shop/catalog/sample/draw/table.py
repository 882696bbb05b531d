"""Things for the table: mugs, bowls, plates, glass, spoons."""

import math

from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import (
    TILT,
    outline,
    plank,
    rim,
    ring,
    round_light,
    tube,
    turned,
)
from shop.catalog.sample.draw.lines import at, scattered, smooth
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import cast, contact, stand


def kelp_mug(sheet: Sheet) -> None:
    stand(sheet, "table")
    mug(sheet, 470, 300, 1.32)


def kelp_mug_pair(sheet: Sheet) -> None:
    stand(sheet, "table", 560)
    mug(sheet, 640, 270, 0.98, mirrored=True)
    mug(sheet, 355, 420, 1.0, coffee=True)


def mug(
    sheet: Sheet, x: float, y: float, size: float, *, coffee: bool = False, mirrored: bool = False
) -> None:
    """A kelp mug whose rim's center is at (x, y)."""
    side = -1 if mirrored else 1
    with sheet.group(transform=f"translate({x} {y}) scale({size * side} {size})"):
        contact(sheet, 0, 322, 150, 34)
        glaze, clay = PAINTS["Kelp"], "#c9a37c"
        handle = "M150 72C262 50 276 236 132 238"
        tube(sheet, handle, 38, glaze, 0.7)
        profile = at("0,170 60,168 170,164 260,158 310,142 322,132")
        d = turned(sheet, 0, profile, clay, gloss=0.25)
        edge = at("-180,226 -90,262 -20,250 60,268 130,246 180,240")
        dip = smooth(edge) + "L180 -60L-180 -60Z"
        with sheet.group(clip=d):
            sheet.path(dip, sheet.linear(-170, 0, 170, 0, *round_light(glaze, 0.8)))
            sheet.line(smooth(edge), shaded(glaze, 0.5), 5, opacity=0.6)
            _frond(sheet)
            sheet.line("M-104 24C-108 90 -106 160 -98 222", "#fffaf0", 15, opacity=0.34, blur=5)
        rim(sheet, 0, 0, 170, glaze, inside="#e3d2b4", wall=13)
        if coffee:
            sheet.ellipse(
                4, 13, 143, 21, sheet.linear(-140, 0, 140, 0, (0, "#3a2116"), (1, "#6d432b"))
            )
            sheet.ellipse(-40, 10, 60, 6, "#b98a62", opacity=0.5, blur=4)


def _frond(sheet: Sheet) -> None:
    """Kelp, scratched through the glaze."""
    stem = at("26,246 38,196 24,140 38,84 32,54")
    paint = lit(PAINTS["Kelp"], 0.5)
    sheet.line(smooth(stem), paint, 4.5, opacity=0.8)
    for place, (x, y) in enumerate(at("36,206 30,164 26,132 36,94")):
        side = 1 if place % 2 else -1
        leaf = [(x, y), (x + 34 * side, y - 30), (x + 40 * side, y - 62), (x + 14 * side, y - 34)]
        sheet.path(smooth(leaf, closed=True), paint, opacity=0.72)


def tide_bowl(sheet: Sheet, color: str) -> None:
    stand(sheet, "table")
    paint = PAINTS[color]
    band = lit(paint, 0.6) if color == "Deep Sea" else PAINTS["Deep Sea"]
    contact(sheet, 500, 730, 190, 34)
    profile = at("400,330 440,326 520,300 610,246 690,172 702,156 702,156 730,150")
    turned(sheet, 500, profile, paint, gloss=0.7, bands=[(452, 476, band), (706, 760, "#c39c74")])
    rim(sheet, 500, 400, 330, paint, wall=15)
    sheet.ellipse(560, 428, 190, 26, lit(paint, 0.5), opacity=0.25, blur=10)


def shore_plate(sheet: Sheet) -> None:
    stand(sheet, "table", 610)
    _leaning_plate(sheet)
    contact(sheet, 450, 788, 200, 34)
    for level in range(5):
        _plate(sheet, 450, 740 - level * 27, 316 - (level == 4) * 0)


def _plate(sheet: Sheet, x: float, y: float, radius: float) -> None:
    glaze, clay = PAINTS["Chalk"], "#a9774f"
    turned(
        sheet, x, [(y, radius), (y + 16, radius * 0.94), (y + 36, radius * 0.62)], glaze, gloss=0.2
    )
    sheet.ellipse(x, y, radius, radius * TILT, clay)
    top = sheet.linear(x - radius, y, x + radius, y, (0, "#fffdf6"), (1, "#ded5c4"))
    sheet.ellipse(x, y + 1, radius - 7, radius * TILT - 3, top)
    well = sheet.linear(
        x - radius, y, x + radius, y, (0, "#cfc4b0"), (0.5, "#eee6d8"), (1, "#fbf6ec")
    )
    sheet.ellipse(x, y + 4, radius * 0.74, radius * TILT * 0.72, well)


def _leaning_plate(sheet: Sheet) -> None:
    glaze, clay = PAINTS["Chalk"], "#a9774f"
    sheet.ellipse(690, 470, 236, 252, sheet.shadow, opacity=0.25, blur=22)
    sheet.ellipse(648, 446, 238, 252, shaded(clay, 0.25))
    sheet.ellipse(640, 444, 238, 252, clay)
    face = sheet.linear(420, 200, 860, 700, (0, "#fffdf6"), (1, shaded(glaze, 0.16)))
    sheet.ellipse(640, 444, 231, 245, face)
    well = sheet.linear(460, 260, 800, 640, (0, "#d9cfbd"), (0.4, "#efe8da"), (1, "#fbf7ee"))
    sheet.ellipse(640, 446, 166, 178, well)
    sheet.ellipse(640, 446, 166, 178, stroke="#cbbfa9", stroke_width=2, opacity=0.8)


def harbor_pitcher(sheet: Sheet) -> None:
    stand(sheet, "table", 690)
    contact(sheet, 470, 836, 160, 32)
    chalk, blue = PAINTS["Chalk"], "#3f6f86"
    tube(sheet, "M600 262C760 236 780 520 640 590", 46, chalk, 0.6)
    profile = at("190,118 240,112 330,118 430,158 560,196 690,194 790,166 836,140")
    d = turned(sheet, 470, profile, chalk, gloss=0.6)
    with sheet.group(clip=d):
        edge = ring(470, 60, 436, 210)
        sheet.path(edge, sheet.linear(300, 0, 640, 0, *round_light(blue, 0.7)))
        sheet.path(ring(470, 448, 456, 210), blue, opacity=0.8)
        sheet.line("M398 220C392 300 372 360 346 440", "#ffffff", 13, opacity=0.4, blur=4)
    spout = (
        "M362 222C330 204 304 176 290 150C330 150 372 160 420 172L432 212C400 236 380 262 368 300Z"
    )
    sheet.path(spout, sheet.linear(290, 0, 440, 0, (0, lit(blue, 0.35)), (1, blue)))
    mouth = at("292,151 360,158 470,166 560,178 588,194 550,208 470,214 390,208 340,186")
    sheet.path(smooth(mouth, closed=True), lit(blue, 0.35))
    inner = at("322,160 400,170 470,174 546,184 570,194 540,202 470,206 396,199 356,180")
    sheet.path(
        smooth(inner, closed=True), sheet.linear(320, 0, 570, 0, (0, "#a99f8c"), (1, "#efe8d9"))
    )


def saltmarsh_tumblers(sheet: Sheet) -> None:
    stand(sheet, "table", 560)
    for x, y, filled in ((370, 300, False), (640, 280, False), (270, 430, False), (540, 450, True)):
        _tumbler(sheet, x, y, filled=filled)


def _tumbler(sheet: Sheet, x: float, y: float, *, filled: bool) -> None:
    green = "#8fbfa6"
    foot = y + 296
    sheet.ellipse(x + 70, foot + 4, 150, 26, "#5f8b78", opacity=0.3, blur=12)
    sheet.ellipse(x + 60, foot + 2, 60, 12, "#f4fff2", opacity=0.6, blur=8)
    profile = [(y, 124), (y + 140, 118), (y + 270, 106), (foot, 92)]
    d = outline(x, profile)
    body = sheet.linear(
        x - 124,
        0,
        x + 124,
        0,
        (0, green, 0.75),
        (0.1, green, 0.3),
        (0.5, "#dff0e4", 0.2),
        (0.88, green, 0.32),
        (1, shaded(green, 0.25), 0.8),
    )
    sheet.ellipse(x, y, 124, 124 * TILT, shaded(green, 0.2), opacity=0.22)
    sheet.path(d, body)
    with sheet.group(clip=d):
        if filled:
            water = sheet.linear(
                x - 120,
                0,
                x + 120,
                0,
                (0, "#5f9f9a", 0.5),
                (0.5, "#bfe2dc", 0.35),
                (1, "#4a8a86", 0.6),
            )
            sheet.path(ring(x, y + 130, y + 330, 122), water)
            sheet.ellipse(x, y + 130, 116, 116 * TILT, "#d6efe9", opacity=0.75)
            sheet.ellipse(
                x, y + 130, 116, 116 * TILT, stroke="#5b958d", stroke_width=2, opacity=0.6
            )
        sheet.path(ring(x, y + 266, y + 340, 110), shaded(green, 0.12), opacity=0.42)
        sheet.ellipse(x, y + 268, 96, 16, "#effaf1", opacity=0.5)
        sheet.line(f"M{x - 88} {y + 40}L{x - 74} {y + 236}", "#ffffff", 13, opacity=0.75, blur=2)
        sheet.line(f"M{x + 92} {y + 60}L{x + 80} {y + 200}", "#ffffff", 5, opacity=0.5, blur=1)
    sheet.ellipse(x, y, 124, 124 * TILT, stroke=lit(green, 0.55), stroke_width=6, opacity=0.95)
    sheet.ellipse(x, y + 2, 119, 119 * TILT, stroke=shaded(green, 0.3), stroke_width=2, opacity=0.5)


def wrack_serving_spoons(sheet: Sheet) -> None:
    stand(sheet, "table", -20)
    with sheet.group(transform="rotate(24 500 500)"):
        spoon(sheet, 385, tines=False)
    with sheet.group(transform="rotate(38 500 500)"):
        spoon(sheet, 590, tines=True)


def spoon(sheet: Sheet, x: float, *, tines: bool) -> None:
    """An olive wood server that lies along x."""
    paint = PAINTS["Olive Wood"]
    half = at("84,290 52,372 24,440 17,600 23,780 27,850 16,884 0,890")
    if tines:
        head = at("0,120 13,128 16,232 22,240 30,232 36,140 52,136 78,206")
    else:
        head = [(0, 132), (46, 148), (82, 210)]
    half = head + half
    points = [(x + w, y) for w, y in half] + [(x - w, y) for w, y in reversed(half[1:-1])]
    d = smooth(points, closed=True)
    cast(sheet, d, 12)
    plank(sheet, d, (x - 90, 120, 180, 780), paint, 3 if tines else 8, upright=True)
    with sheet.group(clip=d):
        hollow = sheet.linear(
            x - 70,
            150,
            x + 70,
            380,
            (0, shaded(paint, 0.5), 0.75),
            (0.5, shaded(paint, 0.2), 0.25),
            (1, lit(paint, 0.6), 0.5),
        )
        sheet.ellipse(x, 254, 62, 106, hollow)
        sheet.line(
            smooth([(x - 11, 430), (x - 8, 600), (x - 13, 850)]),
            lit(paint, 0.7),
            5,
            opacity=0.5,
            blur=2,
        )


def limpet_salt_cellar(sheet: Sheet) -> None:
    stand(sheet, "table")
    contact(sheet, 480, 742, 225, 42)
    clay, lid = "#d9cdb8", "#8fa3a0"
    turned(
        sheet,
        480,
        at("540,262 600,268 690,250 742,216"),
        clay,
        gloss=0.55,
        bands=[(640, 780, "#b48b67")],
    )
    sheet.ellipse(480, 544, 262, 50, shaded(clay, 0.55))
    profile = at("306,22 330,60 400,136 470,206 522,262 534,268")
    d = turned(sheet, 480, profile, lid, gloss=0.15)
    with sheet.group(clip=d):
        for rib in range(-9, 10):
            angle = rib / 9.5 * math.pi / 2
            foot = 480 + 282 * math.sin(angle)
            low = 534 + 52 * math.cos(angle)
            middle = 480 + 120 * math.sin(angle)
            bend = smooth([(480 + 10 * math.sin(angle), 300), (middle, 404), (foot, low)])
            sheet.line(bend, shaded(lid, 0.42), 6, opacity=0.6)
            with sheet.group(transform="translate(-8 0)"):
                sheet.line(bend, lit(lid, 0.6), 5, opacity=0.55)
        sheet.path(ring(480, 430, 446, 280), shaded(lid, 0.5), opacity=0.18)
        sheet.path(ring(480, 372, 382, 200), shaded(lid, 0.5), opacity=0.18)
    sheet.ellipse(478, 306, 24, 7, lit(lid, 0.5))
    _salt(sheet)


def _salt(sheet: Sheet) -> None:
    places = scattered(66, 11)
    for grain in range(22):
        x = 700 + 170 * places[grain * 3] - 60 * places[grain * 3 + 1]
        y = 770 + 60 * places[grain * 3 + 1]
        side = 6 + 6 * places[grain * 3 + 2]
        sheet.ellipse(x + 4, y + side * 0.7, side, 3, sheet.shadow, opacity=0.3, blur=2)
        with sheet.group(transform=f"rotate({places[grain] * 90:.0f} {x:.0f} {y:.0f})"):
            sheet.box(x - side / 2, y - side / 2, side, side, "#fffdf8")
            sheet.box(x, y - side / 2, side / 2, side, "#ddd9cf")
