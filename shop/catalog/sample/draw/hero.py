"""The scene of the home page: a plank on the rocks, goods on it, kelp holding fast below."""

import math

from shop.catalog.sample.draw.bags import slipway_tote
from shop.catalog.sample.draw.color import PAINTS, lit, shaded
from shop.catalog.sample.draw.forms import plank
from shop.catalog.sample.draw.lights import lantern
from shop.catalog.sample.draw.lines import Point, at, polygon, scattered, smooth, walk
from shop.catalog.sample.draw.sheet import Sheet
from shop.catalog.sample.draw.studio import glow
from shop.catalog.sample.draw.table import kelp_mug, tide_bowl
from shop.catalog.sample.draw.textiles import headland_blanket
from shop.catalog.sample.draw.tiles import arrange

WATER = 560


def hero(sheet: Sheet) -> None:
    _sky(sheet)
    _sea(sheet)
    _rock(sheet)
    _kelp(sheet)
    _shelf(sheet)
    glow(sheet, 1452, 420, 330, 0.35)
    arrange(
        sheet,
        (
            (lambda s: slipway_tote(s, "Natural"), 930, 604, 0.4),
            (lambda s: headland_blanket(s, "Kelp"), 1210, 606, 0.36),
        ),
    )
    arrange(
        sheet,
        (
            (lambda s: tide_bowl(s, "Sea Glass"), 1214, 502, 0.24),
            (kelp_mug, 1052, 608, 0.22),
        ),
    )
    lantern(sheet, 1452, 602, 0.36, "#b4502f")


def _sky(sheet: Sheet) -> None:
    sheet.shadow = "#10242c"
    sky = sheet.linear(
        0, 0, 0, WATER, (0, "#8fb4bd"), (0.45, "#c8d7cf"), (0.8, "#f3e1c2"), (1, "#f6d3a6")
    )
    sheet.box(0, 0, 1600, WATER + 4, sky)
    sun = sheet.radial(
        520, 500, 620, (0, "#fff3cf", 0.95), (0.2, "#ffe9b8", 0.5), (1, "#ffe9b8", 0)
    )
    sheet.box(0, 0, 1600, WATER, sun)
    sheet.ellipse(520, 486, 46, 46, "#fffaf0")
    for y, x, wide, tone in (
        (120, 220, 300, 0.45),
        (180, 900, 420, 0.35),
        (250, 460, 240, 0.4),
        (90, 1250, 260, 0.3),
    ):
        cloud: list[Point] = [
            (x - wide, y),
            (x - wide * 0.4, y - 16),
            (x, y - 22),
            (x + wide * 0.5, y - 12),
            (x + wide, y),
            (x, y + 10),
        ]
        sheet.path(smooth(cloud, closed=True), "#fffaf0", opacity=tone, blur=9)
    far = "M0 560V506C90 486 160 470 240 492C320 512 380 520 430 562H0Z"
    sheet.path(far, sheet.linear(0, 470, 0, 560, (0, "#8ba6ab"), (1, "#a9bcb4")))
    near = (
        "M1600 560V400C1500 392 1420 424 1330 440C1230 456 1180 500 1090 512"
        "C1010 522 940 540 900 560Z"
    )
    sheet.path(near, sheet.linear(0, 400, 0, 560, (0, "#7d9a8f"), (1, "#8fa79c")))
    sheet.path("M118 478L126 420H142L150 480Z", "#f4ecdc")
    sheet.path("M124 440H145L147 456H122Z", "#b4502f")
    sheet.path("M124 420L134 404L144 420Z", "#27343f")
    for x, y, size in ((690, 210, 26), (760, 176, 18), (640, 160, 15)):
        gull = (
            f"M{x - size} {y}Q{x - size * 0.5:.0f} {y - size * 0.6:.0f} {x} {y}"
            f"Q{x + size * 0.5:.0f} {y - size * 0.6:.0f} {x + size} {y - size * 0.1:.0f}"
        )
        sheet.line(gull, "#33505a", 3.5)


def _sea(sheet: Sheet) -> None:
    sea = sheet.linear(
        0, WATER, 0, 900, (0, "#b7c9bd"), (0.1, "#7ba7a8"), (0.45, "#35697a"), (1, "#173c4b")
    )
    sheet.box(0, WATER, 1600, 340, sea)
    sheet.path(
        polygon((470, WATER), (570, WATER), (760, 900), (280, 900)), "#ffeec6", opacity=0.2, blur=22
    )
    places = scattered(132, 3)
    for wave in range(66):
        down = places[wave * 2 + 1] ** 1.6
        x, y = places[wave * 2] * 1600, WATER + 6 + down * 300
        reach = 18 + 62 * down
        near_sun = max(0, 1 - abs(x - 520) / (160 + 160 * down))
        tone = "#fff1cf" if near_sun > 0.2 else "#cfe2dc"
        sheet.line(
            f"M{x - reach:.0f} {y:.0f}Q{x:.0f} {y - 5 - 6 * down:.0f} {x + reach:.0f} {y:.0f}",
            tone,
            1.5 + 2.2 * down,
            opacity=0.22 + 0.4 * near_sun,
        )


def _rock(sheet: Sheet) -> None:
    back = at(
        "1640,560 1540,590 1400,640 1240,650 1100,700 980,760 860,840 760,920 760,920 "
        "1640,920 1640,920"
    )
    sheet.path(
        smooth(back, closed=True),
        sheet.linear(800, 560, 1400, 920, (0, "#76807b"), (0.5, "#535d5c"), (1, "#2b383c")),
    )
    facets = (
        ((1000, 752), (1110, 702), (1180, 790), (1060, 900), (900, 900), (880, 830)),
        ((1240, 650), (1400, 642), (1460, 740), (1360, 860), (1220, 800), (1180, 720)),
        ((1460, 740), (1560, 640), (1640, 640), (1640, 860), (1500, 900), (1400, 840)),
    )
    for place, facet in enumerate(facets):
        sheet.path(
            smooth(list(facet), closed=True),
            ("#8a938b", "#6f7a77", "#46524f")[place],
            opacity=0.55,
            blur=8,
        )
    for crack in (
        "M1110 702C1120 760 1180 800 1170 900",
        "M1240 650C1230 720 1270 770 1360 860",
        "M1400 642C1420 700 1480 760 1500 900",
        "M980 760C1010 800 1000 850 1030 900",
    ):
        sheet.line(crack, "#1f2c30", 5, opacity=0.55)
        with sheet.group(transform="translate(5 2)"):
            sheet.line(crack, "#a9b0a4", 2.5, opacity=0.4)
    numbers = scattered(120, 15)
    for shell in range(40):
        x, y = 1000 + numbers[shell * 3] * 580, 690 + numbers[shell * 3 + 1] * 180
        r = 3 + numbers[shell * 3 + 2] * 7
        sheet.ellipse(x, y, r, r * 0.8, "#d8d2c0", opacity=0.55)
        sheet.ellipse(x, y - 1, r * 0.35, r * 0.25, "#2b383c", opacity=0.8)
    foam = at("740,905 800,870 852,840 900,818 880,846 840,872 800,905")
    sheet.path(smooth(foam, closed=True), "#eef5ef", opacity=0.5, blur=9)


def _kelp(sheet: Sheet) -> None:
    """Kelp with its holdfast on the rock; and more of it in the water at the left."""
    kelp = PAINTS["Kelp"]
    for x, y, lean, tall, tone in (
        (70, 930, 40, 230, 0.5),
        (150, 940, 60, 300, 0.35),
        (240, 940, 20, 210, 0.5),
        (330, 950, 70, 190, 0.4),
        (20, 940, 30, 330, 0.55),
        (640, 960, -40, 150, 0.5),
    ):
        frond(sheet, x, y, lean, tall, shaded(kelp, tone))
    _holdfast(sheet, 1010, 800, 0.8, kelp)
    _holdfast(sheet, 1216, 742, 1, kelp)


def _holdfast(sheet: Sheet, x: float, y: float, size: float, paint: str) -> None:
    """The grip of kelp on rock, its blades hanging wet to the left."""
    with sheet.group(transform=f"translate({x} {y}) scale({size})"):
        sheet.ellipse(0, 30, 110, 26, "#10242c", opacity=0.4, blur=12)
        for shift in (-78, -58, -38, -16, 8, 30, 52, 74):
            bend = 16 if shift % 4 else -8
            root: list[Point] = [
                (shift * 0.2, -34),
                (shift * 0.55, -6),
                (shift * 0.9 + bend * 0.3, 16),
                (shift * 1.15, 40 - abs(shift) * 0.16),
                (shift * 1.3 + bend, 50),
            ]
            sheet.line(smooth(root), shaded(paint, 0.65), 13)
            sheet.line(smooth(root), shaded(paint, 0.2), 8)
            with sheet.group(transform="translate(-2 -2)"):
                sheet.line(smooth(root), lit(paint, 0.45), 2.5, opacity=0.7)
        for reach, drop, wide, tone in (
            (60, 150, 30, 0.3),
            (-40, 190, 34, 0.22),
            (-250, 60, 34, 0.3),
            (-200, 140, 38, 0.12),
            (-120, 180, 42, 0.0),
        ):
            spine: list[Point] = [
                (0, -26),
                (reach * 0.18, -78 + drop * 0.1),
                (reach * 0.55, -40 + drop * 0.2),
                (reach * 0.86, drop * 0.55),
                (reach, drop),
            ]
            blade(sheet, spine, wide, shaded(paint, tone))


def frond(sheet: Sheet, x: float, y: float, lean: float, tall: float, paint: str) -> None:
    """A stem that stands in the water with leaves to both sides."""
    stem = [
        (x, y),
        (x + lean * 0.1, y - tall * 0.35),
        (x + lean * 0.6, y - tall * 0.7),
        (x + lean, y - tall),
    ]
    places = walk(stem, tall / 11)
    for count, (sx, sy, _) in enumerate(places[1:]):
        side = 1 if count % 2 else -1
        reach = 84 * (1.1 - 0.55 * count / len(places))
        leaf = [
            (sx, sy),
            (sx + side * reach * 0.3, sy - reach * 0.34),
            (sx + side * reach * 0.72, sy - reach * 0.66),
            (sx + side * reach * 0.82, sy - reach * 1.05),
            (sx + side * reach * 0.82, sy - reach * 1.05),
            (sx + side * reach * 0.5, sy - reach * 0.72),
            (sx + side * reach * 0.12, sy - reach * 0.4),
        ]
        tip = leaf[3]
        d = smooth(leaf, closed=True)
        sheet.path(d, sheet.linear(sx, sy, tip[0], tip[1], (0, paint), (1, lit(paint, 0.22))))
        vein = [leaf[0], (sx + side * reach * 0.4, sy - reach * 0.52), tip]
        sheet.line(smooth(vein), shaded(paint, 0.4), 2, opacity=0.5)
    sheet.line(smooth(stem), shaded(paint, 0.15), 9)
    sheet.line(smooth(stem), lit(paint, 0.2), 3, opacity=0.6)
    for sx, sy, _ in places[1:]:
        sheet.ellipse(sx, sy, 7.5, 8.5, lit(paint, 0.12))
        sheet.ellipse(sx - 2, sy - 3, 2.5, 3, lit(paint, 0.6), opacity=0.7)


def blade(sheet: Sheet, spine: list[Point], wide: float, paint: str) -> None:
    """One long blade with a ruffled edge, by its middle line."""
    places = walk(spine, 7)
    count = len(places)
    left: list[Point] = []
    right: list[Point] = []
    for place, (x, y, angle) in enumerate(places):
        t = place / (count - 1)
        half = wide * (0.14 + 0.86 * math.sin(math.pi * min(t * 1.04 + 0.02, 1)) ** 0.7) / 2
        for edge, side, phase in ((left, -1, 0.0), (right, 1, 1.7)):
            ruffle = half + (2.6 * math.sin(place * 1.1 + phase) if 0.1 < t < 0.95 else 0)
            edge.append((x - math.sin(angle) * ruffle * side, y + math.cos(angle) * ruffle * side))
    d = smooth(left + right[::-1], closed=True)
    with sheet.group(transform="translate(7 8)"):
        sheet.path(d, "#10242c", opacity=0.34, blur=5)
    top, foot = spine[1], spine[-1]
    sheet.path(
        d,
        sheet.linear(
            top[0],
            top[1],
            foot[0],
            foot[1],
            (0, lit(paint, 0.28)),
            (0.4, paint),
            (1, shaded(paint, 0.4)),
        ),
    )
    with sheet.group(clip=d):
        sheet.line(smooth(left), lit(paint, 0.55), 4, opacity=0.55)
        sheet.line(smooth(right), shaded(paint, 0.6), 5, opacity=0.45)
        sheet.line(smooth(spine), shaded(paint, 0.5), 3, opacity=0.55)


def _shelf(sheet: Sheet) -> None:
    wood = "#b39470"
    sheet.path(
        polygon((860, 640), (1600, 640), (1600, 700), (960, 690)), "#10242c", opacity=0.4, blur=14
    )
    top = polygon((790, 588), (1640, 580), (1640, 622), (768, 622))
    plank(sheet, top, (768, 580, 872, 42), lit(wood, 0.2), 31)
    edge = polygon((768, 621), (1640, 621), (1640, 654), (774, 652))
    plank(sheet, edge, (768, 620, 872, 34), shaded(wood, 0.16), 33)
    sheet.line("M770 622H1600", lit(wood, 0.7), 2.5, opacity=0.7)
